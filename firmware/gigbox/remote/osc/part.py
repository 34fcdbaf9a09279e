"""OSC as a part of `gigbox remote`: one port for the dialect and for the box's own tree, and for those who asked to be told."""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from gigbox import ports
from gigbox.errors import MachineError
from gigbox.remote.mirror import Mirror, Number
from gigbox.remote.osc import own_tree, wire
from gigbox.remote.osc.clients import Client, Clients, Where
from gigbox.remote.osc.dialect import Dialect
from gigbox.remote.osc.door import Door, host
from gigbox.remote.osc.laws import Wire
from gigbox.remote.osc.meters import Meters
from gigbox.remote.osc.own_tree import METERS, ROOT, OwnTree
from gigbox.remote.osc.snapshots import Snapshots

TURN_S = 0.25                 # a turn waits no longer
TELLS = 100                   # addresses that one client is told in a turn; the next comes AFTER_S later, so that a phone can follow
AFTER_S = 0.01
REPORT, REPORT_S = "osc", 2.0     # how many apps there are, told no more often than that
LATER = 64                    # answers of the desk that wait for a turn


class Osc:
    """`turn` waits for datagrams and changes, and answers. All in one thread; the mirror's only notes what changed."""

    name = "osc"

    def __init__(self, mirror: Mirror, rack: Path, port: int | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        """MachineError where the port cannot be had."""
        self.clients = Clients(clock)
        self._clock, self._mirror = clock, mirror
        self.door = Door(_port() if port is None else port, self.clients.forget, clock)
        self._meters = Meters(rack, clock)
        self._lock, self._changed, self._fresh = threading.Lock(), dict[str, None](), dict[str, None]()
        self._answers: deque[tuple[Any, ...]] = deque(maxlen=LATER)
        self._closed = False
        self._counted, self._counted_at = -1, clock() - REPORT_S
        self._snapshots = Snapshots(mirror, self._note_addresses, clock)
        self._dialect = Dialect(mirror, self._snapshots, self._meters, self.clients, self._say, self.door.own_address, clock)
        self._own = OwnTree(mirror, self._snapshots, self.clients, self._say, self._note_answer, clock)
        self._unlisten = mirror.listen(self._note)

    def turn(self) -> None:
        self.door.wait(self._wait_s())
        for datagram, where in self.door.datagrams():
            self._hear(datagram, where)
        self._take()
        self.clients.pass_time()
        for client in self.clients:
            self._tell(client)
        self._count()

    def close(self) -> None:
        self._unlisten()
        self._report(0)
        with self._lock:
            self._closed = True
            self.door.close()

    def _hear(self, datagram: bytes, where: Where) -> None:
        """What cannot be understood is passed over: to answer it would be to answer anybody."""
        by = f"osc:{host(where)}"
        self.clients.known(where)
        try:
            for n, message in enumerate(wire.read(datagram)):
                if n and not self.door.may_ask(where):
                    return
                (self._own if message.address.startswith(ROOT) else self._dialect).hear(where, by, message)
        except (ValueError, OverflowError):
            return

    def _note(self, values: Mapping[str, Number], by: str) -> None:
        with self._lock:
            self._changed.update(dict.fromkeys(values))
            self._wake()

    def _note_addresses(self, addresses: Iterable[str]) -> None:
        with self._lock:
            self._fresh.update(dict.fromkeys(addresses))
            self._wake()

    def _note_answer(self, where: Where, address: str, *args: Wire) -> None:
        with self._lock:
            self._answers.append((where, address, *args))
            self._wake()

    def _wake(self) -> None:
        if not self._closed:
            self.door.wake()

    def _take(self) -> None:
        """What changed since the last turn, to those who follow it."""
        with self._lock:
            paths, self._changed = self._changed, {}
            fresh, self._fresh = self._fresh, {}
            answers = tuple(self._answers)
            self._answers.clear()
        for answer in answers:
            self._say(*answer)
        if fresh or paths:
            self.clients.changed({**fresh, **self._dialect.console.of(paths)})
        for client in self.clients if paths else ():
            for pattern in client.watching:
                client.fresh.update({ROOT + path: None for path in paths if own_tree.means(pattern, path)})

    def _tell(self, client: Client) -> None:
        """What it does not know yet, and what it is told again and again."""
        now = self._clock()
        for name, stream in client.streams.items():
            if now >= stream.next:
                stream.next = max(stream.next + stream.every_s, now)
                told = self._dialect.stream(stream) if stream.what != METERS else None
                self._beat(client.where, name, told)
                if told is not None and not isinstance(told, bytes):
                    client.tell(name, told, now)
        for address in client.due(now)[:TELLS]:
            told = self._look(address)
            if told is not None and client.told.get(address) != told:
                if not self._say(client.where, address, told):
                    return
                client.tell(address, told, now)
            del client.fresh[address]
            client.resting.pop(address, None)

    def _beat(self, where: Where, name: str, told: bytes | Wire | None) -> None:
        if name == METERS:
            self._say(where, f"{METERS}/strips", *self._meters.strips())
            self._say(where, f"{METERS}/outs", *self._meters.outs())
        elif told is not None:
            self._say(where, name, told)

    def _look(self, address: str) -> Wire | None:
        return self._own.look(address.removeprefix(ROOT)) if address.startswith(ROOT) else self._dialect.look(address)

    def _count(self) -> None:
        """How many apps there are, for people to see."""
        hosts = len({host(client.where) for client in self.clients})
        if hosts != self._counted and self._clock() - self._counted_at >= REPORT_S:
            self._counted, self._counted_at = hosts, self._clock()
            self._report(hosts)

    def _report(self, hosts: int) -> None:
        self._mirror.ask(lambda desk: desk.post(REPORT, {"apps": hosts}), lambda why: None)

    def _wait_s(self) -> float:
        now, soonest = self._clock(), TURN_S
        for client in self.clients:
            if client.fresh:
                soonest = min(soonest, AFTER_S)
            for stream in client.streams.values():
                soonest = min(soonest, stream.next - now)
        return soonest

    def _say(self, where: Where, address: str, *args: Wire | bytes) -> bool:
        """Whether it is on its way."""
        return self.door.send(wire.write(address, *args), where)


def _port() -> int:
    """As the environment says, for a machine where another program has it."""
    said = os.environ.get(ports.OSC_VARIABLE, "")
    if not said:
        return ports.OSC
    if not said.isascii() or not said.isdecimal() or not 0 < int(said) < 1 << 16:
        raise MachineError(f"{ports.OSC_VARIABLE}: {said[:20]!r}, expected a port, 1 to 65535")
    return int(said)
