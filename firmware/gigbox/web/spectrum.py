"""The spectrum of what a bus plays, in the very bands in which the core tells those of strips: 50 Hz to 20 kHz, even in ERB number."""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

from gigbox._core import ffi, lib

Floats = npt.NDArray[np.float32]
WHOLE = 0                          # of the core's three looks the one that features are made of
WINDOW, SIZE, HOP = 960, 1024, 640      # frames: 20 ms, zeros behind it
FRAMES = WINDOW + 6 * HOP          # 100 ms: pages are told ten times a second, so that nothing is missed between
LEAST = 1e-12                      # -120 dB


def bands(sound: Floats) -> npt.NDArray[np.float64]:
    """Of (n, 2) float32, n >= WINDOW: dB re full scale of each band, mean of both sides and of all windows that fit."""
    window, weights = _look()
    frames = np.lib.stride_tricks.sliding_window_view(np.nan_to_num(sound), WINDOW, axis=0)[::HOP]        # (windows, 2, WINDOW)
    power = np.abs(np.fft.rfft(frames * window, SIZE)[..., : SIZE // 2]) ** 2
    return np.asarray(10 * np.log10(power.mean(axis=(0, 1)) @ weights + LEAST))


@functools.cache
def _look() -> tuple[Floats, Floats]:
    """The core's own window and shares of each bin in the bands."""
    window, weights = np.empty(WINDOW, np.float32), np.empty((SIZE // 2, lib.GB_BANDS), np.float32)
    lib.gb_look(WHOLE, ffi.from_buffer("float[]", window), ffi.from_buffer("float[]", weights))
    return window, weights
