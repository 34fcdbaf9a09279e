"""How much anybody may take: of one page, of one address, and of all together. Kept small enough for a Pi, large enough for ten phones behind one address."""

from __future__ import annotations

import resource
from dataclasses import dataclass

HEAD_BYTES = 16 << 10       # of a request, its line and its headers
BODY_BYTES = 64 << 10       # of a request
MESSAGE_BYTES = 128 << 10   # of a WebSocket; a longer one ends it
SPARE_FILES = 64            # of the process: rack, desk, journal of faults, Python's own


@dataclass(frozen=True)
class Limits:
    """A phone opens up to 6 connections for the page and one each for /live and /listen, twice while it reloads; most are gone within a second."""

    connections: int = 512
    of_one: int = 128            # connections of one address; ten phones behind a router or a proxy open 80 at most
    sockets: int = 64            # WebSockets
    sockets_of_one: int = 40     # of one address: ten phones that listen, and reload at the same time
    head_s: float = 10.0         # from the accept, or from the last answer, to the end of a request's head: however much trickles in meanwhile
    body_s: float = 10.0
    stuck_s: float = 10.0        # what is sent and not taken for so long ends the connection
    ping_s: float = 10.0         # between two pings; a phone that does not answer within the same time is let go
    messages: float = 100.0      # a second, of one page; a finger sends 25
    burst: int = 256

    @property
    def lines(self) -> int:
        """Connections, as many as this process may have files for."""
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        return self.connections if soft == resource.RLIM_INFINITY else max(min(self.connections, soft - SPARE_FILES), 8)


class Allowance:
    """`burst` messages at once and `rate` a second on the long run."""

    def __init__(self, rate: float, burst: int, now: float) -> None:
        self._rate, self._burst, self._left, self._at = rate, float(burst), float(burst), now

    def take(self, now: float) -> bool:
        """Whether one more is allowed."""
        self._left = min(self._left + (now - self._at) * self._rate, self._burst)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
