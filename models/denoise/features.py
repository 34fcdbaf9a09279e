"""What the model hears: the band energies of the C core, and the few numbers a hop that are made of them.

The core (native/src/analysis.c) looks at each strip every HOP frames through two lopsided windows that end now: a long one into BANDS bands, a
short one into SHORT_BANDS. Here the same sums are made of two sounds at once and of their product, so that a pair can be mixed at any ratio later.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import fft

RATE, HOP = 48000, 256
BANDS, SHORT_BANDS = 32, 16
LEAST = 1e-12                     # added to every power before its logarithm
MINIMUM_HOPS = 188                # native/src/denoise.h
INPUTS = 3 * BANDS + SHORT_BANDS + 2
CENTRE = 96                       # frames behind the end of the window where a gain is heard, midway between D = 0 (160) and D = 128 (32)

Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Look:
    """A window and what it sums into bands. `bands`: (bins, n) float32, each column a weighted mean over its bins."""

    window: Array
    size: int
    bands: Array
    end: int              # frames behind the hop where the window ends

    def spectra(self, sound: Array) -> npt.NDArray[np.complex64]:
        """(hops, bins) of a (frames,) sound: hop k ends behind frame (k + 1) * HOP."""
        hops = len(sound) // HOP
        before = len(self.window) - HOP - self.end
        padded = np.concatenate([np.zeros(max(before, 0), np.float32), sound, np.zeros(self.end + HOP, np.float32)])[max(-before, 0):]
        frames = np.lib.stride_tricks.sliding_window_view(padded, len(self.window))[::HOP][:hops]
        return np.asarray(fft.rfft(frames * self.window, self.size, axis=1), np.complex64)

    def sums(self, spectra: npt.NDArray[np.complex64], other: npt.NDArray[np.complex64] | None = None) -> Array:
        """(hops, n) band means of |X|^2, or of Re X Y*."""
        other = spectra if other is None else other
        return np.asarray((spectra.real * other.real + spectra.imag * other.imag) @ self.bands, np.float32)


def erb_number(hz: npt.ArrayLike) -> npt.NDArray[np.float64]:
    return 21.4 * np.log10(1 + 0.00437 * np.asarray(hz, float))


def band_hz(count: int = BANDS, low: float = 50, high: float = 20000) -> npt.NDArray[np.float64]:
    """Centres, evenly spaced in ERB number (Glasberg and Moore 1990)."""
    numbers = np.linspace(erb_number(low), erb_number(high), count)
    return (10 ** (numbers / 21.4) - 1) / 0.00437


def _bands(size: int, count: int, low: float, window: Array) -> Array:
    """Triangles between band centres; a full-scale sine reads about 0 dB in a band of one bin."""
    hz = np.arange(size // 2 + 1) * RATE / size
    low_number, high_number = erb_number(low), erb_number(20000)
    at = np.clip((erb_number(hz) - low_number) / (high_number - low_number) * (count - 1), 0, count - 1)
    band = np.minimum(at.astype(int), count - 2)
    weights = np.zeros((len(hz), count))
    weights[np.arange(len(hz)), band] = 1 - (at - band)
    weights[np.arange(len(hz)), band + 1] += at - band
    weights[0] = weights[-1] = 0
    energy = float(np.sum(np.square(window, dtype=float)))
    return np.asarray(weights / (np.maximum(weights.sum(axis=0), 0.3) * energy * energy / 4 * 1.5), np.float32)


def _lopsided(frames: int, fall: int) -> Array:
    rise = frames - fall
    return np.asarray(np.concatenate([np.sin(np.pi / 2 * (np.arange(rise) + 0.5) / rise), np.cos(np.pi / 2 * (np.arange(fall) + 0.5) / fall)]), np.float32)


def _look(window: Array, size: int, count: int, low: float, end: int = 0) -> Look:
    return Look(window, size, _bands(size, count, low, window), end)


LONG = _look(_lopsided(960, 64), 1024, BANDS, 50)
SHORT = _look(_lopsided(256, 64), 256, SHORT_BANDS, 200)
HEARD = _look(np.hanning(642)[1:-1].astype(np.float32), 1024, BANDS, 50, CENTRE + 320)      # where the gain will be heard: for the loss alone


def decibels(power: Array) -> Array:
    return np.asarray(10 * np.log10(power + np.float32(LEAST)), np.float32)


def track(energy: Array) -> tuple[Array, Array]:
    """(hops, ..., BANDS) powers to the smoothed power and its tracked minimum: the recursions of native/src/denoise.h."""
    e = energy + np.float32(LEAST)
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


def inputs(energy: Array, short: Array, role: Array) -> Array:
    """(hops, batch, ...) powers and (batch,) roles to the (hops, batch, INPUTS) numbers of the model, before they are standardised."""
    smooth, least = track(energy)
    floor = decibels(least)
    now = decibels(energy)
    flags = np.broadcast_to(np.stack([role > 0, role < 0], axis=-1).astype(np.float32), (*energy.shape[:-1], 2))
    return np.concatenate([now, now - floor, decibels(smooth) - floor, decibels(short), flags], axis=-1)
