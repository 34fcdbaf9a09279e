"""Programme loudness from 100 ms blocks of K-weighted power, as the engine publishes them (ITU-R BS.1770-4, EBU R 128)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

SILENCE = -70.0      # LUFS: the absolute gate, and what nothing at all reads
K_OFFSET_DB = -0.691  # of a K-weighted mean square in dB, to read LUFS (BS.1770-4)
RATE = 48000
SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))      # BS.1770-4, tables 1 and 2
PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))


def integrated(blocks: npt.ArrayLike) -> float:
    """Gated loudness in LUFS of (n,) mean squares of 100 ms (channels already summed): 400 ms windows, gates at -70 LUFS and -10 LU."""
    power = np.asarray(blocks, float)
    if len(power) < 4:
        return SILENCE
    windows = np.convolve(power, np.full(4, 0.25), "valid")
    loud = windows[windows > _power(SILENCE)]
    if not len(loud):
        return SILENCE
    kept = loud[loud > loud.mean() / 10]
    return float(K_OFFSET_DB + 10 * np.log10(kept.mean()))


def k_gain(hz: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """What K-weighting makes of the power at a frequency (Hz), linear."""
    z = np.exp(-2j * np.pi * np.asarray(hz, float) / RATE)
    gain = np.ones_like(z)
    for above, below in (SHELF, PASS):
        gain = gain * np.polyval(above[::-1], z) / np.polyval(below[::-1], z)
    return np.asarray(np.abs(gain) ** 2)


def _power(lufs: float) -> float:
    return float(10 ** ((lufs - K_OFFSET_DB) / 10))
