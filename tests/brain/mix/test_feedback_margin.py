"""The feedback margin: more open microphones mean less of each, and what all are raised by in a show stays within what soundcheck has shown."""

from __future__ import annotations

import numpy as np
import pytest

from gigbox.brain.mix.feedback_margin import SPARE_DB, FeedbackMargin
from gigbox.brain.mix.stage import Stage
from gigbox.brain.roles.sources import GUESS, TOLD
from tests.brain.band import band


def looked(stage: Stage, microphones: FeedbackMargin, mode: str) -> None:
    stage.mode = mode
    microphones.think(stage)


def test_every_doubling_of_open_microphones_costs_three_db() -> None:
    stage, microphones = band("lead_vocal", "backing_vocal", "backing_vocal", "acoustic_guitar", "keys"), FeedbackMargin()
    stage.muted = np.array([0, 1, 1, 1, 0.0])
    looked(stage, microphones, "soundcheck")
    looked(stage, microphones, "show")
    assert (microphones.open, microphones.less(stage, 0)) == (1, 0)
    stage.muted = np.array([0, 0, 1, 1, 0.0])
    looked(stage, microphones, "show")
    assert microphones.less(stage, 0) == pytest.approx(3.01, abs=0.01)
    stage.muted[:] = 0
    looked(stage, microphones, "show")
    assert microphones.less(stage, 0) == pytest.approx(6.02, abs=0.01)
    assert microphones.less(stage, 4) == 0          # keys hear no room


def test_soundcheck_takes_what_it_finds() -> None:
    stage, microphones = band("lead_vocal", "backing_vocal", "speech"), FeedbackMargin()
    looked(stage, microphones, "soundcheck")
    looked(stage, microphones, "show")
    assert (microphones.allowed, microphones.less(stage, 0)) == (3, 0)


def power(*gains: float) -> float:
    return sum(10 ** (db / 10) for db in gains)


def show(*roles: str, levels: tuple[float, ...], silent: tuple[int, ...] = (), muted: tuple[int, ...] = ()) -> tuple[Stage, FeedbackMargin]:
    """After a soundcheck that left the faders so, and in which some were not heard, or muted."""
    stage, microphones = band(*roles), FeedbackMargin()
    for n, level in enumerate(levels, 1):
        stage.auto.take(f"strip/{n}/level", level)
    stage.activity.certain[list(silent)], stage.muted[list(muted)] = False, 1
    looked(stage, microphones, "soundcheck")
    looked(stage, microphones, "show")
    return stage, microphones


def test_in_soundcheck_nothing_holds_a_fader() -> None:
    stage, microphones = band("lead_vocal"), FeedbackMargin()
    looked(stage, microphones, "soundcheck")
    assert microphones.room(stage, 0) == float("inf")


def test_what_soundcheck_heard_rises_by_the_spare_margin_and_no_further() -> None:
    stage, microphones = show("lead_vocal", "backing_vocal", "keys", levels=(0, -9, -6))
    assert microphones.room(stage, 0) == pytest.approx(SPARE_DB)
    assert microphones.room(stage, 1) == pytest.approx(SPARE_DB)
    assert microphones.room(stage, 2) == float("inf")
    stage.auto.take("strip/2/level", -7.0)
    assert microphones.room(stage, 1) == pytest.approx(SPARE_DB - 2)


def test_a_trim_spends_as_much_as_a_fader() -> None:
    stage, microphones = show("lead_vocal", levels=(0,))
    stage.auto.take("strip/1/trim", 2.0)
    assert microphones.room(stage, 0) == pytest.approx(SPARE_DB - 2)


def test_a_singer_whom_soundcheck_never_heard_may_come_to_where_the_loudest_stood() -> None:
    stage, microphones = show("lead_vocal", "backing_vocal", levels=(4, -6), silent=(1,))
    assert microphones.silent(stage.sources[1])
    assert microphones.room(stage, 1) == pytest.approx(10)
    assert microphones.spare(stage) >= power(4, 4)


