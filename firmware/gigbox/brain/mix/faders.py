"""Trims and faders: each source to its place in loudness, slowly, with a reason.

Structure after Mansbridge, Finn, Reiss 2012 (AES 132): loudness gate with hysteresis, cross-adaptive target, slow slew.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gigbox.brain.auto import Move
from gigbox.brain.hear.meters import TICK_S
from gigbox.brain.mix import balance
from gigbox.brain.mix.feedback_margin import FeedbackMargin
from gigbox.brain.mix.stage import Stage
from gigbox.brain.roles.roles import LEAD_LUFS
from gigbox.brain.roles.sources import Source

TRIM_DB, TRIM_RATE = 18.0, 12.0                 # how far and how fast (dB/s) the digital trim may go
LATE_UP_RATE = 2.0                              # up, of an open microphone that was silent in soundcheck: who hears it ring can still act
CLEAR_DB = -3.0                                 # an open microphone then only where so much at least of what comes in is its own
PEAK_DBFS = -6.0                                # and no peak is trimmed above this
TRIM_LU, RETRIM_LU = 2.0, 6.0                   # what it takes to trim for the first time, and to do it again
DEADBAND_LU = {"soundcheck": 0.5, "show": 0.75}  # a move begins beyond this
SETTLED_LU = 0.3                                # and ends within this
TIME_S = 2.0                                    # an error is worked off with this time constant
RATE = 0.9                                      # dB/s at most, up and down
SHOW_DOWN_DB, SHOW_UP_DB = 12.0, 3.0            # in a show, around where soundcheck ended
WIRED_UP_DB = 6.0                               # and for what no room can reach
LEAST_DB, MOST_UP_DB = -60.0, 6.0


class Faders:
    """`think` once a tick. It never sees or moves `hand`: trims and faders of people add to what is decided here."""

    def __init__(self, margin: FeedbackMargin) -> None:
        self._margin = margin

    def begin(self, stage: Stage) -> None:
        """The mode has changed: what soundcheck ended with is what a show stays near to."""
        for index, source in enumerate(stage.sources):
            source.short = 0.0
            if stage.mode == "show" and source.open_mic:
                source.trimming = False             # as far as soundcheck heard the room bear it; the next one goes on
            keeps = stage.mode == "show" and stage.activity.certain[index] and not source.trimming
            source.anchor = stage.auto[source.path("level")] - self._common(stage, source) if keeps else None

    def _common(self, stage: Stage, source: Source) -> float:
        """What moves the whole band against the lead is no drift of one fader; but open microphones stay near to where they were."""
        return 0.0 if source.role is None or source.open_mic or source.role.leads else stage.balance.band

    def think(self, stage: Stage) -> Iterator[Move]:
        for index, source in enumerate(stage.sources):
            if source.role is None:
                continue
            if not source.started:
                source.started = True
                placed = list(self._place(stage, index, source))
                if placed:                          # that was this tick's move
                    yield from placed
                    continue
            if stage.mode == "soundcheck" or source.trimming or self._late(stage, index, source):
                yield from self._trim(stage, index, source)
            yield from self._fade(stage, index, source)

    def _place(self, stage: Stage, index: int, source: Source) -> Iterator[Move]:
        """Soundcheck begins with the faders where the roles belong; down only, and not where a fader was already moved."""
        level, offset = source.path("level"), float(stage.balance.offset[index])
        if stage.mode == "soundcheck" and not stage.auto[level] and offset < 0:
            yield from stage.auto.put(level, offset, f"{source.name} to {offset:+.1f} dB: {balance.reason(source, offset)}, not heard yet")

    def _late(self, stage: Stage, index: int, source: Source) -> bool:
        """Silent all through soundcheck and playing now, or known only now: trimmed once even in a show. An open microphone, which could howl, only where it
        was listened to in vain, and what it carries now is clearly its own."""
        if source.open_mic:
            return not source.trimmed and self._margin.silent(source) and bool(stage.clear[index] > CLEAR_DB)
        return not source.trimmed and (source.held or bool(stage.activity.heard[index] < 4))

    def _trim(self, stage: Stage, index: int, source: Source) -> Iterator[Move]:
        """Bring what comes in to the nominal level, so that thresholds and faders mean the same on every strip."""
        loudness, peak = stage.activity.loudness[index], stage.activity.peak[index]
        if not stage.activity.certain[index] or not stage.activity.foreground[index]:
            return
        path = source.path("trim")
        trim = stage.auto[path]
        source.trimmed |= trim != 0 and not source.trimming
        more = min(LEAD_LUFS - loudness, PEAK_DBFS - peak)
        room = self._margin.room(stage, index)
        error = min(min(max(trim + more, -TRIM_DB), TRIM_DB) - trim, room)
        if error > 0 and not stage.trusted(index):
            source.trimming = False
            return
        if abs(error) < (SETTLED_LU if source.trimming else RETRIM_LU if source.trimmed else TRIM_LU):
            source.trimming, source.trimmed = False, True
            return
        source.trimming = True
        up = LATE_UP_RATE if np.isfinite(room) else TRIM_RATE
        step = float(np.clip(error, -TRIM_RATE * TICK_S, up * TICK_S))
        stage.shift(index, step)
        aim = f"wanted {LEAD_LUFS:.0f}" if more == LEAD_LUFS - loudness else f"peaks at {peak - trim:.0f} dBFS, wanted {PEAK_DBFS:.0f} at most"
        if np.isfinite(room):
            aim += f"; silent in soundcheck, open microphones leave {room:.1f} dB"
        yield from stage.auto.put(path, trim + step, f"{source.name} {trim + step:+.1f} dB: came in at {loudness - trim:.0f} LUFS, {aim}")

    def _fade(self, stage: Stage, index: int, source: Source) -> Iterator[Move]:
        certain, loudness = bool(stage.activity.certain[index]), float(stage.activity.loudness[index])
        if stage.mode == "show" and not certain:
            return
        path, offset = source.path("level"), float(stage.balance.offset[index])
        here = stage.auto[path]
        wanted = LEAD_LUFS + offset - loudness if certain and not source.trimming else offset
        goal = self._fenced(stage, index, source, wanted)
        source.short = max(wanted - self._margin.less(stage, index) - goal, 0.0) if stage.mode == "show" and not source.trimming else 0.0
        error = float(np.clip(goal - here, -6, 6))
        if abs(error) < (SETTLED_LU if source.moving else DEADBAND_LU[stage.mode]):
            source.moving = False
            source.placed |= source.trimmed
            return
        if error > 0 and (not stage.trusted(index) or not stage.activity.sounding[index] or (stage.mode == "soundcheck" and not source.trimmed)):
            return
        source.moving = True
        first = stage.mode == "soundcheck" and source.trimmed and not source.placed      # once, right behind its trim
        rate = TRIM_RATE if first else min(abs(error) / TIME_S, RATE)
        yield from stage.auto.toward(path, here + error, rate, self._reason(stage, index, source, goal, loudness if certain else None))

    def _fenced(self, stage: Stage, index: int, source: Source, wanted: float) -> float:
        low, high = LEAST_DB, MOST_UP_DB
        if stage.mode == "show" and source.anchor is not None:
            anchor = source.anchor + self._common(stage, source)
            low, high = anchor - SHOW_DOWN_DB, min(high, anchor + (WIRED_UP_DB if source.role and source.role.wired else SHOW_UP_DB))
        high = min(high, stage.auto[source.path("level")] + self._margin.room(stage, index))
        return min(max(wanted - self._margin.less(stage, index), low), high)

    def _reason(self, stage: Stage, index: int, source: Source, goal: float, loudness: float | None) -> str:
        offset = float(stage.balance.offset[index])
        if loudness is None:
            return f"{source.name} to {goal:+.1f} dB: {balance.reason(source, offset)}, not heard yet"
        less, gives_way = self._margin.less(stage, index), stage.balance.short
        limit = f"; {less:.1f} dB less for {self._margin.open} open microphones" if less >= 0.1 else ""
        if source.short >= SETTLED_LU:
            limit += f"; {source.short:.1f} dB short, at its limit"
        elif gives_way >= SETTLED_LU and source.role and not source.role.leads:
            limit += f"; {gives_way:.1f} dB less: the lead is at its limit"
        return f"{source.name} to {goal:+.1f} dB: plays at {loudness:.1f} LUFS, {balance.reason(source, offset)}{limit}"
