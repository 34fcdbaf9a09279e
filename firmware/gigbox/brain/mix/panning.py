"""Who goes where between left and right: lows and leads in the middle, the rest apart so that both sides weigh alike; only in soundcheck."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from gigbox.brain.arrays import Array
from gigbox.brain.auto import Move
from gigbox.brain.hear.bands import HZ, LOUD
from gigbox.brain.hear.meters import TICK_S
from gigbox.brain.mix.stage import Stage
from gigbox.brain.mix.telling import Said, listed
from gigbox.brain.roles.sources import Source

LEAST_OPEN = 0.5                        # of a stereo source
WEIGHED = LOUD * ((HZ >= 200) & (HZ <= 6000))       # what tells the ear where a source is
LOW = LOUD * (HZ < 200)                 # nothing of this belongs to one side
MIDDLE_SHARE = (0.5, 0.9)               # of its loudness below 200 Hz: from here on it moves to the middle, and there it is
RATE = 0.5                              # of the way from the middle to one side, a second
HEARD_S = 3.0                           # of a source, before its side is weighed
LOOK_S = 8.0
WORTH = 0.05                            # of a way from the middle to a side
AGAIN = 0.1                            # how much more evenly they must weigh to change sides
LONE_PAN = 0.15                         # of a lone microphone of the kit: width comes from pairs
LEAST_PLACE = 0.2                       # of its role's pan that is left to the heaviest


class Panning:
    """`think` once a tick. Places are by the first strip of a source: -1 and 1 the sides, less where one source would outweigh all others."""

    def __init__(self) -> None:
        self._places: dict[int, float] = {}
        self._said, self._of = Said(), dict[int, str]()         # and what strips carried when that was

    def think(self, stage: Stage) -> Iterator[Move]:
        if stage.mode != "soundcheck":
            return
        apart = [i for i, s in enumerate(stage.sources) if s.role and s.role.pan and len(s.strips) == 1]
        new = self._take_turns(stage, apart)
        if stage.every(LOOK_S):
            self._weigh(stage, apart)
        if new or stage.every(LOOK_S) or stage.ticks == 1:
            self._set_out(stage)
        for source in stage.sources:
            if source.role is not None:
                yield from stage.auto.go_on(source.path("pan"), RATE)

    def _set_out(self, stage: Stage) -> None:
        goals = [(s, self._goal(stage, i, s)) for i, s in enumerate(stage.sources) if s.role is not None]
        mine = [(s, goal) for s, goal in goals if abs(goal - stage.auto.heading(s.path("pan"))) >= (WORTH if goal else WORTH / 10)]
        begun = {s.strips[0]: s.starts for s, _ in mine if s.starts and self._of.get(s.strips[0]) != s.role_name}      # with what was told of its beginning
        held = {s.strips[0]: why for s, goal in mine if (why := self._said.holds(s.strips[0], stage.ticks, np.sign(goal), 1.0))}
        new = [f"{s.name} {_side(goal)}" for s, goal in mine if s.strips[0] not in begun | held]
        told = listed(new, ": the middle is the voice's, and both sides weigh alike")
        for source, goal in mine:
            n = source.strips[0]
            why = begun.get(n) or held.get(n) or told
            self._said.note(n, stage.ticks, np.sign(goal), why)
            stage.auto.begin(source.path("pan"), goal, why)
        self._of |= {s.strips[0]: s.role_name for s, _ in goals}

    def _goal(self, stage: Stage, index: int, source: Source) -> float:
        assert source.role is not None
        if len(source.strips) == 2:
            return -max(source.role.pan, LEAST_OPEN)
        return round(self._places.get(source.strips[0], 0) * _reach(stage, index), 2)

    def _take_turns(self, stage: Stage, apart: list[int]) -> bool:
        """Before anything is heard: left, right, right, left, the loudest places first. Whether anybody is new."""
        before = len(self._places)
        for index in sorted(apart, key=lambda i: (-_offset(stage.sources[i]), i)):
            strip = stage.sources[index].strips[0]
            if strip not in self._places and stage.auto[f"strip/{strip}/pan"]:      # as an earlier program had it
                self._places[strip] = 1.0 if stage.auto[f"strip/{strip}/pan"] > 0 else -1.0
            if strip not in self._places:
                taken = sum(self._places.values())
                self._places[strip] = -1.0 if taken > 0 or (taken == 0 and len(self._places) % 4 in (0, 3)) else 1.0
        return len(self._places) > before

    def _weigh(self, stage: Stage, apart: list[int]) -> None:
        """The sides that leave the least between left and right, greedily from the heaviest; then the heaviest of the heavier side nearer to
        the middle, until both weigh alike. Nobody changes sides for a little."""
        heard = [i for i in apart if stage.heard[i] >= HEARD_S]
        pulls = {i: _pull(stage, i) for i in heard}
        sides = {i: math.copysign(1.0, self._places[stage.sources[i].strips[0]]) for i in heard}
        greedy, balance = dict[int, float](), 0.0
        for index in sorted(heard, key=lambda i: -pulls[i]):
            greedy[index] = -1.0 if balance > 0 or (balance == 0 and sides[index] < 0) else 1.0
            balance += pulls[index] * greedy[index]
        before = sum(pulls[i] * sides[i] for i in heard)
        if abs(before) - abs(balance) > AGAIN * sum(pulls.values()):
            sides, before = greedy, balance
        heaviest = max((i for i in heard if sides[i] * before > 0), key=lambda i: pulls[i], default=None)
        if heaviest is not None:
            sides[heaviest] *= max(LEAST_PLACE, 1 - abs(before) / pulls[heaviest])
        self._places |= {stage.sources[i].strips[0]: place for i, place in sides.items()}


def _side(pan: float) -> str:
    return "left" if pan < 0 else "right" if pan > 0 else "to the middle"


def low_share(spectrum: Array) -> float:
    """How much of its loudness lies below 200 Hz, 0..1."""
    return float((spectrum @ LOW) / max(spectrum @ LOUD, 1e-12))


def aside(share: float) -> float:
    """How far from the middle something with that much of lows may be, of its role's pan: 0..1."""
    least, most = MIDDLE_SHARE
    return min(max((most - share) / (most - least), 0.0), 1.0)


def _reach(stage: Stage, index: int) -> float:
    """How far from the middle a source goes at most: its role's pan and taste, less where it carries the lows."""
    source = stage.sources[index]
    assert source.role is not None
    alike = sum(s.role_name == source.role_name and len(s.strips) == 1 for s in stage.sources)
    pan = (min(source.role.pan, LONE_PAN) if source.role.kit and alike == 1 else source.role.pan) + stage.balance.taste("pan", source.role_name, stage.style)
    return min(max(pan, 0.0), 1.0) * aside(low_share(stage.spectrum[index]))


def _pull(stage: Stage, index: int) -> float:
    """How far it pulls to its side: loudness at its place while it plays, and of that what lies where the ear tells sides, times its pan."""
    spectrum, plays = stage.spectrum[index], float(stage.heard[index]) / max(stage.ticks * TICK_S, 1.0)
    place = float(np.nan_to_num(stage.balance.offset[index]))
    return plays * _reach(stage, index) * float((spectrum @ WEIGHED) / max(spectrum @ LOUD, 1e-12)) * 10 ** (place / 10)


def _offset(source: Source) -> float:
    return source.role.offset if source.role else 0.0
