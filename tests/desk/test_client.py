"""The client: plain calls, the desk's own errors, and a desk that may die at any time."""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from gigbox import errors
from gigbox.desk import changes, client
from gigbox.desk.client import Change, Client, Value
from gigbox.errors import MachineError, RequestError

from .fakes import Box

LEVEL = "strip/3/level"
Connect = Callable[..., Client]


def test_set_get_and_every_other_call(connect: Connect) -> None:
    ann = connect("ann")
    ann.set({LEVEL: -3.0, "strip/3/mute": True})
    assert ann.get(LEVEL, "strip/3/mute") == {LEVEL: Value(-3.0, None, -3.0), "strip/3/mute": Value(True, None, True)}
    assert ann.auto({"strip/4/level": -2, LEVEL: 1}, {"strip/4/level": "covers lead vocal", LEVEL: "too soft"}) == {LEVEL: "touched"}
    assert ann.history(1)[0].items() >= {"by": "ann", "path": "strip/4/level", "why": "covers lead vocal", "new": -2.0}.items()
    ann.save("rock")
    assert ann.keep("strip/4") == 2
    assert ann.release(["strip/*/level"]) == 2
    ann.undo()
    ann.recall("rock", scope="strip/4")
    assert ann.get("strip/4/level")["strip/4/level"] == Value(None, -2.0, -2.0)
    ann.lock("strip/3")
    assert (ann.locks(), ann.get(LEVEL)[LEVEL].locked) == (["strip/3"], True)
    ann.unlock("strip/3")
    assert (ann.locks(), ann.scenes()) == ([], ["rock"])
    ann.delete("rock")
    assert ann.scenes() == []


@pytest.mark.parametrize(("call", "cause", "text"), [
    (lambda c: c.set({LEVEL: 40}), errors.ParamError, "strip/3/level: 40 dB is above 10 dB"),
    (lambda c: c.auto({"strip/3/mute": 0}, "x"), errors.FenceError, "strip/3/mute: auto may not move it, expected a hand"),
    (lambda c: c.recall("rock"), errors.SceneError, "scene 'rock': no such scene"),
    (lambda c: c.undo(), errors.RequestError, "undo: there is nothing to take back"),
    (lambda c: c.watch("strip/99", print), errors.ParamError, "strip/99: no such parameter"),
])
def test_an_error_comes_back_as_its_own_class(connect: Connect, call: Callable[[Client], object], cause: type[Exception], text: str) -> None:
    with pytest.raises(cause) as caught:
        call(connect())
    assert str(caught.value) == text


def test_two_clients_see_each_other(connect: Connect) -> None:
    ann, bob = connect("ann"), connect("bob")
    seen: queue.SimpleQueue[Change] = queue.SimpleQueue()
    bob.watch("strip/3", seen.put)
    present = seen.get(timeout=3)
    assert (present.by, present.values[LEVEL]) == ("", Value(None, None, 0.0))
    ann.set({LEVEL: -3.0, "main/level": -1}, why="too loud")
    assert seen.get(timeout=3) == Change({LEVEL: Value(-3.0, None, -3.0)}, "ann", "hand", "too loud")
    ann.set({LEVEL: -4.0}, by="web:phone-2")
    assert seen.get(timeout=3).by == "web:phone-2"


def test_two_watches_of_one_client_each_get_their_own(connect: Connect) -> None:
    ann = connect()
    strips, mains = [queue.SimpleQueue[Change]() for _ in range(2)]
    ann.watch("strip/3/level", strips.put)
    ann.watch(["main/level", "main/mute"], mains.put)
    assert [set(q.get(timeout=3).values) for q in (strips, mains)] == [{LEVEL}, {"main/level", "main/mute"}]
    ann.set({LEVEL: -3, "main/level": -1})
    assert [set(q.get(timeout=3).values) for q in (strips, mains)] == [{LEVEL}, {"main/level"}]


