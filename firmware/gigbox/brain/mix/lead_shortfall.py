"""A lead that lacks more than its fader may do: the rest gives way, as an engineer would do it where the microphone could howl.

Only leads do that to others. It goes slowly, holds between phrases, and is taken back when the lead is back, or when nobody has led for long.
"""

from __future__ import annotations

import numpy as np

from gigbox.brain.hear.meters import TICK_S
from gigbox.brain.mix.balance import leading
from gigbox.brain.mix.stage import Stage

MOST_DB = 6.0                 # that the rest gives way by
DEADBAND_DB, SETTLED_DB = 1.0, 0.1      # a move begins beyond this, and ends within this
RATE, BACK_RATE = 0.5, 0.25   # dB/s, down and back
AFTER_S = 30.0                # without a lead, the rest comes back


class LeadShortfall:
    """`think` once a tick, before the places are known; it moves `stage.balance.short`."""

    def __init__(self) -> None:
        self._silent_s, self._moving = 0.0, False

    def think(self, stage: Stage) -> None:
        if stage.mode != "show":
            stage.balance.short = 0.0
        goal = self._goal(stage)
        off = goal - stage.balance.short
        if abs(off) < (SETTLED_DB if self._moving else DEADBAND_DB):
            self._moving = False
            return
        self._moving = True
        stage.balance.short += float(np.clip(off, -BACK_RATE * TICK_S, RATE * TICK_S))

    def _goal(self, stage: Stage) -> float:
        """dB: what the lead that sounds lacks; of several the one that lacks least, since that one is heard."""
        lacks = [s.short for s, leads, on in zip(stage.sources, leading(stage.sources), stage.activity.foreground, strict=True) if leads and on]
        self._silent_s = 0.0 if lacks else self._silent_s + TICK_S
        if stage.mode != "show" or self._silent_s > AFTER_S:
            return 0.0
        return min(min(lacks), MOST_DB) if lacks else stage.balance.short
