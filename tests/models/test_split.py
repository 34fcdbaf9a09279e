"""What a splitter is learnt from and judged by: songs kept apart, figures that mean what they say, and a knob whose ends are heard as they are told."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from gigbox._core import ffi, lib

from gigbox.rack import FINE_BANDS, Floats
from models.split.played import FLOOR, by_centre, by_model, by_share, figures, through
from models.split.recordings import jobs
from models.split.songs import SONGS, Song
from models.split.splitter import FRAMES, LAYERS, SIZE, Ear, Look, Splitter

RATE = 48000
rng = np.random.default_rng(2)
SONG = Song("made", *(rng.normal(0, 0.05, (2, RATE, 2)).astype(np.float32)))


def always(share: float) -> tuple[Floats, Floats]:
    return by_share(np.full((FINE_BANDS, 1), share, np.float32))


def test_a_share_of_all_is_only_voice_untouched_and_no_voice_at_the_floor() -> None:
    out = through(SONG, lambda rack: always(1.0))
    np.testing.assert_allclose(out[4000:, 0], SONG.voice[4000:], atol=1e-3)
    left = np.sqrt(np.mean(out[4000:, 2] ** 2) / np.mean(SONG.voice[4000:] ** 2))
    assert left == pytest.approx(float(FLOOR), rel=0.05)


def test_a_half_takes_six_db_of_both_and_changes_no_balance() -> None:
    for end in figures(SONG, lambda rack: always(0.5)):
        assert (end.taken, end.stays) == pytest.approx((-6, -6), abs=0.3)
        assert end.after == pytest.approx(end.before, abs=0.2)


def test_the_mask_of_the_box_takes_at_each_end_what_the_other_leaves() -> None:
    """A tone in the middle, and one on the left: the first is a voice to it."""
    t = np.arange(RATE) / RATE
    middle, left = (0.1 * np.sin(2 * np.pi * hz * t)[:, None] * np.array(sides) for hz, sides in ((1000, [1, 1]), (400, [1, 0])))
    only, none = figures(Song("tones", middle.astype(np.float32), left.astype(np.float32)), by_centre())
    assert only.after > only.before + 6
    assert none.after > none.before + 6


def test_a_model_hears_the_record_alone_every_other_hop_and_its_state_goes_on() -> None:
    states: list[int] = []

    def say(x: Floats, state: int | None) -> tuple[Floats, int]:
        assert x.shape == (1, LAYERS, FINE_BANDS)
        states.append(state or 0)
        return np.ones(FINE_BANDS, np.float32), (state or 0) + 1
    only, none = figures(SONG, by_model(Splitter(say)))
    assert states == list(range(len(states)))
    assert len(states) == pytest.approx((RATE - FRAMES) / 512, abs=2)
    assert only.stays == pytest.approx(0, abs=0.1)
    assert none.taken == pytest.approx(-24, abs=0.5)


def test_what_a_model_hears_are_the_cores_bands() -> None:
    window, bands = np.empty(FRAMES, np.float32), np.empty((SIZE // 2, FINE_BANDS), np.float32)
    lib.gb_look(2, ffi.from_buffer("float[]", window), ffi.from_buffer("float[]", bands))
    left, right = np.fft.rfft(SONG.voice[:FRAMES] * window[:, None], SIZE, axis=0)[:-1].T
    wanted = np.stack([np.abs(left) ** 2, np.abs(right) ** 2, (left * right.conj()).real]) @ bands
    np.testing.assert_allclose(Look().power(SONG.voice[:FRAMES]), wanted, atol=1e-5 * wanted.max())


def test_a_gain_before_the_box_says_nothing_to_a_model() -> None:
    power = rng.uniform(1e-4, 1e-2, (20, 3, FINE_BANDS)).astype(np.float32)
    soft, loud = Ear(), Ear()
    for step in power:
        np.testing.assert_allclose(soft.hear(step), loud.hear(100 * step), atol=0.01)


def test_every_song_is_of_one_fold_and_none_sounds_in_what_is_learnt(tmp_path: Path) -> None:
    """A recording of each kind of source; only what no song is made of becomes a take."""
    assert {fold for fold, *_ in SONGS.values()} == {"choose", "judge"}
    for part, columns, rows in (
        ("instruments/index.csv", ["file", "class", "seconds", "source"], [
            ["synth/a.flac", "synth", "3", "ichbinsoftware/everythingisremixed (Software-Entwicklungskit)"],
            ["bass/b.flac", "bass", "3", "sfzinstruments/karoryfer.meatbass"],
            ["keys/c.flac", "keys", "3", "somebody else"], ["kick/d.flac", "kick", "3", "sfzinstruments/DrumGizmo.MuldjordKit (Lars Muldjord)"]]),
        ("denoise/manifest.csv", ["file", "class", "source", "speaker_or_recording", "sample_rate", "seconds"], [
            ["singing/e.ogg", "singing", "Everything is Remixed", "Software-Entwicklungskit vocal (Lithium)", "48000", "3"]])):
        (tmp_path / part).parent.mkdir()
        with (tmp_path / part).open("w", newline="") as file:
            csv.writer(file).writerows([columns, *rows])
    (tmp_path / "etc/timidity").mkdir(parents=True)
    (tmp_path / "etc/timidity/freepats.cfg").touch()
    files = [cell.cell_contents.path.name for job in jobs(tmp_path, tmp_path, 0) for cell in job.__closure__ or () if hasattr(cell.cell_contents, "path")]
    assert files == ["c.flac"]
