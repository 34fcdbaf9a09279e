"""When what a fader says is a hand's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigbox.params import OFF_DB
from gigbox.remote import fader_law
from gigbox.remote.midi import aims, mcu
from gigbox.remote.midi.grip import CLOSE, LEAP, Grip, PickUp

way = st.floats(0, 1)


@given(way)
def test_the_law_goes_both_ways(at: float) -> None:
    assert fader_law.way(fader_law.decibels(at)) == pytest.approx(at, abs=1e-9)


@pytest.mark.parametrize(("at", "db"), [(0, OFF_DB), (0.0625, -60), (0.25, -30), (0.5, -10), (0.75, 0), (1, 10), (-1, OFF_DB), (2, 10)])
def test_the_marks_that_are_printed(at: float, db: float) -> None:
    assert fader_law.decibels(at) == pytest.approx(db)


def test_every_step_of_a_fader_comes_back_as_it_went_and_0_db_is_where_it_is_printed() -> None:
    for zero, top in ((mcu.ZERO, mcu.TOP), (aims.ZERO, aims.TOP)):
        assert [fader_law.steps(fader_law.of_steps(step, zero, top), zero, top) for step in range(top + 1)] == list(range(top + 1))
        assert [fader_law.decibels(fader_law.of_steps(step, zero, top)) for step in (0, zero, top)] == [OFF_DB, 0, 10]


@given(st.lists(way, min_size=1, max_size=30), way)
def test_a_value_never_goes_further_than_the_finger_does(path: list[float], value: float) -> None:
    grip = Grip()
    grip.touch(None)
    start = highest = value
    for at in path:
        to = grip.move(at, value)
        if to is not None:
            value = to
        highest = max(highest, value)
    assert highest <= start + max(max(path) - path[0], 0) + 2 * CLOSE


@given(st.lists(way, min_size=1, max_size=30), way)
def test_without_a_motor_nothing_leaps(path: list[float], value: float) -> None:
    pick_up, now = PickUp(), 0.0
    for at in path:
        to = pick_up.move(at, value, now)
        if to is not None:
            assert abs(to - value) <= LEAP + CLOSE
            value = to
        now += 0.01


def test_it_takes_hold_as_it_passes_and_loses_it_when_another_hand_comes() -> None:
    pick_up = PickUp()
    assert pick_up.move(0.2, 0.5, 0) is None
    assert pick_up.move(0.4, 0.5, 0) is None
    assert pick_up.move(0.55, 0.5, 0) == 0.55
    assert pick_up.move(0.6, 0.55, 0) == 0.6
    assert pick_up.move(0.65, 0.2, 0) is None          # a phone was there
    assert pick_up.move(0.45, 0.2, 0) is None
    assert pick_up.move(0.21, 0.2, 0) == 0.21


def test_a_controller_that_tells_anew_where_it_is_takes_hold_of_nothing() -> None:
    pick_up = PickUp()
    assert pick_up.move(0.1, 0.3, 0) is None
    assert pick_up.move(0.9, 0.3, 0) is None          # it was off, and was moved meanwhile
    assert pick_up.move(0.88, 0.3, 0) is None


def test_pulled_down_is_off_also_where_it_stood_elsewhere() -> None:
    grip = Grip()
    grip.touch(None)
    grip.move(0.3, 0.6)
    assert grip.move(0.2, 0.6) == pytest.approx(0.5)
    assert grip.move(0.0, 0.5) == 0.0


def test_a_knob_without_a_motor_takes_hold_as_it_passes_while_the_box_moves_the_value() -> None:
    for first in (0.62, 0.6):
        knob = PickUp()
        knob.stand(0.8)
        knob.send(0.6, 9.0)
        knob.send(0.64, 10.0)
        assert knob.move(first, 0.64, 10.2) == first


def test_a_motor_on_its_way_is_no_hand_and_a_hand_that_turns_it_back_is() -> None:
    fader = PickUp()
    fader.send(0.8, 0.0)
    fader.send(0.5, 10.0)
    assert [fader.move(at, 0.5, 10.1) for at in (0.75, 0.65, 0.55, 0.502)] == [None] * 4
    assert fader.move(0.49, 0.5, 10.2) == 0.49
    fader.send(0.6, 20.0)
    assert fader.move(0.55, 0.6, 20.1) is None
    assert fader.move(0.595, 0.6, 20.2) is None
    assert fader.move(0.58, 0.6, 20.3) == 0.58
