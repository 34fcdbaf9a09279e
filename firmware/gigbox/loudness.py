"""Programme loudness from 100 ms blocks of K-weighted power, as the engine publishes them (ITU-R BS.1770-4, EBU R 128)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

SILENCE = -70.0      # LUFS: the absolute gate, and what nothing at all reads


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
    return float(-0.691 + 10 * np.log10(kept.mean()))


def _power(lufs: float) -> float:
    return float(10 ** ((lufs + 0.691) / 10))
