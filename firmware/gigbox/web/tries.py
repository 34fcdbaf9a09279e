"""Guessing a code costs time: of one address, and of all together. Links are too long to be guessed, and are not counted."""

from __future__ import annotations

from collections.abc import Callable

from gigbox.web.limits import Allowance

OF_ONE, OF_ALL = 5, 60        # a minute; a code has eight digits
REMEMBERED = 1024             # addresses


class Tries:
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._all = Allowance(OF_ALL / 60, OF_ALL, clock())
        self._by: dict[str, Allowance] = {}

    def take(self, address: str) -> bool:
        """Whether that address may try once more now."""
        now = self._clock()
        mine = self._by.pop(address, None) or Allowance(OF_ONE / 60, OF_ONE, now)
        self._by[address] = mine
        if len(self._by) > REMEMBERED:
            del self._by[next(iter(self._by))]
        return mine.take(now) and self._all.take(now)
