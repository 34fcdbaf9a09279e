"""Who covers another one's essential octaves is cut there, if it can do without them, and not for long after the other has gone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gigbox.brain.hear.bands import HZ, octaves
from gigbox.brain.mix.masking import AWAY_S, BELLS, MOST_DB, RATES, SHARE, Masking
from gigbox.brain.mix.stage import Stage
from tests.brain.band import at, band, tick

VOICE = (500.0, 1000.0, 2000.0, 4000.0)
GUITAR = (125.0, 250.0, 500.0, 8000.0)      # its own; and what it has at 2 kHz


def covering(over_db: float, *roles: str) -> Stage:
    """The first sings; the second lives elsewhere and is over it at 2 kHz by so much."""
    stage = band(*(roles or ("lead_vocal", "electric_guitar")))
    stage.spectrum[0] = at(*VOICE, level_db=-30)
    stage.spectrum[1] = at(*GUITAR, level_db=-10) + at(2000.0, level_db=-30 + over_db)
    return stage


def cuts(stage: Stage, strip: int) -> dict[float, float]:
    """dB by frequency of the bells that are not flat."""
    held = {stage.auto[f"strip/{strip}/eq/{bell}/frequency"]: stage.auto[f"strip/{strip}/eq/{bell}/gain"] for bell in BELLS}
    return {hz: db for hz, db in held.items() if db}


def test_what_covers_the_voice_and_can_do_without_is_cut_there() -> None:
    stage = covering(8.0)
    moves = tick(Masking(), stage, 20)
    assert cuts(stage, 2) == pytest.approx({2000.0: -SHARE * 8})
    assert cuts(stage, 1) == {}
    assert "covers strip 1 by 8 dB around 2 kHz" in moves[0].why


def test_a_cut_that_ends_is_told_without_a_figure() -> None:
    stage, masking = covering(8.0), Masking()
    tick(masking, stage, 20)
    stage.spectrum[1] = at(*GUITAR, level_db=-10)
    assert {move.why for move in tick(masking, stage, 30)} == {"strip 2 flat again at 2 kHz: covers nobody there any more"}


def test_no_cut_is_deeper_than_four_db() -> None:
    stage = covering(18.0)
    tick(Masking(), stage, 30)
    assert cuts(stage, 2) == pytest.approx({2000.0: -MOST_DB})


def test_a_little_is_let_be() -> None:
    stage = covering(2.0)
    assert tick(Masking(), stage, 10) == []


def test_what_is_essential_to_itself_is_not_cut() -> None:
    stage = covering(8.0)
    stage.spectrum[1] = at(2000.0, 125.0, 250.0, 4000.0, level_db=-10)
    assert tick(Masking(), stage, 10) == []


def test_the_fader_counts() -> None:
    stage = covering(8.0)
    stage.auto.take("strip/2/level", -8.0)
    assert tick(Masking(), stage, 10) == []


def test_a_lead_is_never_cut_for_others() -> None:
    stage = covering(15.0, "electric_guitar", "lead_vocal")
    tick(Masking(), stage, 20)
    assert cuts(stage, 2) == {}


def test_speed_is_that_of_the_mode() -> None:
    for mode, rate in RATES.items():
        stage = covering(15.0)
        stage.mode = mode
        gains = [m.value for m in tick(Masking(), stage, 25) if m.path.endswith("gain")]
        assert np.abs(np.diff([0.0, *gains])).max() <= rate / 10 + 1e-9


def test_it_ends_ten_seconds_after_the_covered_one_went() -> None:
    stage, masking = covering(8.0), Masking()
    tick(masking, stage, 20)
    stage.activity.active[0] = False
    tick(masking, stage, AWAY_S - 1)
    assert cuts(stage, 2)
    tick(masking, stage, 12)
    assert cuts(stage, 2) == {}


def test_who_was_hardly_heard_is_neither_cut_nor_cut_for() -> None:
    for index in range(2):
        stage = covering(10.0)
        stage.heard[index] = 3.9
        assert tick(Masking(), stage, 10) == []


def test_a_bell_moves_to_another_octave_only_when_it_is_flat() -> None:
    stage, masking = covering(8.0), Masking()
    tick(masking, stage, 20)
    stage.spectrum[1] = at(*GUITAR, level_db=-10) + at(1000.0, level_db=-22)
    bells: dict[str, float] = {}
    for move in tick(masking, stage, 30):
        if move.path.endswith("frequency"):
            assert bells.get(move.path.replace("frequency", "gain"), 0.0) == pytest.approx(0, abs=1e-3)
        bells[move.path] = move.value
    assert cuts(stage, 2) == pytest.approx({1000.0: -SHARE * 8})


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), roles=st.lists(st.sampled_from(["lead_vocal", "backing_vocal", "keys", "kick", "bass", "speech", "unused"]), min_size=2,
                                                  max_size=5))
def test_whatever_is_heard_it_only_cuts_and_by_two_bells_of_four_db(seed: int, roles: list[str]) -> None:
    stage, masking, dice = band(*roles), Masking(), np.random.default_rng(seed)
    for _ in range(4):
        stage.spectrum = 10 ** dice.uniform(-9, 0, (len(roles), len(HZ)))
        for move in tick(masking, stage, 6):
            assert move.path.split("/")[3] in ("2", "3")
            assert not move.path.endswith("gain") or -MOST_DB <= move.value <= 1e-9
    assert not any(stage.auto.knows(f"strip/{n}/eq/2/gain") for n, role in enumerate(roles, 1) if role == "unused")
    assert np.isfinite(octaves(stage.spectrum)).all()
