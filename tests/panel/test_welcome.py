"""A screen without hands says how the first phone comes in, as long as nobody is engineer."""

from __future__ import annotations

import os
import pty
import queue
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from gigbox.network.settings import Settings
from gigbox.panel.simulated import Simulated
from gigbox.panel.welcome import LOOK_S, QUIET, Welcome, code, has_radio
from gigbox.people.pairing import Pairing
from gigbox.people.people import People
from gigbox.people.qr import modules
from tests.panel.test_terminal import corner

HOTSPOT = Settings("gigbox-a1b2", "abcdefgh23")
LINES = {" ": (False, False), "▀": (True, False), "▄": (False, True), "█": (True, True)}


class Box:
    def __init__(self, folder: Path, settings: Settings | None = None) -> None:
        self.now, self.pairing, self.people = 100.0, Pairing(folder, lambda: self.now), People(folder)
        self.welcome = Welcome(self.pairing, self.people, settings, lambda: self.now)

    def code(self) -> str:
        return next(line for line in self.welcome.lines(80) if line.startswith("page")).partition("code ")[2]


def test_the_code_that_is_shown_makes_a_phone_engineer_and_then_there_is_none(tmp_path: Path) -> None:
    box = Box(tmp_path)
    person, _ = box.pairing.enter(box.people, code=box.code())  # type: ignore[misc]
    assert person.grant.role == "engineer"  # type: ignore[union-attr]
    box.now += LOOK_S
    assert box.welcome.lines(80) == []


def test_the_code_lasts_as_long_as_it_is_shown(tmp_path: Path) -> None:
    box = Box(tmp_path)
    first = box.code()
    for _ in range(60):
        box.now += 60
        assert box.code() == first


def test_a_camera_reads_what_is_drawn() -> None:
    text = HOTSPOT.wifi_code()
    light = [row for line in code(text) for row in zip(*(LINES[letter] for letter in line), strict=True)]
    dark = modules(text)
    inner = [row[QUIET:-QUIET] for row in light[QUIET:QUIET + len(dark)]]
    assert [[not module for module in row] for row in dark] == [list(row) for row in inner]
    assert all(all(row) for row in light[:QUIET])
    assert all(row[0] and row[-1] for row in light[:len(dark) + 2 * QUIET])


@pytest.mark.parametrize(("columns", "codes"), [(80, 2), (60, 1)])
def test_a_hotspot_is_told_with_its_key_and_fits_a_terminal(tmp_path: Path, columns: int, codes: int) -> None:
    lines = Box(tmp_path, HOTSPOT).welcome.lines(columns)
    assert "Wi-Fi  gigbox-a1b2   key abcdefgh23" in lines
    assert lines[0].count("   ") == codes - 1
    assert len(lines) <= 25
    assert max(map(len, lines)) <= 80


def test_only_a_box_with_a_radio_has_a_hotspot(tmp_path: Path) -> None:
    assert not has_radio(tmp_path)
    (tmp_path / "wlan0/phy80211").mkdir(parents=True)
    assert has_radio(tmp_path)


def test_it_comes_before_the_panel_until_a_key_is_pressed_which_is_no_knob(tmp_path: Path) -> None:
    events: queue.SimpleQueue[Any] = queue.SimpleQueue()
    panel = Simulated(tmp_path / "panel.sock", events.put)
    panel.show(corner().packed(), (True,) * 12, [0.5] * 8, [""] * 8)
    ours, theirs = pty.openpty()
    child = subprocess.Popen([sys.executable, "-m", "gigbox.cli", "panel", "--terminal", "--welcome"], stdin=theirs, stdout=theirs, stderr=theirs,
                             env=os.environ | {"GIGBOX_RUN": str(tmp_path), "GIGBOX_STATE": str(tmp_path / "state"), "TERM": "linux"})
    try:
        before = read(ours, "is the engineer's")
        assert "⠁" not in before
        os.write(ours, b"x")
        read(ours, "⠁")
        os.write(ours, b"\x1b[C")
        assert events.get(timeout=3) == ("turn", 2, 1)
    finally:
        child.kill()
        child.wait()
        panel.close()
        os.close(ours)
        os.close(theirs)


def read(terminal: int, until: str) -> str:
    seen, end = b"", time.monotonic() + 8
    while until.encode() not in seen and time.monotonic() < end:
        seen += os.read(terminal, 65536)
    assert until in seen.decode(errors="replace")
    return seen.decode(errors="replace")
