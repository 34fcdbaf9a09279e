"""Whatever the file, the box plays it at its pitch and in its time, as frames at 48 kHz."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from gigbox.engine.player import Player
from gigbox.engine.song import Song
from gigbox.errors import SongError

from .sounds import RATE, click, middle, noise, pitch, song_folder, tone

FORMATS = [("a.wav", "PCM_16"), ("a.wav", "PCM_24"), ("a.wav", "PCM_32"), ("a.wav", "FLOAT"), ("a.wav", "DOUBLE"), ("a.wav", "PCM_U8"),
           ("a.flac", "PCM_16"), ("a.flac", "PCM_24"), ("a.ogg", "VORBIS"), ("a.aiff", "PCM_24"), ("A.WAV", "PCM_24")]
RATES = [8000, 11025, 16000, 22050, 32000, 44100, 48000, 88200, 96000, 192000]


def played(folder: Path, frames: int | None = None) -> np.ndarray:
    """All of a song, once, or so many frames of it looped."""
    with Player(Song.open(folder)) as player:
        return np.concatenate(list(player.pieces(frames or player.frames)))


@pytest.mark.parametrize(("name", "subtype"), FORMATS)
def test_every_format_plays_the_same_sound(tmp_path: Path, name: str, subtype: str) -> None:
    sound = 0.5 * click(0.3, 0.6) + tone(440, 0.6, amplitude=0.2)
    got = played(song_folder(tmp_path, {name: sound}, subtype=subtype))[:, 0]
    worst = {"PCM_U8": 0.01, "VORBIS": 0.03, "PCM_16": 1e-4}.get(subtype, 1e-6)
    assert got.shape == sound.shape
    np.testing.assert_allclose(got, sound, atol=worst)


@pytest.mark.parametrize("rate", RATES)
def test_a_tone_keeps_its_pitch_and_level_at_every_rate(tmp_path: Path, rate: int) -> None:
    got = played(song_folder(tmp_path, {"a.wav": tone(1000, 1, rate)}, rate))[2400:-2400, 0]
    assert pitch(got) == pytest.approx(1000, abs=0.05)
    assert np.abs(got).max() == pytest.approx(0.5, abs=0.003)


@pytest.mark.parametrize("rate", RATES)
def test_a_click_keeps_its_time_at_every_rate(tmp_path: Path, rate: int) -> None:
    """Far into the file, so that a rate that is off by little shows, and beyond the pieces in which files are decoded."""
    got = played(song_folder(tmp_path, {"a.wav": click(2.6, 3, rate)}, rate))[:, 0]
    assert middle(got) == pytest.approx(2.6 * RATE, abs=1.0)
    assert len(got) == 3 * RATE


def test_files_of_all_rates_play_together_in_time(tmp_path: Path) -> None:
    for rate in RATES:
        song_folder(tmp_path, {f"{rate:06d}.wav": click(1.2, 1.5, rate)}, rate)
    got = played(tmp_path)
    assert [middle(got[:, n]) for n in range(len(RATES))] == pytest.approx([1.2 * RATE] * len(RATES), abs=1.0)


def test_no_seam_where_one_piece_ends_and_the_next_begins(tmp_path: Path) -> None:
    got = played(song_folder(tmp_path, {"a.wav": tone(997, 3.3, 44100)}, 44100))[:, 0]
    inner = slice(2000, -2000)
    np.testing.assert_allclose(got[inner], tone(997, 3.3)[inner], atol=2e-4)


def test_a_shorter_file_is_followed_by_silence(tmp_path: Path) -> None:
    got = played(song_folder(tmp_path, {"a.wav": tone(440, 0.4), "b.wav": tone(440, 2.5)}))
    assert got.shape == (round(2.5 * RATE), 2)
    assert not got[round(0.4 * RATE):, 0].any()
    np.testing.assert_allclose(got[:, 1], tone(440, 2.5), atol=1e-4)


@pytest.mark.parametrize("seconds", [0.3, 1.0, 1.7, 2.0])
def test_a_loop_starts_again_on_the_very_next_frame(tmp_path: Path, seconds: float) -> None:
    once = noise(seconds).astype(np.float32).clip(-1, 1)
    got = played(song_folder(tmp_path, {"a.wav": once}, subtype="FLOAT"), frames=5 * RATE)[:, 0]
    assert len(got) == 5 * RATE
    np.testing.assert_array_equal(got, np.tile(once, 20)[: 5 * RATE])


def test_a_resampled_loop_repeats_itself(tmp_path: Path) -> None:
    folder = song_folder(tmp_path, {"a.flac": tone(441, 1.0, 44100)}, 44100)
    once, got = played(folder), played(folder, 3 * RATE)
    np.testing.assert_array_equal(got, np.tile(once, (3, 1)))


def test_a_looped_song_keeps_its_files_together(tmp_path: Path) -> None:
    song_folder(tmp_path, {"a.wav": click(0.2, 0.5), "b.wav": click(0.7, 1.1)})
    got = played(tmp_path, 4 * RATE)
    second = slice(round(1.1 * RATE), round(2.2 * RATE))
    assert middle(got[second, 0]) == pytest.approx(0.2 * RATE, abs=1)
    assert middle(got[second, 1]) == pytest.approx(0.7 * RATE, abs=1)


def test_ogg_loops_without_a_seam(tmp_path: Path) -> None:
    folder = song_folder(tmp_path, {"a.ogg": tone(440, 0.9)})
    once = played(folder)
    np.testing.assert_array_equal(played(folder, len(once) * 2), np.tile(once, (2, 1)))


def test_the_sides_of_a_stereo_file_are_two_channels(tmp_path: Path) -> None:
    sides = np.stack([tone(440, 0.3), tone(880, 0.3)], 1)
    song_folder(tmp_path, {"1.wav": sides, "2.wav": tone(220, 0.3)}, subtype="FLOAT")
    np.testing.assert_allclose(played(tmp_path), np.column_stack([sides, tone(220, 0.3)]), atol=1e-6)


def test_a_pair_may_name_one_file_twice(tmp_path: Path) -> None:
    song_folder(tmp_path, {"a.wav": tone(440, 0.2)})
    (tmp_path / "song.toml").write_text('[[channel]]\nfile = "a.wav"\n[[channel]]\nfile = "a.wav"')
    got = played(tmp_path)
    np.testing.assert_array_equal(got[:, 0], got[:, 1])


def test_a_single_frame_is_a_song(tmp_path: Path) -> None:
    assert played(song_folder(tmp_path, {"a.wav": np.array([0.5])})).tolist() == [[0.5]]


def test_a_file_that_breaks_in_the_middle_is_told(tmp_path: Path) -> None:
    """Damage that no look at the ends can find: it is decoded up to there."""
    file = song_folder(tmp_path, {"a.flac": noise(3)}) / "a.flac"
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2: len(raw) // 2 + 20000] = bytes(20000)
    file.write_bytes(raw)
    try:
        Song.open(tmp_path)
    except SongError:
        return
    with pytest.raises(SongError, match=r"a\.flac: cannot be decoded"):
        played(tmp_path)


@pytest.mark.parametrize("rate", [RATE, 44100])
@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_none_reach_nobody_else(tmp_path: Path, wrong: float, rate: int) -> None:
    bad = tone(440, 0.5, rate)
    bad[rate // 4] = wrong
    song_folder(tmp_path, {"bad.wav": bad, "good.wav": tone(440, 0.5, rate)}, rate, "FLOAT")
    assert np.isnan(soundfile.read(tmp_path / "bad.wav")[0]).any() or not np.isfinite(bad).all()
    good = played(tmp_path)[:, 1]
    np.testing.assert_allclose(good[2000:-2000], tone(440, 0.5)[2000:-2000], atol=2e-4)


@pytest.mark.parametrize("frames", [1, 7, 4801])
def test_a_song_shorter_than_a_piece_is_decoded_once(tmp_path: Path, frames: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """One frame is asked for 48 000 times a second: neither a card nor a line check could wait for as many decodings."""
    folder = song_folder(tmp_path, {"a.wav": noise(1, 0.2)[:frames]}, subtype="FLOAT")
    decodings = []
    decode = Player._decode
    monkeypatch.setattr(Player, "_decode", lambda self, step: (decodings.append(step), decode(self, step))[1])
    got = played(folder, 2 * RATE + 5)[:, 0]
    once = soundfile.read(folder / "a.wav", dtype="float32")[0]
    np.testing.assert_array_equal(got, np.resize(once, 2 * RATE + 5))
    assert len(decodings) == 1
