"""What the panel asks of the desk, in a thread of its own: nobody at a knob waits. Of a knob that is faster than the desk only the newest counts."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

from gigbox.desk.client import Client
from gigbox.errors import GigboxError, MachineError
from gigbox.panel.sight.box import Box

Act = Callable[[Client], object]
LATE_S = 3.0              # what could not be asked for so long is not done any more: nobody at a knob expects it


class Hands(Protocol):
    """Every wish has a word for it, which is told where it fails."""

    def set(self, values: dict[str, float | str]) -> None: ...
    def ask(self, what: str, act: Act, done: str = "") -> None: ...


class DeskHands:
    """`said` is told of each wish that was done and has a word for that, and of each refusal, in the desk's words."""

    def __init__(self, desk: Client, box: Box, said: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._desk, self._box, self._said, self._clock = desk, box, said, clock
        self._wishes: deque[tuple[float, str, Any, str]] = deque()
        self._values: dict[str, float | str] = {}
        self._since = 0.0                       # of the newest of them
        self._come = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="hands", daemon=True)
        self._thread.start()

    def set(self, values: dict[str, float | str]) -> None:
        self._box.aim(values)
        with self._come:
            self._values.update(values)
            self._since = self._clock()
            self._come.notify()

    def ask(self, what: str, act: Act, done: str = "") -> None:
        """One request that is no setting. Settings before it go first."""
        with self._come:
            if self._values:
                self._wishes.append((self._since, "set", self._values, ""))
                self._values = {}
            self._wishes.append((self._clock(), what, act, done))
            self._come.notify()

    def close(self) -> None:
        with self._come:
            self._closed = True
            self._come.notify()
        self._thread.join(2)

    def _run(self) -> None:
        while (wish := self._next()) is not None:
            since, what, act, done = wish
            try:
                if self._clock() - since > LATE_S:
                    raise MachineError(f"{what}: the desk was away, and it is not done any more")
                self._desk.set(act) if what == "set" else act(self._desk)
                if done:
                    self._said(done)
            except GigboxError as e:
                if what == "set":
                    self._box.unaim(act)
                self._said(str(e))
            except Exception as e:            # a fault of ours: the next turn of a knob counts again
                self._said(f"panel: {type(e).__name__}: {e}")

    def _next(self) -> tuple[float, str, Any, str] | None:
        with self._come:
            self._come.wait_for(lambda: self._closed or self._wishes or self._values)
            if self._wishes:
                return self._wishes.popleft()
            if self._values:
                values, self._values = self._values, {}
                return self._since, "set", values, ""
            return None
