"""The pitch classes that a chord is told by, ten times a second: of the harmony above, of the bass below."""

from __future__ import annotations

import numpy as np

from gigbox.ideas.hear.chroma import NoteFit, classes
from gigbox.rack import Floats

LONG, SHORT = 8192, 4096           # frames at 12 kHz: 0.68 s for low notes, 0.34 s for the rest
LOWEST, BASS_TOP = 28, 57
CHORD_LOW, CHORD_TOP = 40, 88
SILENT = 10 ** (-52 / 20)


class PitchClasses:
    """`hear` 100 ms; the newest second is kept."""

    def __init__(self) -> None:
        self._sound = np.zeros((LONG, 2), np.float32)
        self._high = NoteFit(CHORD_LOW, CHORD_TOP, SHORT)
        self._deep = NoteFit(LOWEST, BASS_TOP, LONG)
        chord, bass = np.arange(CHORD_LOW, CHORD_TOP + 1), np.arange(LOWEST, BASS_TOP + 1)
        self._chord_weight = np.exp(-0.5 * ((chord - 62) / 13.0) ** 2)
        self._bass_weight = 1 / (1 + np.exp((bass - 50) / 2.0))

    def hear(self, piece: Floats) -> np.ndarray | None:
        """(PIECE / DOWN, 2) of harmony and bass: (24,), twelve of the harmony from C, then twelve of the bass; None in silence."""
        self._sound = np.concatenate([self._sound[len(piece):], piece])
        harmony, low = self._sound[:, 0], self._sound.sum(axis=1)
        if np.sqrt((low[-SHORT:] ** 2).mean()) < SILENT:
            return None
        high = classes(self._high.hear(harmony[-SHORT:]), CHORD_LOW, self._chord_weight)
        return np.concatenate([high, classes(self._deep.hear(low), LOWEST, self._bass_weight)])
