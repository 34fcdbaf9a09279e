"""The filter behind taste, against numbers worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigbox.brain.taste.belief import ACCEPTED_NOISE, MOST, NOISE, NOISE_ELSE, START_VARIANCE, Belief, noise_of, said


def test_the_first_correction_counts_as_its_noise_says() -> None:
    after = Belief().heard(3.0, NOISE_ELSE)                          # K = 9 / 13
    assert (after.mean, after.variance) == pytest.approx((27 / 13, 36 / 13))
    assert after.sure == pytest.approx(9 / 13)
    assert after.offset == pytest.approx(27 / 13 * 9 / 13)


def test_a_second_correction_moves_less_and_makes_surer() -> None:
    after = Belief().heard(3.0, 4.0).older().heard(3.0, 4.0)
    v = 36 / 13 + 0.05
    gain = v / (v + 4)
    assert after.mean == pytest.approx(27 / 13 + gain * (3 - 27 / 13))
    assert after.variance == pytest.approx((1 - gain) * v)


def test_soundcheck_is_trusted_more_than_a_show_and_what_is_neither_lies_between() -> None:
    gains = [Belief().heard(1.0, noise_of(mode)).mean for mode in ("soundcheck", "", "show")]
    assert gains == pytest.approx([9 / 11.25, 9 / 13, 9 / 18])
    assert NOISE["soundcheck"] < NOISE_ELSE < NOISE["show"]


def test_no_surprise_counts_for_more_than_6() -> None:
    assert Belief().heard(40.0, 4.0) == Belief().heard(6.0, 4.0)


def test_a_song_that_nobody_touched_is_a_faint_yes() -> None:
    belief = Belief(2.0, 4.0, count=3, last=(2.5, 4.0))
    gain = 4 / (4 + ACCEPTED_NOISE)
    assert belief.accepted(1.0) == Belief(2.0 - gain, (1 - gain) * 4, 3, None)


def test_each_song_forgets_a_little_and_never_more_than_there_was() -> None:
    assert Belief(2.0, 4.0).older().variance == pytest.approx(4.05)
    assert Belief(2.0, START_VARIANCE).older().variance == START_VARIANCE


def test_two_songs_in_a_row_that_contradict_to_the_same_side_are_a_new_beginning() -> None:
    sure = Belief(2.0, 0.5, count=8)
    once = sure.closed([(-2.0, 4.0)])
    assert once.variance < 0.5
    twice = once.closed([(-3.0, 9.0)])
    new = Belief().heard(-2.0, 4.0).heard(-3.0, 9.0)
    assert (twice.mean, twice.variance, twice.count) == pytest.approx((new.mean, new.variance, 10))


@pytest.mark.parametrize("second", [[(5.0, 4.0)], [(0.5, 4.0)]])
def test_once_is_not_yet_a_turn_nor_is_one_to_each_side_nor_a_small_one(second: list[tuple[float, float]]) -> None:
    assert Belief(2.0, 0.5, count=8).closed([(-2.0, 4.0)]).closed(second).variance < 0.5


def test_several_corrections_of_a_song_are_remembered_as_one() -> None:
    last = Belief().closed([(2.0, 4.0), (5.0, 8.0)]).last
    assert last == pytest.approx((3.0, 8 / 3))


def test_what_a_person_says_is_applied_exactly() -> None:
    for offset in (-6.0, -5.5, -2.1, 0.0, 0.3, 5.34, 6.0):
        assert said(offset).offset == pytest.approx(offset)
        assert abs(said(offset).mean) <= MOST


def test_another_style_starts_from_what_is_liked_in_all_and_is_less_sure() -> None:
    assert Belief(2.0, 4.0, count=5).narrowed() == Belief(2.0, 6.25)
    assert Belief(2.0, 8.0).narrowed().variance == START_VARIANCE


@given(st.lists(st.tuples(st.sampled_from(["closed", "accepted", "older"]), st.floats(allow_nan=True), st.sampled_from([2.25, 4.0, 9.0])), max_size=60))
def test_a_belief_stays_within_its_bounds_whatever_it_hears(steps: list[tuple[str, float, float]]) -> None:
    belief = Belief()
    for step, liked, noise in steps:
        belief = belief.closed([(liked, noise)]) if step == "closed" else belief.accepted(liked) if step == "accepted" else belief.older()
        assert abs(belief.mean) <= MOST
        assert 0 < belief.variance <= START_VARIANCE
        assert abs(belief.offset) <= MOST
