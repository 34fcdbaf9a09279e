"""A rack without an engine, a desk that serves in a thread, a desk of one clock, and cards that are quick or stand still."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gigbox import params
from gigbox.desk.knobs import Knobs
from gigbox.desk.server import serve
from gigbox.desk.state import Desk, Outcome
from gigbox.desk.vitals import Vitals


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
        self.knobs: Knobs | None = None
        self.vitals: Vitals | None = None

    def start(self) -> None:
        self._stop.clear()
        self._thread = threading.Thread(target=serve,
                                        args=(self.state, self.socket, lambda: self.rack, self._stop.is_set, self.warnings.append, lambda: None, self.knobs,
                                              self.vitals))
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join(5)
            assert not self._thread.is_alive()
            self._thread = None


class OneClock(Desk):
    """A desk whose monotonic clock is where the newest request's wall clock was."""

    def __init__(self) -> None:
        self.now = 0.0
        super().__init__(lambda: self.now)

    def set(self, values: Mapping[str, object], by: str, now: float, why: str = "") -> Outcome:
        self.now = now
        return super().set(values, by, now, why)

    def move(self, values: Mapping[str, object], why: str | Mapping[str, str], by: str, now: float) -> Outcome:
        self.now = now
        return super().move(values, why, by, now)

    def lock(self, pattern: str, by: str, now: float, why: str = "") -> Outcome:
        self.now = now
        return super().lock(pattern, by, now, why)

    def unlock(self, pattern: str, by: str, now: float, why: str = "") -> Outcome:
        self.now = now
        return super().unlock(pattern, by, now, why)

    def release(self, patterns: Iterable[str], by: str, now: float, why: str = "") -> Outcome:
        self.now = now
        return super().release(patterns, by, now, why)

    def keep(self, patterns: Iterable[str], by: str, now: float, why: str = "") -> Outcome:
        self.now = now
        return super().keep(patterns, by, now, why)

    def undo(self, by: str, now: float, whose: str | None = None) -> Outcome:
        self.now = now
        return super().undo(by, now, whose)

    def recall(self, saved: Mapping[str, Any], by: str, now: float, why: str, scope: Iterable[str] = ("*",)) -> Outcome:
        self.now = now
        return super().recall(saved, by, now, why, scope)


class Inline(Executor):
    """Does it at once, in the thread that asks."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **more: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **more))
        except Exception as e:
            done.set_exception(e)
        return done


class Stalled(Executor):
    """A card that does nothing until it is let go on."""

    def __init__(self) -> None:
        self.ended = False
        self.jobs: list[tuple[Future[Any], Callable[..., Any], tuple[Any, ...]]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **more: Any) -> Future[Any]:
        if self.ended:
            raise RuntimeError("cannot schedule new futures after shutdown")
        self.jobs.append((Future(), fn, args))
        return self.jobs[-1][0]

    def go_on(self) -> None:
        """All that waits."""
        jobs, self.jobs = self.jobs, []
        for done, fn, args in jobs:
            try:
                done.set_result(fn(*args))
            except Exception as e:
                done.set_exception(e)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self.go_on()
        self.ended = True
