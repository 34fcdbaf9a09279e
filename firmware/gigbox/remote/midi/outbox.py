"""What a device is to show, against what it was told: the newest state of everything, never a queue. So nothing grows, and a cable that stands still for
a while ends up right."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping

APART_S = 0.001           # between two messages: surfaces ask for it
STUCK_S = 2.0             # a device that takes nothing for so long may have lost its power: it is told everything anew


class Outbox:
    """`write` takes what it can of some bytes, and says how many; none where the device takes nothing now."""

    def __init__(self, write: Callable[[bytes], int]) -> None:
        self._write = write
        self._wanted: dict[Hashable, bytes] = {}
        self._told: dict[Hashable, bytes] = {}
        self._due: dict[Hashable, bytes] = {}
        self._flares: dict[Hashable, bytes] = {}       # meters: worth something only now
        self._rest = b""                               # of a message of which the device has the beginning
        self._next = self._took = 0.0
        self.stuck = False

    def show(self, wanted: Mapping[Hashable, bytes]) -> None:
        """All of it; what is told first comes first."""
        self._wanted = dict(wanted)
        self._due = {key: content for key, content in self._wanted.items() if self._told.get(key) != content}

    def flare(self, messages: Mapping[Hashable, bytes]) -> None:
        """Told once, where nothing else is to be told."""
        self._flares = dict(messages)

    def forget(self, keys: Iterable[Hashable] | None = None) -> None:
        """The device no longer shows what it was told: all, or these."""
        for key in tuple(self._told) if keys is None else keys:
            self._told.pop(key, None)
        self._due = {key: content for key, content in self._wanted.items() if self._told.get(key) != content}

    def mark(self, key: Hashable, content: bytes) -> None:
        """The device itself says that: till the next `show` that is right."""
        self._told[key] = self._wanted[key] = content
        self._due.pop(key, None)

    def told(self, key: Hashable) -> bytes | None:
        return self._told.get(key)

    @property
    def busy(self) -> bool:
        return bool(self._rest or self._due or self._flares)

    def due(self) -> float | None:
        """When to send next, by the clock of `send`."""
        return self._next if self.busy else None

    def send(self, now: float) -> None:
        """The next message, where it is time for one."""
        if not self.busy or now < self._next:
            if not self.busy:
                self._took, self.stuck = now, False
            return
        self._next = now + APART_S
        if not self._rest:
            pool = self._due or self._flares
            key = next(iter(pool))
            self._rest = pool.pop(key)
            if pool is self._due:
                self._told[key] = self._rest
        if took := self._write(self._rest):
            self._rest, self._took, self.stuck = self._rest[took:], now, False
        else:
            self._next = now + 20 * APART_S
            self._flares = {}
            if not self.stuck and now - self._took >= STUCK_S:
                self.stuck, self._rest = True, self._rest[:0] if self._whole() else self._rest
                self.forget()

    def _whole(self) -> bool:
        """Whether the device has nothing of the message that waits."""
        return self._rest[:1] >= b"\x80"
