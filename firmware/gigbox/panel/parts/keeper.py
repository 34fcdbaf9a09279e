"""One part in a thread of its own: opened, worked with until it fails, opened again. Nobody waits for it; what is wrong is said once, till it is well."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

RETRY_S = 0.5

T = TypeVar("T")


class Keeper(Generic[T]):
    """`work` is called with the opened part until it raises; it returns often, so that the thread can end. `shut` lets go what the part holds."""

    def __init__(self, name: str, open_part: Callable[[], T], work: Callable[[T], None], say: Callable[[str], None], retry_s: float = RETRY_S,
                 shut: Callable[[T], None] = lambda part: None) -> None:
        self._name, self._open, self._work, self._say, self._retry_s, self._shut = name, open_part, work, say, retry_s, shut
        self.well = False
        self._told = ""
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def close(self, seconds: float = 0.3) -> None:
        """A part that hangs is left to the end of the process."""
        self._closed.set()
        self._thread.join(seconds)

    def _run(self) -> None:
        while not self._closed.is_set():
            try:
                self._work_with(self._open())
            except Exception as e:          # whatever a library says: the other parts go on
                self.well = False
                line = f"{self._name}: {reason(e)}; it is tried again, all else works"
                if line != self._told:
                    self._told = line
                    self._say(line)
                self._closed.wait(self._retry_s)

    def _work_with(self, part: T) -> None:
        try:
            while not self._closed.is_set():
                self._work(part)
                if not self.well:
                    self.well = True
                    if self._told:
                        self._say(f"{self._name}: is back")
                        self._told = ""
        finally:
            self._shut(part)


def reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error) or type(error).__name__
