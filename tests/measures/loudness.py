"""Loudness as a listener's meter has it (ITU-R BS.1770-4), computed anew: nothing here is taken from the engine or the brain."""

from __future__ import annotations

import numpy as np
from scipy.signal import freqz, lfilter, resample_poly

RATE, HOP = 48000, 4800     # frames a second, and of one tick: 100 ms
K_SHELF = ([1.53512485958697, -2.69169618940638, 1.19839281085285], [1, -1.69065929318241, 0.73248077421585])
K_PASS = ([1, -2, 1], [1, -1.99004745483398, 0.99007225036621])
CALIBRATION = -0.691        # dB: a sine of 997 Hz at 0 dBFS on one side reads -3.01 LUFS
TINY = 1e-12


def decibels(power: np.ndarray | float) -> np.ndarray:
    return 10 * np.log10(np.maximum(power, TINY))


def k_power(x: np.ndarray) -> np.ndarray:
    """K-weighted power of (frames, channels) in blocks of 100 ms, channels summed: (ticks,)."""
    return KMeter(x.shape[1]).take(x).sum(1)


class KMeter:
    """The same of a stream, which may come in pieces of whole blocks; a column a channel."""

    def __init__(self, channels: int) -> None:
        self._shelf, self._pass = np.zeros((2, channels)), np.zeros((2, channels))

    def take(self, x: np.ndarray) -> np.ndarray:
        """(frames, channels) to (ticks, channels)."""
        y, self._shelf = lfilter(*K_SHELF, x, axis=0, zi=self._shelf)
        y, self._pass = lfilter(*K_PASS, y, axis=0, zi=self._pass)
        whole = len(y) // HOP * HOP
        return (y[:whole] ** 2).reshape(-1, HOP, x.shape[1]).mean(1)


def k_weight(hz: np.ndarray) -> np.ndarray:
    """The power gain of the K filter at these frequencies."""
    return np.prod([np.abs(freqz(*section, worN=hz, fs=RATE)[1]) ** 2 for section in (K_SHELF, K_PASS)], axis=0)


def windowed(power: np.ndarray, blocks: int) -> np.ndarray:
    """LUFS of the last `blocks` blocks."""
    padded = np.concatenate([np.zeros(blocks - 1), power])
    return 10 * np.log10(np.convolve(padded, np.full(blocks, 1 / blocks), "valid") + TINY) + CALIBRATION


def integrated(power: np.ndarray) -> float:
    """LUFS of a programme: 400 ms windows, gates at -70 LUFS and 10 LU under the mean of what passes."""
    windows = np.convolve(power, np.full(4, 0.25), "valid")
    loud = windows[windows > 10 ** ((-70 - CALIBRATION) / 10)]
    return float(decibels(loud[loud > loud.mean() / 10].mean()) + CALIBRATION) if len(loud) else -70.0


def active(power: np.ndarray, least: float = -62.0) -> np.ndarray:
    """Playing: above `least` LUFS (-62: -50 before a fader at -12), within 10 LU of the average of that (BS.1770), and 6 LU over the floor."""
    m = windowed(power, 4)
    loud = m > least
    if not loud.any():
        return loud
    floor = min(np.percentile(m, 10), np.percentile(m, 99) - 22)
    return loud & (m > max(10 * np.log10(np.mean(10 ** (m[loud] / 10)) + TINY) - 10, floor + 6))


def averaged(power: np.ndarray, on: np.ndarray) -> np.ndarray:
    """Running loudness over playing time, tau 10 s, LUFS; NaN before anything played."""
    level, heard, out = 0.0, 0.0, np.full(len(on), np.nan)
    for i, (p, playing) in enumerate(zip(power, on, strict=True)):
        if playing:
            heard += 0.1
            level += 0.1 / min(heard, 10) * (p - level)
        out[i] = 10 * np.log10(level + TINY) + CALIBRATION if heard else np.nan
    return out


def true_peak(x: np.ndarray) -> float:
    """dBTP of (frames, channels), four times oversampled."""
    return float(20 * np.log10(max(TINY, *(np.abs(resample_poly(side, 4, 1)).max() for side in x.T))))
