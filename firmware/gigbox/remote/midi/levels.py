"""What the rack shows a surface: how many strips there are, their peaks and those of the outputs. Looks, never writes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Protocol

import numpy.typing as npt

from gigbox.errors import RackError
from gigbox.params import COUNTS

STILL_S, RETRY_S = 0.5, 0.5
FLOOR, MOST = 1e-6, 10.0      # of a gain
MAIN = 2                      # columns of the buses before the monitors


class Rack(Protocol):
    """The part of gigbox.rack.Rack that is looked at."""

    @property
    def channels(self) -> int: ...

    @property
    def frames(self) -> int: ...

    def view(self, name: str) -> npt.NDArray[Any]: ...

    def replaced(self) -> bool: ...


class Levels:
    """Maps the rack when there is one, and anew when its heartbeat stands: the file may have been replaced."""

    def __init__(self, rack: Callable[[], Rack]) -> None:
        self._factory = rack
        self._rack: Rack | None = None
        self._frames, self._moved, self._tried = -1, -STILL_S, -RETRY_S
        self._alive = False
        self.strips = 0                       # the last known number; 0 before an engine was ever seen

    def look(self, now: float) -> None:
        """Call from time to time."""
        if (self._rack is None or now - self._moved > STILL_S) and now - self._tried >= RETRY_S:
            self._map(now)
        if self._rack is not None and (frames := self._rack.frames) != self._frames:
            self._frames, self._moved = frames, now
        self._alive = self._rack is not None and now - self._moved <= STILL_S

    def strip(self, number: int) -> float:
        """Peak in dB re full scale, after the last insert and before the fader; of strips from 1."""
        return self._peak("strips.out_peak", number - 1)

    def clipped(self, number: int) -> bool:
        """Whether what comes into a strip is at full scale."""
        return self._peak("strips.in_peak", number - 1) >= 0.0

    def monitor(self, number: int) -> float:
        return self._peak("buses.peak", MAIN + number - 1)

    def _peak(self, name: str, at: int) -> float:
        if not self._alive or self._rack is None:
            return -math.inf
        gain = float(self._rack.view(name)[at])
        return 20 * math.log10(min(max(gain, FLOOR), MOST)) if gain == gain else -math.inf

    def _map(self, now: float) -> None:
        self._tried = now
        try:
            if self._rack is None or self._rack.replaced():
                self._rack = self._factory()
                self._frames = self._rack.frames          # it has to move before it counts as alive
            self.strips = min(self._rack.channels, COUNTS["strip"])
        except (RackError, OSError):
            self._rack = None
