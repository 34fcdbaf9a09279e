"""Our own engine, without a model. What sounds steadily over a third of a second is an instrument; of the rest, what has a pitch within 20 ms is a voice,
and what has none are drums (median filters: FitzGerald 2010, in two stages); the voice is in the middle, the bass below 200 Hz.

Honest about itself: a lead guitar in the middle goes with the voice, a held note of the voice with the others, and reverb stays where it was. It is good
enough to practise to, no more. All four add up to the recording again.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from gigbox.rack import RATE, Floats

LONG, MIDDLING, SHORT = 16384, 4096, 1024      # frames of the windows; a quarter of one from each to the next
STEADY, WIDE = 17, 17                # windows, and bins, that a median is over
BASS_HZ, VOICE_HZ = (180.0, 240.0), (140.0, 200.0, 9000.0, 12000.0)      # from here to there the bass ends, the voice begins and ends
MIDDLE = 2.0                         # exponent of the centre mask: 1 - |L - R| / (|L| + |R|)
LEAST = 1e-9
Spectra = npt.NDArray[np.complex64]


class Classic:
    """The engine `gigbox`."""

    name, rate = "gigbox", RATE

    def split(self, sound: Floats) -> Floats:
        _, rest = self._parted(sound, LONG)
        pitched, drums = self._parted(rest, SHORT)
        voice = self._middle(pitched, SHORT)
        held, hit = self._parted(sound - drums - voice, MIDDLING)
        low, drums = self._below(held), drums + self._below(hit)      # a bass note lasts longer than a kick
        return np.stack([voice, drums, low, sound - voice - drums - low]).astype(np.float32)

    def _parted(self, sound: Floats, window: int) -> tuple[Floats, Floats]:
        """What lies along time, and what lies along frequency."""
        spectra = _spectra(sound, window)
        level = np.sqrt(np.square(np.abs(spectra)).sum(axis=2))
        along, across = np.square(_median(level, STEADY)), np.square(_median(level.T, WIDE).T)
        steady = _sound(spectra * (along / (along + across + LEAST))[..., None], window, len(sound))
        return steady, sound - steady

    def _middle(self, sound: Floats, window: int) -> Floats:
        spectra = _spectra(sound, window)
        hz = np.arange(spectra.shape[1]) * RATE / window
        left, right = spectra[..., 0], spectra[..., 1]
        middle = np.maximum(1 - np.abs(left - right) / (np.abs(left) + np.abs(right) + LEAST), 0) ** MIDDLE
        low, begin, end, high = VOICE_HZ
        band = np.interp(hz, [low, begin, end, high], [0, 1, 1, 0])
        both = (left + right) / 2 * middle * band
        return _sound(np.repeat(both[..., None], 2, axis=2), window, len(sound))

    def _below(self, sound: Floats) -> Floats:
        spectra = _spectra(sound, LONG // 4)
        share = np.interp(np.arange(spectra.shape[1]) * RATE * 4 / LONG, BASS_HZ, [1, 0])
        return _sound(spectra * share[None, :, None], LONG // 4, len(sound))


def _window(size: int) -> Floats:
    """Root of Hann: twice of it adds up to 2 at a quarter's distance."""
    return np.sqrt(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)).astype(np.float32)


def _frames(sound: Floats, size: int) -> Iterator[tuple[int, Floats]]:
    step = size // 4
    padded = np.pad(sound, ((size, 2 * size), (0, 0)))
    for at in range(0, len(sound) + size + step, step):
        yield at, padded[at:at + size]


def _spectra(sound: Floats, size: int) -> Spectra:
    """(windows, size / 2 + 1, sides)."""
    window = _window(size)[:, None]
    return np.stack([np.fft.rfft(frame * window, axis=0).astype(np.complex64) for _, frame in _frames(sound, size)])


def _sound(spectra: Spectra, size: int, frames: int) -> Floats:
    """And back, (frames, sides)."""
    step, window = size // 4, _window(size)[:, None] / 2
    out = np.zeros((frames + 4 * size, spectra.shape[2]), np.float32)
    for n, each in enumerate(spectra):
        out[n * step:n * step + size] += np.fft.irfft(each, size, axis=0) * window
    return out[size:size + frames]


def _median(level: Floats, count: int) -> Floats:
    """(n, m): of each place and its neighbours along the first axis, `count` together."""
    padded = np.pad(level, ((count // 2, count // 2), (0, 0)), mode="reflect" if len(level) > count // 2 else "edge")
    found = np.empty_like(level)
    for at in range(0, level.shape[1], 256):
        view = np.lib.stride_tricks.sliding_window_view(padded[:, at:at + 256], count, axis=0)
        found[:, at:at + 256] = np.partition(view, count // 2, axis=-1)[..., count // 2]
    return found
