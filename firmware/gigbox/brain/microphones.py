"""Open microphones share one feedback margin: how many are open, and how far any may still be raised.

Every doubling of open microphones costs 3 dB of gain before feedback (the NOM rule: Dugan, JAES 23(6) 1975), and so does every dB that one is
raised. Nobody has rung the room out, so what soundcheck ended with is taken to be as much as it bears, but for a few dB.
"""

from __future__ import annotations

import numpy as np

from gigbox.brain.sources import Source
from gigbox.brain.stage import Stage

MARGIN_DB, KEPT_DB = 9.0, 6.0        # what a room that was never rung out is taken to bear beyond soundcheck, and what of it is never spent


class Microphones:
    """`think` once a tick. `open`: how many are open, sung into or not; `allowed`: how many soundcheck had open, 1 at least."""

    def __init__(self) -> None:
        self.open, self.allowed = 0, 0
        self._began: dict[int, float] = {}      # faders of auto when the show began, by the first strip: of all, heard or not

    def think(self, stage: Stage) -> None:
        self.open = sum(bool(source.role and source.role.open_mic) and not muted for source, muted in zip(stage.sources, stage.muted, strict=True))
        if stage.mode == "soundcheck" or not self.allowed:      # a box that is switched on in a show takes what it finds
            self.allowed = max(self.allowed, self.open)
        if stage.mode != "show":
            self._began = {}
        elif not self._began:
            self._began = {n: stage.auto[f"strip/{n}/level"] for source in stage.sources for n in source.strips}

    def less(self, stage: Stage, index: int) -> float:
        """dB that this source stays lower because more microphones are open than soundcheck had."""
        source = stage.sources[index]
        if stage.mode != "show" or not (source.role and source.role.open_mic):
            return 0.0
        return float(10 * np.log10(max(1.0, self.open / max(self.allowed, 1))))

    def most(self, stage: Stage, index: int) -> float:
        """dB that its fader may reach: all upward moves of open microphones together stay within what the margin allows."""
        source = stage.sources[index]
        if stage.mode != "show" or not (source.role and source.role.open_mic):
            return float("inf")
        spent = sum(max(self._up(stage, s), 0.0) for s in stage.sources if s is not source and s.role and s.role.open_mic)
        here = stage.auto[source.path("level")]
        return here - self._up(stage, source) + max(MARGIN_DB - KEPT_DB - spent, 0.0)

    def _up(self, stage: Stage, source: Source) -> float:
        """dB that it was raised since the show began."""
        here = stage.auto[source.path("level")]
        return here - self._began.get(source.strips[0], here)
