"""Compressors take what their role should, in times that the crest factor gives; gates open between hits and bleed, or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from engine.sounds import noise, voice

from gigbox.brain.mix.compression import reduction
from gigbox.brain.mix.dynamics import ABOVE_BLEED_DB, BELOW_HITS_DB, Dynamics
from gigbox.brain.mix.stage import Stage
from gigbox.brain.roles.roles import ROLES
from gigbox.engine.song import Track
from gigbox.rack import METER_FRAMES
from gigbox.render.session import Session
from tests.brain import band as stages
from tests.brain.band import tick


def band(role: str) -> Stage:
    """Trimmed already."""
    stage = stages.band(role)
    stage.sources[0].trimmed = True
    return stage


def heard_threshold(stage: Stage) -> None:
    stage.thresholds = np.array([stage.auto[s.path("comp/threshold")] for s in stage.sources])


@pytest.mark.parametrize(("over_db", "attack_ms", "release_ms"), [
    (10.0, 16.0, 184.0),          # C^2 = 10: 160/10, 2000/10 - 16
    (16.0, 5.0, 60.0),            # C^2 = 39.8: 4.0 and 46.2, held at the least
    (6.0, 40.19, 462.2),          # C^2 = 3.98
    (1.0, 80.0, 922.2)])          # taken as 3 dB, a sine's: C^2 = 1.995, 80.2 held at the most
def test_times_follow_the_crest_factor(over_db: float, attack_ms: float, release_ms: float) -> None:
    stage = band("bass")
    stage.peak_over[:] = over_db
    tick(Dynamics(), stage, 2)
    assert (stage.auto["strip/1/comp/attack"], stage.auto["strip/1/comp/release"]) == pytest.approx((attack_ms, release_ms), rel=1e-3)


def test_times_are_left_alone_until_they_are_half_off() -> None:
    stage, dynamics = band("bass"), Dynamics()
    stage.peak_over[:] = 10.0
    tick(dynamics, stage, 2)
    stage.peak_over[:] = 11.5
    assert not [m for m in tick(dynamics, stage, 15) if "attack" in m.path]
    stage.peak_over[:] = 12.5
    assert [m for m in tick(dynamics, stage, 15) if "attack" in m.path]


def compressed(role: str, under_db: float, seconds: float, dynamics: Dynamics | None = None) -> Stage:
    """Peaks that swing by 20 dB, under which the envelope lies by `under_db`; it takes what the curve of the core's compressor says."""
    stage, dynamics = band(role), dynamics or Dynamics()
    stage.auto.take("strip/1/comp/threshold", -18.0)
    for n in range(round(seconds * 10)):
        heard_threshold(stage)
        stage.peaks[:] = -15 + 10 * np.sin(n / 3)
        stage.takes[:] = reduction(stage.peaks - under_db - stage.auto["strip/1/comp/threshold"], ROLES[role].ratio, 6.0)
        tick(dynamics, stage)
    return stage


def mean_taken(stage: Stage, role: str, under_db: float) -> float:
    peaks = -15 + 10 * np.sin(np.arange(1000) / 3)
    return float(reduction(peaks - under_db - stage.auto["strip/1/comp/threshold"], ROLES[role].ratio, 6.0).mean())


@pytest.mark.parametrize("role", ["bass", "lead_vocal", "keys"])
@pytest.mark.parametrize("under_db", [4.0, 8.0, 12.0])
def test_a_threshold_is_found_by_what_is_heard_within_seconds_and_told_once_or_twice(role: str, under_db: float) -> None:
    stage = compressed(role, under_db, 10)
    assert mean_taken(stage, role, under_db) == pytest.approx(ROLES[role].takes, abs=0.75)


def test_a_lead_that_lacks_what_its_compressor_takes_is_compressed_less() -> None:
    """Only what may be raised again is compressed."""
    dynamics = Dynamics()
    stage = compressed("lead_vocal", 8.0, 10, dynamics)
    stage.mode, before = "show", stage.auto["strip/1/comp/threshold"]
    stage.taken[:], stage.sources[0].short = 3.0, 4.0
    heard_threshold(stage)
    moves = tick(dynamics, stage, 2)
    assert stage.auto["strip/1/comp/threshold"] > before + 5
    assert "compressed less" in moves[0].why


