"""Encoders and buttons of a board together: from the levels of lines to what hands do, whichever thread tells of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from gigbox.panel.knobs.encoder import Encoder, Lines
from gigbox.panel.pins import Board

SETTLE_S = 0.01           # an encoder of the Pi's own lines that has been still so long is read, whatever its edges said

Event = tuple[str, Any, Any]              # what was done, to which, and how
Happen = Callable[[Event], None]


class Control:
    """Encoders and buttons, from levels to events. Levels come from several threads."""

    def __init__(self, board: Board, happen: Happen) -> None:
        self._happen, self._lock = happen, threading.Lock()
        self._encoders = {n: Encoder(each.quarters) for n, each in board.encoders.items()}
        self._lines: dict[int, Lines] = {}
        self._moved: dict[int, float] = {}
        self._down: dict[str, bool] = {}

    def sampled(self, encoder: int, a: int, b: int) -> None:
        """The levels of both lines, as they are by now."""
        with self._lock:
            now = time.monotonic()
            lines = self._lines.setdefault(encoder, Lines(a, b))
            if click := self._encoders[encoder].see(*lines.settle(a, b), now):
                self._happen(("turn", encoder, click))

    def edge(self, encoder: int, line: int, level: int) -> None:
        """One line went to a level; edges come in their order."""
        with self._lock:
            self._moved[encoder] = now = time.monotonic()
            if encoder in self._lines and (click := self._encoders[encoder].see(*self._lines[encoder].edge(line, level), now)):
                self._happen(("turn", encoder, click))

    def still(self, encoder: int) -> bool:
        return time.monotonic() - self._moved.get(encoder, 0.0) >= SETTLE_S

    def pressed(self, name: str, level: int) -> None:
        """Buttons pull their line down."""
        down = not level
        with self._lock:
            if down == self._down.get(name, False):
                return
            self._down[name] = down
        self._happen(("press", name, down))