def test_a_client_outlives_the_desk(box: Box, connect: Connect) -> None:
    ann, bob = connect("ann"), connect("bob")
    seen: queue.SimpleQueue[Change] = queue.SimpleQueue()
    bob.watch(LEVEL, seen.put)
    ann.set({LEVEL: -3.0})
    box.stop()
    threading.Timer(0.1, box.start).start()
    ann.set({LEVEL: -5.0})                                   # waits for the desk and is done once
    told = [seen.get(timeout=3)]
    while told[-1].values[LEVEL].value != -5.0:
        told.append(seen.get(timeout=3))
    assert [change.by for change in told].count("") == 2     # the present: at first, and when the desk was back


def test_an_undo_is_never_asked_twice(tmp_path: Path) -> None:
    asked: list[bytes] = []
    with socket.socket(socket.AF_UNIX) as dying:
        dying.bind(str(tmp_path / "desk.sock"))
        dying.listen(1)

        def greet_and_die() -> None:
            for _ in range(2):
                try:
                    sock, _address = dying.accept()
                except OSError:          # nobody asked again, and the test is over
                    return
                with sock, sock.makefile("rb") as lines:
                    for _greeting in range(2):
                        lines.readline()
                        sock.sendall(b'{"ok": {}}\n')
                    asked.append(lines.readline())

        threading.Thread(target=greet_and_die, daemon=True).start()
        with Client(tmp_path / "desk.sock", timeout=0.5) as ann, pytest.raises(MachineError) as caught:
            ann.undo()
    assert str(caught.value) == "desk: went away while it was asked; look whether it was done"
    assert len([line for line in asked if b"undo" in line]) == 1


def test_a_client_may_start_before_the_desk(tmp_path: Path) -> None:
    box = Box(tmp_path)
    with Client(box.socket, "early", 5) as early:
        threading.Timer(0.1, box.start).start()
        assert early.get(LEVEL)[LEVEL].value == 0
    box.stop()


def test_without_a_desk_a_call_ends_with_one_line(tmp_path: Path) -> None:
    with Client(tmp_path / "desk.sock", timeout=0.1) as alone, pytest.raises(MachineError) as caught:
        alone.get("*")
    assert str(caught.value) == f"desk: not there at {tmp_path}/desk.sock within 0.1 s, expected it to run"


