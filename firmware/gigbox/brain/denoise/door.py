"""The door to the core's filter: every hop each mask says its gains, their product goes to the rack, and the core makes one filter of it."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from gigbox._core import ffi, lib
from gigbox.rack import CHANNELS, FEATURE_HOPS, FINE_BANDS, Floats, Rack


class Mask(Protocol):
    """One reason to take something away."""

    def gains(self, rack: Rack, values: Floats, newest: Any, began_anew: bool) -> Floats | None:
        """(FINE_BANDS, CHANNELS) linear, 0..1, for `newest`, a hop of the rack's features; None: nothing is to be taken. `values`: of the rack, read once for
        all masks; `began_anew`: the engine did."""


class Door:
    """Call `hear` as often as you like: it answers every new hop of the rack, once."""

    def __init__(self, *masks: Mask) -> None:
        self._masks = masks
        self._product = np.ones((FINE_BANDS, CHANNELS), np.float32)
        self._given = ffi.from_buffer("float[]", self._product)
        self._hop, self._answered = -1, -1           # as the rack counts them, and as the engine does, which begins anew when it is started again

    def hear(self, rack: Rack) -> bool:
        """Give gains for the newest hop, if there is a new one and any mask takes something. The rack must be writable."""
        hops = rack.hops
        if hops == self._hop or hops == 0:
            return False
        newest = ffi.addressof(rack.c.features, (hops - 1) % FEATURE_HOPS)
        frame_hop = int(newest.hop)
        values = np.frombuffer(ffi.buffer(rack.c.values), np.float32)
        said = [mask.gains(rack, values, newest, frame_hop <= self._answered) for mask in self._masks]
        self._hop, self._answered = hops, frame_hop
        taking = [gains for gains in said if gains is not None]
        if taking:
            np.copyto(self._product, taking[0])
            for gains in taking[1:]:
                self._product *= gains
            lib.gb_give_gains(rack.c, frame_hop, self._given)
        return True
