"""What auto holds: nothing is said twice, nothing moves faster than it may, and what a hand keeps is not done once more."""

from __future__ import annotations

import pytest

from gigbox.brain.auto import Auto, Move

LEVEL, CORNER = "strip/1/level", "strip/1/hpf/frequency"


def test_what_was_never_moved_is_nothing_where_auto_adds_and_the_default_where_it_overrides() -> None:
    auto = Auto()
    assert (auto[LEVEL], auto[CORNER]) == (0, 80)
    assert not auto.knows(LEVEL)


def test_the_same_is_said_once() -> None:
    auto = Auto()
    assert list(auto.put(CORNER, 80.0, "why")) == [Move(CORNER, 80.0, "why")]
    assert list(auto.put(CORNER, 80.0, "why")) == []


def test_a_goal_is_reached_at_its_rate_and_exactly() -> None:
    auto = Auto()
    seen = [m.value for _ in range(10) for m in auto.toward(LEVEL, -1.0, 2.5, "why")]
    assert seen == pytest.approx([-0.25, -0.5, -0.75, -1.0])
    assert auto[LEVEL] == -1.0


def test_a_refused_move_is_not_believed() -> None:
    auto = Auto()
    list(auto.put(LEVEL, -3.0, "why"))
    auto.take(LEVEL, None)
    assert auto[LEVEL] == 0
    auto.take(LEVEL, -1.0)
    assert [m.value for m in auto.toward(LEVEL, -3.0, 1.0, "why")] == [-1.1]


def test_the_desk_is_told_what_is_beyond_what_was_kept() -> None:
    auto = Auto()
    list(auto.put(LEVEL, -5.0, "why"))
    auto.keep(LEVEL, -5.0)
    assert auto[LEVEL] == -5
    assert [(m.path, m.value) for m in auto.again()] == [(LEVEL, 0.0)]
    assert list(auto.again()) == []
    assert [m.value for m in auto.put(LEVEL, -5.5, "why")] == [-0.5]
    auto.take(LEVEL, -0.25)                    # the desk's
    assert auto[LEVEL] == -5.25
    auto.let_go(LEVEL)
    assert auto[LEVEL] == -0.25


def test_a_keep_that_is_undone_is_auto_again() -> None:
    auto = Auto()
    list(auto.put(LEVEL, -5.0, "why"))
    auto.keep(LEVEL, -5.0)
    auto.keep(LEVEL, 5.0)
    assert [m.value for m in auto.put(LEVEL, -6.0, "why")] == [-6.0]


def test_an_override_that_a_hand_kept_is_told_again() -> None:
    auto = Auto()
    list(auto.put(CORNER, 100.0, "why"))
    auto.keep(CORNER, 100.0)
    assert [(m.path, m.value) for m in auto.again()] == [(CORNER, 100.0)]


def test_what_a_hand_holds_at_first_can_count_as_kept() -> None:
    auto = Auto()
    auto.take("strip/1/trim", 1.0)
    auto.found("strip/1/trim", 6.0)
    assert auto["strip/1/trim"] == 7
    assert [m.value for m in auto.put("strip/1/trim", 8.0, "why")] == [2.0]
