"""Who asked to be told: of changes, meters, patterns. For 10 s each, unless they ask again; eight at most.

Of the host that has most of them, who was silent longest makes room.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from gigbox.remote.osc.laws import Wire

MOST, LASTS_S = 8, 10.0
SUBSCRIPTIONS = 16            # of each kind, of one client
BEAT_S = 0.05                 # of meters; a factor makes it slower
SLOWEST = 100
ECHO_S, ECHOES = 1.0, 32      # so long, and so many, it may say back what it was told
RESTS_S = 0.3                 # so long after its last move a fader is in its hand: told of each step, it might say back one of before

Where = tuple[Any, ...]       # host, port and what else the socket needs to answer there


@dataclass
class Stream:
    """Something that is told again and again, under a name of the client's choice."""

    what: str
    number: int
    every_s: float
    next: float
    until: float


@dataclass
class Client:
    where: Where
    heard: float
    until: float = 0.0                                               # changes are told
    echo: bool = True                                                # also its own
    streams: dict[str, Stream] = field(default_factory=dict)
    watching: dict[str, float] = field(default_factory=dict)         # patterns, until
    told: dict[str, Wire] = field(default_factory=dict)              # what it knows
    lately: dict[str, deque[tuple[float, Wire]]] = field(default_factory=dict)       # when it was told that, since it last set it
    resting: dict[str, float] = field(default_factory=dict)          # what it moves itself, and till when it is told nothing of that
    fresh: dict[str, None] = field(default_factory=dict)             # addresses to be told

    def due(self, now: float) -> list[str]:
        """Addresses to be told now."""
        return [address for address in self.fresh if self.resting.get(address, 0.0) <= now]

    def tell(self, address: str, wire: Wire, now: float) -> None:
        """It knows that from now on."""
        self.told[address] = wire
        self.lately.setdefault(address, deque(maxlen=ECHOES)).append((now, wire))

    def echoes(self, address: str, wire: Wire, now: float, late: bool) -> bool:
        """Whether it says back what it was told: apps and motors do, and that is no hand's. `late`: also what it was told before that; else it is a hand's.

        A hand's own clears it: a button that is pressed and let go puts a value back, too.
        """
        known = self.lately.get(address, ())
        if any(now - at <= ECHO_S and _same(wire, each) for at, each in (known if late else tuple(known)[-1:])):
            return True
        self.lately.pop(address, None)
        return False

    def wants(self, now: float) -> bool:
        return now < self.until or any(now < stream.until for stream in self.streams.values()) or any(now < until for until in self.watching.values())

    def stream(self, name: str, what: str, number: int, factor: int, now: float) -> None:
        if name in self.streams or len(self.streams) < SUBSCRIPTIONS:
            every, before = BEAT_S * min(max(factor, 1), SLOWEST), self.streams.get(name)
            self.streams[name] = Stream(what, number, every, before.next if before else now, now + LASTS_S)

    def watch(self, pattern: str, now: float) -> None:
        if pattern in self.watching or len(self.watching) < SUBSCRIPTIONS:
            self.watching[pattern] = now + LASTS_S

    def renew(self, name: str, now: float) -> None:
        """All, where no name is said."""
        for each, stream in self.streams.items():
            if not name or each == name:
                stream.until = now + LASTS_S
        for pattern in self.watching:
            if not name or pattern == name:
                self.watching[pattern] = now + LASTS_S
        if not name and self.until:
            self.until = now + LASTS_S

    def end(self, name: str) -> None:
        if name:
            self.streams.pop(name, None)
            self.watching.pop(name, None)
        else:
            self.streams, self.watching, self.until = {}, {}, 0.0


def _same(one: Wire, other: Wire) -> bool:
    """As far as four bytes go."""
    return one == other or (isinstance(one, float) and isinstance(other, float) and math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-6))


class Clients:
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._of: dict[Where, Client] = {}

    def __len__(self) -> int:
        return len(self._of)

    def __iter__(self) -> Iterator[Client]:
        return iter(tuple(self._of.values()))

    def known(self, where: Where) -> Client | None:
        """Who says something is not silent."""
        client = self._of.pop(where, None)
        if client is not None:
            client.heard = self._clock()
            self._of[where] = client
        return client

    def join(self, where: Where) -> Client:
        client = self.known(where) or Client(where, self._clock())
        self._of[where] = client
        while len(self._of) > MOST:
            of_host = Counter(where[0] for where in self._of)
            most = max(of_host.values())
            del self._of[next(where for where in self._of if of_host[where[0]] == most)]
        return client

    def forget(self, where: Where) -> None:
        self._of.pop(where, None)

    def pass_time(self) -> None:
        """Who wants nothing more is nobody's business."""
        now = self._clock()
        for client in self:
            client.streams = {name: stream for name, stream in client.streams.items() if now < stream.until}
            client.watching = {pattern: until for pattern, until in client.watching.items() if now < until}
            if not client.wants(now):
                self.forget(client.where)

    def changed(self, addresses: Iterable[str]) -> None:
        """To be told to all who follow the changes."""
        found = dict.fromkeys(addresses)
        now = self._clock()
        for client in self._of.values():
            if now < client.until:
                client.fresh.update(found)
