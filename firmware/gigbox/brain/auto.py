"""What `auto` holds of every parameter that the rules move, and how it gets to what they wish: at once, or no faster than a rate.

A move that takes time is a way: begun where it is worth hearing, told once, and finished. What is heard meanwhile changes neither its goal nor its
reason; if that turns out to be wrong by what is worth hearing, it is another way.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from gigbox import params
from gigbox.brain.hear.meters import TICK_S

ALIKE = 1e-6
TOGETHER_TICKS = 10      # behind some that begin the next ones wait for each other for so long: a band that begins is one sentence or two


@dataclass(frozen=True)
class Move:
    """A wish for `auto`: in the desk's units, with the reason in words and numbers."""

    path: str
    value: float
    why: str


@dataclass(frozen=True)
class Way:
    """To where, and why."""

    goal: float
    why: str


class Auto:
    """By path; what was never moved reads 0 where auto adds, and the default where it overrides.

    What a hand keeps becomes the hand's, but the rules go on as if it were still theirs: they see what they made, and the desk is told
    what that is beyond what was kept. Otherwise they would do it all once more.
    """

    def __init__(self) -> None:
        self._held: dict[str, float] = {}
        self._kept: dict[str, float] = {}          # of what is held, where auto adds: what hands hold by now
        self._lost: dict[str, str] = {}            # the desk must be told again, and why
        self._ways: dict[str, Way] = {}            # that are not finished

    def __getitem__(self, path: str) -> float:
        held = self._held.get(path)
        if held is not None:
            return held
        address = params.find(path)
        return 0.0 if address.param.blend == "add" else address.default

    def __iter__(self) -> Iterator[str]:
        """Every path that auto has a say in."""
        return iter(tuple(self._held))

    def knows(self, path: str) -> bool:
        """Whether auto has a say there."""
        return path in self._held

    def take(self, path: str, value: float | None) -> None:
        """What the desk holds, when this program starts, a move was refused, or a hand took it back."""
        self._ways.pop(path, None)
        kept = self._kept.get(path)
        if kept is not None:
            self._held[path] = kept + (value or 0.0)
        elif value is None:
            self._held.pop(path, None)
            self._lost.pop(path, None)
        else:
            self._held[path] = value

    def keep(self, path: str, more: float) -> None:
        """Hands hold `more` of what was auto's (less, where that was taken back); where auto overrides nothing is to be counted."""
        if path in self._held:
            self._lost[path] = "a hand keeps what the box had found, which goes on from there"
            if params.find(path).param.blend == "add":
                self._kept[path] = self._kept.get(path, 0.0) + more

    def found(self, path: str, hand: float) -> None:
        """A program that starts takes what a hand holds for something that was kept."""
        self._held[path] = self._held.get(path, 0.0) + hand - self._kept.get(path, 0.0)
        self._kept[path] = hand

    def kept(self, path: str) -> float:
        """What of it hands hold by now."""
        return self._kept.get(path, 0.0)

    def let_go(self, path: str) -> None:
        """Hands hold nothing there any more."""
        self._ways.pop(path, None)
        kept = self._kept.pop(path, 0.0)
        if path in self._held:
            self._held[path] -= kept

    def put(self, path: str, value: float, why: str) -> Iterator[Move]:
        """There at once; nothing if it is there already."""
        if path not in self._held or abs(self._held[path] - value) > ALIKE:
            self._held[path] = value
            self._lost.pop(path, None)
            yield self._move(path, why)

    def toward(self, path: str, goal: float, rate: float, why: str) -> Iterator[Move]:
        """A tick nearer to the goal, at `rate` units a second."""
        here, step = self[path], rate * TICK_S
        yield from self.put(path, goal if abs(goal - here) <= step + ALIKE else here + (step if goal > here else -step), why)

    def begin(self, path: str, goal: float, why: str) -> None:
        """Sets out for a goal; whatever way was not finished there is given up."""
        self._ways[path] = Way(goal, why)

    def way(self, path: str) -> Way | None:
        """Where it is on the way to."""
        return self._ways.get(path)

    def stop(self, path: str) -> None:
        """Stays where it is."""
        self._ways.pop(path, None)

    def heading(self, path: str) -> float:
        """Where it will be when its way is finished."""
        way = self._ways.get(path)
        return self[path] if way is None else way.goal

    def go_on(self, path: str, rate: float, most: float = math.inf) -> Iterator[Move]:
        """A tick further on its way, at `rate` units a second, but not over `most`; nothing where it is on none."""
        way = self._ways.get(path)
        if way is None:
            return
        yield from self.toward(path, min(way.goal, max(most, self[path])), rate, way.why)
        if abs(self[path] - way.goal) <= ALIKE:
            self._ways.pop(path, None)

    def again(self) -> Iterator[Move]:
        """What the desk no longer holds, since a hand kept it."""
        for path, why in self._lost.items():
            yield self._move(path, f"{' '.join(path.split('/')[:2])}: {why}")
        self._lost = {}

    def _move(self, path: str, why: str) -> Move:
        return Move(path, self._held[path] - self._kept.get(path, 0.0), why)
