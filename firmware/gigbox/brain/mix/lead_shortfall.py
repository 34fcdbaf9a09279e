"""A lead that lacks more than its fader may do: the rest gives way, as an engineer would do it where the microphone could howl.

Only leads do that to others. It is done in one go, as fast as faders may, and faster yet for one who has only begun: down is safe, and who is not heard
has no show. It holds between phrases, is not put off by the first breath, and is taken back when the lead is back, or when nobody has led for long.
"""

from __future__ import annotations

from gigbox.brain.hear.meters import TICK_S
from gigbox.brain.mix.balance import leading
from gigbox.brain.mix.stage import Stage

MOST_DB = 12.0                # that the rest gives way by
WORTH_DB = 1.0                # what it takes to move everybody
MORE_S, BACK_S = 8.0, 6.0     # of singing: a soft verse is no lack; for so long the lead must lack more, or less, than it is given
NEW_S, MORE_NEW_S = 15.0, 0.5  # of one who has only begun to sound, or to lead, it is known at once
AFTER_S = 30.0                # without a lead, the rest comes back


class LeadShortfall:
    """`think` once a tick, before the places are known; it moves `stage.balance.short`."""

    def __init__(self) -> None:
        self._silent_s, self._off_s, self._led_s = 0.0, 0.0, NEW_S
        self._leads: tuple[int, ...] | None = None      # who leads, by first strips; a program that begins in a show takes them for old

    def think(self, stage: Stage) -> None:
        if stage.mode != "show":
            stage.balance.short = self._off_s = 0.0
        new = self._new(stage)
        goal = self._goal(stage, new)
        stage.balance.at_once = stage.balance.short > 0 and new
        if goal is None:              # between phrases nothing is learnt, and nothing forgotten
            return
        off = goal - stage.balance.short
        self._off_s = self._off_s + TICK_S if abs(off) >= WORTH_DB else 0.0
        if self._off_s >= (BACK_S if off < 0 else MORE_NEW_S if new else MORE_S):
            stage.balance.short += off
            self._off_s = 0.0

    def _new(self, stage: Stage) -> bool:
        """Whether one who leads has only begun to sound, or to lead: somebody else was taken for the lead."""
        leads = [i for i, leads in enumerate(leading(stage.sources)) if leads]
        names = tuple(stage.sources[i].strips[0] for i in leads)
        self._led_s, self._leads = (self._led_s if names == self._leads or self._leads is None else 0.0), names
        self._led_s += TICK_S * bool(stage.activity.foreground[leads].any())
        return bool(min((stage.heard[i] for i in leads), default=NEW_S) < NEW_S) or self._led_s < NEW_S

    def _goal(self, stage: Stage, new: bool) -> float | None:
        """dB: what the lead that sounds, or where it is `new` has just sounded, lacks, but for what its compressor will leave it (see dynamics.py); of
        several the one that lacks least, since that one is heard. None between phrases."""
        sounds = [on or (new and stage.lately(i)) for i, on in enumerate(stage.activity.foreground)]
        lacks = [max(s.short - taken, 0.0) for s, leads, on, taken in
                 zip(stage.sources, leading(stage.sources), sounds, stage.taken, strict=True) if leads and on]
        self._silent_s = 0.0 if lacks else self._silent_s + TICK_S
        if stage.mode != "show" or self._silent_s > AFTER_S:
            return 0.0
        return min(min(lacks), MOST_DB) if lacks else None
