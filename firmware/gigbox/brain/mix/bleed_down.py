"""How far what a microphone hears of the others is taken down: as far as its role bears, where that is worth it, and surely known; else not at all."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gigbox.brain.arrays import Array
from gigbox.brain.auto import Move
from gigbox.brain.hear.bands import LOUD
from gigbox.brain.mix.stage import Stage

WORTH_DB, CLEAN_DB = -20.0, -24.0      # all bleed under the source itself: louder is worth taking down, and until it is so far below it stays so
HEARD_S = 3.0                          # of playing, before a word is said about either
PACE = 3.0                             # dB a second
EVERY = 10                             # ticks
SILENT_DB, LEAST = -120.0, 1e-12


class BleedDown:
    """`think` once a tick."""

    def __init__(self) -> None:
        self._goals: dict[int, tuple[float, str]] = {}

    def think(self, stage: Stage, leak: Array) -> Iterator[Move]:
        """`leak`: (strips, strips, BANDS) powers, as LeakPaths has it."""
        if stage.ticks % EVERY == 0:
            self._goals = {index: goal for index in range(len(stage.sources)) if (goal := self._goal(stage, index, leak))}
        for index, (amount, why) in self._goals.items():
            if index < len(stage.sources):
                yield from stage.auto.toward(stage.sources[index].path("bleed"), amount, PACE, why)

    def _goal(self, stage: Stage, index: int, leak: Array) -> tuple[float, str] | None:
        """Where it is to be, and why; None: not touched yet, and nothing to be said."""
        source, held = stage.sources[index], stage.auto[stage.sources[index].path("bleed")]
        most = source.role.bleed if source.role else 0.0
        levels = heard_of(stage, index, leak) if most and stage.heard[index] >= HEARD_S else np.full(len(stage.sources), SILENT_DB)
        whole = 10 * np.log10(np.sum(10 ** (levels / 10)))
        if whole < (CLEAN_DB if held else WORTH_DB):
            return (0.0, f"{source.name} hears next to nothing of the others") if held else None
        loudest = int(np.argmax(levels))
        return most, f"{stage.sources[loudest].name} in the microphone of {source.name} {levels[loudest]:+.0f} dB: taken down by up to {most:.0f} dB"


def heard_of(stage: Stage, index: int, leak: Array) -> Array:
    """(sources,) dB by which each is heard in the microphones of one, against that source itself, both while they play; K-weighted."""
    powers = np.array([spectrum * LOUD / 10 ** (stage.auto[s.path("trim")] / 10) for s, spectrum in zip(stage.sources, stage.spectrum, strict=True)])
    levels = np.full(len(stage.sources), SILENT_DB)
    for other, source in enumerate(stage.sources):
        if other != index:
            paths = leak[np.ix_([n - 1 for n in stage.sources[index].strips], [n - 1 for n in source.strips])].mean(axis=1).sum(axis=0)
            levels[other] = 10 * np.log10((paths @ powers[other] + LEAST) / (powers[index].sum() + LEAST))
    return np.asarray(np.maximum(levels, SILENT_DB))
