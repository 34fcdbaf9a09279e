"""Noise off here? What cleaning takes from a source while it plays is no noise; the box asks, and a person decides.

A held note, a choir that hums, a synth that hisses on purpose: whatever does not move may be taken for noise. What is lost of it is made up by trim and
fader, but not how it sounds, so it is told, once, with what would undo it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gigbox.brain.desk_view import View
from gigbox.brain.mix.stage import Stage
from gigbox.brain.roles.sources import Source

REPORT = "questions"
ASK_DB, LEAVE_DB = 5.0, 3.0      # of what plays: from here on it is asked, and it stays a question down to there
HEARD_S = 10.0                   # of playing
LOOK_S = 2.0


@dataclass(frozen=True)
class Question:
    """`proposal`: what a hand would have to set, by path."""

    strip: int
    takes: float
    why: str
    proposal: Mapping[str, float]

    @property
    def told(self) -> dict[str, Any]:
        """Plain JSON."""
        return {"strip": self.strip, "takes": round(self.takes, 1), "why": self.why, "proposal": dict(self.proposal)}


class NoiseQuestion:
    """`think` once a tick. `open`: what is asked, by strip; `new`: lines that nobody has taken yet."""

    def __init__(self) -> None:
        self.open: dict[int, Question] = {}
        self.new: list[str] = []

    def think(self, stage: Stage, view: View) -> None:
        if not stage.every(LOOK_S):
            return
        cleans = view.value("box/denoise") > 0
        asked = {s.strips[0]: self._asked(stage, i, s) for i, s in enumerate(stage.sources) if cleans and view.value(s.path("denoise/amount")) > 0}
        before, self.open = self.open, {n: question for n, question in asked.items() if question}
        self.new += [question.why for n, question in self.open.items() if n not in before]

    def _asked(self, stage: Stage, index: int, source: Source) -> Question | None:
        takes, strip = float(stage.cleaned[index]), source.strips[0]
        if source.role is None or stage.heard[index] < HEARD_S or takes < LEAVE_DB:
            return None
        known = self.open.get(strip)
        if known or takes < ASK_DB:
            return known
        why = f"{source.name}: noise off here? Cleaning takes {takes:.0f} dB of what plays, not only of the pauses; at 0 dB all of it is heard, its hiss, too"
        return Question(strip, takes, why, {source.path("denoise/amount"): 0.0})
