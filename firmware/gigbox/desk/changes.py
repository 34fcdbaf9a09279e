"""What a client is told: values, changes of them, and the changes that a loop has not read yet."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass

from gigbox.desk.events import Setting

UNREAD = 1000                 # changes that wait; then they become one, with the newest of each path


@dataclass(frozen=True)
class Value:
    """A parameter: both layers (None: never set) and what is heard. Switches are bools, choices their names."""

    hand: Setting
    auto: Setting
    value: Setting
    locked: bool = False


@dataclass(frozen=True)
class Change:
    """What somebody changed. `by` is empty where it tells the present state: at first, after the desk came back, and after much went unread."""

    values: dict[str, Value]
    by: str = ""
    layer: str = ""
    why: str = ""


class Unread:
    """Changes between the thread that hears them and a loop that may be slower."""

    def __init__(self) -> None:
        self._changes: deque[Change] = deque()
        self._come = threading.Condition()

    def put(self, change: Change) -> None:
        with self._come:
            self._changes.append(change)
            if len(self._changes) > UNREAD:
                merged = Change({path: value for one in self._changes for path, value in one.values.items()})
                self._changes.clear()
                self._changes.append(merged)
            self._come.notify()

    def get(self, timeout: float) -> Change | None:
        """The oldest; None where none has come."""
        with self._come:
            return self._changes.popleft() if self._come.wait_for(lambda: self._changes, timeout) else None
