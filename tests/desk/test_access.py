"""The hello: who a client is, which desk this is, and what a role may do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gigbox import __version__
from gigbox.desk.access import TABLE
from gigbox.desk.client import Client
from gigbox.errors import RequestError

from .fakes import Box
from .test_requests import Talk

LEVEL = "strip/3/level"
HELLO = {"version": __version__, "table": TABLE, "who": "web:phone-2", "role": "musician"}


@pytest.fixture
def talk(tmp_path: Path) -> Talk:
    return Talk(tmp_path, has_read=False)


def test_a_hello_is_answered_with_which_desk_this_is(talk: Talk) -> None:
    told = talk({"hello": HELLO, "id": 1})["ok"]
    assert told == {"version": __version__, "table": TABLE, "who": "web:phone-2", "role": "musician", "boot": talk.desk.boot,
                    "session": talk.requests.session}
    assert len(told["session"]) == 16


def test_who_said_hello_is_whose_hand_it_is_unless_a_request_says_otherwise(talk: Talk) -> None:
    talk({"hello": HELLO})
    talk({"get": LEVEL})
    talk({"set": {LEVEL: -3}})
    talk({"set": {LEVEL: -4}, "by": "ann"})
    assert [e["by"] for e in talk({"history": 2})["ok"]] == ["ann", "web:phone-2"]


def test_a_client_of_another_table_is_told_in_one_line_and_served(talk: Talk) -> None:
    told = talk({"hello": {**HELLO, "version": "0.0.9", "table": "0123456789abcdef"}})["ok"]
    assert told["warning"] == (f"hello: web:phone-2 (0.0.9) has another table of parameters than the desk ({__version__}), expected the same version; "
                               "what the desk does not know it refuses")
    assert "ok" in talk({"get": LEVEL})
    assert "ok" in talk({"set": {LEVEL: -3}})


def test_without_a_hello_all_is_as_it_was(talk: Talk) -> None:
    talk({"get": LEVEL})
    assert "ok" in talk({"set": {LEVEL: -3}})
    assert talk({"history": 1})["ok"][0]["by"] == "somebody"


def test_a_hello_is_no_reading(talk: Talk) -> None:
    talk({"hello": HELLO})
    assert talk({"set": {LEVEL: -3}})["error"] == "set: this client has not read yet, expected get or watch first"


@pytest.mark.parametrize("request_", [{"set": {LEVEL: -3}}, {"auto": {LEVEL: -3}, "why": "x"}, {"lock": "strip/3"}, {"unlock": "strip/3"},
                                      {"release": "*"}, {"keep": "*"}, {"undo": True}, {"scene": {"save": "x"}}, {"post": {"x": {}}}])
def test_a_guest_may_only_look(talk: Talk, request_: dict[str, Any]) -> None:
    talk({"hello": {"role": "guest"}})
    for look in ({"get": LEVEL}, {"watch": LEVEL}, {"history": 1}, {"scenes": True}, {"locks": True}, {"report": "desk"}):
        assert "ok" in talk(look)
    before = talk.desk.snapshot()
    verb = next(iter(request_))
    assert talk(request_) == {"error": f"{verb}: a guest may only look, expected an engineer or a musician", "cause": "RequestError"}
    assert talk.desk.snapshot() == before


@pytest.mark.parametrize(("hello", "error"), [
    (7, "hello: 7, expected an object of version, table, who, role"),
    ({"role": "king"}, "hello: role 'king', expected one of engineer, musician, guest"),
    ({"role": 3}, "hello: role 3, expected at most 64 printable characters"),
    ({"who": "x" * 65}, f'hello: who "{"x" * 39}, expected at most 64 printable characters'),
    ({"who": "a\nb"}, 'hello: who "a\\nb", expected at most 64 printable characters'),
])
def test_a_hello_that_is_none_is_one_line_and_changes_nothing(talk: Talk, hello: object, error: str) -> None:
    assert talk({"hello": hello})["error"] == error
    assert talk({"hello": {}})["ok"]["role"] == "engineer"


def test_nobody_becomes_somebody_else_on_the_way(talk: Talk) -> None:
    talk({"hello": {"role": "guest"}})
    assert talk({"hello": {"role": "engineer"}})["error"] == "hello: this client is guest already, expected one hello a connection"
    assert talk.reader.role == "guest"


def test_the_client_greets_at_every_connection(box: Box, connect: Callable[..., Client]) -> None:
    ann = connect("ann")
    ann.get(LEVEL)
    first = ann.desk
    box.stop()
    box.start()
    ann.get(LEVEL)
    assert (first["who"], first["role"], first["boot"]) == ("ann", "engineer", ann.desk["boot"])
    assert first["session"] != ann.desk["session"]


def test_a_client_that_is_a_guest_is_refused_by_the_desk(box: Box) -> None:
    with Client(box.socket, "eve", 3, role="guest") as eve, pytest.raises(RequestError, match=r"^set: a guest may only look"):
        eve.set({LEVEL: -3})


def test_the_client_says_once_that_the_desk_is_of_another_version(box: Box, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("gigbox.desk.client.TABLE", "01234567")
    with Client(box.socket, "ann", 3) as ann:
        ann.get(LEVEL)
        box.stop()
        box.start()
        ann.get(LEVEL)
        assert ann.desk["warning"].startswith(f"hello: ann ({__version__}) has another table")
    assert capsys.readouterr().err.count("has another table of parameters") == 1
