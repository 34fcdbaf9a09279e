"""A program's pulse: it tells whoever started it that its loops go round. The words are sd_notify(3)'s, so that `gigbox run` and systemd hear the same."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable

EVERY_S = 0.25                       # a beat is sent no more often


class Pulse:
    """Every loop that has to go round is a `part`; a beat is sent once all of them have gone round since the last. Nobody listening is no error."""

    def __init__(self, address: str | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        """`address`: a Unix datagram socket, by default $NOTIFY_SOCKET; nothing is sent where that is not set."""
        named = os.environ.get("NOTIFY_SOCKET", "") if address is None else address
        self._address = "\0" + named[1:] if named.startswith("@") else named
        self._clock = clock
        self._parts = 0
        self._round: set[int] = set()        # the parts that went round since the last beat
        self._sent = -EVERY_S
        self._socket: socket.socket | None = None
        self._words = b"READY=1\nWATCHDOG=1"
        self._lock = threading.Lock()

    def part(self) -> Callable[[], None]:
        """One more loop, and what it calls each time it goes round."""
        with self._lock:
            number, self._parts = self._parts, self._parts + 1
        return lambda: self._gone_round(number)

    def _gone_round(self, number: int) -> None:
        with self._lock:
            self._round.add(number)
            now = self._clock()
            if not self._address or len(self._round) < self._parts or now - self._sent < EVERY_S:
                return
            self._round.clear()
            self._sent = now
        self._send()

    def _send(self) -> None:
        with contextlib.suppress(OSError):
            if self._socket is None:
                self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            self._socket.sendto(self._words, socket.MSG_DONTWAIT, self._address)
            self._words = b"WATCHDOG=1"
