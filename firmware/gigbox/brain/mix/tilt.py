"""Voices as bright, basses as deep as they are in finished music: a low and a high shelf lean each source part of the way to its role's spectrum."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gigbox.brain.arrays import Array
from gigbox.brain.auto import Move
from gigbox.brain.hear.bands import level_of
from gigbox.brain.mix.stage import Stage
from gigbox.brain.mix.telling import listed
from gigbox.brain.roles.roles import table
from gigbox.brain.roles.sources import Source

SHAPES: dict[str, Array] = {name: np.array(row, float) for name, row in table("shapes.toml").items() if name != "hz"}
MIDDLE = slice(4, 7)                                # 500 Hz to 2 kHz: what shelves are measured against
LOW, HIGH = (1, slice(2, 3), 125.0), (4, slice(7, 9), 6000.0)      # band of the strip's EQ, octaves it is set by, corner
STRENGTH, MOST_DB, DEADBAND_DB = 0.4, 4.0, 1.0
BOOST_DB = {"voice": (0.0, 2.0), "harmony": (0.0, 2.0), "bass": (3.0, 3.0)}     # at most, low and high: a boost lifts what lies there, be it rumble or hiss
RATES = {"soundcheck": 0.5, "show": 0.25}           # dB/s
HEARD_S, LOOK_S = 4.0, (8.0, 6.0)                   # of it; and how often soundcheck looks, and when first
WORTH_DB = 0.5                                      # a shelf that stands is moved for no less
ABSENT_DB = -35.0                                   # nothing of it is there to be raised


class Tilt:
    """`think` once a tick; goals are set in soundcheck, and once for what comes later. A boost of an open microphone would cost feedback margin."""

    def __init__(self) -> None:
        self._done: set[tuple[int, str]] = set()

    def go_on(self, stage: Stage) -> None:
        """All that plays in a show was leant by an earlier program."""
        self._done |= {(s.strips[0], s.role_name) for s in stage.sources if s.trimmed}

    def think(self, stage: Stage) -> Iterator[Move]:
        known = [(i, s) for i, s in enumerate(stage.sources) if s.role is not None and s.role.spectrum]
        goals = {i: self._wanted(stage, i, s) for i, s in known if self._looks(stage, i, s)}
        self._set_out(stage, {i: gains for i, gains in goals.items() if self._worth(stage, stage.sources[i], gains)})
        for _, source in known:
            for band, _, corner in (LOW, HIGH):
                gain = source.path(f"eq/{band}/gain")
                if way := stage.auto.way(gain):
                    yield from stage.auto.put(source.path(f"eq/{band}/frequency"), corner, way.why)
                    yield from stage.auto.go_on(gain, RATES[stage.mode])

    def _looks(self, stage: Stage, index: int, source: Source) -> bool:
        if stage.heard[index] < HEARD_S:
            return False
        return stage.every(*LOOK_S) if stage.mode == "soundcheck" else stage.every(1.0) and (source.strips[0], source.role_name) not in self._done

    def _worth(self, stage: Stage, source: Source, gains: tuple[float, float]) -> bool:
        self._done.add((source.strips[0], source.role_name))
        return any(abs(db - stage.auto.heading(source.path(f"eq/{band}/gain"))) >= WORTH_DB for (band, _, _), db in zip((LOW, HIGH), gains, strict=True))

    def _set_out(self, stage: Stage, goals: dict[int, tuple[float, float]]) -> None:
        if not goals:
            return
        words = [f"{stage.sources[i].name} " + " and ".join(f"{db:+.1f} dB of {side}" for db, side in zip(gains, ("bass", "treble"), strict=True) if db)
                 for i, gains in goals.items()]
        one = len(goals) == 1
        such = f"{stage.sources[next(iter(goals))].what} usually sounds" if one else "such instruments usually sound"
        why = listed(words, f": nearer to how {such}")
        for index, gains in goals.items():
            for (band, _, _), db in zip((LOW, HIGH), gains, strict=True):
                gain = stage.sources[index].path(f"eq/{band}/gain")
                if abs(db - stage.auto.heading(gain)) >= WORTH_DB:
                    stage.auto.begin(gain, db, why)

    def _wanted(self, stage: Stage, index: int, source: Source) -> tuple[float, float]:
        assert source.role is not None
        own, shape = level_of(stage.spectrum[index]), SHAPES[source.role.spectrum]
        gains = []
        for (_, part, _), most, kind in zip((LOW, HIGH), BOOST_DB[source.role.spectrum], ("eq_low", "eq_high"), strict=True):
            most = 0.0 if (source.role.open_mic and stage.mode == "show") or own[part].mean() < ABSENT_DB else most
            off = (shape - own)[part].mean() - (shape - own)[MIDDLE].mean()
            db = float(np.clip(STRENGTH * off, -MOST_DB, most))
            db = 0.0 if abs(db) < DEADBAND_DB else db
            gains.append(float(np.clip(db + stage.balance.taste(kind, source.role_name, stage.style), -6.0, 6.0)))
        return gains[0], gains[1]
