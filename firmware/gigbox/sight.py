"""The rack of the engine that plays now. Looks, never writes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

import numpy.typing as npt

from gigbox.errors import RackError
from gigbox.params import COUNTS

STILL_S, RETRY_S = 0.5, 0.5      # an engine that stands longer may have left for another rack; between two looks for one


class Rack(Protocol):
    """The part of gigbox.rack.Rack that is looked at."""

    @property
    def channels(self) -> int: ...

    @property
    def frames(self) -> int: ...

    def view(self, name: str) -> npt.NDArray[Any]: ...

    def replaced(self) -> bool: ...


R = TypeVar("R", bound=Rack)


class Sight(Generic[R]):
    """Maps the rack when there is one, and anew when its heartbeat stands: the file may have been replaced."""

    def __init__(self, rack: Callable[[], R]) -> None:
        self._factory = rack
        self.rack: R | None = None           # the last one, also where its engine stands
        self._frames, self._moved, self._tried = -1, -math.inf, -math.inf
        self.strips = 0                       # the last known number; 0 before an engine was ever seen

    def look(self, now: float) -> R | None:
        """At a time in seconds; None where no engine plays."""
        if self.rack is None or (now - self._moved > STILL_S and now - self._tried >= RETRY_S):
            self._map(now)
        if self.rack is not None and (frames := self.rack.frames) != self._frames:
            self._frames, self._moved = frames, now
        return self.rack if now - self._moved <= STILL_S else None

    def _map(self, now: float) -> None:
        self._tried = now
        try:
            if self.rack is None or self.rack.replaced():
                self.rack = self._factory()
                self._frames = self.rack.frames          # it has to move before it counts as alive
            self.strips = min(self.rack.channels, COUNTS["strip"])
        except (RackError, OSError):
            self.rack = None
