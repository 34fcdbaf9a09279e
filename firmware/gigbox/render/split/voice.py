"""The voice of a whole recording, as the live model tells it, with a longer look: a share is taken for what was heard some time before it was said."""

from __future__ import annotations

import numpy as np
from gigbox._core import ffi, lib

from gigbox.brain.denoise.splitter import FRAMES, PACE, Splitter
from gigbox.rack import FINE_BANDS, HOP, RATE, Floats

STEP = PACE * HOP
LOOK = 400          # frames heard beyond the middle of what a share is for: best of -160 (live) to 2,400, by tenths of a dB


def shares(sound: Floats, by: Splitter) -> Floats:
    """(frames, 2) to (steps, FINE_BANDS): step n has heard all up to frame (n + 1) * STEP."""
    by.forget(0)
    padded = np.pad(sound, ((FRAMES, STEP), (0, 0)))
    return np.stack([by.share(0, padded[end:end + FRAMES]) for end in range(STEP, len(sound) + STEP, STEP)])


def at(said: Floats, centres: Floats, bins: int, window: int) -> Floats:
    """(windows, bins): the share of each bin of spectra of so many frames whose middles are at frames `centres`."""
    hz = np.zeros(FINE_BANDS)
    lib.gb_fine_hz(ffi.from_buffer("double[]", hz))
    place = np.clip((centres + LOOK) / STEP - 1, 0, len(said) - 1)
    before = np.floor(place).astype(int)
    part = (place - before)[:, None].astype(np.float32)
    rows = said[before] + part * (said[np.minimum(before + 1, len(said) - 1)] - said[before])
    bands = np.interp(np.arange(bins) * RATE / window, hz, np.arange(FINE_BANDS))
    low = np.floor(bands).astype(int)
    across = (bands - low).astype(np.float32)
    return np.asarray(rows[:, low] * (1 - across) + rows[:, np.minimum(low + 1, FINE_BANDS - 1)] * across, np.float32)
