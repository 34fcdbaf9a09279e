"""What the rack shows a surface: how many strips there are, their peaks and those of the outputs. Looks, never writes."""

from __future__ import annotations

import math
from collections.abc import Callable

from gigbox.sight import Rack, Sight

FLOOR, MOST = 1e-6, 10.0      # of a gain
MAIN = 2                      # columns of the buses before the monitors


class Levels:
    """Of the engine that plays; silence where none does."""

    def __init__(self, rack: Callable[[], Rack]) -> None:
        self._sight = Sight(rack)
        self._rack: Rack | None = None

    @property
    def strips(self) -> int:
        """The last known number; 0 before an engine was ever seen."""
        return self._sight.strips

    def look(self, now: float) -> None:
        """Call from time to time."""
        self._rack = self._sight.look(now)

    def strip(self, number: int) -> float:
        """Peak in dB re full scale, after the last insert and before the fader; of strips from 1."""
        return self._peak("strips.out_peak", number - 1)

    def clipped(self, number: int) -> bool:
        """Whether what comes into a strip is at full scale."""
        return self._peak("strips.in_peak", number - 1) >= 0.0

    def monitor(self, number: int) -> float:
        return self._peak("buses.peak", MAIN + number - 1)

    def _peak(self, name: str, at: int) -> float:
        if self._rack is None:
            return -math.inf
        gain = float(self._rack.view(name)[at])
        return 20 * math.log10(min(max(gain, FLOOR), MOST)) if gain == gain else -math.inf
