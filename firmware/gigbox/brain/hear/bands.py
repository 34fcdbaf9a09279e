"""The 32 ERB bands of the rack's features, as the mixing rules weigh them: where they lie, how wide they are, how loud they sound."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gigbox.brain.arrays import Array
from gigbox.loudness import k_gain
from gigbox.rack import BANDS, RATE

LOW_HZ, HIGH_HZ = 50.0, 20000.0
BIN_HZ = RATE / 1024                                          # of the core's spectrum
OCTAVES = 31.25 * 2.0 ** np.arange(10)                        # Hz; the octave bands of long-term spectra


def erb_number(hz: npt.ArrayLike) -> Array:
    """Glasberg and Moore 1990."""
    return np.asarray(21.4 * np.log10(1 + 0.00437 * np.asarray(hz, float)))


def band_hz(count: int = BANDS, low: float = LOW_HZ, high: float = HIGH_HZ) -> Array:
    """Centres, evenly spaced in ERB number; the bands of native/src/bands.h."""
    numbers = np.linspace(erb_number(low), erb_number(high), count)
    return np.asarray((10 ** (numbers / 21.4) - 1) / 0.00437)


HZ = band_hz()
WIDTH = np.maximum(np.gradient(HZ) / BIN_HZ, 0.3)             # bins: a band of the features is a mean, its power that times this
LOUD = WIDTH * k_gain(HZ)                                     # what a band's mean counts in loudness (BS.1770)
LUFS_DB = -5.2                                                # of that to LUFS: the analysis window's own gain; within 0.5 LU of the meter for music
_OF_OCTAVE = (np.clip(np.rint(np.log2(HZ / OCTAVES[0])), 0, 9)[None] == np.arange(10)[:, None]) * WIDTH      # (10, BANDS)


def octaves(power: Array) -> Array:
    """(..., BANDS) means to (..., 10) powers of the octave bands; those below 50 Hz hold what the lowest band heard."""
    whole = np.asarray(power @ _OF_OCTAVE.T)
    whole[..., 0] = whole[..., 1]
    return whole


def loudness(power: Array) -> Array:
    """(..., BANDS) means to LUFS."""
    return np.asarray(10 * np.log10(power @ LOUD + 1e-12) + LUFS_DB)


def level_of(spectrum: Array) -> Array:
    """(10,) dB of the octaves, against the loudest."""
    level = 10 * np.log10(octaves(spectrum) + 1e-12)
    return np.asarray(level - level.max())
