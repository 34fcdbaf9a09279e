"""The measure of closed loops measures what it says: loops howl above the limit that is computed for them, and rest below it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from gigbox.rack import RATE
from tests.measures.feedback.bands import HALVES, OUTPUTS, hear_alone, mixes, soloists, songs
from tests.measures.feedback.figures import catch, listen
from tests.measures.feedback.loop import BLOCK, Air, delay
from tests.measures.feedback.rooms import KINDS, measured, stable_limit
from tests.measures.feedback.sounds import LEVEL_DB, PLAYERS, played

UNGUARDED = {"monitor/1/guard/on": 0.0}


@pytest.mark.parametrize("kind", KINDS)
def test_a_loop_howls_above_its_limit_and_rests_below_it(kind: str) -> None:
    room = KINDS[kind](1)
    assert catch(room, -1.5, 3, UNGUARDED).stable
    assert not catch(room, 3, 5, UNGUARDED).stable


def test_the_limit_of_a_plain_delay_is_its_loss() -> None:
    response = np.zeros(500)
    response[300] = 0.1
    assert stable_limit(response, delay()) == pytest.approx(20, abs=0.1)


def test_the_air_is_a_convolution_with_a_buffer_before_it() -> None:
    rng = np.random.default_rng(0)
    x, response = rng.standard_normal(40 * BLOCK), rng.standard_normal(700)
    air = Air(response)
    heard = np.concatenate([air.through(block) for block in x.reshape(-1, BLOCK)])
    np.testing.assert_allclose(heard[BLOCK:], np.convolve(x, response)[: len(x) - BLOCK], atol=1e-3)


def test_a_recorded_room_is_as_it_was_behind_its_direct_sound(tmp_path: Path) -> None:
    heard = np.zeros(4800)
    heard[[500, 1500]] = 0.5, 0.25
    soundfile.write(tmp_path / "room.wav", heard, RATE)
    response = measured(tmp_path / "room.wav").response
    assert np.argsort(np.abs(response))[-1] in range(294, 300)
    assert np.abs(response[1290:1310]).max() / np.abs(response[290:310]).max() == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("name", PLAYERS)
def test_what_is_made_by_formula_is_as_loud_as_it_says_and_the_same_every_time(name: str) -> None:
    x = played(name, 6)
    loud = x.reshape(-1, 4800).astype(float)
    assert 10 * np.log10((loud ** 2).mean()) == pytest.approx(LEVEL_DB, abs=2)
    np.testing.assert_array_equal(x, played(name, 6))


def test_what_howls_is_no_false_notch_and_music_is_counted() -> None:
    heard = listen(played("organ", 12))
    assert heard.minutes == pytest.approx(0.2, abs=0.01)
    assert heard.notches == 0
    assert len(heard.out) == 12 * RATE


def test_a_maker_s_recordings_are_all_in_one_half_and_songs_take_turns(tmp_path: Path) -> None:
    (tmp_path / "strings").mkdir()
    for name in ("ann_cello", "ann_violin", "bob_cello", "cy_bass"):
        soundfile.write(tmp_path / "strings" / f"{name}.wav", np.ones(RATE if name[0] == "a" else 2 * RATE), RATE)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "song.toml").touch()
    assert {half: [len(x) // RATE for x in soloists("strings", tmp_path, half, 60)] for half in HALVES} == {"A": [1, 1, 2], "B": [2]}
    assert [(half, path.name) for half, path in songs([tmp_path])] == [("A", "one"), ("B", "two")]


def test_soloists_are_heard_each_in_a_monitor_of_its_own_and_mixes_are_the_same_every_time() -> None:
    heard = hear_alone([played("organ", 3, seed=n) for n in range(OUTPUTS)])
    assert heard.minutes == pytest.approx(OUTPUTS * 3 / 60)
    assert heard.notches == 0
    assert mixes(8, 3) == mixes(8, 3) != mixes(8, 4)
