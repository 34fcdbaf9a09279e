"""What the rack shows: peaks of strips and outputs, the limiter, and whether an engine plays. Looks, never writes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy.typing as npt

from gigbox.errors import RackError

FLOOR_DB = -90.0
FLOOR = 10 ** (FLOOR_DB / 20)
MOST = 10.0               # of a gain
STILL_S, RETRY_S = 0.5, 0.5
DB = tuple[float, ...]


@dataclass(frozen=True)
class Levels:
    """Peaks in dB re full scale; `strips`: after the last insert, before the fader. `taken`: dB that the limiter of main takes."""

    inputs: DB = ()
    strips: DB = ()
    outputs: DB = (FLOOR_DB,) * 8
    taken: float = 0.0
    engine: bool = False


class Rack(Protocol):
    """The part of gigbox.rack.Rack that is looked at."""

    @property
    def channels(self) -> int: ...

    @property
    def frames(self) -> int: ...

    def view(self, name: str) -> npt.NDArray[Any]: ...

    def replaced(self) -> bool: ...


class Meters:
    """Maps the rack when there is one, and anew when its heartbeat stands: the file may have been replaced."""

    def __init__(self, rack: Callable[[], Rack]) -> None:
        self._factory = rack
        self._rack: Rack | None = None
        self._views: tuple[npt.NDArray[Any], ...] = ()
        self._frames, self._moved, self._tried = -1, -STILL_S, -RETRY_S

    def look(self, now: float) -> Levels:
        if self._rack is None or (now - self._moved > STILL_S and now - self._tried >= RETRY_S):
            self._map(now)
        if self._rack is None:
            return Levels()
        if (frames := self._rack.frames) != self._frames:
            self._frames, self._moved = frames, now
        n = self._rack.channels
        inputs, strips, outputs, limiter = self._views
        return Levels(decibels(inputs[:n]), decibels(strips[:n]), decibels(outputs), -min(decibels(limiter[:2])), now - self._moved <= STILL_S)

    def _map(self, now: float) -> None:
        self._tried = now
        try:
            if self._rack is None or self._rack.replaced():
                self._rack = self._factory()
                self._views = tuple(self._rack.view(name) for name in ("strips.in_peak", "strips.out_peak", "buses.peak", "buses.limiter_gain"))
                self._frames = self._rack.frames          # it has to move before it counts as alive
        except (RackError, OSError):
            self._rack = None


def decibels(gains: Any) -> DB:
    """Of an array of linear gains; what is no number reads silence. So few of them are sooner told one by one than by numpy."""
    each: Iterable[float] = gains.tolist()
    return tuple(20 * math.log10(min(max(FLOOR, gain), MOST)) for gain in each)
