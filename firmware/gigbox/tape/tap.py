"""The engine's dry inputs and main as they pass in the rack, frame by frame. The rack is a ring of 1.4 s that the engine writes whoever looks, so nothing
here can hold it up; who looks too late has lost what was written over, and is told how much."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from gigbox import sight
from gigbox.errors import RackError
from gigbox.sight import STILL_S
from gigbox.takes.wave_head import RATE

MOST = 4800            # frames read at once
SAFE = 256             # frames that the engine may write while they are read

Floats = npt.NDArray[np.float32]


class Rack(sight.Rack, Protocol):
    """The part of gigbox.rack.Rack that is read."""

    c: Any


@dataclass(frozen=True)
class Piece:
    """Frames of a take: `first` counts from its begin; `sound` (n, strips + 2) float32, main behind the strips. `lost`: frames before it that nobody has."""

    first: int
    sound: Floats
    lost: int = 0


class Tap:
    """Follows one engine after the other. Main is read as much later as it leaves the box later, so that it lies where the tracks do."""

    def __init__(self, rack: Callable[[], Rack], clock: Callable[[], float] = time.monotonic) -> None:
        self._factory, self._clock = rack, clock
        self._rack: Rack | None = None
        self._inputs: npt.NDArray[Any] = np.zeros((0, 0), np.float32)
        self._outputs = self._inputs
        self.strips = 0
        self._late = 0                 # frames that main leaves the box later
        self._seen, self._moved = 0, -STILL_S
        self._next = 0                 # of the rack: to be read next
        self._at = 0                   # of the take: the same
        self._at_time = 0.0            # when all before it was read

    def begin(self) -> bool:
        """A take begins with what is played from now on. False while no engine plays."""
        if self._look() is None or self._rack is None:
            return False
        self.strips, self._late = self._rack.channels, int(self._rack.c.latency_main)
        self._next, self._at, self._at_time = max(self._seen - self._late, 0), 0, self._clock()
        return True

    @property
    def changed(self) -> bool:
        """The engine has other strips by now: that is another take."""
        return self._rack is not None and self._rack.channels != self.strips

    def read(self) -> Piece | None:
        """The next frames, MOST at once; None where there are none yet."""
        newest = self._look()
        if newest is None or self._rack is None or self.changed:
            return None
        self._late = int(self._rack.c.latency_main)                 # somebody may have changed the look-ahead: main is silent while it does
        oldest = max(newest + SAFE - len(self._inputs), 0)          # what was before is written over, or was never played by this engine
        lost = max(oldest - self._next, 0)
        first = self._next + lost
        count = min(newest - self._late - first, MOST)
        if count <= 0:
            return None
        sound = np.empty((count, self.strips + 2), np.float32)
        _passed(self._inputs, first, sound[:, :self.strips])
        _passed(self._outputs, first + self._late, sound[:, self.strips:])
        torn = min(max(self._rack.frames + SAFE - len(self._inputs) - first, 0), count)      # the engine has come round meanwhile
        piece = Piece(self._at + lost + torn, sound[torn:], lost + torn)
        self._next, self._at, self._at_time = first + count, self._at + lost + count, self._clock()
        return piece

    def _look(self) -> int | None:
        """The engine's newest frame; None while none plays."""
        now = self._clock()
        if self._rack is None or (now - self._moved > STILL_S and self._rack.replaced()):
            self._map(now)
        if self._rack is None:
            return None
        if (newest := self._rack.frames) != self._seen:
            if newest < self._seen:
                self._anew(newest, now)
            self._seen, self._moved = newest, now
        return newest if now - self._moved <= STILL_S else None

    def _map(self, now: float) -> None:
        try:
            fresh = self._factory()
        except (RackError, OSError):
            return
        if self._rack is not None:
            self._anew(fresh.frames, now)
        self._rack, self._seen = fresh, fresh.frames          # it has to move before it counts as played
        self._inputs, self._outputs = fresh.view("tap_in"), fresh.view("tap_out")

    def _anew(self, newest: int, now: float) -> None:
        """Another engine counts from nothing: how long there was none the clock says."""
        self._next = newest - self._late - max(round((now - self._at_time) * RATE), 0)


def _passed(ring: npt.NDArray[Any], first: int, sound: Floats) -> None:
    """Copies from frame `first` on, and from the ring's begin where it ends."""
    at, columns = first % len(ring), sound.shape[1]
    fits = min(len(ring) - at, len(sound))
    sound[:fits] = ring[at:at + fits, :columns]
    sound[fits:] = ring[:len(sound) - fits, :columns]
