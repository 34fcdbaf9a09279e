"""How much begins in each 10 ms: half-wave rectified change of a log spectrum in bands, relative to how much does usually."""

from __future__ import annotations

import numpy as np

from gigbox.rack import RATE, Floats

HOP, WINDOW = RATE // 100, 1024
PER_S = RATE // HOP
BANDS, LOW_HZ, HIGH_HZ = 24, 40.0, 12000.0
BEHIND_S = 0.5 * WINDOW / RATE     # an onset shows when it reaches the middle of the window
STRONG = 1000.0                    # of magnitudes re full scale: where the logarithm begins to bend
USUAL_S = 1.5


class Onsets:
    """`hear` 100 ms; ten values."""

    def __init__(self) -> None:
        self._sound = np.zeros(WINDOW - HOP, np.float32)
        self._taper = (np.hanning(WINDOW) * 2 / WINDOW).astype(np.float32)
        self._bands = _bands()
        self._last = np.zeros(BANDS)
        self._usual = self._spread = 0.0

    def hear(self, piece: Floats) -> np.ndarray:
        """(n HOP,) at 48 kHz, full scale 1: (n,)."""
        sound = np.concatenate([self._sound, piece])
        self._sound = sound[-(WINDOW - HOP):]
        frames = np.lib.stride_tricks.sliding_window_view(sound, WINDOW)[::HOP]
        log = np.log1p(STRONG * (np.abs(np.fft.rfft(frames * self._taper, axis=1)) @ self._bands))
        rise = np.maximum(np.diff(np.vstack([self._last, log]), axis=0), 0.0).mean(axis=1)
        self._last = log[-1]
        return np.array([self._relative(float(each)) for each in rise])

    def _relative(self, rise: float) -> float:
        keep = np.exp(-1 / (USUAL_S * PER_S))
        self._usual = keep * self._usual + (1 - keep) * rise
        over = max(rise - self._usual, 0.0)
        self._spread = max(keep * self._spread, 0.3 * over, 0.02)
        return over / (self._spread * 3)


def _bands() -> np.ndarray:
    """(lines, BANDS): triangles, evenly spaced in pitch, at least a line wide."""
    edges = np.geomspace(LOW_HZ, HIGH_HZ, BANDS + 2)
    lines = np.arange(WINDOW // 2 + 1) * RATE / WINDOW
    up = (lines[:, None] - edges[:-2]) / np.maximum(edges[1:-1] - edges[:-2], RATE / WINDOW)
    down = (edges[2:] - lines[:, None]) / np.maximum(edges[2:] - edges[1:-1], RATE / WINDOW)
    return np.asarray(np.clip(np.minimum(up, down), 0.0, 1.0), np.float32)
