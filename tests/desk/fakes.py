"""A rack without an engine, and a desk that serves in a thread."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import numpy.typing as npt

from gigbox import params
from gigbox.desk.server import serve


class FakeRack:
    """Takes what is pushed, up to `room` values; `drain` is the engine's turn."""

    def __init__(self, room: int = 8192) -> None:
        self.room = room
        self.frames = 0
        self.queue: list[tuple[int, float]] = []
        self.pushed: list[tuple[int, float]] = []
        self._values = np.array([a.default for a in params.addresses()], np.float32)

    def push(self, index: int, value: float) -> bool:
        if len(self.queue) >= self.room:
            return False
        self.queue.append((index, value))
        self.pushed.append((index, value))
        return True

    def values(self) -> npt.NDArray[np.float32]:
        return self._values

    def drain(self) -> None:
        for index, value in self.queue:
            self._values[index] = value
        self.queue = []
        self.frames += 32


class Box:
    """A desk that serves in a thread of this process; it can be stopped and started again on the same state."""

    def __init__(self, folder: Path) -> None:
        self.state = folder / "state"
        self.socket = folder / "desk.sock"
        self.rack = FakeRack()
        self.warnings: list[str] = []
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._stop.clear()
        self._thread = threading.Thread(target=serve, args=(self.state, self.socket, lambda: self.rack, self._stop.is_set, self.warnings.append))
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join(5)
            assert not self._thread.is_alive()
            self._thread = None
