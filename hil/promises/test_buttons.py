"""Both buttons held while the power comes make the box forget, and nothing less does. Only where buttons are within reach, and nothing is lost by it."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from hil.bench import Bench, sounds, until
from hil.looped import BUTTONS, LoopedBench

HELD_S, TAKING_S = 8.0, 0.5


@pytest.fixture(scope="module")
def reached(bench: Bench) -> Iterator[LoopedBench]:
    """On again afterwards."""
    if not isinstance(bench, LoopedBench):
        pytest.skip(f"{bench.name}: its buttons are not within reach")
    yield bench
    bench.pull_the_plug()
    bench.power_on()
    until(lambda: sounds(bench), 60, "sound")


@pytest.fixture
def off(reached: LoopedBench) -> Iterator[LoopedBench]:
    """Switched off; nobody is at its buttons afterwards."""
    reached.pull_the_plug()
    yield reached
    for button in BUTTONS:
        reached.press(button, False)


def starts_with(box: LoopedBench, *buttons: str) -> None:
    box.power_on()
    until(lambda: box.panel_socket().exists(), 60, "the panel")
    end = time.monotonic() + TAKING_S
    while time.monotonic() < end:             # the kernel lets go of a simulated line when the panel asks for it: a hand does not
        for button in buttons:
            box.press(button, True)
        time.sleep(0.02)


def test_both_buttons_held_at_power_on_make_it_forget(off: LoopedBench) -> None:
    starts_with(off, *BUTTONS)
    time.sleep(HELD_S - 1 - TAKING_S)
    assert not off.is_to_forget()
    until(off.is_to_forget, 3, "the box is to forget")


@pytest.mark.parametrize("held", [("auto",), ("mute",)])
def test_one_button_makes_it_forget_nothing(off: LoopedBench, held: tuple[str, ...]) -> None:
    starts_with(off, *held)
    time.sleep(HELD_S + 2)
    assert not off.is_to_forget()


def test_who_takes_hold_too_late_changes_nothing(off: LoopedBench) -> None:
    starts_with(off)
    time.sleep(HELD_S - 3)
    for button in BUTTONS:
        off.press(button, True)
    time.sleep(5)
    assert not off.is_to_forget()


def test_who_lets_go_too_early_changes_nothing(off: LoopedBench) -> None:
    starts_with(off, *BUTTONS)
    time.sleep(HELD_S - 2)
    off.press("mute", False)
    time.sleep(4)
    assert not off.is_to_forget()
