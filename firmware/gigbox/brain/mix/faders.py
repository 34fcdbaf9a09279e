"""Faders: each source to its place in loudness, slowly, and told once.

Structure after Mansbridge, Finn, Reiss 2012 (AES 132): loudness gate with hysteresis, cross-adaptive target, slow slew. As an engineer does it, all
faders are looked over now and then; what is off by what is worth hearing is put right together, and what is far off at once.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gigbox.brain.auto import Move, Way
from gigbox.brain.mix import balance
from gigbox.brain.mix.feedback_margin import FeedbackMargin
from gigbox.brain.mix.stage import Stage
from gigbox.brain.mix.telling import Said, decibels, listed
from gigbox.brain.mix.trims import TRIM_RATE
from gigbox.brain.roles.roles import LEAD_LUFS
from gigbox.brain.roles.sources import Source

WORTH_DB = {"soundcheck": 0.3, "show": 0.75}    # what is worth hearing
ALONG_DB = 0.3                                  # what goes along where another one is put right
URGENT_DB = 3.0                                 # what does not wait for the next look
LOOK_S = {"soundcheck": 5.0, "show": 6.0}
TOGETHER_S = {"soundcheck": 1.0, "show": 0.1}   # what does not wait so long is set out together with what else does not
ANEW_LOOK_S = 2.0                               # a role that a hand has set in a show is looked after
RATE, ANEW_RATE = 0.9, 3.0                      # dB/s at most, up and down; and to the place of a role that a hand has set
MAKE_WAY, MAKE_WAY_RATE = "make way for", 6.0   # down, for a lead that has only begun and may go no higher
SHOW_DOWN_DB, SHOW_UP_DB = 12.0, 3.0            # in a show, around where soundcheck ended
WIRED_UP_DB = 6.0                               # and for what no room can reach
LEAST_DB, MOST_UP_DB = -60.0, 6.0


class Faders:
    """`think` once a tick, behind the trims. It never sees or moves `hand`: faders of people add to what is decided here."""

    def __init__(self, margin: FeedbackMargin) -> None:
        self._margin, self._said = margin, Said()

    def begin(self, stage: Stage) -> None:
        """The mode has changed: what soundcheck ended with is what a show stays near to."""
        for index, source in enumerate(stage.sources):
            source.short = 0.0
            source.heard_in_soundcheck = stage.mode == "show" and bool(stage.activity.heard[index] >= 4)
            if stage.mode == "show" and source.open_mic:
                stage.auto.stop(source.path("trim"))          # as far as soundcheck heard the room bear it; the next one goes on
                source.trimming = False
            self._hold(stage, index, source)

    def _hold(self, stage: Stage, index: int, source: Source) -> None:
        """From now on it stays near to where it is."""
        keeps = stage.mode == "show" and stage.activity.certain[index] and not source.trimming
        source.anchor = stage.auto[source.path("level")] - self._common(stage, source) if keeps else None

    def _common(self, stage: Stage, source: Source) -> float:
        """What moves the whole band against the lead is no drift of one fader; but open microphones stay near to where they were."""
        return 0.0 if source.role is None or source.open_mic or source.role.leads else stage.balance.band

    def think(self, stage: Stage) -> Iterator[Move]:
        known = [(i, source) for i, source in enumerate(stage.sources) if source.role is not None]
        self._place(stage, [(i, source) for i, source in known if not source.started])
        goals = {i: self._goal(stage, i, source) for i, source in known if source.started}
        self._look(stage, {i: goal for i, goal in goals.items() if goal is not None})
        for index, source in known:
            source.started = True
            yield from self._go_on(stage, index, source)

    def _place(self, stage: Stage, new: list[tuple[int, Source]]) -> None:
        """Soundcheck begins with the faders where the roles belong, as fast as it moves any; down only, and not where a fader was already moved."""
        down = [(i, s) for i, s in new if stage.mode == "soundcheck" and not stage.auto[s.path("level")] and stage.balance.offset[i] < 0]
        for index, source in down:
            stage.auto.begin(source.path("level"), float(stage.balance.offset[index]), source.starts)

    def _goal(self, stage: Stage, index: int, source: Source) -> float | None:
        """dB of its fader, None where nothing is known to go by."""
        offset = float(stage.balance.offset[index])
        if not stage.activity.certain[index]:
            source.short = 0.0
            return None if stage.mode == "show" else self._fenced(stage, index, source, offset)
        wanted = LEAD_LUFS + offset - float(stage.activity.loudness[index])
        goal = self._fenced(stage, index, source, wanted)
        lacks = stage.mode == "show" and not (source.trimming and np.isinf(self._margin.room(stage, index)))
        source.short = max(wanted - self._margin.less(stage, index) - goal, 0.0) if lacks else 0.0
        return None if source.trimming else goal

    def _look(self, stage: Stage, goals: dict[int, float]) -> None:
        """Sets out where it is worth it, and what is nearly right goes along; up only for what is in use."""
        off = {}
        for index, goal in goals.items():
            source = stage.sources[index]
            way = goal - stage.auto.heading(source.path("level"))
            if abs(way) < WORTH_DB[stage.mode]:
                source.placed |= source.trimmed and not source.trimming and stage.auto.way(source.path("level")) is None
            if abs(way) >= ALONG_DB and (way < 0 or (stage.lately(index) and stage.trusted(index) and (source.trimmed or stage.mode == "show"))):
                off[index] = way
        worth = [i for i, way in off.items() if abs(way) >= WORTH_DB[stage.mode]]
        first = [i for i in worth if self._quick(stage, stage.sources[i]) and (not stage.sources[i].placed or stage.every(ANEW_LOOK_S))]
        soon = stage.every(TOGETHER_S[stage.mode])
        now = first if soon else []
        rest = [i for i in worth if i not in first]
        if rest and (stage.every(LOOK_S[stage.mode]) or (soon and any(abs(off[i]) >= URGENT_DB for i in rest))):
            now = now + [i for i in off if i not in first]
        if now:
            self._set_out(stage, goals, now)

    def _quick(self, stage: Stage, source: Source) -> bool:
        """Once, right behind its trim; or for as long as a hand's new role, or what that makes of it, is young."""
        new = not source.placed and (stage.mode == "soundcheck" or not source.heard_in_soundcheck)
        return source.trimmed and not source.trimming and (source.anew > 0 or source.follows > 0 or new)

    def _set_out(self, stage: Stage, goals: dict[int, float], indexes: list[int]) -> None:
        """What was said of a fader lately, and is still true, is not said anew for the rest of its way."""
        ways = {i: goals[i] - stage.auto[stage.sources[i].path("level")] for i in indexes}
        limit = self._limit(stage, ways)
        told = {i: why for i in indexes if (why := self._told(stage, i, goals[i], bool(limit)))}
        new = {i: way for i, way in ways.items() if i not in told}
        why = self._reason(stage, new, limit) if new else ""
        for index in indexes:
            source, said = stage.sources[index], told.get(index, why)
            if limit:
                self._said.forget(_key(source))
            else:
                self._said.note(_key(source), stage.ticks, goals[index], said)
            stage.auto.begin(source.path("level"), goals[index], said)

    def _told(self, stage: Stage, index: int, goal: float, limit: bool) -> str:
        """The sentence that says it already: of its trim, behind which its fader goes, or of the same place."""
        source = stage.sources[index]
        if self._quick(stage, source) and (story := stage.story(index)):
            return story
        return "" if limit else self._said.holds(_key(source), stage.ticks, goal, WORTH_DB["show"])

    def _go_on(self, stage: Stage, index: int, source: Source) -> Iterator[Move]:
        path = source.path("level")
        way = stage.auto.way(path)
        if way is None:
            if 1 in (source.anew, source.follows):
                self._hold(stage, index, source)
            return
        here = stage.auto[path]
        if way.goal > here and not (stage.trusted(index) and stage.may_rise(index) and stage.is_heard(index) and (stage.mode == "show" or source.trimmed)):
            return
        room = self._fenced(stage, index, source, way.goal)
        yield from stage.auto.go_on(path, self._rate(stage, source, way, way.goal < here), room)
        if stage.auto.way(path) is None or stage.auto[path] >= room > here:
            stage.auto.stop(path)
            source.placed |= source.trimmed and not _starts(source, way)

    def _rate(self, stage: Stage, source: Source, way: Way, down: bool) -> float:
        """dB/s."""
        if down and MAKE_WAY in way.why and stage.balance.at_once:
            return MAKE_WAY_RATE
        quick = self._quick(stage, source) or (down and _starts(source, way))
        return TRIM_RATE if quick and stage.mode == "soundcheck" else ANEW_RATE if quick and source.anew else RATE

    def _fenced(self, stage: Stage, index: int, source: Source, wanted: float) -> float:
        low, high = LEAST_DB, MOST_UP_DB
        if stage.mode == "show" and source.anchor is not None:
            anchor = source.anchor + self._common(stage, source)
            low, high = anchor - SHOW_DOWN_DB, min(high, anchor + (WIRED_UP_DB if source.role and source.role.wired else SHOW_UP_DB))
        high = min(high, stage.auto[source.path("level")] + self._margin.room(stage, index))
        return min(max(wanted - self._margin.less(stage, index), low), high)

    def _reason(self, stage: Stage, ways: dict[int, float], limit: str) -> str:
        """`Git 1 1.2 dB down: was louder than its place, 5 LU under the lead`, or of several at once."""
        if len(ways) > 1:
            ways = {i: db for i, db in ways.items() if db < 0} if limit.startswith(MAKE_WAY) else ways        # nobody makes way who goes up
            parts = [f"{stage.sources[i].name} {db:+.1f}" for i, db in ways.items()]
            return listed(parts, f" dB: {limit or 'to their places, ' + balance.against(stage.sources)}")
        (index, db), = ways.items()
        source = stage.sources[index]
        place = balance.reason(source, float(stage.balance.offset[index]), stage.sources)
        why = limit or f"was too {'soft' if db > 0 else 'loud'} for its place, {place}"
        return f"{source.name} {decibels(db)}: {why}"

    def _limit(self, stage: Stage, ways: dict[int, float]) -> str:
        """What else is the matter than the place of each."""
        ways = {i: db for i, db in ways.items() if abs(db) >= WORTH_DB[stage.mode]} or ways
        if all(db < 0 for db in ways.values()) and self._margin.less(stage, next(iter(ways))) >= WORTH_DB["show"]:
            return f"{self._margin.open} microphones are open, and the room bears no more"
        band = [db for i, db in ways.items() if not (role := stage.sources[i].role) or not role.leads]
        if band and max(band) < 0 and stage.balance.short >= WORTH_DB["show"]:
            return f"{MAKE_WAY} {balance.front(stage.sources)}, which can go no higher"
        return ""


def _key(source: Source) -> tuple[int, str]:
    """What is said of a fader is of what its strip carries."""
    return source.strips[0], source.role_name


def _starts(source: Source, way: Way) -> bool:
    """Whether it is only on its way to where its role belongs, before it was heard as that."""
    return bool(way.why) and way.why == source.starts
