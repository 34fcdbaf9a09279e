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
    """By path; what was never moved reads 0 where auto adds, and the default where it overrides.

    What a hand kept of auto (DESIGN section 2) is the hand's from then on, and still what the box wanted: here it goes on counting, or the
    rules would want it a second time.
    """

    def __init__(self) -> None:
        self._held: dict[str, float] = {}
        self._kept: dict[str, float] = {}

    def __getitem__(self, path: str) -> float:
        held = self._held.get(path)
        if held is not None:
            return held
        address = params.find(path)
        return 0.0 if address.param.blend == "add" else address.default

    def knows(self, path: str) -> bool:
        """Whether auto has a say there."""
        return path in self._held

    def kept(self, path: str) -> float:
        """What of the hand there was auto before."""
        return self._kept.get(path, 0.0)

    @property
    def adding(self) -> list[str]:
        """The paths where auto adds something."""
        return [path for path, held in self._held.items() if held and params.find(path).param.blend == "add"]

    def take(self, path: str, value: float | None) -> None:
        """What the desk holds, when this program starts or a move was refused."""
        if value is None and path not in self._kept:
            self._held.pop(path, None)
        else:
            self._held[path] = (value or 0.0) + self.kept(path)

    def keep(self, path: str, value: float | None = None) -> None:
        """All of it is the hand's now; `value`: and so much of the hand counts as kept, on top of what auto holds."""
        if value is not None:
            self._held[path] = self._held.get(path, 0.0) + value - self.kept(path)
        self._kept[path] = self._held[path] if value is None else value

    def forget(self, path: str) -> None:
        """The hand has let go of what it kept."""
        self._held[path] = self._held.get(path, 0.0) - self._kept.pop(path, 0.0)

    def put(self, path: str, value: float, why: str) -> Iterator[Move]:
        """There at once; nothing if it is there already."""
        if path not in self._held or abs(self._held[path] - value) > ALIKE:
            self._held[path] = value
            yield Move(path, value - self.kept(path), why)

    def toward(self, path: str, goal: float, rate: float, why: str) -> Iterator[Move]:
        """A tick nearer to the goal, at `rate` units a second."""
        here, step = self[path], rate * TICK_S
        yield from self.put(path, goal if abs(goal - here) <= step + ALIKE else here + (step if goal > here else -step), why)
