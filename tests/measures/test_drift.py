"""What happens on a stage happens to the right channels at the right time, and what the box does about it is told with known answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from engine.sounds import RATE, noise, song_folder, tone, voice

from tests.measures.drift import Run, compare, rows
from tests.measures.scripts import SCRIPTS, enters, humming, leaves, pulled, turned

AT = 2 * RATE
ALL = sorted(SCRIPTS)


@pytest.fixture
def band() -> np.ndarray:
    return np.stack([noise(12, 0.05, seed) for seed in (1, 2, 3)], axis=1).astype(np.float32)


def rms(x: np.ndarray, start_s: float, end_s: float) -> float:
    return float(20 * np.log10(np.sqrt(np.mean(x[round(start_s * RATE):round(end_s * RATE)] ** 2)) + 1e-9))


@pytest.mark.parametrize("name", ALL)
def test_nothing_happens_before_the_event_or_to_anybody_else(band: np.ndarray, name: str) -> None:
    other = SCRIPTS[name].apply(band, (1,), AT)
    assert other.dtype == np.float32
    assert other.shape == band.shape
    np.testing.assert_array_equal(other[:, [0, 2]], band[:, [0, 2]])
    if name != "second singer":
        np.testing.assert_array_equal(other[:AT, 1], band[:AT, 1])
    assert (other[AT:, 1] != band[AT:, 1]).any()


def test_what_is_turned_is_that_much_louder_and_back_again(band: np.ndarray) -> None:
    solo = turned(band, (0,), AT, 6.0, 4 * RATE)[:, 0]
    assert rms(solo, 2.5, 5.9) - rms(band[:, 0], 2.5, 5.9) == pytest.approx(6, abs=0.01)
    assert rms(solo, 6.5, 12) == pytest.approx(rms(band[:, 0], 6.5, 12), abs=1e-3)
    moved = turned(band, (0,), AT, -8.0)[:, 0]
    assert rms(moved, 2.5, 12) - rms(band[:, 0], 2.5, 12) == pytest.approx(-8, abs=0.01)


def test_who_leaves_is_silent_and_who_enters_was(band: np.ndarray) -> None:
    assert not leaves(band, (0,), AT)[AT + RATE // 10:, 0].any()
    assert not enters(band, (0,), AT)[:AT, 0].any()
    np.testing.assert_array_equal(enters(band, (0,), AT)[AT + RATE // 10:], band[AT + RATE // 10:])


def test_a_cable_is_digital_zero_and_comes_back_with_a_bang(band: np.ndarray) -> None:
    x = pulled(band, (0, 1), AT)
    assert not x[AT:8 * RATE, :2].any()
    assert np.abs(x[8 * RATE:8 * RATE + 100, 0]).max() > 0.7
    assert np.abs(x).max() <= 1
    np.testing.assert_array_equal(x[9 * RATE:], band[9 * RATE:])


def test_hum_is_a_comb_of_the_mains_at_its_level(band: np.ndarray) -> None:
    hum = (humming(band, (0,), AT) - band)[AT:AT + 5 * RATE, 0]
    assert rms(hum, 0, 5) == pytest.approx(-30, abs=0.05)
    spectrum = np.abs(np.fft.rfft(hum[:RATE]))
    assert set(np.argsort(spectrum)[-12:]) == {50 * n for n in range(1, 13)}


def runs(course: np.ndarray) -> tuple[Run, Run, np.ndarray]:
    """Two parts that always play at power 1; the second run's first part is `course` dB louder, and its gain moved by as much."""
    flat = np.zeros((len(course), 2))
    moved = np.stack([course, 0 * course], axis=1)
    return Run(10 ** (flat / 10), flat), Run(10 ** (moved / 10), moved), np.ones((len(course), 2), bool)


def test_recovery_and_overshoot_have_known_answers() -> None:
    course = np.zeros(300)
    course[100:150] = -8
    course[150:180] = 3
    course[180:] = 1
    as_is, drifted, on = runs(course)
    found = compare(SCRIPTS["moved -8 dB"], 0, as_is, drifted, on, np.ones((300, 2)), 10)
    assert found.recovered_s == pytest.approx(8, abs=1)
    assert found.off_lu == found.off_rest_lu == pytest.approx(1)
    assert found.overshoot_db == pytest.approx(2)
    assert found.others_db == 0
    assert found.false_rides_db == 0


def test_a_source_that_stays_away_never_recovers() -> None:
    as_is, drifted, on = runs(np.where(np.arange(300) < 100, 0.0, -5.0))
    assert compare(SCRIPTS["moved -8 dB"], 0, as_is, drifted, on, np.ones((300, 2)), 10).recovered_s == float("inf")


def test_where_the_others_give_way_it_is_near_to_the_rest() -> None:
    course = np.where(np.arange(300) < 100, 0.0, -5.0)
    as_is, drifted, on = runs(course)
    drifted = Run(10 ** (np.stack([course, course + 1], axis=1) / 10), drifted.gain)
    found = compare(SCRIPTS["moved -8 dB"], 0, as_is, drifted, on, np.ones((300, 2)), 10)
    assert (found.off_lu, found.off_rest_lu) == (pytest.approx(5), pytest.approx(1))


def test_where_the_singer_is_gone_the_others_are_watched() -> None:
    as_is, drifted, on = runs(np.where(np.arange(300) < 100, 0.0, 4.0))
    gone = compare(SCRIPTS["singer leaves"], 1, as_is, drifted, on, np.ones((300, 2)), 10)
    assert (gone.recovered_s, gone.others_db) == (float("inf"), 4)


def test_whoever_rises_in_silence_is_told() -> None:
    as_is, drifted, on = runs(np.where(np.arange(300) < 150, 0.0, 0.7))
    dry = np.ones((300, 2))
    dry[100:, 0] = 1e-9
    assert compare(SCRIPTS["cable pulled"], 0, as_is, drifted, on, dry, 10).false_rides_db == pytest.approx(0.7)


def test_the_table_has_a_row_for_every_script_and_says_where_there_is_nobody(tmp_path: Path) -> None:
    folder = song_folder(tmp_path / "duo", {"1.wav": voice(4, 0.05), "2.wav": tone(220, 4, amplitude=0.05)})
    (folder / "song.toml").write_text('[[channel]]\nfile = "1.wav"\nname = "Ann"\nrole = "lead_vocal"\n[[channel]]\nfile = "2.wav"\nrole = "keys"\n')
    found = rows(folder, [SCRIPTS["moved +8 dB"], SCRIPTS["second singer"]], "pop", seconds=4)
    assert [row[:3] for row in found] == [["duo", "moved +8 dB", "Ann"], ["duo", "second singer", "-"]]
