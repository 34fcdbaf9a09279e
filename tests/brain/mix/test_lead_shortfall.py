"""The rest gives way to a lead that cannot be raised: bounded, slowly, and for no longer than somebody leads."""

from __future__ import annotations

import numpy as np
import pytest

from gigbox.brain.mix.lead_shortfall import AFTER_S, BACK_S, MORE_NEW_S, MORE_S, MOST_DB, WORTH_DB, LeadShortfall
from gigbox.brain.mix.stage import Stage
from tests.brain.band import band


def lacking(*short: float, mode: str = "show") -> Stage:
    stage = band(*["lead_vocal"] * len(short), "keys", mode=mode)
    for source, db in zip(stage.sources, short, strict=False):
        source.short = db
    return stage


def after(stage: Stage, seconds: float, rule: LeadShortfall | None = None) -> float:
    rule = rule or LeadShortfall()
    for _ in range(round(seconds * 10)):
        rule.think(stage)
    return stage.balance.short


@pytest.mark.parametrize(("heard", "seconds"), [(60.0, MORE_S), (5.0, MORE_NEW_S)])
def test_it_gives_what_the_lead_lacks_in_one_go_when_it_has_lacked_it_for_long_and_a_new_one_at_once(heard: float, seconds: float) -> None:
    stage, rule = lacking(4.0), LeadShortfall()
    stage.heard[:] = heard
    assert after(stage, seconds - 0.2, rule) == 0
    assert after(stage, 0.4, rule) == 4


def test_breaths_between_phrases_begin_nothing_anew() -> None:
    """A singer is silent every few seconds, and would never lack anything for long."""
    stage, rule = lacking(4.0), LeadShortfall()
    for n in range(160):
        stage.activity.foreground[0] = n % 40 < 30
        rule.think(stage)
    assert stage.balance.short == 4


@pytest.mark.parametrize(("heard", "at_once"), [(60.0, False), (5.0, True)])
def test_who_has_only_begun_is_made_way_for_at_once(heard: float, at_once: bool) -> None:
    stage = lacking(4.0)
    stage.heard[:] = heard
    after(stage, 12)
    assert (stage.balance.short, stage.balance.at_once) == (4, at_once)


def test_who_takes_over_the_lead_is_new_in_it_however_long_heard() -> None:
    """Somebody else was called the lead until a hand said otherwise."""
    stage, rule = lacking(0.0), LeadShortfall()
    stage.sources[0].role_name, stage.sources[1].role_name, stage.heard[:] = "backing_vocal", "lead_vocal", 60.0
    after(stage, 20, rule)
    stage.sources[0].role_name, stage.sources[1].role_name, stage.sources[0].short = "lead_vocal", "keys", 4.0
    assert after(stage, MORE_NEW_S + 0.2, rule) == 4
    after(stage, 0.1, rule)
    assert stage.balance.at_once


def test_what_its_compressor_will_leave_it_is_not_lacking() -> None:
    stage = lacking(4.0)
    stage.taken[0] = 3.5
    assert after(stage, 20) == 0


def test_it_is_back_soon_after_the_lead() -> None:
    stage, rule = lacking(4.0), LeadShortfall()
    after(stage, 20, rule)
    stage.sources[0].short = 0.0
    assert after(stage, BACK_S + 0.5, rule) == 0


def test_it_is_bounded() -> None:
    assert after(lacking(30.0), 60) == pytest.approx(MOST_DB, abs=0.1)


def test_what_lacks_little_moves_nobody() -> None:
    assert after(lacking(WORTH_DB - 0.1), 20) == 0


def test_of_two_that_sing_the_one_at_its_place_counts() -> None:
    assert after(lacking(5.0, 0.0), 20) == 0


def test_who_does_not_lead_moves_nobody() -> None:
    stage = lacking(0.0)
    stage.sources[1].short = 6.0
    assert after(stage, 20) == 0


def test_it_holds_between_phrases_and_is_taken_back_when_nobody_leads_for_long() -> None:
    stage, rule = lacking(4.0), LeadShortfall()
    held = after(stage, 20, rule)
    stage.activity.foreground, stage.since = np.array([False, True]), np.array([99, 0])
    assert after(stage, AFTER_S - 1, rule) == held
    assert after(stage, 30, rule) == pytest.approx(0, abs=0.1)


def test_soundcheck_begins_without_it() -> None:
    stage, rule = lacking(4.0), LeadShortfall()
    after(stage, 20, rule)
    stage.mode = "soundcheck"
    assert after(stage, 0.1, rule) == 0


def test_all_but_the_lead_give_way() -> None:
    stage = lacking(4.0)
    after(stage, 20)
    stage.balance.think(stage.sources, stage.activity, stage.momentary, "pop", "show")
    assert stage.balance.offset[0] == 0
    assert stage.balance.band == stage.balance.common - stage.balance.short


def test_the_first_breath_of_a_new_lead_puts_nothing_off() -> None:
    """She sings a word that is not heard under the band, and breathes: the band does not wait for the next word."""
    stage, rule = lacking(10.0), LeadShortfall()
    stage.heard[0] = 1.1
    assert after(stage, 0.2, rule) == 0
    stage.activity.foreground[0] = False
    assert after(stage, MORE_NEW_S, rule) == 10
