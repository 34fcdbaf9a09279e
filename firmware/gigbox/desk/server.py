"""The desk as a program: clients on a Unix socket, the journal on one side, the engine's queue on the other. One thread,
which never waits for the card."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import selectors
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, cast

from gigbox.desk.connection import Connection, Gone
from gigbox.desk.feed import Feed, Rack
from gigbox.desk.glides import STEP_S
from gigbox.desk.journal import Journal
from gigbox.desk.knobs import Knobs
from gigbox.desk.paths import ATTENDED, HELD, INDEX
from gigbox.desk.peer import peer_of, stranger
from gigbox.desk.reports import Reports
from gigbox.desk.requests import Answer, Later, Requests
from gigbox.desk.scenes import Scenes
from gigbox.desk.state import Desk, Outcome
from gigbox.desk.telling import tell
from gigbox.desk.vitals import Vitals
from gigbox.desk.waiting import Waiting
from gigbox.errors import GigboxError, MachineError
from gigbox.pulse import Pulse
from gigbox.stopping import Stopping
from gigbox.streams import say

TICK_S = 0.1
SOON_S = 0.01                 # how long a full queue waits for another turn
CLIENTS = 64

OpenRack = Callable[[], Rack | None]


class Server:
    """Turns requests into changes, and tells them to the journal, the engine and everybody who watches, in this order."""

    def __init__(self, desk: Desk, journal: Journal, scenes: Scenes, reports: Reports, feed: Feed, listener: socket.socket,
                 clock: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic, knobs: Knobs | None = None,
                 vitals: Vitals | None = None) -> None:
        self.desk = desk
        self.feed = feed
        self._journal, self._vitals = journal, vitals
        self._requests = Requests(desk, scenes, reports, lambda: round(clock(), 3), self._own(), journal.folder)
        self._waiting, self._knobs, self._clock = Waiting(), knobs, clock
        self._listener = listener
        self._monotonic = monotonic
        self._connections: dict[int, Connection] = {}
        self._selector = selectors.DefaultSelector()
        listener.setblocking(False)
        if vitals:
            vitals.tick(monotonic())
        for wakes in (listener, self._waiting.wakes):
            self._selector.register(wakes, selectors.EVENT_READ)
        self._let_go(HELD)             # by those who were there when the desk before this one ended
        if journal.rebooted:
            self._let_go(ATTENDED, "the box started anew")

    def turn(self, timeout: float) -> None:
        """Waits for clients at most so long, answers what has come, tells what changed."""
        for key, events in self._selector.select(self._patience(timeout)):
            connection = self._connections.get(key.fd)
            if connection is None:
                if key.fileobj is self._listener:
                    self._accept()
            elif events & selectors.EVENT_READ:
                with self._dropping(connection):
                    connection.receive()
        for connection, answer in self._waiting.ended():
            self._finish(connection, answer)
        for connection in tuple(self._connections.values()):
            self._answer(connection)
        if self._knobs and (turned := self._knobs.step(self.desk, round(self._clock(), 3), self._monotonic())):
            self._spread(turned)
        told = functools.cache(lambda path: json.dumps(tell(self.desk, path), separators=(",", ":")))
        for connection in tuple(self._connections.values()):
            self._send(connection, told)
        if self.feed.glides:
            self.feed.go_on(self._monotonic())
        self.feed.flush()
        self._journal.tick(self._monotonic())

    def tick(self, now: float) -> None:
        """Call each 100 ms: looks after the engine, and lets go of clients that do not read."""
        self.feed.check()
        if self._vitals:
            self._vitals.tick(now)
        for connection in tuple(self._connections.values()):
            if connection.stalled(now):
                self._drop(connection)

    def close(self) -> None:
        """Lets everybody go; all that was changed is on disk. Who ends a box ends its test sound: it is not what it begins with the next evening."""
        self._let_go(ATTENDED, "the box was stopped")
        for connection in tuple(self._connections.values()):
            self._drop(connection)
        self._selector.close()
        self._waiting.close()
        for beside in (self._knobs, self._vitals):
            if beside:
                beside.close()
        self._journal.close(self._monotonic())

    def _own(self) -> dict[str, Callable[[], dict[str, Any]]]:
        """The reports that the desk itself gives."""
        own: dict[str, Callable[[], dict[str, Any]]] = {"desk": self._journal.told}
        if (vitals := self._vitals) is not None:
            own["health"] = lambda: vitals.told([c.reader.who or "somebody" for c in self._connections.values()], self._journal.told())
        return own

    def _accept(self) -> None:
        try:
            sock, _ = self._listener.accept()
        except OSError:
            return
        peer = peer_of(sock)
        why = f"desk: {CLIENTS} clients are here already" if len(self._connections) >= CLIENTS else stranger(peer)
        if why:
            with contextlib.suppress(OSError), sock:
                sock.send(json.dumps({"error": why, "cause": "RequestError"}).encode() + b"\n", socket.MSG_DONTWAIT)
            return
        self._connections[sock.fileno()] = connection = Connection(sock)
        connection.reader.program = peer.program
        self._look(connection, selectors.EVENT_READ)

    def _patience(self, timeout: float) -> float:
        """How long a turn may wait for clients."""
        if any(connection.waits for connection in self._connections.values()):
            return 0
        return min(timeout, SOON_S if self.feed.pending else timeout, STEP_S if self.feed.glides else timeout, self._journal.wait_s(self._monotonic()))

    def _answer(self, connection: Connection) -> None:
        for line in connection.requests():
            answer = self._requests.answer(line, connection.reader)
            if isinstance(answer, Later):
                self._waiting.add(connection, answer)
            else:
                self._finish(connection, answer)

    def _finish(self, connection: Connection, answer: Answer) -> None:
        told, outcome = answer
        self._spread(outcome)
        connection.send(told)

    def _spread(self, outcome: Outcome) -> None:
        if not outcome.events:
            return
        self._journal.write(outcome.events, self._monotonic())
        first, heard = outcome.events[0], [INDEX[path] for path in outcome.paths if path in INDEX]
        if outcome.glides:
            self.feed.glide(heard, self.desk.values, self._monotonic(), self.desk.values[INDEX["box/recall"]])
        else:
            self.feed.tell(heard, self.desk.values, by_hand=first.kind != "auto")
        sources = {e.path: (e.by, e.layer, e.why) for e in reversed(outcome.events)}
        shown = [path for path in outcome.paths if self.desk.serves(path)]
        for connection in self._connections.values():
            for path in shown:
                if path in connection.reader.watched:
                    connection.note(path, sources.get(path, (first.by, first.layer, first.why)))

    def _send(self, connection: Connection, told: Callable[[str], str]) -> None:
        with self._dropping(connection):
            connection.tell(told)
            connection.flush()
            self._look(connection, selectors.EVENT_READ * connection.wants_read | selectors.EVENT_WRITE * connection.wants_write)

    def _look(self, connection: Connection, events: int) -> None:
        """What of a client is waited for; nothing while it has requests to be answered, or waits for the card itself."""
        if events and connection.events:
            self._selector.modify(connection.sock, events)
        elif events:
            self._selector.register(connection.sock, events)
        elif connection.events:
            self._selector.unregister(connection.sock)
        connection.events = events

    @contextlib.contextmanager
    def _dropping(self, connection: Connection) -> Iterator[None]:
        try:
            yield
        except Gone:
            self._drop(connection)

    def _drop(self, connection: Connection) -> None:
        del self._connections[connection.sock.fileno()]
        self._look(connection, 0)
        connection.sock.close()
        self._let_go(path for path in connection.reader.held if not any(path in other.reader.held for other in self._connections.values()))

    def _let_go(self, held: Iterable[str], *why: str) -> None:
        self._spread(self.desk.let_go(held, "desk", round(self._clock(), 3), *why))


def listen(path: Path) -> socket.socket:
    """The desk's socket, for this user alone. What a killed desk left is replaced; MachineError where a desk is alive."""
    listener = socket.socket(socket.AF_UNIX)
    try:
        with contextlib.suppress(FileNotFoundError, ConnectionRefusedError), socket.socket(socket.AF_UNIX) as probe:
            probe.connect(str(path))
            raise MachineError(f"desk: already running at {path}")
        if path.is_socket():
            path.unlink()
        mask = os.umask(0o177)
        try:
            listener.bind(str(path))
        finally:
            os.umask(mask)
        listener.listen(CLIENTS)
    except OSError as e:
        listener.close()
        raise MachineError(f"desk: {path}: {e.strerror or e}, expected a place for a socket") from None
    except MachineError:
        listener.close()
        raise
    return listener


