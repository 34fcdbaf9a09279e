"""How much of what sounds in each band are tones: lines that stand far out of what is around them. Noise has none, however steady it is."""

from __future__ import annotations

import numpy as np

from gigbox.brain.arrays import Indices
from gigbox.brain.hear.bands import HZ
from gigbox.rack import BANDS, RATE, TAP_FRAMES, Floats, Rack

FRAMES = 8192                 # 170 ms: lines 40 Hz apart are told from each other
BLOCK = 32                    # bins, 190 Hz: what is around a line
STANDS = 8.0                  # times the median of that: one bin in 250 of noise does
TOP_HZ = 8000.0               # above, vibrato blurs every line
BINS = int(TOP_HZ * FRAMES / RATE) // BLOCK * BLOCK
WINDOW = np.hanning(FRAMES).astype(np.float32)
_BETWEEN = (np.arange(BINS) + 0.5) / BLOCK - 0.5
_BAND = np.argmin(np.abs(np.log((np.arange(BINS) + 0.5) * RATE / FRAMES)[:, None] - np.log(HZ)[None]), axis=1)
_STARTS = np.searchsorted(_BAND, np.arange(int(_BAND.max()) + 1))


def newest(rack: Rack, strips: Indices) -> Floats:
    """(FRAMES, n): the dry inputs of these strips as they were last, silence where the engine has not played for so long."""
    at = rack.frames - FRAMES + np.arange(FRAMES)
    return np.asarray(rack.view("tap_in")[at % TAP_FRAMES][:, strips] * (at >= 0)[:, None], np.float32)


def tonal(frames: Floats) -> Floats:
    """(FRAMES, n) to (BANDS, n), 0..1: the share of lines in the power of each band; a band above TOP_HZ is taken to be as the highest below."""
    with np.errstate(invalid="ignore", over="ignore"):
        power = np.square(np.abs(np.fft.rfft(frames * WINDOW[:, None], axis=0)[:BINS])).astype(np.float32)
    power = np.where(np.isfinite(power), power, 0) + np.float32(1e-12)
    middle = np.median(power.reshape(-1, BLOCK, power.shape[1]), axis=1)
    below = np.clip(np.floor(_BETWEEN), 0, len(middle) - 2).astype(int)
    share = np.clip(_BETWEEN - below, 0, 1)[:, None]
    floor = middle[below] * (1 - share) + middle[below + 1] * share
    lines = np.add.reduceat(np.where(power > STANDS * floor, power, 0), _STARTS, axis=0)
    known = lines / np.add.reduceat(power, _STARTS, axis=0)
    return np.concatenate([known, np.repeat(known[-1:], BANDS - len(known), axis=0)]).astype(np.float32)
