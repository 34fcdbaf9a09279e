"""The notebook of ideas, looked at while one of its pages is up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gigbox import idea_book
from gigbox.errors import MachineError
from gigbox.panel.sight.box import Box

PAGES = ("ideas", "chart")
EVERY_S = 0.25


class NotebookEye:
    """`look` as often as is drawn."""

    def __init__(self, box: Box, file: Callable[[], Path]) -> None:
        self._box, self._file = box, file
        self._next = 0.0

    def look(self, page: str, now: float) -> None:
        if page not in PAGES or now < self._next:
            return
        self._next = now + EVERY_S
        try:
            self._box.ideas = idea_book.read(self._file(), now)
        except MachineError:
            self._box.ideas = {}
