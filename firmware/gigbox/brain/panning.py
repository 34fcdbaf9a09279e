"""Who goes where between left and right: lows and leads in the middle, the rest apart so that both sides weigh alike; only in soundcheck."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gigbox.brain.bands import HZ, LOUD, WIDTH, Array
from gigbox.brain.moves import Move
from gigbox.brain.sources import Source
from gigbox.brain.stage import Stage

WIDTH_SCALE = 0.5                       # of the roles' pans: much of an audience sits off the middle
WEIGHED = WIDTH * ((HZ >= 500) & (HZ <= 6000))      # what tells the ear where a source is
LOW = LOUD * (HZ < 200)                 # nothing of this belongs to one side
MIDDLE_SHARE = (0.5, 0.9)               # of its loudness below 200 Hz: from here on it moves to the middle, and there it is
RATE = 0.5                              # of the way from the middle to one side, a second
HEARD_S = 3.0                           # of everybody that plays, before sides are weighed
AGAIN = 0.05                            # how much more evenly they must weigh to change them


class Panning:
    """`think` once a tick; `sides` are -1 and 1 by the first strip of a source."""

    def __init__(self) -> None:
        self._sides: dict[int, int] = {}
        self._weighed = False

    def think(self, stage: Stage) -> Iterator[Move]:
        if stage.mode != "soundcheck":
            return
        apart = [i for i, s in enumerate(stage.sources) if s.role and s.role.pan and len(s.strips) == 1]
        self._take_turns(stage, apart)
        self._weigh(stage, apart)
        for index, source in enumerate(stage.sources):
            if source.role is None:
                continue
            goal = self._goal(stage, index, source)
            if goal or stage.auto.knows(source.path("pan")):
                yield from stage.auto.toward(source.path("pan"), goal, RATE, self._reason(source, goal))

    def _goal(self, stage: Stage, index: int, source: Source) -> float:
        assert source.role is not None
        if len(source.strips) == 2:
            return -max(source.role.pan, WIDTH_SCALE)
        return source.role.pan * WIDTH_SCALE * self._sides.get(source.strips[0], 0) * aside(low_share(stage.spectrum[index]))

    def _take_turns(self, stage: Stage, apart: list[int]) -> None:
        """Before anything is heard: left, right, right, left, the loudest places first."""
        for index in sorted(apart, key=lambda i: (-_offset(stage.sources[i]), i)):
            strip = stage.sources[index].strips[0]
            if strip not in self._sides and stage.auto[f"strip/{strip}/pan"]:      # as an earlier program had it
                self._sides[strip] = 1 if stage.auto[f"strip/{strip}/pan"] > 0 else -1
            if strip not in self._sides:
                taken = sum(self._sides.values())
                self._sides[strip] = -1 if taken > 0 or (taken == 0 and len(self._sides) % 4 in (0, 3)) else 1

    def _weigh(self, stage: Stage, apart: list[int]) -> None:
        """Once, when all that play were heard: the sides that leave the least between left and right, greedily from the heaviest."""
        heard = [i for i in apart if stage.heard[i] >= HEARD_S]
        playing = [i for i in apart if stage.heard[i] > 0]
        if self._weighed or len(heard) < 2 or len(heard) < len(playing):
            return
        self._weighed = True
        weights = {i: _weight(stage, i) for i in heard}
        before = abs(sum(weights[i] * self._sides[stage.sources[i].strips[0]] for i in heard)) / sum(weights.values())
        sides: dict[int, int] = {}
        balance = 0.0
        for index in sorted(heard, key=lambda i: -weights[i]):
            sides[index] = -1 if balance > 0 or (balance == 0 and self._sides[stage.sources[index].strips[0]] < 0) else 1
            balance += weights[index] * sides[index]
        if abs(balance) / sum(weights.values()) < before - AGAIN:
            self._sides |= {stage.sources[i].strips[0]: side for i, side in sides.items()}

    def _reason(self, source: Source, goal: float) -> str:
        if not goal:
            return f"{source.name}: in the middle, where {source.what} belongs"
        return f"{source.name}: {'left' if goal < 0 else 'right'}, to leave the middle to the voice; both sides weigh alike"


def low_share(spectrum: Array) -> float:
    """How much of its loudness lies below 200 Hz, 0..1."""
    return float((spectrum @ LOW) / max(spectrum @ LOUD, 1e-12))


def aside(share: float) -> float:
    """How far from the middle something with that much of lows may be, of its role's pan: 0..1."""
    least, most = MIDDLE_SHARE
    return min(max((most - share) / (most - least), 0.0), 1.0)


def _weight(stage: Stage, index: int) -> float:
    """How far it pulls to its side: power between 500 Hz and 6 kHz at its place, times its pan."""
    spectrum, source = stage.spectrum[index], stage.sources[index]
    place = float(np.nan_to_num(stage.balance.offset[index]))
    share = float((spectrum @ WEIGHED) / max(spectrum @ WIDTH, 1e-12))
    return (source.role.pan if source.role else 0.0) * share * 10 ** (place / 10)


def _offset(source: Source) -> float:
    return source.role.offset if source.role else 0.0
