"""Open microphones share one feedback margin: how many are open, and how far any may still be raised.

What a room bears is the sum of the powers of their gains (the NOM rule: Dugan, JAES 23(6) 1975): every doubling of open microphones costs
3 dB of gain before feedback, a loud one that is raised by 3 dB as much as all of them, and one far below the loudest hardly anything. Nobody
has rung the room out, so what soundcheck ended with is taken to be as much as it bears, but for a few dB. No sum of them all tells how near
to howling a single one is: one that soundcheck heard rises by those few dB at most, one that was silent as far as the loudest stood. A fader that the
box pulled down for what it guessed a silent strip to be says nothing of the room: that one stands where hands have put it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gigbox.brain.mix.stage import Stage
from gigbox.brain.roles.sources import Source

MARGIN_DB, KEPT_DB = 9.0, 6.0        # what a room that was never rung out is taken to bear beyond soundcheck, and what of it is never spent
SPARE_DB = MARGIN_DB - KEPT_DB
BORNE_DB = 1.2                       # a step of a trim: none of them goes beyond
TIMELY_S = 3.0                       # who played for so long in soundcheck was trimmed, or needed no trim


class FeedbackMargin:
    """`think` once a tick. `open`: how many are open, sung into or not; `allowed`: how many soundcheck had open, 1 at least.

    Gains are dB of trim and fader of auto; those of hands are theirs to answer for. Sources are known by their first strip.
    """

    def __init__(self) -> None:
        self.open, self.allowed = 0, 0
        self._unmuted: set[int] = set()         # in soundcheck, or when the show began: what the room has borne
        self._began: dict[int, float] = {}      # gains when the show began
        self._heard: set[int] = set()           # in soundcheck
        self._silent: set[int] = set()          # all through a soundcheck that was listened to

    def think(self, stage: Stage) -> None:
        self.open = sum(source.open_mic and not muted for source, muted in zip(stage.sources, stage.muted, strict=True))
        if stage.mode == "soundcheck" or not self.allowed:      # a box that is switched on in a show takes what it finds
            self.allowed = max(self.allowed, self.open)
        if stage.mode != "show":
            self._began = {}
            self._listen(stage)
        elif not self._began:
            self._began = {n: self._stood(stage, i) for i, source in enumerate(stage.sources) for n in source.strips}
            self._note_unmuted(stage)

    def told(self) -> dict[str, Any]:
        """What `recall` goes on from; plain JSON."""
        return {"allowed": self.allowed, "unmuted": sorted(self._unmuted), "began": {str(n): gain for n, gain in self._began.items()},
                "heard": sorted(self._heard), "silent": sorted(self._silent)}

    def recall(self, saved: Mapping[str, Any]) -> None:
        self.allowed, self._began = int(saved["allowed"]), {int(n): float(gain) for n, gain in saved["began"].items()}
        self._unmuted, self._heard, self._silent = (set(map(int, saved[name])) for name in ("unmuted", "heard", "silent"))

    def silent(self, source: Source) -> bool:
        """Whether soundcheck never heard it, had no time to trim it, or never knew what it was, so that it was not raised."""
        return source.strips[0] in self._silent

    def borne(self, stage: Stage, index: int) -> bool:
        """Whether it stands clearly under where the show began with it: what the box took off for a guess, the room has borne."""
        source = stage.sources[index]
        return _gain(stage, source) < self._began.get(source.strips[0], -np.inf) - BORNE_DB

    def less(self, stage: Stage, index: int) -> float:
        """dB that this source stays lower because more microphones are open than soundcheck had."""
        if stage.mode != "show" or not stage.sources[index].open_mic:
            return 0.0
        return float(10 * np.log10(max(1.0, self.open / max(self.allowed, 1))))

    def room(self, stage: Stage, index: int) -> float:
        """dB that it may still be raised, by trim or fader; 0 at least."""
        source = stage.sources[index]
        if stage.mode != "show" or not source.open_mic:
            return float("inf")
        others = sum(_power(_gain(stage, s)) for i, s in enumerate(stage.sources) if s is not source and self._counts(stage, i))
        left = self.spare(stage) - others
        most = min(self._most(stage, source), 10 * np.log10(left) if left > 0 else -np.inf)
        return float(max(most - _gain(stage, source), 0.0))

    def spare(self, stage: Stage) -> float:
        """The power of all gains together that the room is taken to bear."""
        borne = (self._began.get(s.strips[0], _gain(stage, s)) for s in stage.sources if s.open_mic and s.strips[0] in self._unmuted)
        return sum(map(_power, borne)) * _power(SPARE_DB)

    def _listen(self, stage: Stage) -> None:
        self._note_unmuted(stage)
        timely = stage.activity.certain & (stage.activity.heard >= TIMELY_S)
        self._heard |= {s.strips[0] for s, long in zip(stage.sources, timely, strict=True) if s.sure and (s.trimmed or s.trimming or long)}
        self._silent = {s.strips[0] for s in stage.sources} - self._heard

    def _stood(self, stage: Stage, index: int) -> float:
        """dB of auto at which it is; at least 0 where it was never heard, and nobody knew what it is."""
        gain, source = _gain(stage, stage.sources[index]), stage.sources[index]
        return gain if source.sure or stage.activity.heard[index] >= TIMELY_S else max(gain, 0.0)

    def _note_unmuted(self, stage: Stage) -> None:
        self._unmuted |= {s.strips[0] for s, muted in zip(stage.sources, stage.muted, strict=True) if not muted}

    def _counts(self, stage: Stage, index: int) -> bool:
        source = stage.sources[index]
        return source.open_mic and (source.strips[0] in self._unmuted or not stage.muted[index])

    def _most(self, stage: Stage, source: Source) -> float:
        """The gain that a single one may reach."""
        most = self._began.get(source.strips[0], _gain(stage, source)) + SPARE_DB
        heard = [self._began[s.strips[0]] for s in stage.sources if s.open_mic and s.strips[0] in self._heard and s.strips[0] in self._began]
        return max([most, *heard]) if self.silent(source) else most


def _gain(stage: Stage, source: Source) -> float:
    return stage.auto[source.path("trim")] + stage.auto[source.path("level")]


def _power(db: float) -> float:
    return float(10 ** (db / 10))
