"""The key: pitch classes and chords of late, what followed what, and with what the song began, against the profiles of all keys; with a hysteresis."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gigbox.ideas.hear.chords import NAMES, STATES, Chord
from gigbox.ideas.hear.key_profiles import KEYS, KeyProfiles, key_profiles, shaped

AVERAGE_S = 20.0           # of pitch classes and chords
MOVES_S = 60.0             # of what followed what: a form goes round in less
HOLDS_S = 3.0              # another key is believed after so long
STANDS = 13                # steps that a chord has to stand to be one that the song moved to
TONES, USUAL, MOVES, FIRST = 0.5, 1.5, 1.2, 0.37      # what each kind of evidence counts, as logarithms of likelihoods
FADES_S = 120.0            # songs mostly begin at home, and may go elsewhere


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

    def __init__(self, known: KeyProfiles | None = None) -> None:
        self._known = known or key_profiles()
        self._classes, self._chords, self._moves, self._first = np.zeros(12), np.zeros(STATES), np.zeros((STATES, STATES)), np.zeros(STATES)
        self._chord, self._stood, self._at = -1, 0, -1      # what sounds, for how many steps, and what the song last moved to
        self._key: Key | None = None
        self._other_s = 0.0

    def hear(self, classes: np.ndarray | None, chord: Chord | None, sure: float) -> Key | None:
        if classes is None:
            return self._key
        keep = np.exp(-0.1 / AVERAGE_S)
        self._classes = keep * self._classes + classes[:12] + 0.5 * classes[12:]
        self._chords *= keep
        self._moves *= np.exp(-0.1 / MOVES_S)
        self._first *= np.exp(-0.1 / FADES_S)
        if chord:
            state = chord.root + 12 * chord.minor
            self._chords[state] += sure
            self._move(state)
        return self._held(self._scores())

    def _move(self, state: int) -> None:
        self._chord, self._stood = state, self._stood + 1 if state == self._chord else 1
        if self._stood == STANDS and state != self._at:
            if self._at < 0:
                self._first[state] = 1.0
            else:
                self._moves[self._at, state] = 1.0
            self._at = state

    def _scores(self) -> np.ndarray:
        """(KEYS,) how likely each is, as logarithms."""
        known, chords = self._known, self._chords / max(self._chords.sum(), 1e-9)
        moves = (self._moves / max(self._moves.sum(), 1.0)).ravel()
        return np.asarray(TONES * known.tones @ shaped(self._classes) + USUAL * known.usual @ chords
                          + MOVES * known.moves.reshape(KEYS, -1) @ moves + FIRST * known.first @ self._first)

    def _held(self, scores: np.ndarray) -> Key | None:
        best = int(scores.argmax())
        lead = float(scores[best] - np.partition(scores, -2)[-2])
        key = Key(best % 12, best >= 12, 1 - float(np.exp(-lead)))
        same = self._key is not None and (key.tonic, key.minor) == (self._key.tonic, self._key.minor)
        self._other_s = 0.0 if same else self._other_s + 0.1
        if same or self._key is None or self._other_s >= HOLDS_S:
            self._key, self._other_s = key, 0.0
        return self._key
