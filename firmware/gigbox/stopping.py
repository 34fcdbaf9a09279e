"""Being told to stop: a flag that a signal handler may raise (a threading.Event may not: it could wait for itself)."""

from __future__ import annotations

import os
import select
import signal


class Stopping:
    """Raised by SIGTERM, SIGINT and SIGHUP once `watch_signals` was called; any thread may wait for it."""

    def __init__(self) -> None:
        self._seen, self._raise = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)

    def watch_signals(self) -> Stopping:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self.set())
        return self

    def set(self) -> None:
        os.write(self._raise, b"!")

    def is_set(self) -> bool:
        return self.wait(0)

    def wait(self, seconds: float) -> bool:
        """True as soon as it is raised, False after `seconds`."""
        return bool(select.select([self._seen], [], [], seconds)[0])
