"""Trims: what comes in is brought to the nominal level, so that thresholds and faders mean the same on every strip. In soundcheck, and once for whoever
comes later.

Down is safe: what comes in far too loud is turned down as soon as it is heard, before anybody knows what it is. Up goes only what sounds right now.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gigbox.brain.auto import TOGETHER_TICKS, Move
from gigbox.brain.mix.feedback_margin import FeedbackMargin
from gigbox.brain.mix.stage import Stage
from gigbox.brain.mix.telling import listed
from gigbox.brain.roles.roles import LEAD_LUFS
from gigbox.brain.roles.sources import Source

TRIM_DB, TRIM_RATE = 18.0, 12.0                 # how far and how fast (dB/s) the digital trim may go
LATE_UP_RATE = 2.0                              # up, of an open microphone that was silent in soundcheck: who hears it ring can still act; but not
                                                # below where hands have it, to which the room was open already
CLEAR_DB = -3.0                                 # an open microphone then only where so much at least of what comes in is its own
PEAK_DBFS = -6.0                                # and no peak is trimmed above this
TRIM_LU, RETRIM_LU, SETTLED_LU = 2.0, 6.0, 0.3  # what it takes to trim for the first time, and to do it again; and what is no way to go
LOUD_LU, LOUD_S = 6.0, 0.5                      # so far over nominal, and for so long: too loud, whatever it is
LOOK_S = 0.2                                    # soundcheck begins trims together, so that they are told together; who waits longer may miss its end


class Trims:
    """`think` once a tick. It never sees or moves `hand`: trims of people add to what is decided here."""

    def __init__(self, margin: FeedbackMargin) -> None:
        self._margin, self._quiet = margin, 0

    def think(self, stage: Stage) -> Iterator[Move]:
        self._quiet = max(self._quiet - 1, 0)
        for indexes in self._together(stage):
            self._quiet = TOGETHER_TICKS
            errors = {i: self._error(stage, i) for i in indexes}
            why = self._reason(stage, errors)
            for index, error in errors.items():
                path = stage.sources[index].path("trim")
                stage.trimmed.note(stage.sources[index].strips[0], stage.ticks, 0.0, why)
                stage.auto.begin(path, stage.auto[path] + error, why)
        for index, source in enumerate(stage.sources):
            yield from self._go_on(stage, index, source)

    def _together(self, stage: Stage) -> Iterator[list[int]]:
        """Who is to be turned now: up and down are told apart."""
        begun = [i for i, source in enumerate(stage.sources) if not source.trimming and self._begins(stage, i, source)]
        for side in (1, -1):
            if mine := [i for i in begun if self._error(stage, i) * side > 0]:
                yield mine

    def _begins(self, stage: Stage, index: int, source: Source) -> bool:
        if source.role is None:
            return source.unnamed and self._too_loud(stage, index)
        quick = stage.mode == "soundcheck" or source.anew
        if not (quick or self._late(stage, index, source)):
            return False
        source.trimmed |= bool(stage.auto[source.path("trim")]) and not source.anew and not source.held
        if not source.trimmed and self._too_loud(stage, index):
            return True
        if not stage.activity.certain[index] or not stage.lately(index) or (stage.mode == "soundcheck" and not stage.every(LOOK_S)):
            return False
        error = self._error(stage, index)
        if error > 0 and not stage.trusted(index):
            return False
        if abs(error) >= (RETRIM_LU if source.trimmed else TRIM_LU):
            return stage.mode == "show" or not self._quiet
        source.trimmed = True
        return False

    def _too_loud(self, stage: Stage, index: int) -> bool:
        activity = stage.activity
        return bool(activity.heard[index] >= LOUD_S and activity.foreground[index] and activity.came[index] > LEAD_LUFS + LOUD_LU)

    def _late(self, stage: Stage, index: int, source: Source) -> bool:
        """Silent all through soundcheck and playing now: trimmed once even in a show. An open microphone, which could howl, only where it was
        listened to in vain, and what it carries now is clearly its own."""
        if source.trimmed or not stage.activity.certain[index]:
            return not source.trimmed and self._too_loud(stage, index)
        if source.open_mic:
            return self._margin.silent(source) and bool(stage.clear[index] > CLEAR_DB)
        return source.held or not source.heard_in_soundcheck

    def _error(self, stage: Stage, index: int) -> float:
        """dB from where the trim should be, within its bounds and what the room bears. Soundcheck makes up here for what the compressor will take,
        so that the fader need not."""
        source = stage.sources[index]
        trim, takes = stage.auto[source.path("trim")], source.role.takes if source.role and stage.mode == "soundcheck" else 0.0
        more = min(LEAD_LUFS - stage.activity.came[index] + stage.cleaned[index] + takes, PEAK_DBFS - stage.activity.peak[index])
        if stage.mode == "show" and not source.anew:
            more = min(more, self._below_place(stage, index, source))
        return float(min(min(max(trim + more, -TRIM_DB), TRIM_DB) - trim, self._margin.room(stage, index)))

    def _below_place(self, stage: Stage, index: int, source: Source) -> float:
        """dB that it is under its place, where its fader stands: who comes late is never brought over it, which his fader would take seconds to mend."""
        place = LEAD_LUFS + stage.balance.offset[index] - stage.activity.loudness[index] - stage.auto[source.path("level")]
        return float(place) if source.role and np.isfinite(place) else np.inf

    def _go_on(self, stage: Stage, index: int, source: Source) -> Iterator[Move]:
        path = source.path("trim")
        way, room = stage.auto.way(path), self._margin.room(stage, index)
        if way is None:
            source.trimming = False
            return
        source.trimming = True
        before = stage.auto[path]
        if way.goal > before and (room <= 0 or source.role is None or not stage.trusted(index)):
            stage.auto.stop(path)
            return
        if way.goal > before and not stage.may_rise(index):
            return
        source.trimmed, source.held = True, False
        rate = LATE_UP_RATE if way.goal > before and np.isfinite(room) and not self._margin.borne(stage, index) else TRIM_RATE
        yield from stage.auto.go_on(path, rate, before + room)
        stage.shift(index, stage.auto[path] - before)
        source.trimming = stage.auto.way(path) is not None

    def _reason(self, stage: Stage, errors: dict[int, float]) -> str:
        """`Kick +10.8 and Piano +17.1 dB: come in too soft`"""
        parts = [f"{stage.sources[i].name} {error:+.1f}" for i, error in errors.items()]
        if len(errors) > 1:
            return listed(parts, f" dB: come in too {'soft' if min(errors.values()) > 0 else 'loud'}")
        (index, error), = errors.items()
        came = stage.activity.came[index] + stage.hands[index]
        why = f"comes in at {came:.0f} LUFS, too {'soft' if error > 0 else 'loud'}"
        if np.isfinite(room := self._margin.room(stage, index)):
            why += f"; silent in soundcheck, open microphones leave {room:.1f} dB"
        elif stage.activity.peak[index] + error > PEAK_DBFS - 1:
            why += f", and its peaks bear no more than {PEAK_DBFS:.0f} dBFS"
        return f"{parts[0]} dB: {why}"
