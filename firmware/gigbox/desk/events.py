"""One change of one parameter: what the journal holds, and what undo, history and crash recovery are read from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

Setting = float | str | bool | None      # a parameter's number, a text, whether a lock holds; None: never set
LONG_AGO = -math.inf


@dataclass(frozen=True, slots=True)
class Event:
    """`layer` is hand, auto or lock; `kind` the request that made it; `action` groups one request, or one gesture of a hand.

    `path` is a parameter or text, for layer lock the locked strip, bus or kind. `undoes` is the action taken back by an undo.
    `time` is of the wall clock and only for people; `at` is of the monotonic clock, and what durations are counted by.
    """

    time: float
    by: str
    path: str
    layer: str
    old: Setting
    new: Setting
    why: str
    action: int
    kind: str = "set"
    undoes: int = 0
    at: float = LONG_AGO

    def row(self) -> list[object]:
        """As a snapshot has it; no `at` where that was of another boot."""
        row = [getattr(self, field.name) for field in fields(self)]
        return row if self.at > LONG_AGO else row[:-1]


def from_row(row: Sequence[Any]) -> Event:
    return Event(*row)
