"""What people are told of moves: one sentence for all that is done for one reason, in their words."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence

LONGEST = 190                 # characters of a reason, of the 200 that the desk takes
HOLDS_TICKS = 200             # for so long what was said of something is in everybody's mind


class Said:
    """What was said last of each thing, and of which figure: while that holds, what is still done about it is no news."""

    def __init__(self) -> None:
        self._last: dict[Hashable, tuple[int, float, str]] = {}

    def note(self, thing: Hashable, ticks: int, figure: float, why: str) -> None:
        """At `ticks` it was said that it goes to `figure`; the same once more is no other sentence."""
        if self.holds(thing, ticks, figure, math.inf) != why:
            self._last[thing] = (ticks, figure, why)

    def holds(self, thing: Hashable, ticks: int, figure: float, within: float) -> str:
        """The sentence, where `figure` is less than `within` from what it was about, and it was said lately; else nothing."""
        at, said, why = self._last.get(thing, (ticks, 0.0, ""))
        return why if ticks - at <= HOLDS_TICKS and abs(figure - said) < within else ""

    def forget(self, thing: Hashable) -> None:
        """What was said of it holds no more."""
        self._last.pop(thing, None)


def listed(parts: Sequence[str], rest: str = "") -> str:
    """`a, b and c`, followed by `rest`; as many of them as fit are named."""
    for most in range(len(parts), 0, -1):
        left = len(parts) - most
        named = list(parts[:most]) + ([f"{left} more"] if left else [])
        text = " and ".join([*([", ".join(named[:-1])] if len(named) > 1 else []), named[-1]]) + rest
        if len(text) <= LONGEST:
            return text
    return (parts[0] if parts else "")[:LONGEST - len(rest)] + rest


def decibels(db: float) -> str:
    """`3.2 dB up`"""
    return f"{abs(db):.1f} dB {'up' if db > 0 else 'down'}"