def serve(state_dir: Path, socket_path: Path, open_rack: OpenRack, stopping: Callable[[], bool], warn: Callable[[str], None],
          beat: Callable[[], None] = lambda: None, knobs: Knobs | None = None, vitals: Vitals | None = None) -> None:
    """Runs the desk until `stopping`, with a `beat` each turn. `open_rack` is asked each tick and gives the engine's rack, anew where it was replaced;
    `knobs` are those of the card, `vitals` its health."""
    journal = Journal(state_dir / "journal", warn)
    try:
        listener = listen(socket_path)
    except MachineError:
        journal.close(time.monotonic())
        raise
    desk = journal.load()
    rack = open_rack()
    server = Server(desk, journal, Scenes(state_dir / "scenes"), Reports(state_dir / "reports"), Feed(rack, desk.values), listener,
                    knobs=knobs, vitals=vitals)
    ticked = time.monotonic()
    try:
        while not stopping():
            beat()
            server.turn(max(ticked + TICK_S - time.monotonic(), 0))
            if (now := time.monotonic()) - ticked >= TICK_S:
                ticked = now
                if (found := open_rack()) is not rack:
                    rack = found
                    server.feed.attach(rack)
                server.tick(now)
    finally:
        socket_path.unlink(missing_ok=True)
        listener.close()
        server.close()


