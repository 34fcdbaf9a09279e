"""What a splitter is learnt from and judged by: songs kept apart, figures that mean what they say, and a knob whose ends are heard as they are told."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from gigbox.brain.denoise.centre import Centre
from gigbox.rack import FINE_BANDS, Floats
from models.split.played import FLOOR, asked, by_share, figures, through
from models.split.recordings import jobs
from models.split.songs import SONGS, Song

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


def test_the_middle_is_a_voice_to_centre_extraction_and_each_end_takes_what_the_other_leaves() -> None:
    t = np.arange(RATE) / RATE
    middle, left = (0.1 * np.sin(2 * np.pi * hz * t)[:, None] * np.array(sides) for hz, sides in ((1000, [1, 1]), (400, [1, 0])))
    for end in figures(Song("tones", middle.astype(np.float32), left.astype(np.float32)), asked(Centre())):
        assert end.after > end.before + 6


def test_who_is_asked_hears_the_record_alone_and_at_its_own_pace() -> None:
    heard: list[Floats] = []

    class Ear:
        pace, frames = 4, 1000

        def forget(self, pair: int) -> None:
            assert not heard

        def share(self, pair: int, sides: Floats) -> Floats:
            heard.append(sides.copy())
            return np.ones(FINE_BANDS, np.float32)
    through(SONG, asked(Ear()))
    assert len(heard) == pytest.approx(RATE / 256 / 4, abs=2)
    record, last = SONG.voice + SONG.backing, heard[20]
    assert max(np.corrcoef(last[-992:, 0], record[n:n + 992, 0])[0, 1] for n in range(0, RATE - 992, 32)) > 0.999


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
