"""A decision is told once: what is still done about it while it holds is no news, and what begins within a second of another is told with the next."""

from __future__ import annotations

import numpy as np
import pytest

from gigbox.brain.auto import TOGETHER_TICKS, Move
from gigbox.brain.mix.dynamics import LOOK_S as FIT_S
from gigbox.brain.mix.dynamics import Dynamics
from gigbox.brain.mix.faders import LOOK_S, WORTH_DB, Faders
from gigbox.brain.mix.feedback_margin import FeedbackMargin
from gigbox.brain.mix.panning import LOOK_S as WEIGH_S
from gigbox.brain.mix.panning import Panning
from gigbox.brain.mix.stage import Stage
from gigbox.brain.mix.telling import HOLDS_TICKS, Said
from gigbox.brain.mix.trims import Trims
from gigbox.brain.roles.roles import ROLES
from gigbox.brain.roles.sources import HEARD, TOLD
from tests.brain.band import at, band, tick

NEAR = (WORTH_DB["soundcheck"] + WORTH_DB["show"]) / 2        # worth doing in soundcheck, and no news


def reasons(moves: list[Move]) -> list[str]:
    return list(dict.fromkeys(move.why for move in moves))


def placed(*roles: str) -> tuple[Faders, Stage, list[str]]:
    """A soundcheck that has just put all faders 2 dB down, and what was said of that."""
    stage, faders = band(*roles), Faders(FeedbackMargin())
    for source in stage.sources:
        source.started = source.trimmed = source.placed = True
    stage.balance.offset = np.full(len(roles), -2.0)
    return faders, stage, reasons(tick(faders, stage, LOOK_S["soundcheck"] + 3))


def test_a_sentence_holds_while_the_figure_does_and_no_longer_than_it_is_remembered() -> None:
    said = Said()
    said.note("kick", 100, -2.0, "down by 2 dB")
    said.note("kick", 200, -2.5, "down by 2 dB")
    assert said.holds("kick", 100 + HOLDS_TICKS, -2.7, 0.75) == "down by 2 dB"
    assert said.holds("kick", 101 + HOLDS_TICKS, -2.0, 0.75) == said.holds("kick", 100, -2.8, 0.75) == said.holds("snare", 100, -2.0, 0.75) == ""
    said.forget("kick")
    assert said.holds("kick", 100, -2.0, 0.75) == ""


def test_a_fader_that_goes_on_to_the_place_that_was_told_tells_nothing_new() -> None:
    faders, stage, said = placed("keys", "bass")
    assert len(said) == 1
    stage.balance.offset[:] = -2.0 - NEAR
    assert reasons(tick(faders, stage, LOOK_S["soundcheck"])) == said
    assert stage.auto["strip/1/level"] == pytest.approx(-2.0 - NEAR)


def test_a_fader_that_goes_further_than_was_told_says_so_however_small_its_steps_are() -> None:
    faders, stage, said = placed("keys", "bass")
    for steps in (1, 2):
        stage.balance.offset[0] = -2.0 - steps * NEAR
        later = reasons(tick(faders, stage, LOOK_S["soundcheck"]))
    assert len(later) == 1
    assert later != said
    assert "strip 1" in later[0]
    assert "strip 2" not in later[0]


def test_a_side_is_told_once_however_far_it_is_weighed_to() -> None:
    stage, panning = band("electric_guitar", "keys"), Panning()
    stage.spectrum[:] = at(1000.0)
    said = reasons(tick(panning, stage, 3))
    stage.balance.offset[1] = -2.0
    moved = tick(panning, stage, WEIGH_S)
    assert moved
    assert set(reasons(moved)) <= set(said)


def test_what_a_strip_turns_out_to_be_takes_it_to_its_side_with_the_sentence_that_named_it() -> None:
    stage, panning = band("bass", "keys"), Panning()
    tick(panning, stage, 3)
    stage.sources[1].role_name, stage.sources[1].starts = "lead_vocal", "strip 2 sounds like lead vocal"
    assert reasons(tick(panning, stage, WEIGH_S + 3)) == ["strip 2 sounds like lead vocal"]


def test_a_compressor_that_is_fitted_better_by_now_is_no_news() -> None:
    stage, dynamics = band("bass", "lead_vocal"), Dynamics()
    for source in stage.sources:
        source.trimmed = True
    stage.peak_over[:] = 10.0
    said = reasons(tick(dynamics, stage, 2))
    stage.peak_over[0] = 14.0
    moved = tick(dynamics, stage, sum(FIT_S))
    assert moved
    assert reasons(moved) == said


@pytest.mark.parametrize(("trust", "named"), [(HEARD, True), (TOLD, False)])
def test_who_was_named_by_sound_and_needs_no_trim_is_compressed_with_the_sentence_that_named_it(trust: str, named: bool) -> None:
    """A name that was typed may be of an hour ago."""
    stage = band("bass")
    source = stage.sources[0]
    source.trimmed, source.trust, source.named = True, trust, "strip 1 sounds like bass; compressor 3:1"
    assert (reasons(tick(Dynamics(), stage, 2)) == [source.named]) == named


def test_what_was_told_long_ago_is_not_told_again_for_what_is_done_now() -> None:
    """Behind its trim a fader needs no sentence of its own, but if half a minute lies between them."""
    for seconds, again in ((1, False), (HOLDS_TICKS / 10 + 1, True)):
        stage, trims, faders = band("keys"), Trims(FeedbackMargin()), Faders(FeedbackMargin())
        stage.activity.came[:], stage.activity.loudness[:], stage.activity.peak[:] = -33.0, -33.0, -30.0
        told = set(reasons(tick(trims, stage, 2)))
        stage.ticks += round(seconds * 10)
        stage.sources[0].started, stage.activity.loudness[:] = True, -28.0
        moved = set(reasons(tick(faders, stage, LOOK_S["soundcheck"])))
        assert moved
        assert bool(moved - told) == again


def test_trims_that_begin_within_a_second_of_others_are_told_together() -> None:
    stage, trims = band("keys", "synth", "bass", "playback"), Trims(FeedbackMargin())
    stage.activity.came[:], stage.activity.loudness[:], stage.activity.peak[:] = -33.0, -33.0, -30.0
    stage.activity.certain[1:] = False
    moves = tick(trims, stage, 0.2)
    for n in (1, 2, 3):
        stage.activity.certain[n] = True
        moves += tick(trims, stage, 0.2)
    moves += tick(trims, stage, TOGETHER_TICKS / 10 + 2)
    assert len(reasons(moves)) == 2
    assert all(stage.auto[f"strip/{n}/trim"] > 5 for n in (1, 2, 3, 4))


def test_who_needs_no_trim_waits_for_nobody() -> None:
    """Only what is told waits: who is right by now is not trimmed for what its role turns out to be a second later."""
    stage, trims = band("keys", "bass"), Trims(FeedbackMargin())
    stage.activity.came[0], stage.activity.peak[0] = -33.0, -30.0
    stage.activity.certain[1] = False
    tick(trims, stage, 0.3)
    assert stage.sources[0].trimming
    stage.activity.certain[1], stage.activity.came[1], stage.activity.peak[1] = True, -23.0 + ROLES["bass"].takes, -10.0
    tick(trims, stage, 0.1)
    assert stage.sources[1].trimmed
