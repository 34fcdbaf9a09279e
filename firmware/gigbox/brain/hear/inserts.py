"""What the inserts of a strip take from its source while it plays: cleaning, gate, EQ and compressor together, by what comes in and what comes out.

That is at the whole depth, where auto's are heard as they are meant. Turned down they take less, and the mix that waits behind the knob would follow: what
is known of the whole stays, and only what never was so is heard as it is.
"""

from __future__ import annotations

import numpy as np

from gigbox.brain.arrays import Array, Flags
from gigbox.brain.hear.meters import TICK_S

TAU_S = 10.0           # of playing, as of what comes in: then their difference is how loud it leaves, however it is played
MOVED_S = 3.0          # what was heard before one of them was turned counts for no more than this


class Inserts:
    """An entry a source. `taken`: dB, 0 until it was heard."""

    def __init__(self, count: int) -> None:
        self._heard, self._in, self._out = (np.zeros(count) for _ in range(3))
        self._whole = np.zeros(count, bool)       # the average is of the whole depth

    def hear(self, came: Array, left: Array, playing: Flags, whole: bool = True) -> Array:
        """One tick: LUFS over the same 400 ms, both behind the trim; `playing`: whose count; `whole`: all of auto is heard. Returns `taken`."""
        if whole:
            self._heard = np.where(playing & ~self._whole, np.minimum(self._heard, MOVED_S), self._heard)
            self._whole |= playing
        else:
            playing = playing & ~self._whole
        self._heard = np.where(playing, self._heard + TICK_S, self._heard)
        share = np.where(playing, TICK_S / np.clip(self._heard, TICK_S, TAU_S), 0.0)
        self._in += share * (10 ** (came / 10) - self._in)
        self._out += share * (10 ** (left / 10) - self._out)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self._heard > 0, 10 * np.log10(self._in / np.maximum(self._out, 1e-12)), 0.0)

    def turned(self, source: int) -> None:
        """One of them takes more or less by now."""
        self._heard[source] = min(self._heard[source], MOVED_S)

    def recall(self, source: int, came: float, taken: float, seconds: float) -> None:
        """What is known already."""
        self._whole[source] = True
        self._heard[source], self._in[source], self._out[source] = seconds, 10 ** (came / 10), 10 ** ((came - taken) / 10)

    def shift(self, source: int, db: float) -> None:
        """The source was turned by its trim."""
        self._in[source] *= 10 ** (db / 10)
        self._out[source] *= 10 ** (db / 10)
