"""A lasting step down in loudness is noticed within seconds, and music's own ups and downs are none."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from gigbox.brain.hear.activity import Activity
from gigbox.brain.hear.level_steps import KNOWN_S, LASTING_S, RECENT_S, LevelSteps


def steps_at(level: Callable[[float], float], seconds: float) -> list[float]:
    """When steps were noticed, s of playing, of a source that plays at `level(seconds)` dB."""
    steps, on = LevelSteps(1), np.array([True])
    return [t / 10 for t in range(round(seconds * 10)) if steps.hear(np.array([10 ** (level(t / 10) / 10)]), on)[0]]


def test_a_step_down_is_noticed_within_eight_seconds_and_once() -> None:
    found = steps_at(lambda t: -8.0 if t >= 20 else 0.0, 60)
    assert len(found) == 1
    assert 20 + LASTING_S < found[0] < 20 + RECENT_S + LASTING_S + 1


@pytest.mark.parametrize("db", [6.0, -3.0])
def test_a_solo_or_a_softer_verse_is_none(db: float) -> None:
    assert not steps_at(lambda t: db if 20 <= t < 28 else 0.0, 60)


def test_a_loud_or_soft_phrase_of_three_seconds_is_none() -> None:
    assert not steps_at(lambda t: 8.0 if 20 <= t < 23 else -8.0 if 40 <= t < 42 else 0.0, 60)


def test_nothing_is_a_step_before_the_usual_is_known() -> None:
    assert not steps_at(lambda t: -20.0 if t > 4 else 0.0, KNOWN_S - 0.2)


def test_who_pauses_makes_no_step() -> None:
    steps = LevelSteps(2)
    for t in range(400):
        assert not steps.hear(np.array([1.0, 1e-6 if t % 50 > 25 else 1.0]), np.array([True, t % 50 <= 25])).any()


def test_a_trim_is_no_step() -> None:
    steps, on, level = LevelSteps(1), np.array([True]), 1.0
    for t in range(400):
        if t == 200:
            steps.shift(0, 12.0)
            level = 10 ** 1.2
        assert not steps.hear(np.array([level]), on)[0]


def test_the_average_begins_anew_with_the_last_seconds() -> None:
    show, soundcheck = Activity(np.array([0.0])), Activity(np.array([0.0]))
    for t in range(480):
        level = np.array([-20.0 if t < 400 else -28.0])
        show.hear(level, level, level + 10, 10.0, steps=True)
        soundcheck.hear(level, level, level + 10, 10.0)
    assert show.loudness[0] == pytest.approx(-28, abs=0.1)
    assert soundcheck.loudness[0] > -26
    assert show.heard[0] == soundcheck.heard[0] > 40
