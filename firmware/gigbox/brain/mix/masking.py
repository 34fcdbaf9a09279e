"""Room for what matters: a source is cut where it covers another one's essential octaves and can do without them itself.

After Hafezi and Reiss 2015 (JAES 63(5)): octaves are ranked within each source; only cuts, at most 4 dB, by two bells of the strip.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from gigbox.brain.auto import Move
from gigbox.brain.hear.bands import OCTAVES, octaves
from gigbox.brain.mix.stage import Stage
from gigbox.brain.roles.sources import Source

ESSENTIAL = 4                     # of the ten octaves
SHARE, MOST_DB, LEAST_DB = 0.4, 4.0, 1.0
BELLS, Q = (2, 3), 1.4
PRIORITY = {"lead_vocal": 1.0, "speech": 1.0, "backing_vocal": 0.5}
OTHERS = 0.3
RATES = {"soundcheck": 0.5, "show": 0.25}       # dB/s
HEARD_S, AWAY_S = 4.0, 10.0       # of both, before anything is cut; and how long after the covered one went
LOOK_TICKS = 10
SILENT_DB = -70.0                 # an octave below does not count


class Masking:
    """`think` once a tick; looks once a second."""

    def __init__(self) -> None:
        self._away: dict[int, int] = {}
        self._goals: dict[tuple[int, int], tuple[float, str]] = {}      # (strip, octave): dB and reason

    def think(self, stage: Stage) -> Iterator[Move]:
        for index, source in enumerate(stage.sources):
            strip = source.strips[0]
            self._away[strip] = 0 if stage.activity.active[index] else self._away.get(strip, 10**6) + 1
        if stage.ticks % LOOK_TICKS == 0:
            self._goals = self._look(stage)
        for source in stage.sources:
            if source.role is not None:
                yield from self._cut(stage, source)

    def _look(self, stage: Stage) -> dict[tuple[int, int], tuple[float, str]]:
        """Who is to be cut where, and why."""
        known = [i for i, s in enumerate(stage.sources) if s.role is not None and stage.heard[i] >= HEARD_S]
        if len(known) < 2:
            return {}
        level = 10 * np.log10(octaves(stage.spectrum[known]) + 1e-12) + np.array([[stage.auto[stage.sources[i].path("level")]] for i in known])
        essential = level >= np.sort(level, axis=1)[:, -ESSENTIAL][:, None]
        goals: dict[tuple[int, int], tuple[float, str]] = {}
        for i, index in enumerate(known):
            for octave in range(1, 10):
                if not essential[i, octave] and level[i, octave] > SILENT_DB:
                    over = level[i, octave] - level[:, octave]
                    self._add(goals, stage, index, octave, [(known[j], float(over[j])) for j in np.flatnonzero(essential[:, octave] & (over > 0))])
        return goals

    def _add(self, goals: dict[tuple[int, int], tuple[float, str]], stage: Stage, index: int, octave: int, covered: list[tuple[int, float]]) -> None:
        source = stage.sources[index]
        mine = PRIORITY.get(source.role_name, OTHERS)
        wanted = [(theirs * over, over, j) for j, over in covered if (theirs := self._priority(stage, j)) >= mine]
        weight, over, whom = max(wanted, default=(0.0, 0.0, 0))
        cut = min(MOST_DB, SHARE * weight)
        if cut >= LEAST_DB:
            why = f"covers {stage.sources[whom].name} by {over:.0f} dB around {spoken_hz(float(OCTAVES[octave]))} and can do without it"
            goals[source.strips[0], octave] = (-cut, why)

    def _priority(self, stage: Stage, index: int) -> float:
        source = stage.sources[index]
        return PRIORITY.get(source.role_name, OTHERS) if self._away[source.strips[0]] < AWAY_S * 10 else 0.0

    def _cut(self, stage: Stage, source: Source) -> Iterator[Move]:
        """The two deepest goals on the two bells; a bell moves to another octave only when it is flat."""
        mine = sorted(((db, octave, why) for (strip, octave), (db, why) in self._goals.items() if strip == source.strips[0]))[: len(BELLS)]
        left = {octave: (db, why) for db, octave, why in mine}
        free = []
        for bell in BELLS:
            gain, octave = source.path(f"eq/{bell}/gain"), _octave(stage.auto[source.path(f"eq/{bell}/frequency")])
            if stage.auto[gain] >= -1e-3:
                free.append(bell)
                continue
            db, why = left.pop(octave, (0.0, f"covers nobody around {spoken_hz(float(OCTAVES[octave]))} any more"))
            yield from self._move(stage, source, bell, db, why)
        for bell, (octave, (db, why)) in zip(free, sorted(left.items(), key=lambda item: item[1]), strict=False):
            reason = f"{source.name}: {why}"
            yield from stage.auto.put(source.path(f"eq/{bell}/frequency"), float(OCTAVES[octave]), reason)
            yield from stage.auto.put(source.path(f"eq/{bell}/q"), Q, reason)
            yield from self._move(stage, source, bell, db, why)

    def _move(self, stage: Stage, source: Source, bell: int, db: float, why: str) -> Iterator[Move]:
        hz = spoken_hz(stage.auto[source.path(f"eq/{bell}/frequency")])
        yield from stage.auto.toward(source.path(f"eq/{bell}/gain"), db, RATES[stage.mode], f"{source.name} {db:+.1f} dB at {hz}: {why}")


def spoken_hz(hz: float) -> str:
    return f"{hz / 1000:.0f} kHz" if hz >= 1000 else f"{hz:.0f} Hz"


def _octave(hz: float) -> int:
    return min(max(round(math.log2(hz / OCTAVES[0])), 0), len(OCTAVES) - 1)
