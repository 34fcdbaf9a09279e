"""The panel without a soldering iron: every viewer sees the same, and whatever it says, the panel goes on."""

from __future__ import annotations

import base64
import contextlib
import json
import queue
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigbox.errors import RequestError
from gigbox.panel.leds import NAMES
from gigbox.panel.simulated import MADE_OF, Simulated, wish

LIGHTS = (True,) + (False,) * 11
PLAIN = [0.5] * 8


class Viewer:
    def __init__(self, path: Path) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(2)
        self.sock.connect(str(path))
        self.lines = self.sock.makefile("rb")

    def next(self) -> dict[str, Any]:
        return dict(json.loads(self.lines.readline()))

    def say(self, message: object) -> None:
        self.sock.sendall(json.dumps(message).encode() + b"\n")

    def close(self) -> None:
        self.lines.close()
        self.sock.close()


@pytest.fixture
def events() -> queue.SimpleQueue[Any]:
    return queue.SimpleQueue()


@pytest.fixture
def panel(tmp_path: Path, events: queue.SimpleQueue[Any]) -> Iterator[Simulated]:
    made = Simulated(tmp_path / "panel.sock", events.put)
    yield made
    made.close()


def test_who_says_something_and_goes_at_once_is_heard(tmp_path: Path, panel: Simulated, events: queue.SimpleQueue[Any]) -> None:
    for n in range(20):
        viewer = Viewer(tmp_path / "panel.sock")
        viewer.say({"turn": [2, n + 1]})
        viewer.close()
        assert events.get(timeout=2) == ("turn", 2, n + 1)


def test_a_viewer_is_told_all_at_once_and_then_what_changes(tmp_path: Path, panel: Simulated) -> None:
    panel.show(b"\x80" + bytes(1023), LIGHTS, PLAIN, ["Anna"] * 8)
    viewer = Viewer(tmp_path / "panel.sock")
    told: dict[str, Any] = {}
    for _ in range(5):
        told |= viewer.next()
    assert told["panel"] == MADE_OF == {"pots": 8, "encoders": 2, "buttons": ["auto", "mute"], "leds": list(NAMES), "width": 128, "height": 64}
    assert base64.b64decode(told["frame"]) == b"\x80" + bytes(1023)
    assert (told["leds"], told["pots"], told["labels"]) == ([1, *[0] * 11], PLAIN, ["Anna"] * 8)
    panel.show(b"\x80" + bytes(1023), LIGHTS, [0.6, *PLAIN[1:]], ["Anna"] * 8)
    assert viewer.next() == {"pots": [0.6, *PLAIN[1:]]}
    viewer.close()


def test_what_a_viewer_does_happens(tmp_path: Path, panel: Simulated, events: queue.SimpleQueue[Any]) -> None:
    viewer = Viewer(tmp_path / "panel.sock")
    for message in ({"pot": [3, 0.62]}, {"turn": [1, -2]}, {"press": ["mute", True]}):
        viewer.say(message)
    assert [events.get(timeout=2) for _ in range(3)] == [("pot", 3, 0.62), ("turn", 1, -2), ("press", "mute", True)]
    viewer.close()
    assert events.get(timeout=2) == ("press", "mute", False)          # who goes away lets go


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b"{}", b'{"pot": 3}', b'{"pot": [9, 0.5]}', b'{"pot": [1, 1.5]}', b'{"pot": [1, NaN]}', b'{"turn": [3, 1]}',
                                  b'{"turn": [1, 1.5]}', b'{"turn": [1, 9999]}', b'{"press": ["power", true]}', b'{"press": ["mute", 1]}',
                                  b'{"press": [[], true]}', b'{"pot": [true, 0.5]}', b'{"pot": [1, 0.5], "turn": [1, 1]}', b"\xff\xfe", b"[" * 100_000])
def test_what_is_nothing_a_panel_has_is_one_line(line: bytes) -> None:
    with pytest.raises(RequestError) as told:
        wish(line)
    assert str(told.value).startswith("panel: ")
    assert "expected" in str(told.value)
    assert "\n" not in str(told.value)


@given(st.binary(max_size=200))
def test_whatever_a_viewer_says_is_a_wish_or_a_fault(line: bytes) -> None:
    with contextlib.suppress(RequestError):
        assert wish(line)[0] in ("pot", "turn", "press")


def test_a_viewer_that_says_nonsense_hears_why_and_stays(tmp_path: Path, panel: Simulated) -> None:
    viewer = Viewer(tmp_path / "panel.sock")
    viewer.next()
    viewer.say({"turn": [9, 1]})
    assert viewer.next()["error"].startswith('panel: {"turn": [9, 1]}, expected')
    viewer.close()


def test_a_viewer_that_reads_nothing_holds_nobody_up(tmp_path: Path, panel: Simulated) -> None:
    deaf, other = Viewer(tmp_path / "panel.sock"), Viewer(tmp_path / "panel.sock")
    other.next()
    for n in range(600):
        panel.show(n.to_bytes(2, "big") * 512, LIGHTS, PLAIN, [""] * 8)
    last = b""
    while last != (599).to_bytes(2, "big") * 512:
        last = base64.b64decode(other.next().get("frame", ""))
    deaf.close()
    other.close()
