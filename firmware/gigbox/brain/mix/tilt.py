"""Voices as bright, basses as deep as they are in finished music: a low and a high shelf lean each source part of the way to its role's spectrum."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gigbox.brain.arrays import Array
from gigbox.brain.auto import Move
from gigbox.brain.hear.bands import level_of
from gigbox.brain.mix.stage import Stage
from gigbox.brain.roles.roles import table
from gigbox.brain.roles.sources import Source

SHAPES: dict[str, Array] = {name: np.array(row, float) for name, row in table("shapes.toml").items() if name != "hz"}
MIDDLE = slice(4, 7)                                # 500 Hz to 2 kHz: what shelves are measured against
LOW, HIGH = (1, slice(2, 3), 125.0), (4, slice(7, 9), 6000.0)      # band of the strip's EQ, octaves it is set by, corner
STRENGTH, MOST_DB, DEADBAND_DB = 0.4, 4.0, 1.0
BOOST_DB = {"voice": (0.0, 2.0), "harmony": (0.0, 2.0), "bass": (3.0, 3.0)}     # at most, low and high: a boost lifts what lies there, be it rumble or hiss
RATES = {"soundcheck": 0.5, "show": 0.25}           # dB/s
HEARD_S = 4.0
ABSENT_DB = -35.0                                   # nothing of it is there to be raised


class Tilt:
    """`think` once a tick; goals are set in soundcheck, and once for what comes later. A boost of an open microphone would cost feedback margin."""

    def __init__(self) -> None:
        self._goals: dict[int, tuple[float, float]] = {}

    def think(self, stage: Stage) -> Iterator[Move]:
        for index, source in enumerate(stage.sources):
            if source.role is None or not source.role.spectrum:
                continue
            strip = source.strips[0]
            if stage.heard[index] >= HEARD_S and stage.ticks % 10 == 0 and (stage.mode == "soundcheck" or strip not in self._goals):
                self._goals[strip] = self._wanted(stage, index, source)
            for (band, _, corner), db, side in zip((LOW, HIGH), self._goals.get(strip, (0.0, 0.0)), ("bass", "treble"), strict=True):
                yield from self._lean(stage, source, band, corner, db, side)

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

    def _lean(self, stage: Stage, source: Source, band: int, corner: float, db: float, side: str) -> Iterator[Move]:
        assert source.role is not None
        gain = source.path(f"eq/{band}/gain")
        if not db and not stage.auto[gain]:
            return
        why = f"{source.name} {db:+.1f} dB of {side}: {'less' if db > 0 else 'more'} of it than {source.what} has on average"
        yield from stage.auto.put(source.path(f"eq/{band}/frequency"), corner, why)
        yield from stage.auto.toward(gain, db, RATES[stage.mode], why)
