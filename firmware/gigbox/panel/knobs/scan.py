"""All pots of a panel, looked at together: what hands do at them, and what no hand does."""

from __future__ import annotations

import errno
from typing import Protocol

from gigbox.panel.knobs.control import Happen
from gigbox.panel.knobs.pot import Pot

JUMP, TOGETHER = 100, 3   # raw: so far, so many pots at once, between two looks: that is their supply


class Readings(Protocol):
    """parts.converter.Converter, or what stands in for it."""

    def __len__(self) -> int: ...
    def read(self, pot: int) -> int: ...
    def all(self) -> list[int]: ...


class Scan:
    """`look` reads each once; OSError where they say what cannot be."""

    def __init__(self, converter: Readings, happen: Happen) -> None:
        self._converter, self._happen = converter, happen
        self._pots = [Pot() for _ in range(len(converter))]

    def look(self) -> None:
        seen = self._converter.all()
        if doubtful := [n for n, pot in enumerate(self._pots) if pot.doubtful(seen[n])]:
            self._see(seen, doubtful)

    def _see(self, seen: list[int], doubtful: list[int]) -> None:
        if sum(self._pots[n].jumped(seen[n], JUMP) for n in doubtful) >= TOGETHER:
            raise OSError(errno.EIO, "all jumped at once")
        read = self._converter.read
        for n in doubtful:
            self._moved(n, sorted((seen[n], read(n), read(n)))[1])

    def _moved(self, n: int, raw: int) -> None:
        pot = self._pots[n]
        first = pot.position is None
        if (to := pot.see(raw)) is not None:
            self._happen(("turned", n + 1, to))
        elif first and pot.position is not None:
            self._happen(("stands", n + 1, pot.position))
