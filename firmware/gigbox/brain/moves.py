"""What `auto` holds of every parameter that the rules move, and how it gets to what they wish: at once, or no faster than a rate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gigbox import params

TICK_S = 0.1
ALIKE = 1e-6


@dataclass(frozen=True)
class Move:
    """A wish for `auto`: in the desk's units, with the reason in words and numbers."""

    path: str
    value: float
    why: str


class Auto:
    """By path; what was never moved reads 0 where auto adds, and the default where it overrides."""

    def __init__(self) -> None:
        self._held: dict[str, float] = {}

    def __getitem__(self, path: str) -> float:
        held = self._held.get(path)
        if held is not None:
            return held
        address = params.find(path)
        return 0.0 if address.param.blend == "add" else address.default

    def knows(self, path: str) -> bool:
        """Whether auto has a say there."""
        return path in self._held

    def take(self, path: str, value: float | None) -> None:
        """What the desk holds, when this program starts or a move was refused."""
        if value is None:
            self._held.pop(path, None)
        else:
            self._held[path] = value

    def put(self, path: str, value: float, why: str) -> Iterator[Move]:
        """There at once; nothing if it is there already."""
        if path not in self._held or abs(self._held[path] - value) > ALIKE:
            self._held[path] = value
            yield Move(path, value, why)

    def toward(self, path: str, goal: float, rate: float, why: str) -> Iterator[Move]:
        """A tick nearer to the goal, at `rate` units a second."""
        here, step = self[path], rate * TICK_S
        yield from self.put(path, goal if abs(goal - here) <= step + ALIKE else here + (step if goal > here else -step), why)
