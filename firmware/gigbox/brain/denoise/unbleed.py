"""What each microphone hears of the others, taken down every hop: a gentle Wiener step on the 32 bands (native/src/bleed.c)."""

from __future__ import annotations

from typing import Any

import numpy as np

from gigbox import params
from gigbox._core import ffi, lib
from gigbox.brain.hear.leak_paths import Leaks
from gigbox.rack import CHANNELS, FINE_BANDS, Floats, Rack

AMOUNT = params.FIRST["strip/*/bleed"]


class Unbleed:
    """A mask of the door. `leaks` says who is heard by whom, as the thinking half of the brain has learnt it."""

    def __init__(self, leaks: Leaks) -> None:
        self._leaks, self._state, self._count = leaks, ffi.new("gb_bleed *"), 0
        self._gains = np.ones((FINE_BANDS, CHANNELS), np.float32)
        self._out = ffi.from_buffer("float[]", self._gains)

    def gains(self, rack: Rack, values: Floats, newest: Any, began_anew: bool) -> Floats | None:
        """None where no strip wants it, or nothing is known."""
        matrix, count = self._leaks.matrix, rack.channels
        amounts = values[AMOUNT:AMOUNT + count]
        if matrix is None or matrix.shape[1] != count or not amounts.any():
            self._count = 0
            return None
        if began_anew or count != self._count:
            lib.gb_bleed_begin(self._state)
            self._gains[:], self._count = 1, count
        lib.gb_bleed_gains(self._state, count, newest, ffi.from_buffer("float[]", matrix), self._out)
        self._gains[:, :count] = np.maximum(self._gains[:, :count], 10 ** (-amounts / 20))
        return self._gains
