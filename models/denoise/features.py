"""What the model hears: the band powers of the C core, and the few numbers a hop that the brain makes of them.

The core (native/src/analysis.c) looks at each strip every HOP frames through two lopsided windows that end now: a long one into BANDS bands, a
brief one into BRIEF_BANDS; windows and bands are the core's own, and so is the standardising the brain's. Here the same sums are made of two sounds
at once and of their product, so that a pair can be mixed at any ratio later.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from gigbox._core import ffi, lib
from scipy import fft

from gigbox.brain.denoise.denoiser import INPUTS, standardise
from gigbox.brain.hear.bands import band_hz, erb_number, fine_hz
from gigbox.rack import BANDS, BRIEF_BANDS, HOP, RATE

LEAST = np.float32(1e-12)         # added to every power before its logarithm, as in the core
MINIMUM_HOPS = 188                # native/src/denoise.h
CENTRE = 96                       # frames behind the end of the window where a gain is heard, midway between D = 0 (160) and D = 128 (32)
HEARD_FRAMES = 640

__all__ = ["BANDS", "BRIEF", "BRIEF_AT", "BRIEF_BANDS", "FINE", "HEARD", "HOP", "INPUTS", "RATE", "WHOLE", "Look", "band_hz", "fine_hz", "inputs", "track"]
Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Look:
    """A window and what it sums into bands. `bands`: (bins, n) float32, each column a weighted mean over its bins."""

    window: Array
    size: int
    bands: Array
    end: int = 0          # frames behind the hop where the window ends

    def spectra(self, sound: Array) -> npt.NDArray[np.complex64]:
        """(hops, bins) of a (frames,) sound: hop k ends behind frame (k + 1) * HOP."""
        hops = len(sound) // HOP
        before = len(self.window) - HOP - self.end
        padded = np.concatenate([np.zeros(max(before, 0), np.float32), sound, np.zeros(self.end + HOP, np.float32)])[max(-before, 0):]
        frames = np.lib.stride_tricks.sliding_window_view(padded, len(self.window))[::HOP][:hops]
        return np.asarray(fft.rfft(frames * self.window, self.size, axis=1)[:, :-1], np.complex64)

    def sums(self, spectra: npt.NDArray[np.complex64], other: npt.NDArray[np.complex64] | None = None) -> Array:
        """(hops, n) band means of |X|^2, or of Re X Y*."""
        other = spectra if other is None else other
        return np.asarray((spectra.real * other.real + spectra.imag * other.imag) @ self.bands, np.float32)


def _of_core(brief: int, frames: int, size: int, bands: int) -> Look:
    window, weights = np.empty(frames, np.float32), np.empty((size // 2, bands), np.float32)
    lib.gb_look(brief, ffi.from_buffer("float[]", window), ffi.from_buffer("float[]", weights))
    return Look(window, size, weights)


def _heard(whole: Look) -> Look:
    """Where the gain will be heard, for the loss alone: a Hann window, the same bands."""
    window = np.hanning(HEARD_FRAMES + 2)[1:-1].astype(np.float32)
    share = (np.sum(whole.window**2) / np.sum(window**2)) ** 2
    return Look(window, whole.size, np.asarray(whole.bands * share, np.float32), CENTRE + HEARD_FRAMES // 2)


WHOLE = _of_core(0, 960, 1024, BANDS)
BRIEF = _of_core(1, 256, 256, BRIEF_BANDS)
FINE = _of_core(2, 1920, 2048, lib.GB_FINE_BANDS)
BRIEF_AT = np.interp(erb_number(band_hz(BRIEF_BANDS, lib.GB_BRIEF_LOW)), erb_number(band_hz()), np.arange(BANDS))     # its bands among BANDS
HEARD = _heard(WHOLE)


def decibels(power: Array) -> Array:
    return np.asarray(10 * np.log10(power + LEAST), np.float32)


def track(energy: Array) -> tuple[Array, Array]:
    """(hops, ..., BANDS) powers to the smoothed power and its tracked minimum: the recursions of native/src/denoise.h."""
    e = energy + LEAST
    around = np.float32(0.5) * e
    around[..., 1:] += np.float32(0.25) * energy[..., :-1]
    around[..., :1] += np.float32(0.25) * energy[..., :1]
    around[..., :-1] += np.float32(0.25) * energy[..., 1:]
    around[..., -1:] += np.float32(0.25) * energy[..., -1:]
    smooth, least = np.empty_like(energy), np.empty_like(energy)
    now, minimum, fresh = around[0].copy(), around[0].copy(), around[0].copy()
    for hop in range(len(energy)):
        now += np.float32(0.12) * (around[hop] - now)
        np.minimum(minimum, now, out=minimum)
        np.minimum(fresh, now, out=fresh)
        if hop % MINIMUM_HOPS == 0:
            minimum, fresh = fresh.copy(), now.copy()
        smooth[hop], least[hop] = now, minimum
    return smooth, least


def inputs(energy: Array, brief: Array, role: Array) -> Array:
    """(hops, batch, bands) powers and (batch,) roles (recordings.VOICE and so on) to the (hops, batch, INPUTS) numbers of the model."""
    hops, batch = energy.shape[:2]
    smooth, minimum = track(energy)
    flags = np.broadcast_to(np.stack([role > 0, role < 0], axis=-1).astype(np.float32), (hops, batch, 2)).reshape(-1, 2)
    heard = (decibels(power).reshape(hops * batch, -1).T for power in (energy, smooth, minimum, brief))
    return standardise(*heard, flags).reshape(hops, batch, INPUTS)