@pytest.mark.parametrize(("trust", "level", "room"), [(GUESS, -8.0, SPARE_DB + 8), (GUESS, 0.0, SPARE_DB), (TOLD, -4.0, SPARE_DB)])
def test_a_fader_that_was_pulled_down_for_a_guess_and_never_heard_says_nothing_of_the_room(trust: str, level: float, room: float) -> None:
    """What was taken for something else than a lead comes back to where hands have it, and has the spare margin on top, as if it had been told."""
    stage, microphones = band("lead_vocal"), FeedbackMargin()
    stage.sources[0].trust = trust
    stage.auto.take("strip/1/level", level)
    stage.activity.certain[:], stage.activity.heard[:] = False, 0.0
    looked(stage, microphones, "soundcheck")
    looked(stage, microphones, "show")
    assert microphones.room(stage, 0) == pytest.approx(room)


@pytest.mark.parametrize(("seconds", "silent"), [(1.5, True), (4.0, False)])
def test_whom_soundcheck_had_no_time_to_trim_counts_as_silent(seconds: float, silent: bool) -> None:
    stage, microphones = band("backing_vocal"), FeedbackMargin()
    stage.activity.heard[:] = seconds
    looked(stage, microphones, "soundcheck")
    assert microphones.silent(stage.sources[0]) == silent


def test_all_together_stay_within_the_margin() -> None:
    """Three silent singers beside one that was heard: the first has what it needs, and the others what is left."""
    stage, microphones = show("lead_vocal", *["backing_vocal"] * 3, levels=(0, -10, -10, -10), silent=(1, 2, 3))
    bound = power(0, -10, -10, -10) * power(SPARE_DB)
    for index in (1, 2, 3):
        path = stage.sources[index].path("level")
        stage.auto.take(path, stage.auto[path] + microphones.room(stage, index))
        assert power(*(stage.auto[s.path("level")] for s in stage.sources)) <= bound + 1e-9
    assert stage.auto["strip/2/level"] == pytest.approx(0)
    assert microphones.room(stage, 0) == 0


def test_what_is_down_gives_no_more_than_itself_to_the_others() -> None:
    stage, microphones = show("lead_vocal", "backing_vocal", levels=(0, 0))
    stage.auto.take("strip/1/level", -20.0)
    assert microphones.room(stage, 1) == pytest.approx(SPARE_DB)


def test_a_microphone_that_was_never_open_brings_no_margin() -> None:
    stage, microphones = show("lead_vocal", "backing_vocal", levels=(0, 0), muted=(1,))
    assert microphones.room(stage, 0) == pytest.approx(SPARE_DB)
    stage.muted[1] = 0
    looked(stage, microphones, "show")
    assert microphones.room(stage, 0) == pytest.approx(0, abs=0.05)


def test_where_no_soundcheck_was_heard_nobody_counts_as_silent() -> None:
    stage, microphones = band("lead_vocal"), FeedbackMargin()
    stage.activity.certain[:] = False
    looked(stage, microphones, "show")
    assert not microphones.silent(stage.sources[0])
    assert microphones.room(stage, 0) == pytest.approx(SPARE_DB)


def test_each_show_begins_anew() -> None:
    stage, microphones = show("lead_vocal", levels=(0,))
    stage.auto.take("strip/1/level", 3.0)
    assert microphones.room(stage, 0) == pytest.approx(SPARE_DB - 3)
    looked(stage, microphones, "soundcheck")
    looked(stage, microphones, "show")
    assert microphones.room(stage, 0) == pytest.approx(SPARE_DB)


@pytest.mark.parametrize(("level", "borne"), [(-10.0, True), (-0.5, False)])
def test_what_the_box_took_off_for_a_guess_the_room_has_borne(level: float, borne: bool) -> None:
    """It stood where hands had put it before it was pulled down as what nobody could name."""
    stage, microphones = band("lead_vocal", "backing_vocal"), FeedbackMargin()
    stage.sources[0].trust, stage.activity.heard[0] = GUESS, 0.0
    looked(stage, microphones, "soundcheck")
    looked(stage, microphones, "show")
    stage.auto.take("strip/1/level", level)
    assert microphones.borne(stage, 0) == borne
