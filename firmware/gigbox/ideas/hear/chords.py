"""Which chord sounds: 24 major and minor ones against the pitch classes, and a hidden Markov model smoothed at a fixed lag (Cho and Bello, ISMIR 2009)."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
STATES = 24                        # 12 major, then 12 minor, from C
LAG = 3                            # hops of 100 ms that a decision waits for what follows
BEHIND_S = 0.2 + LAG * 0.1         # so far behind the sound is what is told: half the look of the spectrum, and the lag
SHARP = 11.0                       # how much a better match counts
MOVES = 0.055                      # the chance that a chord ends within 100 ms
FAMILIAR = 3.0                     # how much likelier a chord of the key follows


@dataclass(frozen=True)
class Chord:
    """`root` from C, 0..11."""

    root: int
    minor: bool

    @property
    def name(self) -> str:
        return NAMES[self.root] + ("m" if self.minor else "")

    @property
    def tones(self) -> tuple[int, int, int]:
        """Its pitch classes."""
        return self.root, (self.root + 3 + (not self.minor)) % 12, (self.root + 7) % 12


@dataclass(frozen=True)
class Heard:
    """`chord` None: nothing plays; `sure` 0..1."""

    chord: Chord | None
    sure: float


class ChordEar:
    """`hear` the pitch classes of each 100 ms; what it tells is BEHIND_S old."""

    def __init__(self) -> None:
        self._match = _templates()
        self._stays, self._before = _transitions(np.ones(STATES)), np.full(STATES, 1 / STATES)
        self._seen: deque[np.ndarray | None] = deque(maxlen=LAG + 1)
        self._filtered: deque[np.ndarray] = deque(maxlen=LAG + 1)

    def expect(self, tonic: int, minor: bool, sure: float) -> None:
        """The key makes its own chords likelier, as far as that is known."""
        self._stays = _transitions(1 + (FAMILIAR - 1) * sure * _of_key(tonic, minor))

    def hear(self, classes: np.ndarray | None) -> Heard:
        likely = None if classes is None else np.exp(SHARP * _centred(self._match @ np.sqrt(classes)))
        ahead = self._before @ self._stays
        now = ahead if likely is None else ahead * likely
        self._before = now / now.sum()
        self._seen.append(likely)
        self._filtered.append(self._before)
        return self._smoothed()

    def _smoothed(self) -> Heard:
        if self._seen[0] is None:
            return Heard(None, 1.0)
        back = np.ones(STATES)
        for likely in list(self._seen)[:0:-1]:
            back = self._stays @ (back if likely is None else back * likely)
            back /= back.sum()
        sure = self._filtered[0] * back
        sure /= sure.sum()
        best = int(sure.argmax())
        return Heard(Chord(best % 12, best >= 12), float(sure[best]))


def _centred(score: np.ndarray) -> np.ndarray:
    return np.asarray(score - score.max())


def _templates() -> np.ndarray:
    """(24, 24): tones of the chord in the harmony and its root, some of its fifth, in the bass; others speak against it."""
    found = np.zeros((STATES, 24))
    for state in range(STATES):
        root, third, fifth = Chord(state % 12, state >= 12).tones
        found[state, :12] = -0.3
        found[state, [root, third, fifth]] = 1.0, 1.0, 0.9
        found[state, 12 + root], found[state, 12 + fifth] = 0.8, 0.2
    return found


def _of_key(tonic: int, minor: bool) -> np.ndarray:
    """1 for the chords of a key, its dominant in minor among them."""
    found = np.zeros(STATES)
    steps = ((0, 1), (2, 1), (3, 0), (5, 1), (7, 1), (7, 0), (8, 0), (10, 0)) if minor else ((0, 0), (2, 1), (4, 1), (5, 0), (7, 0), (9, 1))
    for step, low in steps:
        found[(tonic + step) % 12 + 12 * low] = 1
    return found


def _transitions(weights: np.ndarray) -> np.ndarray:
    moves = np.tile(weights, (STATES, 1)) * (1 - np.eye(STATES))
    return np.asarray(moves / moves.sum(axis=1, keepdims=True) * MOVES + np.eye(STATES) * (1 - MOVES))
