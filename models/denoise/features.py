"""The C core's windows and the bands that it sums them into, asked of it, and the same sums of whole sounds.

The core (native/src/analysis.c) looks at each strip every HOP frames through three lopsided windows that end now: one of 20 ms into BANDS bands, a
brief one into BRIEF_BANDS, a long one into FINE_BANDS.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from gigbox._core import ffi, lib
from scipy import fft

from gigbox.brain.hear.bands import band_hz
from gigbox.rack import BANDS, BRIEF_BANDS, HOP, RATE

LEAST = np.float32(1e-12)         # added to every power before its logarithm, as in the core

__all__ = ["BANDS", "BRIEF", "BRIEF_BANDS", "FINE", "HOP", "RATE", "WHOLE", "Look", "band_hz", "fine_hz"]
Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Look:
    """A window and what it sums into bands. `bands`: (bins, n) float32, each column a weighted mean over its bins."""

    window: Array
    size: int
    bands: Array

    def spectra(self, sound: Array) -> npt.NDArray[np.complex64]:
        """(hops, bins) of a (frames,) sound: hop k ends behind frame (k + 1) * HOP."""
        hops = len(sound) // HOP
        before = len(self.window) - HOP
        padded = np.concatenate([np.zeros(max(before, 0), np.float32), sound, np.zeros(HOP, np.float32)])[max(-before, 0):]
        frames = np.lib.stride_tricks.sliding_window_view(padded, len(self.window))[::HOP][:hops]
        return np.asarray(fft.rfft(frames * self.window, self.size, axis=1)[:, :-1], np.complex64)

    def sums(self, spectra: npt.NDArray[np.complex64], other: npt.NDArray[np.complex64] | None = None) -> Array:
        """(hops, n) band means of |X|^2, or of Re X Y*."""
        other = spectra if other is None else other
        return np.asarray((spectra.real * other.real + spectra.imag * other.imag) @ self.bands, np.float32)


def _of_core(which: int, frames: int, size: int, bands: int) -> Look:
    window, weights = np.empty(frames, np.float32), np.empty((size // 2, bands), np.float32)
    lib.gb_look(which, ffi.from_buffer("float[]", window), ffi.from_buffer("float[]", weights))
    return Look(window, size, weights)


def fine_hz() -> npt.NDArray[np.float64]:
    """Centres of the fine bands, where gains are given; the core says where."""
    centres = np.empty(lib.GB_FINE_BANDS)
    lib.gb_fine_hz(ffi.from_buffer("double[]", centres))
    return centres


WHOLE = _of_core(0, 960, 1024, BANDS)
BRIEF = _of_core(1, 256, 256, BRIEF_BANDS)
FINE = _of_core(2, 1920, 2048, lib.GB_FINE_BANDS)


def decibels(power: Array) -> Array:
    return np.asarray(10 * np.log10(power + LEAST), np.float32)
