"""Both buttons held at power-on make the box forget all; anything less does not, and nobody far away can."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gigbox import reset
from gigbox.errors import MachineError
from gigbox.panel import pins
from gigbox.panel.knobs import forget
from gigbox.panel.knobs.forget import FRESH_S, HOLD_S, Forget
from gigbox.panel.program import Program, uptime
from tests.panel.test_program import Desk, no_rack
from tests.panel.test_soldered import within
from tests.panel.wires import Machine


class Box:
    def __init__(self, uptime: float = 5.0) -> None:
        self.forgotten, self.said = 0, []
        self.forget = Forget(uptime, 100.0, self._forget, self.said.append)

    said: list[str]

    def _forget(self) -> None:
        self.forgotten += 1

    def press(self, *buttons: str, down: bool = True) -> None:
        for button in buttons:
            self.forget.see(("press", button, down))

    def hold(self, seconds: float) -> None:
        for tenth in range(int(seconds * 10) + 1):
            self.forget.look(100.0 + tenth / 10)


def test_both_buttons_from_power_on_to_the_end_forget_all_once() -> None:
    box = Box()
    box.press("auto", "mute")
    box.hold(HOLD_S - 0.1)
    assert (box.forgotten, box.said[0], box.said[-1]) == (0, "keep holding: in 8 s all is forgotten", "keep holding: in 1 s all is forgotten")
    box.hold(HOLD_S + 5)
    assert (box.forgotten, box.said[-1]) == (1, "all is forgotten; the box starts anew")


def test_who_lets_go_before_the_end_has_changed_nothing() -> None:
    box = Box()
    box.press("auto", "mute")
    box.hold(HOLD_S - 1)
    box.press("mute", down=False)
    box.press("mute")
    box.hold(HOLD_S + 5)
    assert (box.forgotten, box.said[-1]) == (0, "nothing is forgotten")


@pytest.mark.parametrize("first", [(), ("auto",)])
def test_who_takes_hold_when_the_box_has_started_changes_nothing(first: tuple[str, ...]) -> None:
    box = Box()
    box.press(*first)
    box.hold(HOLD_S - 1)
    box.press(*forget.BOTH - set(first))
    box.hold(HOLD_S + 5)
    assert (box.forgotten, box.said) == (0, [])


@pytest.mark.parametrize("buttons", [("auto",), ("mute",), ("auto", "encoder_1")])
def test_one_button_forgets_nothing(buttons: tuple[str, ...]) -> None:
    box = Box()
    box.press(*buttons)
    box.hold(HOLD_S + 5)
    assert (box.forgotten, box.said) == (0, [])


def test_both_in_the_middle_of_a_gig_forget_nothing() -> None:
    for late in (Box(uptime=FRESH_S + 1), Box()):
        late.hold(HOLD_S + 1) if late.forget.over is False else None
        late.press("auto", "mute")
        late.hold(HOLD_S + 5)
        assert late.forgotten == 0


@pytest.fixture
def switched_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Program, Any, Path]]:
    (tmp_path / "run").mkdir(mode=0o700)
    monkeypatch.setenv("GIGBOX_RUN", str(tmp_path / "run"))
    monkeypatch.setenv("GIGBOX_STATE", str(tmp_path / "state"))
    monkeypatch.setattr(forget, "HOLD_S", 0.3)
    monkeypatch.setattr(reset, "DOES", tmp_path)
    machine = Machine(pins.reference())
    made = Program(Desk(), no_rack, tmp_path / "panel.sock", machine, pins.reference(), uptime=5.0)      # type: ignore[arg-type]
    yield made, machine, tmp_path / "run" / reset.FILE
    made.close()


def test_the_soldered_buttons_ask_for_it(switched_on: tuple[Program, Any, Path]) -> None:
    made, machine, asked = switched_on
    machine.hand("auto", 0)
    machine.hand("mute", 0)
    assert within(3, lambda: made.round() or asked.exists())


def test_the_panel_in_a_browser_never_does(switched_on: tuple[Program, Any, Path]) -> None:
    made, _, asked = switched_on
    made.happen(("press", "auto", True))
    made.happen(("press", "mute", True))
    until = time.monotonic() + 0.5
    while time.monotonic() < until:
        made.round()
    assert not asked.exists()


def test_a_machine_that_does_not_tell_how_long_it_runs_forgets_nothing(tmp_path: Path) -> None:
    assert uptime(tmp_path / "none") == float("inf")
    assert 0 < uptime() < float("inf")


def test_a_box_that_cannot_forget_does_not_say_that_it_did() -> None:
    def refuse() -> None:
        raise MachineError("reset: the disk is full")

    said = list[str]()
    hands = Forget(5.0, 0.0, refuse, said.append)
    hands.see(("press", "auto", True))
    hands.see(("press", "mute", True))
    hands.look(HOLD_S)
    assert (said, hands.over) == (["reset: the disk is full"], True)


def test_without_a_box_there_is_nobody_to_ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reset, "DOES", tmp_path)
    with pytest.raises(MachineError, match="none/reset: No such file or directory, expected the folder of a box that runs"):
        reset.ask(tmp_path / "none")
