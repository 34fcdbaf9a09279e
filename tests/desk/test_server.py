"""The desk on a real socket: everybody sees everybody's changes, and nobody can break or block it."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import pytest

from gigbox.desk import connection, requests, server
from gigbox.desk.client import Client
from gigbox.desk.feed import Feed, Rack
from gigbox.desk.journal import Journal
from gigbox.desk.reports import Reports
from gigbox.desk.scenes import Scenes
from gigbox.desk.server import RackFile, Server, listen
from gigbox.desk.state import Desk
from gigbox.errors import DiskError, MachineError, RackError

from .fakes import Box, FakeRack, Inline

LEVEL = "strip/3/level"


class Line:
    """A client down to the bytes."""

    def __init__(self, path: Path) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(5)
        self.sock.connect(str(path))
        self.file = self.sock.makefile("rb")

    def say(self, what: object) -> None:
        self.sock.sendall(what if isinstance(what, bytes) else json.dumps(what).encode() + b"\n")

    def hear(self) -> dict[str, Any]:
        heard: dict[str, Any] = json.loads(self.file.readline())
        return heard

    def ask(self, what: object) -> dict[str, Any]:
        self.say(what)
        return self.hear()

    def close(self) -> None:
        self.file.close()
        self.sock.close()


class Turned:
    """A server that is turned by hand, at a time given by hand."""

    def __init__(self, folder: Path, room: int = 8192, card: Executor | None = None) -> None:
        self.now = 100.0
        self.path = folder / "desk.sock"
        self.rack = FakeRack(room)
        self.warnings: list[str] = []
        threads = iter([card or Inline(), Inline()])           # for the card, and for what is full
        self.journal = Journal(folder / "journal", self.warnings.append, desk=Desk(lambda: self.now), threads=lambda: next(threads))
        self.listener = listen(self.path)
        desk = self.journal.load()
        self.server = Server(desk, self.journal, Scenes(folder / "scenes"), Reports(folder / "reports"), Feed(self.rack, desk.values),
                             self.listener, lambda: self.now, lambda: self.now)
        self.lines: list[Line] = []

    def line(self) -> Line:
        self.lines.append(Line(self.path))
        self.server.turn(0)
        return self.lines[-1]

    def ask(self, line: Line, what: object) -> dict[str, Any]:
        line.say(what)
        self.server.turn(0)
        return line.hear()

    def close(self) -> None:
        for line in self.lines:
            line.close()
        self.server.close()
        self.listener.close()


@pytest.fixture
def line(box: Box) -> Iterator[Callable[[], Line]]:
    made: list[Line] = []

    def make() -> Line:
        made.append(connected(box.socket))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def turned(tmp_path: Path) -> Iterator[Turned]:
    made = Turned(tmp_path)
    yield made
    made.close()


def connected(path: Path) -> Line:
    until = time.monotonic() + 5
    while True:
        try:
            return Line(path)
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.005)


def test_a_watch_gives_the_present_first_and_then_every_change_of_others(line: Callable[[], Line]) -> None:
    ann, bob = line(), line()
    bob.ask({"get": "main"})
    assert ann.ask({"watch": ["strip/3", "main/level"], "id": 1})["ok"][LEVEL] == {"hand": None, "auto": None, "value": 0.0}
    assert bob.ask({"set": {LEVEL: -3, "strip/4/level": -9}, "by": "bob"}) == {"ok": {"changed": 2, "action": 1}}
    assert ann.hear() == {"changed": {LEVEL: {"hand": -3.0, "auto": None, "value": -3.0}}, "by": "bob", "layer": "hand", "why": ""}
    bob.ask({"auto": {"main/level": -1}, "why": "crest too small", "by": "brain"})
    assert ann.hear() == {"changed": {"main/level": {"hand": None, "auto": -1.0, "value": -1.0}}, "by": "brain", "layer": "auto", "why": "crest too small"}
    bob.ask({"lock": "strip/3/level", "by": "bob"})
    assert ann.hear()["changed"] == {LEVEL: {"hand": -3.0, "auto": None, "value": -3.0, "locked": True}}


def test_who_sets_is_answered_and_told(line: Callable[[], Line]) -> None:
    ann = line()
    ann.ask({"watch": "*"})
    assert ann.ask({"set": {LEVEL: -3}})["ok"]["changed"] == 1
    assert ann.hear()["changed"][LEVEL]["value"] == -3


def test_garbage_is_answered_and_the_connection_stays(line: Callable[[], Line]) -> None:
    ann = line()
    for garbage in (b"{\n", b"\xff\xfe\n", b"[]\n", b"\x00\n", b'{"set": {"strip/3/level": NaN}}\n', b"[" * 5000 + b"\n"):
        assert "error" in ann.ask(garbage)
    ann.say(b"\n  \n\r\n")                                     # blank lines are no requests
    assert "ok" in ann.ask({"get": LEVEL})


def test_a_request_may_come_in_pieces_or_many_at_once(line: Callable[[], Line]) -> None:
    ann = line()
    for byte in b'{"get": "main/level", "id": 1}\n':
        ann.say(bytes([byte]))
    assert ann.hear()["id"] == 1
    ann.say(b"".join(b'{"get": "main/level", "id": %d}\n' % number for number in range(500)))
    assert [ann.hear()["id"] for _ in range(500)] == list(range(500))


@pytest.mark.parametrize("size", [(1 << 20) + 1, 3 << 20])
def test_a_huge_line_is_refused_once_and_skipped(line: Callable[[], Line], size: int) -> None:
    ann = line()
    ann.say(b"x" * size + b"\n")
    assert ann.hear() == {"error": "request: longer than 1048576 bytes", "cause": "RequestError"}
    assert "ok" in ann.ask({"get": LEVEL})


def test_a_client_that_hangs_up_in_the_middle_disturbs_nobody(line: Callable[[], Line]) -> None:
    ann, bob = line(), line()
    ann.ask({"watch": "*"})
    bob.ask({"watch": "*"})
    ann.say(b'{"set": {"strip')
    ann.close()
    bob.ask({"set": {LEVEL: -3}})
    assert bob.hear()["changed"][LEVEL]["value"] == -3


def test_a_slow_client_gets_the_newest_of_each_path_and_blocks_nobody(turned: Turned) -> None:
    slow, quick = turned.line(), turned.line()
    turned.ask(slow, {"watch": "strip"})
    turned.ask(quick, {"get": "main"})
    steps = 5000
    for step in range(steps):
        turned.ask(quick, {"set": {LEVEL: -step / 100, "strip/4/level": -step / 200}})
    slow_side = next(iter(turned.server._connections.values()))
    assert len(slow_side._outbox) < connection.FULL + 1000
    told = []
    while not told or told[-1][LEVEL]["value"] != -(steps - 1) / 100:
        turned.server.turn(0)
        told.append(slow.hear()["changed"])
    assert len(told) < steps
    assert told[-1]["strip/4/level"]["value"] == -(steps - 1) / 200


def test_a_client_that_never_reads_is_let_go(turned: Turned) -> None:
    slow, quick = turned.line(), turned.line()
    turned.ask(slow, {"watch": "strip"})
    turned.ask(quick, {"get": "main"})
    for step in range(300):
        turned.ask(quick, {"set": {f"strip/{n}/level": -step / 10 for n in range(1, 33)}})
    for moment in (0, 5, connection.STALLED_S):
        turned.server.tick(100 + moment)
        assert len(turned.server._connections) == 2
    turned.server.tick(100.1 + connection.STALLED_S)
    assert len(turned.server._connections) == 1
    assert turned.ask(quick, {"get": LEVEL})["ok"]


def test_a_client_that_asks_and_never_reads_is_not_heard_until_it_does(turned: Turned) -> None:
    greedy, other = turned.line(), turned.line()
    greedy.say(b'{"get": "*"}\n' * 40)
    for _ in range(20):
        turned.server.turn(0)
    side = next(iter(turned.server._connections.values()))
    assert connection.PILED <= len(side._outbox) < connection.PILED + 400_000
    assert turned.ask(other, {"get": LEVEL})["ok"]
    heard = 0
    greedy.sock.setblocking(False)
    for _ in range(5000):                                    # as soon as it reads, all are answered
        turned.server.turn(0)
        with contextlib.suppress(BlockingIOError):
            heard += greedy.sock.recv(1 << 20).count(b"\n")
    assert heard == 40


@pytest.mark.parametrize(("ask", "reads"), [
    (lambda client: client.scenes(), (Scenes, "names")), (lambda client: client.past(time.time()), (requests, "earlier")),
    (lambda client: client.back(time.time()), (requests, "earlier"))])
def test_a_card_that_cannot_be_read_fails_who_asks_and_not_the_desk(
        box: Box, connect: Callable[..., Client], monkeypatch: pytest.MonkeyPatch, ask: Callable[[Client], object], reads: tuple[Any, str]) -> None:
    def bad_block(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(*reads, bad_block)
    with pytest.raises(DiskError, match=r"^card: Input/output error, expected one that can be read$"):
        ask(client := connect("ann", timeout=1.0))
    client.set({"strip/1/level": -3.0})


def test_the_engine_is_told_what_is_heard(turned: Turned) -> None:
    ann = turned.line()
    turned.ask(ann, {"get": "main"})
    turned.ask(ann, {"auto": {LEVEL: -2, "strip/3/role": "kick"}, "why": "x"})
    turned.rack.queue.clear()
    turned.ask(ann, {"set": {"box/depth": 50, "strip/3/name": "Anna"}})
    told = dict(turned.rack.queue)
    assert told == {server.INDEX["box/depth"]: 50.0, server.INDEX[LEVEL]: -1.0}


def test_a_full_queue_is_filled_up_on_later_turns(tmp_path: Path) -> None:
    turned = Turned(tmp_path, room=1)
    ann = turned.line()
    turned.ask(ann, {"get": "main"})
    turned.ask(ann, {"set": {LEVEL: -3, "strip/4/level": -4}})
    for _ in range(3):
        turned.rack.drain()
        turned.server.turn(0)
    assert [turned.rack.values()[server.INDEX[path]] for path in (LEVEL, "strip/4/level")] == [-3, -4]
    turned.close()


def test_the_journal_has_a_change_before_the_engine(turned: Turned, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    write, push = turned.server._journal.write, turned.rack.push
    monkeypatch.setattr(turned.server._journal, "write", lambda *args: (order.append("journal"), write(*args)))
    monkeypatch.setattr(turned.rack, "push", lambda *args: order.append("engine") is None and push(*args))
    ann = turned.line()
    turned.ask(ann, {"get": "main"})
    turned.ask(ann, {"set": {LEVEL: -3}})
    assert order == ["journal", "engine"]


def test_the_socket_is_for_this_user_alone(box: Box) -> None:
    connected(box.socket).close()
    assert box.socket.stat().st_mode & 0o777 == 0o600


def test_a_second_desk_is_refused_and_a_dead_one_s_socket_replaced(tmp_path: Path) -> None:
    path = tmp_path / "desk.sock"
    first = listen(path)
    with pytest.raises(MachineError) as caught:
        listen(path)
    assert str(caught.value) == f"desk: already running at {path}"
    first.close()                                            # as a kill leaves it: a file, and nobody behind it
    assert path.exists()
    listen(path).close()


def test_a_place_where_no_socket_can_be_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("precious")
    for path, reason in ((tmp_path / "file", "Address already in use"), (tmp_path / "no/where", "No such file or directory"),
                         (tmp_path / ("x" * 200), "AF_UNIX path too long")):
        with pytest.raises(MachineError) as caught:
            listen(path)
        assert str(caught.value) == f"desk: {path}: {reason}, expected a place for a socket"
    assert (tmp_path / "file").read_text() == "precious"


def test_a_stopped_desk_leaves_no_socket_and_comes_back_the_same(box: Box, connect: Callable[..., Client]) -> None:
    connect().set({LEVEL: -3, "strip/3/name": "Anna"})
    box.stop()
    assert not box.socket.exists()
    box.rack = FakeRack()
    box.start()
    back = connect().get(LEVEL, "strip/3/name")
    assert (back[LEVEL].value, back["strip/3/name"].value) == (-3.0, "Anna")
    assert box.rack.queue == [(server.INDEX[LEVEL], -3.0)]
    assert box.warnings == []


def test_the_rack_is_found_when_it_comes_and_anew_when_it_was_replaced(tmp_path: Path) -> None:
    path, warnings = tmp_path / "rack", []
    mapped: list[Rack] = []

    def map_rack(_: Path) -> Rack:
        if path.read_text() == "bad":
            raise RackError("rack: not a rack")
        mapped.append(FakeRack())
        return mapped[-1]

    find = RackFile(path, map_rack, warnings.append)
    assert find() is None
    path.write_text("bad")
    assert [find(), find(), warnings] == [None, None, ["rack: not a rack"]]
    path.write_text("good")
    assert find() is find() is mapped[0]
    (tmp_path / "new").write_text("good")
    (tmp_path / "new").rename(path)
    assert find() is find() is mapped[1]


def test_an_engine_whose_rack_lost_its_name_is_still_told(tmp_path: Path) -> None:
    """As when the last session of a user ends, who is at the mixer by a phone: /run/user/UID goes, and the box plays on."""
    (tmp_path / "rack").write_text("good")
    find = RackFile(tmp_path / "rack", lambda _: FakeRack(), print)
    rack = find()
    with (tmp_path / "rack").open():            # as who maps it does: its number is not given again
        (tmp_path / "rack").unlink()
        assert rack is not None
        assert find() is rack
        (tmp_path / "rack").write_text("another engine's")
        assert find() not in (None, rack)


ALONE = """
import sys
from pathlib import Path
from gigbox.desk.server import serve
serve(Path(sys.argv[1]) / "state", Path(sys.argv[1]) / "desk.sock", lambda: None, lambda: False, print)
"""


def alone(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", ALONE, str(folder)], env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})


def test_a_desk_killed_while_it_writes_comes_back_with_all_it_answered(tmp_path: Path) -> None:
    answered = -1
    for round_ in range(3):
        desk = alone(tmp_path)
        ann = connected(tmp_path / "desk.sock")
        level = ann.ask({"get": LEVEL})["ok"][LEVEL]["value"]
        assert level in (-answered / 100, -(answered + 1) / 100) or round_ == 0
        ann.sock.settimeout(2)
        begin, steps = answered + 1, 150 + 40 * round_
        for step in range(begin, begin + steps):
            if step == begin + steps - 1:
                ann.say({"set": {LEVEL: -step / 100, "strip/4/level": -step / 100}})
                desk.send_signal(signal.SIGKILL)             # in the middle of it
                break
            assert "ok" in ann.ask({"set": {LEVEL: -step / 100, "strip/4/level": -step / 100}})
            answered = step
        assert desk.wait(5) == -signal.SIGKILL
        ann.close()
    desk = alone(tmp_path)
    ann = connected(tmp_path / "desk.sock")
    told = ann.ask({"get": [LEVEL, "strip/4/level"]})["ok"]
    assert told[LEVEL] == told["strip/4/level"]               # a request is never half there
    ann.close()
    desk.kill()
    desk.wait(5)


PROGRAM = """
import sys
from pathlib import Path
from gigbox.desk.server import run
folder = Path(sys.argv[1])
run(folder / "state", folder / "desk.sock", folder / "rack")
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_program_ends_cleanly_when_told_to(tmp_path: Path, number: int) -> None:
    (tmp_path / "state").mkdir()
    desk = subprocess.Popen([sys.executable, "-c", PROGRAM, str(tmp_path)], env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    ann = connected(tmp_path / "desk.sock")
    ann.ask({"get": LEVEL})
    ann.ask({"set": {LEVEL: -3}})
    desk.send_signal(number)
    assert desk.wait(5) == 0
    ann.close()
    assert not (tmp_path / "desk.sock").exists()
    back = Journal(tmp_path / "state/journal", print)
    assert back.load().layer(LEVEL, "hand") == -3
    back.close(0)


def test_a_real_rack_is_told_what_the_desk_has(tmp_path: Path) -> None:
    pytest.importorskip("gigbox._core", exc_type=ImportError)
    from gigbox.rack import Rack as Mapped
    path = tmp_path / "rack"
    engine = Mapped(path, 16)
    feed = Feed(RackFile(path, lambda path: Mapped(path, owner="desk"), print)(), server.Desk().values)
    assert engine.c.queue_tail == 0                          # a new rack has the table's defaults: nothing to tell
    desk = server.Desk()
    desk.set({LEVEL: -3}, "ann", 0)
    feed.tell([server.INDEX[LEVEL]], desk.values)
    assert (engine.c.queue_tail, engine.c.queue[0].index, engine.c.queue[0].value) == (1, server.INDEX[LEVEL], -3.0)
    engine.values()[server.INDEX["main/level"]] = -1         # what an engine has otherwise
    feed.attach(Mapped(path, owner="desk"))
    assert {engine.c.queue[n].index for n in range(1, engine.c.queue_tail)} == {server.INDEX[LEVEL], server.INDEX["main/level"]}
