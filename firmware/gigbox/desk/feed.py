"""The desk's end of the engine: what is heard goes into the rack's queue, and what the engine has otherwise is put right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from gigbox.desk.doors import opened, turned
from gigbox.desk.glides import Glides


class Rack(Protocol):
    """What the desk needs of gigbox.rack.Rack."""

    @property
    def frames(self) -> int: ...

    def push(self, index: int, value: float) -> bool: ...

    def values(self) -> npt.NDArray[np.float32]: ...


class Feed:
    """Keeps the newest value of each index until the queue takes it."""

    def __init__(self, rack: Rack | None, wanted: Sequence[float]) -> None:
        self.wanted = np.array(wanted, np.float32)
        self.pending: dict[int, None] = {}
        self.glides = Glides()
        self.attach(rack)

    def attach(self, rack: Rack | None) -> None:
        """To this engine from now on (None: there is none yet); what it has otherwise is told at once."""
        self._rack = rack
        self._frames = 0
        self._told: set[int] = set()       # since the last check: the engine may not have taken them yet
        self._taking: set[int] = set()     # before it: the engine takes them while it plays
        if rack is not None:
            self._frames = rack.frames
            self._repair(rack)

    def tell(self, indexes: Iterable[int], values: Sequence[float], by_hand: bool = True) -> None:
        """These values are new. A hand's are at once; another's is only a new goal for what is gliding."""
        for index in indexes:
            if by_hand:
                self.glides.stop(index)
            elif self.glides.turn(index, values[index]):
                continue
            self._want(index, values[index])
        self.flush()

    def glide(self, indexes: Iterable[int], values: Sequence[float], now: float, seconds: float) -> None:
        """These values are new, and are gone to in so long; what goes by steps is there at once, and before that what it opens the ears to or turns."""
        wanted = tuple(indexes)
        before, after = self.wanted.tolist(), np.array(values, np.float32).tolist()
        first = opened(wanted, before, after) | turned(wanted, before, after)
        for index in sorted(wanted, key=lambda index: index not in first):
            if not self.glides.begin(index, float(self.wanted[index]), values[index], now, 0.0 if index in first else seconds):
                self._want(index, values[index])
        self.flush()

    def go_on(self, now: float) -> None:
        """Call each STEP_S while something glides."""
        for index, value in self.glides.step(now).items():
            self._want(index, value)
        self.flush()

    def _want(self, index: int, value: float) -> None:
        self.wanted[index] = value
        self.pending[index] = None

    def flush(self) -> None:
        """As much as the queue takes; the rest waits."""
        if self._rack is None:
            return
        for index in tuple(self.pending):
            if not self._rack.push(index, float(self.wanted[index])):
                return
            del self.pending[index]
            self._told.add(index)

    def check(self) -> None:
        """Call each 100 ms. What the engine has otherwise is told again, at once after it was replaced, else as soon as it had time to take it."""
        rack = self._rack
        if rack is None:
            return
        frames = rack.frames
        replaced, alive = frames < self._frames, frames > self._frames
        if replaced:
            self._told, self._taking = set(), set()
        self._repair(rack)
        if alive:
            self._told, self._taking = set(), self._told
        self._frames = frames

    def _repair(self, rack: Rack) -> None:
        differing = np.flatnonzero(rack.values() != self.wanted).tolist()
        self.pending.update(dict.fromkeys(index for index in differing if index not in self._told and index not in self._taking))
        self.flush()
