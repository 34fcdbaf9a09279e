"""The box knows who plays: hits, phrases and pads are heard, bleed and hiss are not, and a pause is no ending."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from gigbox.brain.hear.activity import CLOSE_TICKS, QUIET_LUFS, Activity

HIT, VOICE, ENDLESS = 18.0, 26.0, 0.0


def listened(span: float, loudness: Callable[[int], float], ticks: int) -> tuple[Activity, list[bool]]:
    """One source that reads `loudness(tick)` LUFS; what it was taken for at each tick."""
    activity, active = Activity(np.array([span])), []
    for tick in range(ticks):
        level = np.array([loudness(tick)])
        activity.hear(level, level, level + 12, 10.0)
        active.append(bool(activity.active[0]))
    return activity, active


@pytest.mark.parametrize("span", [HIT, VOICE, ENDLESS])
def test_silence_and_hiss_are_nobody(span: float) -> None:
    activity, active = listened(span, lambda tick: QUIET_LUFS - 1 - tick % 3, 300)
    assert not any(active)
    assert not activity.certain[0]
    assert np.isnan(activity.loudness[0])


@pytest.mark.parametrize("span", [HIT, VOICE, ENDLESS])
def test_phrases_are_active_and_pauses_are_not(span: float) -> None:
    _, active = listened(span, lambda tick: -25.0 if tick % 60 < 30 else -70.0, 300)
    assert all(active[60 * n + 5 + tick] for n in range(1, 5) for tick in range(25))
    assert not any(active[60 * n + 30 + CLOSE_TICKS + tick] for n in range(1, 5) for tick in range(20))


def test_a_short_gap_does_not_close_the_gate() -> None:
    _, active = listened(VOICE, lambda tick: -70.0 if tick % 20 in (10, 11, 12) else -25.0, 200)
    assert all(active[30:])


def test_between_opening_and_closing_it_stays_as_it_is() -> None:
    """9 LU above the floor: above where the gate closes, below where it opens."""
    def level(tick: int) -> float:
        if 20 <= tick < 26 or 150 <= tick < 180:
            return -20.0
        return -45.0 if tick < 100 else -36.0

    _, active = listened(HIT, level, 250)
    assert not any(active[110:150])
    assert all(active[152:250])


def test_a_pad_that_never_stops_becomes_active_and_certain() -> None:
    activity, active = listened(ENDLESS, lambda tick: -30.0, 100)
    assert all(active[5:])
    assert activity.certain[0]
    assert activity.loudness[0] == pytest.approx(-30.0, abs=0.01)


@pytest.mark.parametrize("span", [HIT, VOICE])
def test_a_microphone_that_only_hears_its_neighbours_is_never_certain(span: float) -> None:
    """Bleed moves by a few LU with the band and never stands out of its own floor."""
    rng = np.random.default_rng(3)
    activity, _ = listened(span, lambda tick: -40.0 + 2.5 * np.sin(tick / 7) + rng.normal(0, 0.8), 600)
    assert not activity.certain[0]


def test_the_average_is_of_playing_time_alone() -> None:
    activity, _ = listened(VOICE, lambda tick: -25.0 if tick % 40 < 20 else -55.0, 400)
    assert activity.loudness[0] == pytest.approx(-25.0, abs=0.1)
    assert activity.heard[0] == pytest.approx(20, abs=1)


def test_a_trim_shifts_all_that_was_heard() -> None:
    activity, _ = listened(HIT, lambda tick: -30.0 if tick % 10 < 3 else -60.0, 200)
    before = (activity.loudness[0], activity.top[0], activity.floor[0], activity.peak[0])
    activity.shift(0, 6.0)
    after = (activity.loudness[0], activity.top[0], activity.floor[0], activity.peak[0])
    np.testing.assert_allclose(np.subtract(after, before), 6.0)


def test_sources_do_not_hear_each_other() -> None:
    together = Activity(np.array([VOICE, ENDLESS]))
    for tick in range(200):
        level = np.array([-25.0 if tick % 50 < 20 else -70.0, -30.0])
        together.hear(level, level, level, 10.0)
    alone, _ = listened(VOICE, lambda tick: -25.0 if tick % 50 < 20 else -70.0, 200)
    assert together.loudness[0] == alone.loudness[0]
    assert together.heard[0] == alone.heard[0]


@pytest.mark.parametrize(("trim", "certain"), [(0.0, True), (12.0, False)])
def test_bleed_behind_the_trim_of_an_earlier_brain_is_still_bleed(trim: float, certain: bool) -> None:
    """-30 LUFS that never stop: behind a trim of 12 dB they came in at -42."""
    activity, level = Activity(np.array([HIT]), np.array([trim])), np.array([-30.0])
    for _ in range(100):
        activity.hear(level, level, level + 10, 10.0)
    assert activity.active[0]
    assert activity.certain[0] == certain


def test_a_crowd_before_the_singer_is_no_part_of_her_loudness() -> None:
    """Murmur around -48 LUFS, then a voice at -24: known as loud as she is within a second and a half."""
    activity, _ = listened(VOICE, lambda tick: -24.0 if tick >= 60 else -56.0 if tick < 8 else -48.0 + tick % 4, 75)
    assert activity.certain[0]
    assert activity.came[0] == pytest.approx(-24, abs=0.1)


def test_who_hears_nothing_but_the_others_is_never_active_and_what_was_heard_there_is_forgotten() -> None:
    activity, bleed, nobody = Activity(np.array([VOICE])), np.array([True]), np.array([False])
    for tick in range(100):
        level = np.array([-30.0 if tick % 20 > 5 else -60.0])
        activity.known(bleed, nobody)
        activity.hear(level, level, level + 12, 10.0)
    assert not activity.active[0]
    assert not activity.certain[0]
    assert activity.heard[0] == 0


@pytest.mark.parametrize(("level", "certain"), [(-40.0, False), (-30.0, True)])
def test_what_may_be_bleed_is_waited_for_while_nobody_knows(level: float, certain: bool) -> None:
    activity, nobody, asked = Activity(np.array([VOICE])), np.array([False]), np.array([True])
    for tick in range(30):
        now = np.array([level if tick > 10 else -60.0])
        activity.known(nobody, asked)
        activity.hear(now, now, now + 12, 10.0)
    assert activity.certain[0] == certain


def test_the_tail_of_a_hit_and_what_is_heard_of_others_behind_it_do_not_sound() -> None:
    """A cymbal that was hit as soon as anybody listened dies away within two seconds; then the snare is in its microphone, 13 LU down."""
    activity, sounding = Activity(np.array([HIT])), []
    for tick in range(26):
        level = np.array([-29.0 - 2.2 * max(tick - 3, 0) if tick < 20 else -42.0])
        activity.hear(level, level, level + 12, 10.0)
        sounding.append(bool(activity.sounding[0]))
    assert sounding[4]
    assert not any(sounding[9:])
