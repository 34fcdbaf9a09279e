"""Room for what matters: a source is cut where it covers another one's essential octaves and can do without them itself.

After Hafezi and Reiss 2015 (JAES 63(5)): octaves are ranked within each source; only cuts, at most 4 dB, by two bells of the strip.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from gigbox.brain.auto import Move
from gigbox.brain.hear.bands import OCTAVES, octaves
from gigbox.brain.mix.stage import Stage
from gigbox.brain.mix.telling import listed
from gigbox.brain.roles.sources import Source

ESSENTIAL = 4                     # of the ten octaves
SHARE, MOST_DB, LEAST_DB = 0.4, 4.0, 1.0
BELLS, Q = (2, 3), 1.4
PRIORITY = {"lead_vocal": 1.0, "speech": 1.0, "backing_vocal": 0.5}
OTHERS = 0.3
RATES = {"soundcheck": 0.5, "show": 0.25}       # dB/s
HEARD_S, AWAY_S = 4.0, 10.0       # of both, before anything is cut; and how long after the covered one went
LOOK_S = {"soundcheck": 10.0, "show": 20.0}
WORTH_DB, STAYS_DB = 0.75, 3.0    # a bell that stands is moved for no less; and so far it may be from the essential octaves
SILENT_DB = -70.0                 # an octave below does not count


@dataclass(frozen=True)
class Cut:
    """A bell of a source, to be at so many dB there."""

    source: Source
    bell: int
    octave: int
    db: float
    why: str

    def path(self, rest: str) -> str:
        return self.source.path(f"eq/{self.bell}/{rest}")


class Masking:
    """`think` once a tick; looks now and then."""

    def __init__(self) -> None:
        self._away: dict[int, int] = {}

    def think(self, stage: Stage) -> Iterator[Move]:
        for index, source in enumerate(stage.sources):
            strip = source.strips[0]
            self._away[strip] = 0 if stage.activity.active[index] else self._away.get(strip, 10**6) + 1
        if stage.every(LOOK_S[stage.mode]):
            goals = self._look(stage)
            yield from self._set_out(stage, [cut for s in stage.sources if s.role is not None for cut in self._cuts(stage, s, goals)])
        for source in stage.sources:
            for bell in BELLS if source.role is not None else ():
                yield from stage.auto.go_on(source.path(f"eq/{bell}/gain"), RATES[stage.mode])

    def _look(self, stage: Stage) -> dict[tuple[int, int], tuple[float, str]]:
        """Who is to be cut where, and why."""
        known = [i for i, s in enumerate(stage.sources) if s.role is not None and stage.heard[i] >= HEARD_S]
        if len(known) < 2:
            return {}
        level = 10 * np.log10(octaves(stage.spectrum[known]) + 1e-12) + np.array([[stage.auto[stage.sources[i].path("level")]] for i in known])
        above = level - np.sort(level, axis=1)[:, -ESSENTIAL][:, None]         # dB over the least of the essential ones
        goals: dict[tuple[int, int], tuple[float, str]] = {}
        for i, index in enumerate(known):
            for octave in range(1, 10):
                near = STAYS_DB if self._stands(stage, stage.sources[index], octave) else 0.0
                if above[i, octave] < near and level[i, octave] > SILENT_DB:
                    over = level[i, octave] - level[:, octave]
                    covered = np.flatnonzero((above[:, octave] >= -near) & (over > 0) & (np.arange(len(known)) != i))
                    self._add(goals, stage, index, octave, [(known[j], float(over[j])) for j in covered])
        return goals

    def _stands(self, stage: Stage, source: Source, octave: int) -> bool:
        """Whether it is cut there: what stands is taken back only where it is clearly wrong."""
        paths = [source.path(f"eq/{bell}") for bell in BELLS]
        return any(_octave(stage.auto[f"{path}/frequency"]) == octave and stage.auto.heading(f"{path}/gain") < 0 for path in paths)

    def _add(self, goals: dict[tuple[int, int], tuple[float, str]], stage: Stage, index: int, octave: int, covered: list[tuple[int, float]]) -> None:
        source = stage.sources[index]
        mine = PRIORITY.get(source.role_name, OTHERS)
        wanted = [(theirs * over, over, j) for j, over in covered if (theirs := self._priority(stage, j)) >= mine]
        weight, over, whom = max(wanted, default=(0.0, 0.0, 0))
        cut = min(MOST_DB, SHARE * weight)
        if cut >= (LEAST_DB / 2 if self._stands(stage, source, octave) else LEAST_DB):
            why = f"covers {stage.sources[whom].name} by {over:.0f} dB around {spoken_hz(float(OCTAVES[octave]))} and can do without it"
            goals[source.strips[0], octave] = (-cut, why)

    def _priority(self, stage: Stage, index: int) -> float:
        source = stage.sources[index]
        return PRIORITY.get(source.role_name, OTHERS) if self._away[source.strips[0]] < AWAY_S * 10 else 0.0

    def _cuts(self, stage: Stage, source: Source, goals: dict[tuple[int, int], tuple[float, str]]) -> Iterator[Cut]:
        """The two deepest goals on the two bells, where they are worth hearing; a bell moves to another octave only when it is flat."""
        mine = sorted(((db, octave, why) for (strip, octave), (db, why) in goals.items() if strip == source.strips[0]))[: len(BELLS)]
        left = {octave: (db, why) for db, octave, why in mine}
        free = []
        for bell in BELLS:
            gain, octave = source.path(f"eq/{bell}/gain"), _octave(stage.auto[source.path(f"eq/{bell}/frequency")])
            if stage.auto[gain] >= -1e-3 and stage.auto.way(gain) is None:
                free.append(bell)
                continue
            db, why = left.pop(octave, (0.0, "covers nobody there any more"))
            if abs(db - stage.auto.heading(gain)) >= WORTH_DB:
                yield Cut(source, bell, octave, db, why)
        for bell, (octave, (db, why)) in zip(free, sorted(left.items(), key=lambda item: item[1]), strict=False):
            yield Cut(source, bell, octave, db, why)

    def _set_out(self, stage: Stage, cuts: Sequence[Cut]) -> Iterator[Move]:
        """One sentence for all that begins together."""
        why = listed([_told(c) for c in cuts], f": {cuts[0].why}" if len(cuts) == 1 else
                     ": room for what they cover there and can do without" if any(c.db for c in cuts) else ": they cover nobody there any more") if cuts else ""
        for cut in cuts:
            if stage.auto[cut.path("gain")] >= -1e-3:
                yield from stage.auto.put(cut.path("frequency"), float(OCTAVES[cut.octave]), why)
                yield from stage.auto.put(cut.path("q"), Q, why)
            stage.auto.begin(cut.path("gain"), cut.db, why)


def _told(cut: Cut) -> str:
    where = spoken_hz(float(OCTAVES[cut.octave]))
    return f"{cut.source.name} {cut.db:+.1f} dB at {where}" if cut.db else f"{cut.source.name} flat again at {where}"


def spoken_hz(hz: float) -> str:
    return f"{hz / 1000:.0f} kHz" if hz >= 1000 else f"{hz:.0f} Hz"


def _octave(hz: float) -> int:
    return min(max(round(math.log2(hz / OCTAVES[0])), 0), len(OCTAVES) - 1)
