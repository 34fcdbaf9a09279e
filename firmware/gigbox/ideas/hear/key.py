"""The key: long averages of pitch classes against the profiles of Temperley (Music and Probability, 2007), with a hysteresis."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gigbox.ideas.hear.chords import NAMES, Chord

MAJOR = (0.748, 0.060, 0.488, 0.082, 0.670, 0.460, 0.096, 0.715, 0.104, 0.366, 0.057, 0.400)
MINOR = (0.712, 0.084, 0.474, 0.618, 0.049, 0.460, 0.105, 0.747, 0.404, 0.067, 0.133, 0.330)
AVERAGE_S = 20.0
HOLDS_S = 3.0                      # another key is believed after so long
CHORDS = 0.6                       # how much the chords count beside the pitch classes
HOME = 0.12                        # what the tonic's own chord is worth beyond its tones
FIRST, FADES_S = 0.3, 120.0        # songs mostly begin at home: what the first chord is worth, and how long
STANDS = 6                         # steps that it has to stand


@dataclass(frozen=True)
class Key:
    """`sure` 0..1: how far it is ahead of the next best."""

    tonic: int
    minor: bool
    sure: float

    @property
    def name(self) -> str:
        return f"{NAMES[self.tonic]} {'minor' if self.minor else 'major'}"

    @property
    def scale(self) -> tuple[int, ...]:
        """Pitch classes, upwards from the tonic; minor is the natural one."""
        return tuple((self.tonic + step) % 12 for step in ((0, 2, 3, 5, 7, 8, 10) if self.minor else (0, 2, 4, 5, 7, 9, 11)))


class KeyEar:
    """`hear` every 100 ms."""

    def __init__(self) -> None:
        self._classes, self._chords = np.zeros(12), np.zeros(24)
        self._profiles = np.array([_shaped(np.roll(profile, tonic)) for profile in (MAJOR, MINOR) for tonic in range(12)])
        self._key: Key | None = None
        self._other_s = 0.0
        self._first = np.zeros(24)
        self._stood: tuple[Chord | None, int] = (None, 0)

    def hear(self, classes: np.ndarray | None, chord: Chord | None, sure: float) -> Key | None:
        if classes is None:
            return self._key
        keep = np.exp(-0.1 / AVERAGE_S)
        self._classes = keep * self._classes + classes[:12] + 0.5 * classes[12:]
        self._chords *= keep
        if chord:
            self._chords[chord.root + 12 * chord.minor] += sure
            self._begin(chord)
        return self._held(self._scores())

    def _begin(self, chord: Chord) -> None:
        self._first *= np.exp(-0.1 / FADES_S)
        self._stood = (chord, self._stood[1] + 1 if chord == self._stood[0] else 1)
        if self._stood[1] == STANDS and not self._first.any():
            self._first[chord.root + 12 * chord.minor] = FIRST

    def _scores(self) -> np.ndarray:
        heard = self._classes / max(self._classes.sum(), 1e-9)
        tones, total = np.zeros(12), max(self._chords.sum(), 1e-9)
        for state in np.flatnonzero(self._chords):
            tones[list(Chord(int(state) % 12, bool(state >= 12)).tones)] += self._chords[state] / total / 3
        return np.asarray(self._profiles @ _shaped(heard + CHORDS * tones) + HOME * self._chords / total + self._first)

    def _held(self, scores: np.ndarray) -> Key | None:
        best = int(scores.argmax())
        lead = float(scores[best] - np.partition(scores, -2)[-2])
        key = Key(best % 12, best >= 12, min(lead / 0.1, 1.0))
        same = self._key is not None and (key.tonic, key.minor) == (self._key.tonic, self._key.minor)
        self._other_s = 0.0 if same else self._other_s + 0.1
        if same or self._key is None or self._other_s >= HOLDS_S:
            self._key, self._other_s = key, 0.0
        return self._key


def _shaped(x: np.ndarray) -> np.ndarray:
    """Zero mean, length 1: products are correlations."""
    x = np.asarray(x, float) - np.mean(x)
    return np.asarray(x / max(float(np.linalg.norm(x)), 1e-9))
