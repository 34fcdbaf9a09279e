"""How much time has passed between two looks, where looks may be missed and clocks set."""

from __future__ import annotations

from dataclasses import dataclass

GAP_S = 1.0                   # what lies further back was not seen


@dataclass
class Pace:
    """Give it `now` at each look."""

    _looked: float | None = None

    def passed(self, now: float) -> float:
        """Seconds since the last look that count: 0 at first and where the clock was set back, 1 at most."""
        before, self._looked = self._looked, now
        return 0.0 if before is None else min(max(now - before, 0.0), GAP_S)
