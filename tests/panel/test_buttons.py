"""Buttons: one press is one press, and a hold is told while the finger is on it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gigbox.panel.knobs.button import BLIND_S, HOLD_S, Button

BOUNCE = st.lists(st.floats(0.0001, 0.003), max_size=8).map(sorted)


def press(button: Button, down: bool, now: float, bounce: list[float]) -> list[str]:
    told = [button.see(down, now)]
    level = down
    for t in bounce:
        level = not level
        told.append(button.see(level, now + t))
    told.append(button.see(down, now + 0.004))
    told.append(button.look(now + BLIND_S))
    return told


@given(BOUNCE, BOUNCE, st.floats(0.03, HOLD_S - 0.05))
def test_a_bouncing_tap_is_one_tap(first: list[float], last: list[float], held: float) -> None:
    button = Button()
    told = [*press(button, True, 1.0, first), *press(button, False, 1.0 + held, last)]
    assert [each for each in told if each] == ["tap"]


@given(BOUNCE)
def test_a_hold_is_told_once_while_it_is_held(bounce: list[float]) -> None:
    button = Button()
    told = [*press(button, True, 1.0, bounce), button.look(1.0 + HOLD_S / 2), button.look(1.0 + HOLD_S), button.look(3.0), *press(button, False, 4.0, bounce)]
    assert [each for each in told if each] == ["hold"]


def test_it_says_when_to_look_next() -> None:
    button = Button()
    assert button.due() is None
    button.see(True, 1.0)
    assert button.due() == 1.0 + HOLD_S
    button.look(1.0 + HOLD_S)
    assert button.due() is None
