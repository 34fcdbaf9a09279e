"""Faders that are looked over now and then: who goes along, and when who came late is placed."""

from __future__ import annotations

import numpy as np
import pytest

from gigbox.brain.mix.faders import ALONG_DB, LOOK_S, MAKE_WAY_RATE, RATE, URGENT_DB, WORTH_DB, Faders
from gigbox.brain.mix.feedback_margin import FeedbackMargin
from gigbox.brain.mix.stage import Stage
from gigbox.brain.mix.trims import TRIM_RATE
from tests.brain.band import band, tick


def in_show(*off: float) -> tuple[Faders, Stage]:
    """Faders of a show that goes on, and sources that are so many dB over their places."""
    stage = band(*["bass", "keys", "strings"][:len(off)], mode="show")
    for source, db in zip(stage.sources, off, strict=True):
        source.started = source.trimmed = source.placed = source.heard_in_soundcheck = True
        stage.auto.take(source.path("level"), db)
    stage.balance.offset = np.zeros(len(off))
    return Faders(FeedbackMargin()), stage


def test_what_is_nearly_right_goes_along_with_what_is_not_and_stays_alone() -> None:
    near = (WORTH_DB["show"] + ALONG_DB) / 2
    faders, stage = in_show(1.5, near)
    moves = tick(faders, stage, LOOK_S["show"] + 4)
    assert stage.auto["strip/2/level"] == pytest.approx(0)
    assert len({move.why for move in moves}) == 1
    faders, stage = in_show(near)
    assert not tick(faders, stage, LOOK_S["show"] + 4)


def test_who_came_in_the_show_is_placed_at_once_and_who_was_heard_before_at_the_next_look() -> None:
    off = (WORTH_DB["show"] + URGENT_DB) / 2
    for heard, moves in ((True, 0), (False, 1)):
        faders, stage = in_show(off)
        stage.sources[0].placed = stage.sources[0].heard_in_soundcheck = heard
        assert len(tick(faders, stage, 0.1)) == moves


def test_who_is_something_else_by_what_a_hand_said_of_another_waits_for_no_look_and_moves_no_faster() -> None:
    for follows, moves in ((0, 0), (50, 1)):
        faders, stage = in_show((WORTH_DB["show"] + URGENT_DB) / 2)
        stage.sources[0].placed, stage.sources[0].follows = False, follows
        assert len(tick(faders, stage, 0.1)) == moves
        assert abs(stage.auto["strip/1/level"] - (WORTH_DB["show"] + URGENT_DB) / 2) <= RATE * 0.1 + 1e-6


def test_the_band_hurries_out_of_the_way_of_a_lead_that_has_only_begun() -> None:
    """Ten dB at the pace of a drift are a verse that nobody hears."""
    for at_once, seconds in ((True, 10 / MAKE_WAY_RATE), (False, 10 / RATE)):
        faders, stage = in_show(0.0)
        stage.balance.offset[:], stage.balance.short, stage.balance.at_once = -10.0, 10.0, at_once
        tick(faders, stage, seconds - 0.3)
        assert stage.auto["strip/1/level"] > -10
        tick(faders, stage, 0.4)
        assert stage.auto["strip/1/level"] == -10


def test_a_fader_waits_while_cleaning_holds_its_source_back() -> None:
    faders, stage = in_show(-6.0)
    stage.left[:] = stage.activity.loudness - 20
    tick(faders, stage, LOOK_S["show"] + 4)
    assert stage.auto["strip/1/level"] == -6
    stage.left[:] = stage.activity.loudness
    tick(faders, stage, 4)
    assert stage.auto["strip/1/level"] > -6


def test_the_lead_going_along_hides_no_reason() -> None:
    _, stage = in_show(3.5, -2.0)
    stage.sources[1].role_name, stage.balance.short = "lead_vocal", 4.0
    margin = FeedbackMargin()
    for stage.mode in ("soundcheck", "show"):
        margin.think(stage)
    faders = Faders(margin)
    moves = tick(faders, stage, 1)
    assert {move.path for move in moves} == {"strip/1/level", "strip/2/level"}
    assert all("which can go no higher" in move.why for move in moves)


def test_a_lead_that_goes_up_does_not_make_way_for_itself() -> None:
    _, stage = in_show(3.5, -2.0, 4.0)
    stage.sources[1].role_name, stage.balance.short = "lead_vocal", 4.0
    margin = FeedbackMargin()
    margin.think(stage)
    said = {move.why for move in tick(Faders(margin), stage, 1) if "which can go no higher" in move.why}
    assert len(said) == 1
    assert "strip 1 -3.5 and strip 3 -4.0 dB: make way for" in said.pop()


@pytest.mark.parametrize("named", ["", "strip 1 sounds like keys (90%)"])
def test_soundcheck_puts_a_fader_where_its_role_belongs_within_a_second_and_no_faster_than_faders_may(named: str) -> None:
    faders, stage = in_show(0.0)
    stage.mode, stage.balance.offset[:] = "soundcheck", -8.0
    stage.sources[0].started, stage.sources[0].starts = False, named or "strip 1: set up as keys, not heard yet: low cut 60 Hz"
    stage.activity.certain[:] = False
    steps = np.diff([0.0, *(move.value for move in tick(faders, stage, 1))])
    assert steps.sum() == pytest.approx(-8)
    assert np.abs(steps).max() <= TRIM_RATE * 0.1 + 1e-6


def test_a_fader_that_is_where_its_role_belongs_is_not_placed_before_it_was_heard() -> None:
    """What needs no trim and lacks much is still brought up at the pace of soundcheck."""
    faders, stage = in_show(0.0)
    stage.mode, stage.balance.offset[:], stage.activity.loudness[:] = "soundcheck", -3.0, -29.0
    stage.sources[0].started, stage.sources[0].placed, stage.sources[0].starts = False, False, "strip 1 sounds like a bass (90%)"
    tick(faders, stage, 2.5)
    assert stage.auto["strip/1/level"] == pytest.approx(3)
