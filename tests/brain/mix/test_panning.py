"""Both sides weigh alike, lows and leads stay in the middle, the heaviest nearest to it; and a show moves nobody."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gigbox.brain.auto import Auto
from gigbox.brain.mix.panning import RATE, Panning, aside, low_share
from gigbox.brain.mix.stage import Stage
from gigbox.brain.roles.roles import ROLES
from tests.brain.band import at, band, tick

GUITARS = ("electric_guitar",) * 4


def pans(stage: Stage) -> np.ndarray:
    return np.array([stage.auto[s.path("pan")] for s in stage.sources])


def playing(*roles: str, offsets: tuple[float, ...] = (), **said: object) -> Stage:
    """All at a kilohertz, of the same weight but for their places."""
    stage = band(*roles, **said)  # type: ignore[arg-type]
    stage.spectrum[:] = at(1000.0)
    stage.balance.offset = np.array(offsets or [0.0] * len(stage.sources))
    return stage


def balance(stage: Stage) -> float:
    """-1..1: how much more weighs on the right."""
    weight = 10 ** (stage.balance.offset / 10)
    return float((weight * pans(stage)).sum() / (weight * np.abs(pans(stage))).sum())


def test_lows_and_leads_stay_in_the_middle() -> None:
    stage = playing("lead_vocal", "kick", "bass", "snare", "speech")
    assert tick(Panning(), stage, 5) == []


def test_what_carries_the_lows_moves_to_the_middle_whatever_it_is_called() -> None:
    stage = playing("keys", "keys", "keys")
    stage.spectrum[1] = at(62.5)
    tick(Panning(), stage, 10)
    assert pans(stage)[1] == 0
    assert sorted(pans(stage)[[0, 2]]) == [-0.5, 0.5]


@pytest.mark.parametrize(("share", "far"), [(0.0, 1.0), (0.5, 1.0), (0.7, 0.5), (0.9, 0.0), (1.0, 0.0)])
def test_how_far_aside_goes_with_the_share_of_lows(share: float, far: float) -> None:
    assert aside(share) == pytest.approx(far)


def test_the_share_of_lows() -> None:
    assert low_share(at(62.5)) == pytest.approx(1, abs=0.01)
    assert low_share(at(1000.0)) == pytest.approx(0, abs=0.01)


def test_alike_ones_take_turns() -> None:
    stage = playing(*GUITARS)
    tick(Panning(), stage, 10)
    assert sorted(pans(stage)) == [-0.6, -0.6, 0.6, 0.6]


@pytest.mark.parametrize("offsets", [(0.0, -3.0, -3.0, -8.0), (0.0, -1.0, -2.0, -3.0), (-8.0, -8.0, -2.0, 0.0), (0.0, -9.0, -9.0, -9.0)])
def test_both_sides_weigh_alike_and_the_heaviest_is_nearest_to_the_middle(offsets: tuple[float, ...]) -> None:
    stage = playing(*GUITARS, offsets=offsets)
    tick(Panning(), stage, 20)
    heaviest = int(np.argmax(offsets))
    assert abs(pans(stage)[heaviest]) == np.abs(pans(stage)).min()
    assert abs(balance(stage)) < 0.05 or abs(pans(stage)[heaviest]) == pytest.approx(0.12)      # no nearer than that: a fifth of its role's


def test_it_moves_at_its_speed_and_only_in_soundcheck() -> None:
    stage, panning = playing(*GUITARS), Panning()
    before = pans(stage)
    for _ in range(30):
        tick(panning, stage)
        assert np.abs(pans(stage) - before).max() <= RATE / 10 + 1e-9
        before = pans(stage)
    stage.mode = "show"
    stage.balance.offset[:] = (0, -9, -9, -9)
    assert tick(panning, stage, 10) == []


def test_nobody_changes_sides_for_a_little() -> None:
    stage, panning = playing(*GUITARS), Panning()
    tick(panning, stage, 10)
    before = np.sign(pans(stage))
    stage.balance.offset[:] = (0.3, 0.2, -0.2, 0.1)
    tick(panning, stage, 10)
    np.testing.assert_array_equal(np.sign(pans(stage)), before)


def test_a_brain_that_comes_back_goes_on_with_the_sides_it_finds() -> None:
    auto = Auto()
    stage = playing(*GUITARS, auto=auto)
    for n, pan in enumerate((0.6, 0.6, -0.6, -0.6), 1):
        auto.take(f"strip/{n}/pan", pan)
    tick(Panning(), stage, 10)
    assert list(pans(stage)) == [0.6, 0.6, -0.6, -0.6]


def test_a_pair_is_opened() -> None:
    stage = playing("keys", "keys", "drums", "drums", pairs=(1, 3))
    tick(Panning(), stage, 10)
    assert list(pans(stage)) == [-0.5, -0.7]


def test_what_turns_out_to_belong_in_the_middle_goes_there() -> None:
    stage, panning = playing("keys", "keys"), Panning()
    tick(panning, stage, 5)
    stage.sources[0].role_name = "bass"
    tick(panning, stage, 5)
    assert pans(stage)[0] == 0


@settings(max_examples=40, deadline=None)
@given(roles=st.lists(st.sampled_from(sorted(ROLES)), min_size=1, max_size=8), seed=st.integers(0, 10**6))
def test_no_pan_goes_beyond_its_roles(roles: list[str], seed: int) -> None:
    stage, dice = playing(*roles), np.random.default_rng(seed)
    panning = Panning()
    for _ in range(3):
        stage.balance.offset = dice.uniform(-15, 2, len(roles))
        tick(panning, stage, 4)
        assert all(abs(pan) <= ROLES[role].pan + 1e-9 for pan, role in zip(pans(stage), roles, strict=True))


@pytest.mark.parametrize("role", ["hihat_overhead", "drums", "tom"])
def test_a_lone_microphone_of_the_kit_stays_near_the_middle_and_two_open_it(role: str) -> None:
    lone, two = playing(role, "keys", "electric_guitar"), playing(role, role)
    tick(Panning(), lone, 10)
    tick(Panning(), two, 10)
    assert abs(pans(lone)[0]) <= 0.15
    assert sorted(pans(two)) == [-ROLES[role].pan, ROLES[role].pan]
