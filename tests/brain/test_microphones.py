"""The feedback margin: more open microphones mean less of each, and what is raised in a show is raised once for all of them."""

from __future__ import annotations

import numpy as np
import pytest

from gigbox.brain.microphones import KEPT_DB, MARGIN_DB, Microphones
from gigbox.brain.stage import Stage
from tests.brain.band import band

SPARE = MARGIN_DB - KEPT_DB


def looked(stage: Stage, microphones: Microphones, mode: str) -> None:
    stage.mode = mode
    microphones.think(stage)


def test_every_doubling_of_open_microphones_costs_three_db() -> None:
    stage, microphones = band("lead_vocal", "backing_vocal", "backing_vocal", "acoustic_guitar", "keys"), Microphones()
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
    stage, microphones = band("lead_vocal", "backing_vocal", "speech"), Microphones()
    looked(stage, microphones, "soundcheck")
    looked(stage, microphones, "show")
    assert (microphones.allowed, microphones.less(stage, 0)) == (3, 0)


def test_in_soundcheck_nothing_holds_a_fader() -> None:
    stage, microphones = band("lead_vocal"), Microphones()
    looked(stage, microphones, "soundcheck")
    assert microphones.most(stage, 0) == float("inf")


def test_what_one_microphone_has_taken_of_the_margin_the_others_no_longer_have() -> None:
    stage, microphones = band("lead_vocal", "backing_vocal", "keys"), Microphones()
    stage.auto.take("strip/2/level", -4.0)
    looked(stage, microphones, "show")
    assert microphones.most(stage, 0) == pytest.approx(SPARE)
    assert microphones.most(stage, 1) == pytest.approx(-4 + SPARE)
    assert microphones.most(stage, 2) == float("inf")
    stage.auto.take("strip/1/level", 2.0)
    assert microphones.most(stage, 1) == pytest.approx(-4 + SPARE - 2)
    assert microphones.most(stage, 0) == pytest.approx(SPARE)
    stage.auto.take("strip/1/level", -5.0)          # what is down gives nothing to the others
    assert microphones.most(stage, 1) == pytest.approx(-4 + SPARE)


def test_a_singer_whom_soundcheck_never_heard_has_no_more_than_the_others() -> None:
    stage, microphones = band("lead_vocal"), Microphones()
    stage.activity.certain[:] = False
    looked(stage, microphones, "show")
    assert microphones.most(stage, 0) == pytest.approx(SPARE)


def test_each_show_begins_anew() -> None:
    stage, microphones = band("lead_vocal"), Microphones()
    looked(stage, microphones, "show")
    stage.auto.take("strip/1/level", 3.0)
    assert microphones.most(stage, 0) == pytest.approx(SPARE)
    looked(stage, microphones, "soundcheck")
    looked(stage, microphones, "show")
    assert microphones.most(stage, 0) == pytest.approx(3 + SPARE)