class RackFile:
    """Finds the engine's rack, and the new one where its file was replaced. `map_rack` maps a path or raises a GigboxError."""

    def __init__(self, path: Path, map_rack: Callable[[Path], Rack], warn: Callable[[str], None]) -> None:
        self._path = path
        self._map = map_rack
        self._warn = warn
        self._rack: Rack | None = None
        self._file: tuple[int, int] | None = None
        self._trouble = ""

    def __call__(self) -> Rack | None:
        """The rack of now; None while there is none that can be used, or was."""
        try:
            stat = self._path.stat()
            if self._rack is not None and self._file == (stat.st_dev, stat.st_ino):
                return self._rack
            self._rack, self._file, self._trouble = self._map(self._path), (stat.st_dev, stat.st_ino), ""
        except FileNotFoundError:
            pass                     # a session that ended took its folder along: who plays has the memory still, and so has this desk
        except (GigboxError, OSError) as e:
            self._rack = None
            if self._trouble != str(e):
                self._trouble = str(e)
                self._warn(self._trouble)
        return self._rack


def run(state_dir: Path, socket: Path, rack_path: Path) -> None:
    """The program: until SIGTERM or SIGINT. It may be killed at any time; it serves before the engine is there, and waits for it."""
    from gigbox.devices import in_use
    from gigbox.devices.alsa import library
    from gigbox.devices.panel import Panel
    from gigbox.health import machine
    from gigbox.health.sound import Sound
    from gigbox.rack import Rack as MappedRack

    racks = RackFile(rack_path, lambda path: MappedRack(path, owner="desk"), _warn)
    looked, sound = RackFile(rack_path, MappedRack, lambda line: None), Sound()
    vitals = Vitals(lambda now: sound.look(cast("MappedRack | None", looked()), now), lambda: machine.look(state_dir))
    knobs = Knobs(lambda: in_use.read(rack_path), lambda device: Panel(library(), device), _warn)
    stopping = Stopping().watch_signals()
    serve(state_dir, socket, racks, stopping.is_set, _warn, Pulse().part(), knobs, vitals)


def _warn(line: str) -> None:
    say(f"desk: {line}")