def test_a_desk_that_has_no_room_for_it_says_so(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as full:
        full.bind(str(tmp_path / "desk.sock"))
        full.listen(1)

        def refuse() -> None:
            with contextlib.suppress(OSError):
                while True:
                    sock, _ = full.accept()
                    with sock:
                        sock.recv(1000)
                        sock.sendall(b'{"error": "desk: 64 clients are here already", "cause": "RequestError"}\n')

        threading.Thread(target=refuse, daemon=True).start()
        with Client(tmp_path / "desk.sock", timeout=0.3) as waiting, pytest.raises(MachineError, match=r"^desk: 64 clients are here already$"):
            waiting.get("*")


def test_a_desk_that_does_not_answer_ends_with_one_line(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as mute:
        mute.bind(str(tmp_path / "desk.sock"))
        mute.listen(1)

        def greet_only() -> None:
            sock, _ = mute.accept()
            with sock, contextlib.suppress(OSError):
                for _greeting in range(2):
                    sock.recv(1000)
                    sock.sendall(b'{"ok": {}}\n')
                while sock.recv(1000):
                    pass

        threading.Thread(target=greet_only, daemon=True).start()
        with Client(tmp_path / "desk.sock", timeout=0.2) as waiting, pytest.raises(MachineError, match=r"^desk: no answer within 0.2 s$"):
            waiting.get("*")


def test_a_callback_may_not_ask_and_its_mistakes_stop_nobody(connect: Connect, capsys: pytest.CaptureFixture[str]) -> None:
    ann = connect()
    caught: queue.SimpleQueue[str] = queue.SimpleQueue()

    def asks(_: Change) -> None:
        try:
            ann.get(LEVEL)
        except RequestError as e:
            caught.put(str(e))
            raise

    ann.watch(LEVEL, asks)
    assert caught.get(timeout=3) == "client: asked in a watch's callback, expected any other thread"
    assert ann.get(LEVEL)


def test_many_threads_share_one_client(connect: Connect) -> None:
    ann = connect()
    wrong: list[object] = []

    def work(strip: int) -> None:
        for step in range(40):
            ann.set({f"strip/{strip}/level": -step})
            if (value := ann.get(f"strip/{strip}/level")[f"strip/{strip}/level"].value) != -step:
                wrong.append((strip, step, value))

    threads = [threading.Thread(target=work, args=(strip,)) for strip in range(1, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert wrong == []


def test_changes_are_an_iterator_that_ends_with_the_client(connect: Connect) -> None:
    ann = connect("ann")
    changes = ann.changes(LEVEL)
    assert next(changes).by == ""
    ann.set({LEVEL: -3})
    assert next(changes) == Change({LEVEL: Value(-3.0, None, -3.0)}, "ann", "hand", "")
    ann.close()
    assert list(changes) == []
    with pytest.raises(MachineError, match=r"^desk: this client is closed$"):
        ann.get(LEVEL)


def test_a_loop_that_is_slower_than_the_changes_gets_the_newest_of_each_path(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "UNREAD", 10)
    ann = connect("ann")
    loop = ann.changes(LEVEL)
    next(loop)
    for step in range(50):
        ann.set({LEVEL: -step})
    told = [next(loop)]
    while told[-1].values[LEVEL].value != -49:
        told.append(next(loop))
    assert len(told) <= 11


def test_a_loop_that_ends_watches_no_longer(connect: Connect) -> None:
    ann = connect("ann")
    for _ in range(5):
        loop = ann.changes(LEVEL)
        next(loop)
        loop.close()      # type: ignore[attr-defined]
    assert ann._watches == []


@pytest.mark.parametrize("told", [{"a": {1, 2}}, {"a": "deep"}])
def test_what_is_no_json_is_one_line_and_reaches_no_desk(connect: Connect, told: dict[str, object]) -> None:
    if told["a"] == "deep":
        nested: list[object] = []
        for _ in range(5000):
            nested = [nested]
        told = {"a": nested}
    with pytest.raises(RequestError, match=r"^client: .*, expected a plain JSON object$"):
        connect().post("x", told)


def test_a_machine_without_a_socket_to_spare_for_a_moment_is_asked_again(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def scarce(family: int) -> socket.socket:
        asked.append(family)
        if len(asked) < 3:
            raise OSError(24, "Too many open files")
        return socket.socket(family)

    monkeypatch.setattr(client, "socket", SimpleNamespace(**{**vars(socket), "socket": scarce}))
    assert connect("web").get(LEVEL)[LEVEL].value == 0.0
    assert len(asked) == 3


@pytest.mark.parametrize(("value", "text"), [
    (10 ** 19, "client: 10000000000000000000... is out of all bounds, expected a plain JSON object"),
    ([[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]], "client: nested deeper than 32, expected a plain JSON object"),
    ("a\0b", "request: a text with NUL or half of a surrogate pair in it, expected one JSON object a line"),
])
def test_what_the_desk_could_not_read_is_refused_at_once(connect: Connect, value: object, text: str) -> None:
    """It would answer nobody, and everybody on that line would wait."""
    with pytest.raises(RequestError) as caught:
        connect().set({"strip/1/name": value})
    assert str(caught.value) == text


def test_long_digits_in_a_name_are_a_name(connect: Connect) -> None:
    with connect() as ann:
        ann.set({"strip/1/name": "[{" * 3 + "1" * 20})
        assert ann.get("strip/1/name")["strip/1/name"].value == "[{" * 3 + "1" * 20
