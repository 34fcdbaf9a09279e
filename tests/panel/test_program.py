"""The panel's program: told by hands and the desk, drawn for whoever looks, and not ended by a fault of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gigbox.errors import RackError
from gigbox.panel import pins, program
from gigbox.panel.parts.machine import Machine as RealMachine
from gigbox.panel.program import Program
from gigbox.panel.walk import BRIGHT, DARK, DIM_S
from tests.panel.test_soldered import within
from tests.panel.wires import Machine


class Desk:
    """Answers nothing that matters."""

    def __init__(self) -> None:
        self.sets: list[dict[str, Any]] = []

    def set(self, values: dict[str, Any]) -> None:
        self.sets.append(values)

    def watch(self, patterns: Any, hear: Any) -> None: ...
    def history(self, count: int) -> list[Any]: return []
    def scenes(self) -> list[str]: return []
    def locks(self) -> list[str]: return []
    def report(self, name: str) -> dict[str, Any]: return {"told": {}}


def no_rack() -> Any:
    raise RackError("none")


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    monkeypatch.setenv("GIGBOX_RUN", str(tmp_path / "run"))
    monkeypatch.setenv("GIGBOX_STATE", str(tmp_path / "state"))
    found = Program(Desk(), no_rack, tmp_path / "panel.sock", Machine(pins.reference()), pins.reference())      # type: ignore[arg-type]
    yield found
    found.close()


def test_a_fault_of_ours_is_told_once_and_the_knobs_go_on(made: Program, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    made.panel.open("health")
    monkeypatch.setattr(type(made.panel._pages["health"]), "draw", lambda *_: 1 / 0)
    assert within(2, lambda: made.round() or made.panel.where.page == "mix")
    made.panel.open("health")
    assert within(2, lambda: made.round() or made.panel.where.page == "mix")
    assert capsys.readouterr().err.count("gigbox: panel: ZeroDivisionError: division by zero\n") == 1
    made.happen(("turned", 3, 0.7))
    made.happen(("turned", 3, 0.4))
    assert within(2, lambda: made.round() or made.hands._desk.sets)


def test_a_tap_that_is_heard_late_is_a_tap_and_no_hold(made: Program) -> None:
    """As on a machine that was busy for a second between the press and its release."""
    held: list[str] = []
    made.panel._mute = lambda name, how: held.append(how)      # type: ignore[method-assign]
    now = made._clock()
    made._events.put((now - 2.0, ("press", "mute", True)))
    made._events.put((now - 1.9, ("press", "mute", False)))
    made.round()
    assert held == ["tap"]


def test_a_picture_that_stands_goes_darker_too(made: Program) -> None:
    machine = made.soldered._machine
    made.panel.open("network")
    assert within(2, lambda: made.round() or machine.oled.contrast == BRIGHT)
    made.panel._touched -= DIM_S
    assert within(2, lambda: made.round() or machine.oled.contrast == DARK)


def test_nothing_is_drawn_while_nobody_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIGBOX_RUN", str(tmp_path / "run"))
    found = Program(Desk(), no_rack, tmp_path / "panel.sock", None, None)      # type: ignore[arg-type]
    try:
        monkeypatch.setattr(found.panel, "draw", lambda: pytest.fail("drawn for nobody"))
        for _ in range(5):
            found._round(0.01)
            found._frame_due = 0.0
    finally:
        found.close()


def test_wrong_pins_take_away_only_the_soldered_panel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("GIGBOX_STATE", str(tmp_path))
    (tmp_path / "panel.toml").write_text("[buttons]\nauto = 'gpio19'\nmute = 'gpio2'")
    assert program._board(None) is None
    assert capsys.readouterr().err == ("gigbox: panel: panel.toml: auto: gpio19 belongs to the sound card, expected another\n"
                                       "gigbox: panel: panel.toml: mute: gpio2 belongs to I2C, expected another\n")


def test_the_commands_say_in_one_line_what_is_wrong(tmp_path: Path) -> None:
    def asked(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "gigbox.cli", "panel", *words], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False,
                              env=os.environ | {"GIGBOX_RUN": str(tmp_path / "run"), "GIGBOX_STATE": str(tmp_path)})

    assert "encoder_1/a: x.A0" in asked("--check").stdout.splitlines()
    done = asked("--check", "--pins", str(tmp_path / "no.toml"))
    assert (done.returncode, done.stderr) == (1, f"gigbox: {tmp_path}/no.toml: No such file or directory, expected a file like pins.toml\n")
    if not RealMachine().here():
        done = asked("--test")
        assert (done.returncode, done.stderr) == (
            1, "gigbox: panel: no GPIO, I2C or SPI here, expected a Raspberry Pi with its buses switched on; see docs/build.md\n")
