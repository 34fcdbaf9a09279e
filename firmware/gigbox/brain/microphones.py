"""Open microphones share one feedback margin: how many are open, and how far any may still be raised.

Every doubling of open microphones costs 3 dB of gain before feedback (the NOM rule: Dugan, JAES 23(6) 1975), and so does every dB that one is
raised. Nobody has rung the room out, so what soundcheck ended with is taken to be as much as it bears, but for a few dB.
"""

from __future__ import annotations

import numpy as np

from gigbox.brain.stage import Stage

MARGIN_DB, KEPT_DB = 9.0, 6.0        # what a room that was never rung out is taken to bear beyond soundcheck, and what of it is never spent
OPEN_S, SHUT_S = 1.0, 8.0            # a microphone counts as open from then on while it plays, and for so long after


class Microphones:
    """`think` once a tick. `open`: how many are open now; `allowed`: how many soundcheck had open at once, 1 at least."""

    def __init__(self) -> None:
        self.open, self.allowed = 0, 1
        self._open_until: dict[int, float] = {}

    def think(self, stage: Stage) -> None:
        now = stage.ticks * 0.1
        for index, source in enumerate(stage.sources):
            if source.role and source.role.open_mic and stage.activity.active[index] and stage.activity.heard[index] >= OPEN_S:
                self._open_until[source.strips[0]] = now + SHUT_S
        self._open_until = {strip: until for strip, until in self._open_until.items() if until > now}
        self.open = len(self._open_until)
        if stage.mode == "soundcheck":
            self.allowed = max(self.allowed, self.open)

    def less(self, stage: Stage, index: int) -> float:
        """dB that this source stays lower because more microphones are open than soundcheck had."""
        source = stage.sources[index]
        if stage.mode != "show" or not (source.role and source.role.open_mic):
            return 0.0
        return float(10 * np.log10(max(1.0, self.open / self.allowed)))

    def most(self, stage: Stage, index: int) -> float:
        """dB that its fader may reach: all upward moves of open microphones together stay within what the margin allows."""
        source = stage.sources[index]
        if stage.mode != "show" or source.anchor is None or not (source.role and source.role.open_mic):
            return float("inf")
        spent = sum(max(stage.auto[s.path("level")] - s.anchor, 0.0) for s in stage.sources
                    if s is not source and s.anchor is not None and s.role and s.role.open_mic)
        return max(source.anchor + MARGIN_DB - KEPT_DB - spent, source.anchor)
