"""What the rack shows: peaks of strips and outputs, the limiter, and whether an engine plays. Looks, never writes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from gigbox.sight import Rack as Rack
from gigbox.sight import Sight

FLOOR_DB = -90.0
FLOOR = 10 ** (FLOOR_DB / 20)
MOST = 10.0               # of a gain
DB = tuple[float, ...]


@dataclass(frozen=True)
class Levels:
    """Peaks in dB re full scale; `strips`: after the last insert, before the fader. `taken`: dB that the limiter of main takes."""

    inputs: DB = ()
    strips: DB = ()
    outputs: DB = (FLOOR_DB,) * 8
    taken: float = 0.0
    engine: bool = False


class Meters:
    def __init__(self, rack: Callable[[], Rack]) -> None:
        self._sight = Sight(rack)
        self._rack: Rack | None = None
        self._views: tuple[npt.NDArray[Any], ...] = ()

    def look(self, now: float) -> Levels:
        """At a time in seconds. Of an engine that stands the last is told."""
        playing, rack = self._sight.look(now) is not None, self._sight.rack
        if rack is None:
            return Levels()
        if rack is not self._rack:
            self._rack, self._views = rack, tuple(rack.view(name) for name in ("strips.in_peak", "strips.out_peak", "buses.peak", "buses.limiter_gain"))
        n = rack.channels
        inputs, strips, outputs, limiter = self._views
        return Levels(decibels(inputs[:n]), decibels(strips[:n]), decibels(outputs), -min(decibels(limiter[:2])), playing)


def decibels(gains: Any) -> DB:
    """Of an array of linear gains; what is no number reads silence. So few of them are sooner told one by one than by numpy."""
    each: Iterable[float] = gains.tolist()
    return tuple(20 * math.log10(min(max(FLOOR, gain), MOST)) for gain in each)
