"""How far what a microphone hears of the others is taken down: as far as its role bears, where that is worth it, and surely known; else not at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gigbox.brain.arrays import Array
from gigbox.brain.auto import Move
from gigbox.brain.hear.bands import LOUD
from gigbox.brain.mix.stage import Stage
from gigbox.brain.mix.telling import listed

WORTH_DB, CLEAN_DB = -20.0, -24.0      # all bleed under the source itself: louder is worth taking down, and until it is so far below it stays so
HEARD_S = 3.0                          # of playing, before a word is said about either
PACE = 3.0                             # dB a second
EVERY = 10                             # ticks
STEADY = 2                             # looks that agree, before anything is moved
TOGETHER_S = 5.0                       # and what begins within this begins together
SILENT_DB, LEAST = -120.0, 1e-12


@dataclass(frozen=True)
class Goal:
    """`amount`: dB that are taken at most; `heard`: dB of all bleed over the source itself."""

    amount: float
    why: str
    heard: float


class BleedDown:
    """`think` once a tick."""

    def __init__(self) -> None:
        self._seen: dict[int, tuple[float, int]] = {}      # where each is to be, and how many looks have said so

    def think(self, stage: Stage, leak: Array) -> Iterator[Move]:
        """`leak`: (strips, strips, BANDS) powers, as LeakPaths has it."""
        if stage.ticks % EVERY == 0:
            self._set_out(stage, leak)
        for source in stage.sources:
            yield from stage.auto.go_on(source.path("bleed"), PACE)

    def _set_out(self, stage: Stage, leak: Array) -> None:
        """What begins together is told together, and once: that the figure is another by the next look is no news."""
        powers = loud_powers(stage)
        goals = {i: goal for i, source in enumerate(stage.sources)
                 if (goal := self._goal(stage, i, leak, powers)) and goal.amount != stage.auto.heading(source.path("bleed"))}
        self._seen = {i: (goal.amount, 1 + self._agreed(i, goal)) for i, goal in goals.items()}
        ready = [i for i in goals if self._seen[i][1] >= STEADY] if stage.every(TOGETHER_S) else []
        for mine in ([i for i in ready if goals[i].amount > 0], [i for i in ready if goals[i].amount <= 0]):
            why = goals[mine[0]].why if len(mine) == 1 else self._reason(stage, {i: goals[i] for i in mine})
            for i in mine:
                stage.auto.begin(stage.sources[i].path("bleed"), goals[i].amount, why)

    def _agreed(self, index: int, goal: Goal) -> int:
        """How many looks before have said the same."""
        amount, looks = self._seen.get(index, (goal.amount, 0))
        return looks if amount == goal.amount else 0

    def _reason(self, stage: Stage, goals: dict[int, Goal]) -> str:
        names = {i: stage.sources[i].name for i in goals}
        if any(goal.amount for goal in goals.values()):
            return listed([f"{names[i]} {goal.heard:+.0f} dB" for i, goal in goals.items()], " of the others in their microphones: taken down")
        return listed(list(names.values()), ": hear next to nothing of the others")

    def _goal(self, stage: Stage, index: int, leak: Array, powers: Array) -> Goal | None:
        """None: not touched yet, and nothing to be said."""
        source, held = stage.sources[index], stage.auto[stage.sources[index].path("bleed")]
        most = source.role.bleed if source.role else 0.0
        levels = heard_of(stage, index, leak, powers) if most and stage.heard[index] >= HEARD_S else np.full(len(stage.sources), SILENT_DB)
        whole = float(10 * np.log10(np.sum(10 ** (levels / 10))))
        if whole < (CLEAN_DB if held else WORTH_DB):
            return Goal(0.0, f"{source.name}: hears next to nothing of the others", whole) if held else None
        loudest = int(np.argmax(levels))
        why = f"{stage.sources[loudest].name} in the microphone of {source.name} {levels[loudest]:+.0f} dB: taken down by up to {most:.0f} dB"
        return Goal(most, why, whole)


def loud_powers(stage: Stage) -> Array:
    """(sources, BANDS), K-weighted, before the trims, while each plays."""
    trims = np.array([stage.auto[s.path("trim")] for s in stage.sources])
    return np.asarray(stage.spectrum * LOUD / 10 ** (trims / 10)[:, None])


def heard_of(stage: Stage, index: int, leak: Array, powers: Array) -> Array:
    """(sources,) dB by which each is heard in the microphones of one, against that source itself, both while they play. `powers`: as loud_powers
    has them."""
    levels = np.full(len(stage.sources), SILENT_DB)
    mine = leak[[n - 1 for n in stage.sources[index].strips]].sum(axis=0)
    for other, source in enumerate(stage.sources):
        if other != index:
            paths = mine[[n - 1 for n in source.strips]].mean(axis=0)
            levels[other] = 10 * np.log10((paths @ powers[other] + LEAST) / (powers[index].sum() + LEAST))
    return np.asarray(np.maximum(levels, SILENT_DB))
