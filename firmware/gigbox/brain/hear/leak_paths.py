"""What of one input is heard by another one's microphone, proved by its waveform: a filter needs to be surer than a fader.

What i hears of j is j's own signal, later and fainter: regressing X_i on X_j, bin by bin over many looks, gives the path between them as an impulse response,
whatever i plays itself. Looks in which i is quiet count more. Its first 30 ms are the leak; far lags, where no path can be, tell how much of that is chance:
two parts of one song have rhythm and pitch in common (and powers alone, as in `bleed.py`, cannot tell them from a leak), but no path. What j hears of i comes
at negative lags. Only looks count in which j is loud: then its microphone hears little else.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt

from gigbox import params
from gigbox.brain.arrays import Array, Flags
from gigbox.brain.hear.bands import HZ as BAND_HZ
from gigbox.rack import BANDS, RATE, Floats, Rack

Spectra = npt.NDArray[np.complexfloating[Any, Any]]

BEFORE = tuple(params.FIRST[f"strip/*/{row}"] for row in ("trim", "hpf/on", "hpf/frequency", "hpf/slope"))
FRAME = 6144                   # samples a look is long: 128 ms
EVERY, STEPS = 5, (3, 5, 7, 4, 6)      # ticks from look to look: on average, and in turn, so that no tempo keeps step with them
TOP = 8000.0                   # Hz; above, a path is as it is there
SETTLED = 600                  # ticks from where on every other look will do
BINS = round(TOP * FRAME / RATE) + 1
POINTS = 2 * (BINS - 1)        # lags of a path, at twice TOP
KEPT = 120                     # looks that the mean is over at most: 60 s
ROWS, ROUNDS = 2, 2            # microphones whose paths are found anew each look; of taking the others off
LEAST_LOOKS = 8                # in which j is loud, before anything is said
QUIET, QUIETEST = 1e-8, 1e-3   # power of a look that is worth hearing; and of i's loudest, below which it is no quieter
LOUDEST = 100.0                # of a sample: beyond it, or no number, it is broken
LOUD, TOP_FALLS = 0.06, 0.998  # of j's loudest: 12 dB down; a look
PATH_S, FAR_S = 0.030, 0.045   # a path ends here; from here on there is only chance
CLEAR, STILL = 1.4, 0.85         # energy of a path against what chance gives, or there is none; and of that, for one that was there
FEW = 10.0                     # more of it where j has few partials, over the root of their number: then chance makes a path more easily
SPILL = 0.1                   # of what comes back from i to j, this is thought to have come over
DOUBT = 1.0                    # times what chance gives is taken off
OWN = 6.0                      # power of a band of j while j is loud, over that while it is not
ODD = 2.0                      # times the median of a path that a band of it may be
SURE = 3.0                     # times a leak that the filter reckons with: rooms ring on after 30 ms, and a path is found too small rather than too large
SILENT = 3e-5                  # of the power of j's loudest band: one below says nothing
HOLLOW = 0.02                  # of a band's power: a bin with less between partials says nothing
LEAST = 1e-20

_LAG = np.fft.fftfreq(POINTS, 1 / POINTS) / (2 * TOP)      # s
_BACK = ((_LAG <= -0.0003) & (_LAG > -PATH_S)).astype(np.float32)
_WINDOW = np.hanning(FRAME).astype(np.float32)
_OVERLAP = np.fft.irfft(np.abs(np.fft.rfft(_WINDOW ** 2)[:BINS]) ** 2, POINTS)      # of a look with itself, later: what chance gives goes by it
_NEAR = np.interp(_LAG, [-0.0006, 0, PATH_S * 0.6, PATH_S], [0, 1, 1, 0]).astype(np.float32)      # soft edges: no band spills into another
_FAR = ((np.abs(_LAG) > FAR_S) / np.sqrt(_OVERLAP / _OVERLAP[0])).astype(np.float32)
_CHANCE = float(_NEAR ** 2 @ (_OVERLAP / _OVERLAP[0]) / np.count_nonzero(_FAR))
_SHARE = float(np.mean(_NEAR ** 2))           # of the lags
_HZ = np.linspace(0, TOP, BINS)
_EDGES = np.concatenate([[0], np.searchsorted(_HZ, np.sqrt(BAND_HZ[1:] * BAND_HZ[:-1]))])
_KNOWN = int(np.count_nonzero(_EDGES < BINS - 1))
_COUNT = np.diff(np.append(_EDGES[:_KNOWN], BINS))


class Leaks:
    """What the hop loop knows of it. `matrix`: (BANDS, strips, strips) float32 powers as the features have them, behind the trims, 1 on the diagonal;
    None: nothing is known. It is replaced, never changed: whoever took it may read on, in another thread."""

    def __init__(self) -> None:
        self.matrix: Floats | None = None

    def take(self, leak: Array, rack: Rack) -> None:
        """(strips, strips, BANDS) powers as they come in."""
        gain = _before_features(rack)
        behind = leak * (gain[:, None] / gain[None]) * np.where(np.eye(len(gain)), 1.0, SURE)[..., None]
        self.matrix = np.ascontiguousarray(behind.transpose(2, 0, 1), np.float32)


def _before_features(rack: Rack) -> Array:
    """(strips, BANDS) powers that trim and high-pass (Butterworth) leave, as features hear them."""
    values, n = rack.values().astype(float), rack.channels
    trim, on, hz, steep = (values[first:first + n, None] for first in BEFORE)
    slope = np.where(steep > 0.5, 8, 4)
    return np.asarray(10 ** (trim / 10) / (1 + np.where(on > 0.5, (hz / BAND_HZ) ** slope, 0.0)))


class LeakPaths:
    """Of the strips of a rack. `hear` it every 100 ms; `may` says whom whose microphone can hear at all."""

    def __init__(self, count: int) -> None:
        self.leak = np.tile(np.eye(count)[..., None], BANDS)      # (strips, strips, BANDS) powers, as they come in: row hears column; 1 on the diagonal
        self._cross = np.zeros((count, count, BINS), np.complex64)
        self._power = np.zeros((count, count, BINS), np.float32)
        self._path = np.zeros((count, count, BINS), np.complex64)
        self._there, self._all = np.zeros((2, count, count, _KNOWN), np.float32)      # what i heard in these looks, without the others', and all
        self._weights = np.zeros((2, count, count))        # means of how much looks count, and of its square
        self._top = np.zeros(count)                        # power of its loudest looks
        self._looks = np.zeros(count, int)                 # in which it was loud
        self._rests = np.zeros(count, int)                 # and in which it was not
        self._loud, self._soft = np.zeros((2, count, _KNOWN), np.float32)      # power of bands then
        self._ticks, self._due, self._steps, self._row = 0, EVERY, itertools.cycle(STEPS), 0
        self._may = np.zeros((count, count), bool)

    def cast(self, may: Flags) -> None:
        """(strips, strips): whether the row's microphone can hear the column at all. What is learnt of others stays."""
        self._may = may
        self.leak[~self._may & ~np.eye(len(self._may), dtype=bool)] = 0.0

    def hear(self, rack: Rack) -> None:
        self._ticks += 1
        rows = np.flatnonzero(self._may.any(axis=1))
        if self._ticks < self._due or not len(rows) or (frames := rack.newest(FRAME)) is None:
            return
        self._due = self._ticks + next(self._steps) + (EVERY if self._ticks > SETTLED else 0)
        self.look(frames[:, : len(self._may)])
        for _ in range(min(ROWS, len(rows))):
            self._row = int(rows[rows > self._row][0]) if (rows > self._row).any() else int(rows[0])
            self.leak[self._row] = self._paths(self._row)

    def look(self, frames: Array | Floats) -> None:
        """(FRAME, strips), the newest. An input that is no sound is silence: one look at it would stay in every path."""
        frames = np.where((np.abs(frames) < LOUDEST).all(axis=0), frames, 0)
        spectra = np.fft.rfft(frames * _WINDOW[:, None], axis=0)[:BINS].T.astype(np.complex64)
        own = self._apart(spectra)
        power, turned = np.square(np.abs(own)), np.conj(own)
        level, bands = power.sum(axis=1) / FRAME ** 2, np.add.reduceat(power, _EDGES[:_KNOWN], axis=1)
        everything = np.add.reduceat(np.square(np.abs(spectra)), _EDGES[:_KNOWN], axis=1)
        loud = self._hear_loud(level, bands)
        weight = (self._top / (level + QUIETEST * self._top + LEAST)).astype(np.float32)
        weighed = weight[:, None] * own
        for j in np.flatnonzero(loud & self._may.any(axis=0)):
            share, of = np.float32(1 / min(self._looks[j], KEPT)), self._may[:, j]
            heard = weight[of, None] * power[j]
            self._cross[of, j] += share * (weighed[of] * turned[j] + self._path[of, j] * heard - self._cross[of, j])
            self._power[of, j] += share * (heard - self._power[of, j])
            for mean, there in ((self._there, bands), (self._all, everything)):
                mean[of, j] += share * (weight[of, None] * there[of] - mean[of, j])
            self._weights[:, of, j] += share * (np.stack([weight[of], weight[of] ** 2]) - self._weights[:, of, j])

    def _apart(self, spectra: Spectra) -> Spectra:
        """(strips, BINS): each without what is known to be the others'."""
        own = spectra
        for _ in range(ROUNDS):
            own = spectra - (self._path * own).sum(axis=1)
        return own

    def _hear_loud(self, level: Array, bands: Array) -> Flags:
        """Which are loud now, and what their bands are then and otherwise."""
        sounds = (level > QUIET) & (level < 1e4)
        self._top = np.maximum(self._top * TOP_FALLS, level * sounds)
        loud = sounds & (level > LOUD * self._top)
        self._looks += loud
        self._rests += ~loud
        for mean, when, count in ((self._loud, loud, self._looks), (self._soft, ~loud, self._rests)):
            mean += (when / np.clip(count, 1, KEPT))[:, None] * (bands - mean)
        return np.asarray(loud)

    def _paths(self, i: int) -> Array:
        """(strips, BANDS): what i hears of each."""
        found = np.zeros((len(self._may), BANDS))
        found[i] = 1.0
        of = np.flatnonzero(self._may[i] & (self._looks >= LEAST_LOOKS))
        if not len(of):
            return found
        power = self._power[i][of]
        band = np.add.reduceat(power, _EDGES[:_KNOWN], axis=1)
        here = power + HOLLOW * np.repeat(band / _COUNT, _COUNT, axis=1) + LEAST
        mean = band / _COUNT
        silent = np.repeat(mean < SILENT * mean.max(axis=1, keepdims=True), _COUNT, axis=1)
        path = np.fft.irfft(np.where(silent, 0, self._cross[i][of] / here), POINTS, axis=1)
        spectrum = np.fft.rfft(path * _NEAR, axis=1)
        near, far, back = (_banded(x, here) for x in (spectrum, np.fft.rfft(path * _FAR, axis=1), np.fft.rfft(path * _BACK, axis=1)))
        looks = np.clip(self._looks[of], 1, KEPT) * self._weights[0, i, of] ** 2 / (self._weights[1, i, of] + LEAST)      # as many of equal weight
        looks = np.maximum(looks, 1)
        chance = np.maximum(_CHANCE * far, _SHARE * self._there[i, of] / (band + LEAST) / looks[:, None]) + SPILL * back
        own = (self._loud[of] > OWN * self._soft[of]) | ~np.any(self._may[of], axis=1, keepdims=True)      # of j itself, not what its microphone hears anyhow
        weight = band * own                                    # what each counts
        least = CLEAR + FEW / np.sqrt(np.square(power.sum(axis=1)) / (np.square(power).sum(axis=1) + LEAST) + 1)
        least *= np.where(self._path[i][of].any(axis=1), STILL, 1)
        clear = np.asarray((near * weight).sum(axis=1) > least * (chance * weight).sum(axis=1))
        left = np.where(clear[:, None], np.maximum(near - DOUBT * chance, 0.0), 0.0)
        whole = _median(left, weight)[:, None]
        left = np.minimum(np.minimum(left, np.where(own, ODD, 1) * whole), self._all[i, of] / (band + LEAST))
        self._path[i][of] = spectrum * np.repeat(np.sqrt(left / (near + LEAST)), _COUNT, axis=1)
        found[of, :_KNOWN] = left
        found[of, _KNOWN:] = found[of, _KNOWN - 1: _KNOWN]
        return found


def _banded(spectrum: Spectra, power: Floats) -> Array:
    """(n, BINS) paths to (n, known bands): what they leave of these powers."""
    left = np.add.reduceat(np.square(np.abs(spectrum)) * power, _EDGES[:_KNOWN], axis=1)
    return np.asarray(left / np.add.reduceat(power, _EDGES[:_KNOWN], axis=1), float)


def _median(values: Array, weight: Array) -> Array:
    """(n,) of each row of (n, bands), by weight; 0 where nothing weighs anything."""
    order = np.argsort(values, axis=1)
    grown = np.cumsum(np.take_along_axis(weight, order, axis=1), axis=1)
    at = np.argmax(grown >= grown[:, -1:] / 2, axis=1)
    return np.asarray(np.take_along_axis(values, np.take_along_axis(order, at[:, None], axis=1), axis=1)[:, 0] * (grown[:, -1] > 0))
