"""Evenings with a scripted person: corrections become fewer, whatever is adversarial, and a change of mind is followed."""

from __future__ import annotations

import numpy as np
import pytest

from gigbox.brain.taste.taste import Taste
from tests.measures import evenings_real
from tests.measures.evenings import TURNS_AFTER, Person, evening, evenings

PEOPLE = 40


@pytest.fixture(scope="module", params=["soundcheck", "evening", "show"])
def needed(request: pytest.FixtureRequest) -> tuple[str, np.ndarray]:
    return request.param, evenings(PEOPLE, request.param)[0]


def test_corrections_fall_by_60_percent_in_five_songs_and_in_seven_without_any_soundcheck(needed: tuple[str, np.ndarray]) -> None:
    mode, need = needed
    assert need[5 if mode != "show" else 7] <= 0.4 * need[0]


def test_a_reversal_is_followed_within_four_songs(needed: tuple[str, np.ndarray]) -> None:
    _, need = needed
    assert need[TURNS_AFTER + 4] <= 0.4 * need[TURNS_AFTER]


def test_it_does_not_diverge(needed: tuple[str, np.ndarray]) -> None:
    _, need = needed
    assert need[TURNS_AFTER - 4:TURNS_AFTER].mean() <= 0.4 * need[0]
    assert need[-4:].mean() <= 0.4 * need[0]


def test_the_real_loop_starts_the_next_song_where_the_hand_left_this_one() -> None:
    taste, person = Taste(), Person(np.array([0.0, 4.0, -4.0, 0.0, 3.0]), np.random.default_rng(2))
    first, _ = evenings_real.play(taste, person)
    second, _ = evenings_real.play(taste, person)
    assert first[[1, 2, 4]].min() > 1.5
    assert second.mean() < 0.6 * first.mean()


def test_off_nothing_changes() -> None:
    need, _ = evening(3, "soundcheck", on=False, songs=12)
    assert need == pytest.approx(np.full(12, need[0]))
    assert need[0] > 0.5