@pytest.mark.parametrize("role", ["lead_vocal", "backing_vocal", "brass_sax"])
def test_who_comes_in_the_show_and_may_not_be_raised_is_not_compressed_at_all(role: str) -> None:
    """Whether it leads or not: what a compressor takes would be missing."""
    stage, dynamics = band(role), Dynamics()
    stage.mode, stage.sources[0].short = "show", 6.0
    stage.auto.take("strip/1/comp/threshold", -18.0)
    for n in range(100):
        heard_threshold(stage)
        stage.peaks[:] = -15 + 10 * np.sin(n / 3)
        stage.takes[:] = reduction(stage.peaks - 8.0 - stage.auto["strip/1/comp/threshold"], ROLES[role].ratio, 6.0)
        stage.taken[:] = stage.takes
        tick(dynamics, stage)
    assert mean_taken(stage, role, 8.0) < 0.5


@pytest.mark.parametrize("heard", [np.nan, -10.0])
def test_a_threshold_that_is_not_heard_as_it_is_held_stays(heard: float) -> None:
    """Off, turned down by the depth, or a hand's: however low it went, nothing more would be taken."""
    stage = band("bass")
    stage.auto.take("strip/1/comp/threshold", -18.0)
    stage.thresholds[:] = heard
    tick(Dynamics(), stage, 30)
    assert stage.auto["strip/1/comp/threshold"] == -18


@pytest.mark.parametrize("role", ["lead_vocal", "bass"])
def test_in_a_real_box_it_takes_what_it_should(role: str) -> None:
    seconds = 40
    sound = voice(seconds, 0.06) if role == "lead_vocal" else noise(seconds, 0.05) * (1 + 0.7 * np.sin(np.arange(seconds * 48000) / 9000))
    session = Session([Track(Path("a"), 0, role, role, "given")], {"box/mode": "soundcheck", "box/denoise": "off"})
    for piece in sound.astype(np.float32).reshape(-1, METER_FRAMES, 1):
        session.play(piece)
        session.think()
    taken = session.brain.automix.stage.taken[0]
    session.close()
    assert taken == pytest.approx(ROLES[role].takes, abs=1.0)


def hits(dynamics: Dynamics, stage: Stage, hit: float, bleed: float) -> None:
    """Every fifth tick is a hit."""
    for n in range(180):
        playing = n % 5 == 0
        stage.activity.foreground[:] = playing
        stage.peaks[:] = hit if playing else bleed
        tick(dynamics, stage)


@pytest.mark.parametrize(("hit", "bleed", "threshold"), [(-10.0, -60.0, -10 - BELOW_HITS_DB), (-10.0, -36.0, -10 - BELOW_HITS_DB),
                                                         (-6.0, -90.0, -6 - BELOW_HITS_DB)])
def test_a_gate_opens_below_the_hits_and_over_the_bleed(hit: float, bleed: float, threshold: float) -> None:
    stage = band("snare")
    hits(Dynamics(), stage, hit, bleed)
    assert stage.auto["strip/1/gate/on"] == 1
    assert stage.auto["strip/1/gate/threshold"] == threshold
    assert bleed + ABOVE_BLEED_DB <= threshold < hit


def test_where_there_is_no_gap_there_is_no_gate_and_one_that_was_is_opened() -> None:
    stage, dynamics = band("snare"), Dynamics()
    hits(dynamics, stage, -10, -30)
    assert stage.auto["strip/1/gate/on"] == 0
    stage, dynamics = band("snare"), Dynamics()
    hits(dynamics, stage, -10, -60)
    assert stage.auto["strip/1/gate/on"] == 1
    hits(dynamics, stage, -10, -28)
    hits(dynamics, stage, -10, -28)
    assert stage.auto["strip/1/gate/on"] == 0


def test_what_needs_no_gate_gets_none() -> None:
    stage = band("keys")
    hits(Dynamics(), stage, -10, -90)
    assert not stage.auto.knows("strip/1/gate/on")


def test_a_show_leaves_the_gate_where_the_trim_says() -> None:
    """Peaks are remembered without the trim, so that one which moves takes the threshold with it."""
    stage, dynamics = band("snare"), Dynamics()
    hits(dynamics, stage, -20, -70)
    stage.auto.take("strip/1/trim", 6.0)
    hits(dynamics, stage, -14, -64)
    assert stage.auto["strip/1/gate/threshold"] == -14 - BELOW_HITS_DB
