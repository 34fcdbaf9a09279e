"""The model on the way that a brain would call it: every other hop, what both sides of a record sound like goes in, and the voice's share of each fine band
comes out. It hears the dry sides through the core's own long window, and nothing that is still to come.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from gigbox._core import ffi, lib

from gigbox.brain import tflite
from gigbox.rack import FINE_BANDS, HOP, RATE, Floats

PACE = 2                                  # hops from one answer to the next
FRAMES, SIZE = 1920, 2048                 # native/src/analysis.c: the window of the fine bands, and its spectrum
# Of each band and side: how loud under the loudest of late, how much louder than a step before and than on average of late, what both sides have alike, and
# how far from the middle: (mean, deviation) of each. They belong to the model's contract: one trained anew is trained with these.
STANDARD = ((-35.0, 20.0), (0.0, 8.0), (0.0, 10.0), (0.5, 0.35), (0.3, 0.3))
LAYERS, CLIP = len(STANDARD), 5.0         # and no number is further from 0
LATELY = 1 - PACE * HOP / (0.4 * RATE)    # of the average, a step
REFERENCE_FALLS, REFERENCE_LEAST = 6.0 * PACE * HOP / RATE, -90.0      # dB a step; dB
LEAST, SILENT = np.float32(1e-12), np.float32(1e-9)      # of powers

_MEAN = np.array([mean for mean, _ in STANDARD], np.float32)[:, None]
_SHARE = np.array([1 / deviation for _, deviation in STANDARD], np.float32)[:, None]


class Ear:
    """What is heard of one pair, and what it is measured by."""

    def __init__(self) -> None:
        self._reference = REFERENCE_LEAST
        self._before: Floats | None = None
        self._lately = np.zeros(FINE_BANDS, np.float32)

    def hear(self, power: Floats) -> Floats:
        """A step: (3, FINE_BANDS) powers of left, of right, and what they share (the real part of their product), to (LAYERS, FINE_BANDS)."""
        left, right, common = power
        both = left + right
        level = np.log10(both + LEAST)
        level *= np.float32(10)
        if self._before is None:
            self._before, self._lately = level, level.copy()
        self._reference = max(float(level.max()), self._reference - REFERENCE_FALLS, REFERENCE_LEAST)
        both += SILENT
        x = np.stack([level - np.float32(self._reference), level - self._before, level - self._lately, 2 * common / both, np.abs(left - right) / both])
        self._lately += np.float32(1 - LATELY) * (level - self._lately)
        self._before = level
        x -= _MEAN
        x *= _SHARE
        return np.clip(x, -CLIP, CLIP, out=x)


class Look:
    """The core's window and its fine bands. Of each bin a share goes to one band and the rest to the next: so two sums over neighbours do."""

    def __init__(self) -> None:
        window, bands = np.empty(FRAMES, np.float32), np.empty((SIZE // 2, FINE_BANDS), np.float32)
        lib.gb_look(2, ffi.from_buffer("float[]", window), ffi.from_buffer("float[]", bands))
        low = np.minimum((bands > 0).argmax(axis=1), FINE_BANDS - 2)
        low[0], bins = 0, np.arange(len(low))
        self._window, self._shares = window[:, None], np.stack([bands[bins, low], bands[bins, low + 1]])[:, None]
        self._first = np.searchsorted(low, np.arange(FINE_BANDS - 1))

    def power(self, sides: Floats) -> Floats:
        """(FRAMES, 2) to (3, FINE_BANDS): of left, of right, and what they share."""
        left, right = np.fft.rfft(sides * self._window, SIZE, axis=0)[:-1].T
        bins = np.empty((3, SIZE // 2), np.float32)
        bins[0], bins[1] = left.real**2 + left.imag**2, right.real**2 + right.imag**2
        bins[2] = left.real * right.real + left.imag * right.imag
        low, high = np.add.reduceat(bins * self._shares, self._first, axis=-1)
        power = np.zeros((3, FINE_BANDS), np.float32)
        power[:, :-1] = low
        power[:, 1:] += high
        return power


Say = Callable[[Floats, Any], tuple[Floats, Any]]      # (1, LAYERS, FINE_BANDS) and a state, None at first, to (FINE_BANDS,) and the next state


class Splitter:
    """What a model says of one record."""

    def __init__(self, say: Say) -> None:
        self._say, self._look, self._ear = say, Look(), Ear()
        self._state: Any = None

    def share(self, sides: Floats) -> Floats:
        """One step. sides: the newest (FRAMES, 2) of the record; returns (FINE_BANDS,), 0..1."""
        share, self._state = self._say(self._ear.hear(self._look.power(sides))[None], self._state)
        return share


def exported(path: Path) -> Say:
    """A TFLite model, int8 or float. ModelError, MachineError where it cannot run."""
    model = tflite.Model(path, {"x": (LAYERS, FINE_BANDS), "h1": None, "h2": None}, {"share": FINE_BANDS, "h1": None, "h2": None})
    model.check_fed_back("h1", "h2")
    still = {name: np.full((1, model.width[name]), model.scale(name)[1] if model.is_int8(name) else 0, model.dtype[name]) for name in ("h1", "h2")}

    def say(x: Floats, state: Any) -> tuple[Floats, Any]:
        out = model(x=model.quantised("x", x), **(state or still))
        return model.real("share", out["share"])[0], {name: out[name] for name in still}
    return say
