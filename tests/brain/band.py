"""A stage for one rule at a time: sources as a test says they are, and ticks."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Protocol

import numpy as np

from gigbox.brain.auto import Auto, Move
from gigbox.brain.hear.bands import HZ, WIDTH
from gigbox.brain.mix.balance import Balance, Taste, no_taste
from gigbox.brain.mix.stage import Stage
from gigbox.brain.roles import sources


class Rule(Protocol):
    def think(self, stage: Stage) -> Iterator[Move]: ...


def band(*roles: str, mode: str = "soundcheck", style: str = "pop", pairs: Collection[int] = (), auto: Auto | None = None,
         taste: Taste = no_taste) -> Stage:
    """All have played for 10 s at their nominal level and play on; their spectra are flat, their places 0."""
    stage = Stage.of(list(sources.find(roles, [], set(pairs))), auto or Auto(), Balance(taste))
    count, activity = len(stage.sources), stage.activity
    stage.mode, stage.style = mode, style
    stage.heard, stage.spectrum = np.full(count, 10.0), np.full((count, len(HZ)), 1e-6)
    stage.momentary, stage.left, stage.peaks, stage.peak_over = (np.full(count, value) for value in (-23.0, -23.0, -10.0, 12.0))
    stage.balance.offset = np.zeros(count)
    stage.since = np.zeros(count, int)
    activity.heard, activity.came, activity.loudness, activity.peak = (np.full(count, value) for value in (10.0, -23.0, -23.0, -10.0))
    activity.active, activity.foreground, activity.sounding, activity.certain = (np.ones(count, bool) for _ in range(4))
    return stage


def tick(rule: Rule, stage: Stage, seconds: float = 0.1) -> list[Move]:
    """The rule's moves over so long, oldest first."""
    moves = []
    for _ in range(round(seconds * 10)):
        stage.ticks += 1
        moves += list(rule.think(stage))
    return moves


def at(hz: float, *others: float, level_db: float = -20.0) -> np.ndarray:
    """A spectrum that is nothing but the octaves around these frequencies, each of the same power."""
    octaves = np.rint(np.log2(HZ / 31.25))
    power = np.full(len(HZ), 1e-12)
    for f in (hz, *others):
        mine = octaves == round(np.log2(f / 31.25))
        power[mine] = 10 ** (level_db / 10) / WIDTH[mine].sum()
    return power
