"""How much of each pitch class sounds, in the harmony and in the bass: notes fitted to the spectrum (Mauch and Dixon, ISMIR 2010: NNLS chroma)."""

from __future__ import annotations

import numpy as np

from gigbox.ideas.hear.mixdown import LOW_RATE
from gigbox.rack import Floats

PER_NOTE = 3                       # bins of the log spectrum a semitone
PARTIALS, FADE = 12, 0.75          # of a note, and how much weaker each next one is
FITS = 24                          # multiplicative steps (Lee and Seung 2001); warm
TUNED_S = 20.0


class NoteFit:
    """`hear` the newest sound; (notes,) how strong each MIDI note from `low` to `high` is."""

    def __init__(self, low: int, high: int, window: int) -> None:
        self.low, self.window = low, window
        top = min(high + 24, 108)
        self._hz = 440 * 2 ** ((np.arange(low * PER_NOTE - 1, top * PER_NOTE + 2) / PER_NOTE - 69) / 12)
        self._taper = np.hanning(window).astype(np.float32)
        self._map = _onto(self._hz, window)
        self._near = _average(len(self._hz), 9 * PER_NOTE)
        self._notes = _notes(len(self._hz), high - low + 1)
        self._gram = self._notes @ self._notes.T
        self._turn = 0j                        # of the tuning: a bin is a third of a turn

    def hear(self, sound: Floats) -> np.ndarray:
        """(window,) at LOW_RATE."""
        power = np.abs(np.fft.rfft(sound * self._taper))
        log = self._map @ power
        spectrum = self._tuned(self._whitened(log))
        goal = self._notes @ spectrum
        fit = np.full(len(self._notes), max(goal.max(), 1e-9))
        for _ in range(FITS):
            fit *= goal / (self._gram @ fit + 1e-9)
        return fit

    def _whitened(self, log: np.ndarray) -> np.ndarray:
        """What stands out of its neighbourhood, in units of how much that varies."""
        mean = self._near @ log
        out = np.maximum(log - mean, 0.0)
        spread = np.sqrt(np.maximum(self._near @ (log - mean) ** 2, 0.0))
        return np.asarray(out / (spread + 1e-3 * log.max() + 1e-9))

    def _tuned(self, spectrum: np.ndarray) -> np.ndarray:
        """As if A4 were 440 Hz: shifted by up to half a semitone."""
        turns = np.exp(-2j * np.pi * (np.arange(len(spectrum)) - 1) / PER_NOTE)
        keep = np.exp(-0.1 / TUNED_S)
        self._turn = keep * self._turn + (1 - keep) * complex(spectrum @ turns)
        at = np.arange(len(spectrum)) - np.angle(self._turn) / (2 * np.pi) * PER_NOTE
        return np.asarray(np.interp(at, np.arange(len(spectrum)), spectrum))


def classes(notes: np.ndarray, low: int, weights: np.ndarray) -> np.ndarray:
    """(12,) from C, of sum 1 or 0."""
    found = np.zeros(12)
    np.add.at(found, (low + np.arange(len(notes))) % 12, notes * weights)
    total = found.sum()
    return np.asarray(found / total if total > 1e-9 else found)


def _onto(hz: np.ndarray, window: int) -> np.ndarray:
    """From the lines of a transform to the log spectrum: a triangle as wide as a bin, or as a line where lines are wider."""
    lines = np.arange(window // 2 + 1) * LOW_RATE / window
    width = np.maximum(hz * (2 ** (1 / (12 * PER_NOTE)) - 1), LOW_RATE / window)
    return np.asarray(np.maximum(1 - np.abs(lines[None] - hz[:, None]) / width[:, None], 0.0), np.float32)


def _average(count: int, reach: int) -> np.ndarray:
    at = np.arange(count)
    near = np.hamming(2 * reach + 1)[np.clip(at[None] - at[:, None] + reach, 0, 2 * reach)] * (np.abs(at[None] - at[:, None]) <= reach)
    return np.asarray(near / near.sum(axis=1, keepdims=True))


def _notes(bins: int, count: int) -> np.ndarray:
    """(count, bins): each note's partials in the log spectrum."""
    found = np.zeros((count, bins))
    for partial in range(1, PARTIALS + 1):
        at = 1 + PER_NOTE * np.arange(count) + PER_NOTE * 12 * np.log2(partial)
        found += FADE ** (partial - 1) * np.exp(-0.5 * ((np.arange(bins)[None] - at[:, None]) / 0.6) ** 2)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True))
