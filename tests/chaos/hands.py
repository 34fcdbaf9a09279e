"""Hands that move faders all along, and know what the desk must hold in the end."""

from __future__ import annotations

import contextlib
import random
import threading
from collections.abc import Callable

from gigbox.desk.client import Client
from gigbox.errors import MachineError
from tests.live_box import Box

PATHS = tuple(f"strip/{n}/{name}" for n in (1, 2) for name in ("level", "pan"))
PAUSE_S = 0.04


class Hands(threading.Thread):
    """`may_be` has, for each path, what it may be: what the desk confirmed, and after it what it did not, or could not write down."""

    def __init__(self, box: Box, dice: random.Random, on_paper: Callable[[], bool]) -> None:
        """`on_paper`: whether the disk takes what is confirmed now. What it does not is lost with the desk, which says so."""
        super().__init__(name="hands", daemon=True)
        self._box, self._dice, self._on_paper = box, dice, on_paper
        self._ended = threading.Event()
        self.may_be: dict[str, list[float]] = {}
        self.confirmed = 0

    def stop(self) -> None:
        self._ended.set()
        self.join()

    def run(self) -> None:
        with Client(self._box.folder / "run/desk.sock", by="test", timeout=1.0) as client:
            while not self._ended.wait(PAUSE_S):
                self._move(client)

    def _move(self, client: Client) -> None:
        path = self._dice.choice(PATHS)
        value = round(self._dice.uniform(-1, 1) if path.endswith("pan") else self._dice.uniform(-20, 6), 3)
        before, kept = self._on_paper(), False
        with contextlib.suppress(MachineError):            # the desk is away
            client.set({path: value})
            kept = before and self._on_paper()
            self.confirmed += 1
        self.may_be[path] = [value] if kept else [*self.may_be.get(path, []), value]
