"""Spectra as the measures want them: octave bands, bands of hearing (ERB), the spectrum that songs have on average, and what hides a voice."""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.signal import welch

from tests.measures.loudness import RATE, TINY, decibels, k_weight

OCTAVES = 1000 * 2.0 ** np.arange(-5, 5)      # 31 Hz to 16 kHz
FRAME = 2048                                  # 43 ms: about what the ear joins
# dB re the loudest octave, average of the stems of MUSDB18 (computed from the published features of FxNorm-Automix, MIT)
STEMS = {
    "vocals": (-27, -20, -12, -4, 0, -1, -5, -8, -12, -21),
    "drums": (-7, -1, 0, -4, -8, -12, -12, -10, -11, -17),
    "bass": (-11, -3, 0, -6, -17, -23, -25, -30, -45, -49),
    "other": (-15, -11, -5, 0, 0, -2, -2, -7, -19, -29),
}
BACKING_LU = {"drums": -2.0, "bass": -3.0, "other": -2.5}      # against each other: as the roles; other: a guitar (-5) and keys (-6)
MASKED_DB = 6.0
SLOW = 4      # frames that masking is averaged over: a syllable


def octave_levels(x: np.ndarray) -> np.ndarray:
    """dB in ten octaves of (frames, channels), channels summed."""
    hz, density = welch(x, RATE, nperseg=8192, axis=0)
    power = density.sum(axis=1)
    return np.array([float(decibels(power[(hz >= f / 2 ** 0.5) & (hz < f * 2 ** 0.5)].sum() * (hz[1] - hz[0]))) for f in OCTAVES])


@cache
def mean_mix(lar: float) -> np.ndarray:
    """Ten octaves of the average mix, dB: the four mean stems, each scaled so that its K-weighted loudness is where roles put it,
    the vocals `lar` dB over the other three together, and their powers summed. dB, the mean of the ten is 0."""
    power = {name: 10 ** (np.array(levels) / 10) for name, levels in STEMS.items()}
    power = {name: p / (p * k_weight(OCTAVES)).sum() for name, p in power.items()}
    backing = np.sum([10 ** (lu / 10) * power[name] for name, lu in BACKING_LU.items()], axis=0)
    backing /= sum(10 ** (lu / 10) for lu in BACKING_LU.values())
    levels = decibels(10 ** (lar / 10) * power["vocals"] + backing)
    return np.asarray(levels - levels.mean())


def tilt(x: np.ndarray, goal: np.ndarray) -> float:
    """rms distance of ten octave levels of a sound from a goal, dB, both about their own mean."""
    levels = octave_levels(x)
    return float(np.sqrt(np.mean((levels - levels.mean() - goal + goal.mean()) ** 2)))


def erb_edges(low: float, high: float) -> np.ndarray:
    """Hz: bands one ERB wide (Glasberg and Moore 1990)."""
    number = [21.4 * np.log10(1 + 0.00437 * f) for f in (low, high)]
    return np.asarray((10 ** (np.arange(number[0], number[1], 1.0) / 21.4) - 1) / 0.00437)


def erb_powers(x: np.ndarray, low: float = 100, high: float = 10000, hop: int = FRAME) -> np.ndarray:
    """(spectra, bands): power of (frames, channels), channels summed, one Hann window of 2048 every `hop` frames."""
    count = max((len(x) - FRAME) // hop + 1, 0)
    edges = np.round(erb_edges(low, high) * FRAME / RATE).astype(int)
    edges = np.unique(np.maximum(edges, 1))
    window = np.hanning(FRAME)[:, None] / (FRAME / 2)
    out = np.empty((count, len(edges) - 1))
    for i in range(count):
        power = (np.abs(np.fft.rfft(x[i * hop:i * hop + FRAME] * window, axis=0)) ** 2).sum(axis=1)
        out[i] = np.add.reduceat(power, edges[:-1])[: len(edges) - 1]
    return out


def hidden(vocal: np.ndarray, rest: np.ndarray, on: np.ndarray) -> float:
    """How much of a voice the rest hides: sum over ERB bands of max(0, rest - vocal - 6 dB), mean over the spectra in which it sings.

    `vocal`, `rest`: (frames, 2); `on`: (ticks,) of 100 ms. Levels are averages over four spectra; a band in which the voice never comes
    within 40 dB of its loudest is not the voice's own, and none counts as lower than that.
    """
    voice, other = (_slow(erb_powers(x)) for x in (vocal, rest))
    tick = np.minimum((np.arange(len(voice)) * FRAME + FRAME // 2) // 4800, len(on) - 1)
    voice, other = (decibels(power[on[tick]] + TINY) for power in (voice, other))
    if not len(voice):
        return float("nan")
    top = np.percentile(voice, 95, axis=0)
    own = top > top.max() - 40
    covered = np.maximum(0, other - np.maximum(voice, top.max() - 40) - MASKED_DB)
    return float(covered[:, own].sum(axis=1).mean())


def _slow(power: np.ndarray) -> np.ndarray:
    return np.apply_along_axis(lambda p: np.convolve(p, np.full(SLOW, 1 / SLOW), "same"), 0, power) if len(power) >= SLOW else power
