"""Shelves lean a source part of the way to what its kind sounds like; no boost where it would howl or lift what is not there."""

from __future__ import annotations

import numpy as np
import pytest

from gigbox.brain.hear.bands import HZ, WIDTH
from gigbox.brain.mix.stage import Stage
from gigbox.brain.mix.tilt import MOST_DB, RATES, SHAPES, STRENGTH, Tilt
from tests.brain.band import band, tick


def spectrum(shape: str, low_db: float = 0.0, high_db: float = 0.0) -> np.ndarray:
    """That shape in the bands, its 125 Hz and its 4 and 8 kHz octaves off by so much."""
    octave = np.clip(np.rint(np.log2(HZ / 31.25)), 1, 9).astype(int)
    db = SHAPES[shape] + low_db * (np.arange(10) == 2) + high_db * np.isin(np.arange(10), (7, 8))
    power = 10 ** (db / 10) * 1e-3
    return np.asarray([power[o] / WIDTH[octave == o].sum() for o in octave])


def leaning(role: str, shape: str, low_db: float, high_db: float, mode: str = "soundcheck") -> Stage:
    stage = band(role, mode=mode)
    stage.spectrum[0] = spectrum(shape, low_db, high_db)
    return stage


def shelves(stage: Stage) -> tuple[float, float]:
    return stage.auto["strip/1/eq/1/gain"], stage.auto["strip/1/eq/4/gain"]


def test_what_sounds_like_its_kind_is_left_alone() -> None:
    for role, shape in (("lead_vocal", "voice"), ("bass", "bass"), ("keys", "harmony")):
        assert tick(Tilt(), leaning(role, shape, 0, 0), 10) == []


@pytest.mark.parametrize(("low", "high"), [(6.0, 0.0), (0.0, 5.0), (8.0, 8.0)])
def test_too_much_is_taken_by_four_tenths(low: float, high: float) -> None:
    stage = leaning("keys", "harmony", low, high)
    tick(Tilt(), stage, 20)
    assert shelves(stage) == pytest.approx((-STRENGTH * low, -STRENGTH * high), abs=0.15)
    assert stage.auto["strip/1/eq/1/frequency"] == 125 or not low


def test_no_shelf_takes_more_than_four_db() -> None:
    stage = leaning("keys", "harmony", 10, 20)
    tick(Tilt(), stage, 30)
    assert shelves(stage) == pytest.approx((-MOST_DB, -MOST_DB))


@pytest.mark.parametrize(("role", "shape", "most"), [("lead_vocal", "voice", (0.0, 2.0)), ("keys", "harmony", (0.0, 2.0)), ("bass", "bass", (3.0, 3.0))])
def test_boosts_are_small_and_never_of_the_lows_but_for_basses(role: str, shape: str, most: tuple[float, float]) -> None:
    stage = leaning(role, shape, -12.0, -9.0)
    if role == "bass":
        stage.spectrum[0] = spectrum("bass", -12.0, 0.0)
        most = (3.0, 0.0)
    tick(Tilt(), stage, 20)
    assert shelves(stage) == pytest.approx(most, abs=0.1)


def test_in_a_show_open_microphones_are_not_boosted() -> None:
    for role, up in (("lead_vocal", 0.0), ("keys", 2.0)):
        stage = leaning(role, "voice" if role == "lead_vocal" else "harmony", 0, -9, "show")
        tick(Tilt(), stage, 20)
        assert shelves(stage)[1] == pytest.approx(up, abs=0.1)


def test_what_is_not_there_is_not_raised() -> None:
    stage = leaning("keys", "harmony", 0, -40)
    tick(Tilt(), stage, 20)
    assert shelves(stage)[1] == 0


def test_it_leans_slowly_and_a_show_keeps_what_soundcheck_found() -> None:
    stage, tilt = leaning("keys", "harmony", 8, 0), Tilt()
    steps = np.diff([0.0, *(m.value for m in tick(tilt, stage, 16) if m.path.endswith("eq/1/gain"))])
    assert np.abs(steps).max() <= RATES["soundcheck"] / 10 + 1e-9
    stage.mode, found = "show", shelves(stage)
    stage.spectrum[0] = spectrum("harmony", -9, -9)
    assert tick(tilt, stage, 20) == []
    assert shelves(stage) == found


def test_what_comes_later_is_leant_once_in_the_show() -> None:
    stage, tilt = leaning("keys", "harmony", 8, 0, "show"), Tilt()
    stage.heard[:] = 3.0
    assert tick(tilt, stage, 5) == []
    stage.heard[:] = 5.0
    tick(tilt, stage, 20)
    assert shelves(stage)[0] == pytest.approx(-STRENGTH * 8, abs=0.15)


def test_taste_adds_and_stays_within_six_db() -> None:
    stage = leaning("keys", "harmony", 20, 0)
    stage.balance.taste = lambda kind, role, style: {"eq_low": -5.0, "eq_high": 1.5}.get(kind, 0.0)
    tick(Tilt(), stage, 20)
    assert shelves(stage) == pytest.approx((-6.0, 1.5), abs=0.15)


@pytest.mark.parametrize("role", ["kick", "playback", "unused"])
def test_what_has_no_kind_is_left_alone(role: str) -> None:
    assert tick(Tilt(), leaning(role, "harmony", 10, 10), 10) == []
