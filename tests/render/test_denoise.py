"""`gigbox denoise` cleans noise, leaves the rest, and gives back a file that lies exactly on its input."""

from __future__ import annotations

import resource
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
from engine.sounds import RATE, noise, pitch, song_folder, tone, voice

from gigbox.errors import GigboxError, MachineError
from gigbox.render.denoise import Options, clean, denoise

NOISY = voice(6, 0.05) + noise(6, 0.004, 3)


def through(source: Path, goal: Path, **options: object) -> np.ndarray:
    assert list(denoise(source, goal, Options(**options))) == [goal]     # type: ignore[arg-type]
    return soundfile.read(goal)[0]


def lag(x: np.ndarray, y: np.ndarray, most: int = 400) -> int:
    """Frames that `y` is behind `x`, by cross-correlation."""
    middle = x[most:-most]
    scores = [float(middle @ y[most + d: most + d + len(middle)]) for d in range(-most, most + 1)]
    return int(np.argmax(scores)) - most


@pytest.mark.parametrize("lookahead", [0, 128])
def test_the_output_lies_on_the_input(tmp_path: Path, lookahead: int) -> None:
    source = song_folder(tmp_path, {"in.wav": NOISY}, subtype="FLOAT") / "in.wav"
    got = through(source, tmp_path / "out.wav", lookahead=lookahead)
    assert len(got) == len(NOISY)
    assert abs(lag(NOISY, got)) <= (15 if lookahead == 0 else 0)      # minimum phase has no delay, but a little dispersion


@pytest.mark.parametrize("lookahead", [0, 128])
def test_switched_off_it_gives_back_the_input_within_24_bits(tmp_path: Path, lookahead: int) -> None:
    source = song_folder(tmp_path, {"in.flac": NOISY}, subtype="PCM_24") / "in.flac"
    got = through(source, tmp_path / "out.flac", denoise="off", lookahead=lookahead)
    np.testing.assert_allclose(got, soundfile.read(source)[0], atol=2.0**-22)


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 22050, 44100, 96000, 192000])
def test_length_rate_and_time_stay_at_every_rate(tmp_path: Path, rate: int) -> None:
    sound = tone(700, 1.0003, rate, 0.2) * np.hanning(round(1.0003 * rate))
    source = song_folder(tmp_path, {"in.wav": sound}, rate, "FLOAT") / "in.wav"
    got = through(source, tmp_path / "out.wav", denoise="off")
    info = soundfile.info(tmp_path / "out.wav")
    assert (info.frames, info.samplerate, info.channels) == (len(sound), rate, 1)
    assert pitch(got, rate) == pytest.approx(700, abs=0.5)
    np.testing.assert_allclose(got[100:-100], sound[100:-100], atol=1e-4)


def test_noise_goes_down_and_the_voice_stays(tmp_path: Path) -> None:
    clean, hiss = voice(8, 0.05), noise(8, 0.004, 3)
    pause = np.convolve(np.abs(voice(8, 0.05)), np.ones(4800) / 4800, "same") < 5e-4
    source = song_folder(tmp_path, {"in.wav": clean + hiss}, subtype="FLOAT") / "in.wav"
    got = through(source, tmp_path / "out.wav")
    late = np.arange(len(clean)) > 3 * RATE
    down = 10 * np.log10(np.mean(hiss[pause & late] ** 2) / np.mean(got[pause & late] ** 2))
    kept = 10 * np.log10(np.mean(got[~pause & late] ** 2) / np.mean(clean[~pause & late] ** 2))
    assert pause.mean() > 0.05
    assert down > 8
    assert abs(kept) < 1.5


def test_a_constant_is_not_taken_for_sound(tmp_path: Path) -> None:
    songs = {"in.wav": NOISY, "offset.wav": NOISY + 0.2}
    folder = song_folder(tmp_path, songs, subtype="FLOAT")
    plain, offset = (through(folder / name, tmp_path / f"out-{name}", role="speech") for name in songs)
    assert np.sqrt(np.mean((offset - plain)[RATE:] ** 2)) < 0.1 * np.sqrt(np.mean(plain ** 2))


def test_the_floor_says_how_far_noise_may_go_down(tmp_path: Path) -> None:
    source = song_folder(tmp_path, {"in.wav": noise(6, 0.01)}, subtype="FLOAT") / "in.wav"
    down = []
    for floor in (0.0, 6.0, 18.0):
        got = through(source, tmp_path / "out.wav", floor_db=floor)
        down.append(20 * np.log10(0.01 / np.std(got[3 * RATE:])))
    assert down[0] == pytest.approx(0, abs=0.05)
    assert down[1] == pytest.approx(6, abs=1.5)
    assert 10 < down[2] < 19


def test_a_stereo_file_stays_stereo(tmp_path: Path) -> None:
    sides = np.stack([NOISY, np.roll(NOISY, 9000)], 1)
    source = song_folder(tmp_path, {"in.wav": sides}, subtype="FLOAT") / "in.wav"
    got = through(source, tmp_path / "out.wav", denoise="off")
    np.testing.assert_allclose(got, sides, atol=1e-6)


def test_both_sides_of_a_stereo_file_are_cleaned_alike(tmp_path: Path) -> None:
    """Where the voice on the left lets its noise through, so does the silent right: or the room would wander."""
    sides = np.stack([NOISY, noise(6, 0.004, 4)], 1)
    source = song_folder(tmp_path, {"in.wav": sides}, subtype="FLOAT") / "in.wav"
    right, sings = through(source, tmp_path / "out.wav", denoise="classic")[2 * RATE :, 1], np.abs(NOISY[2 * RATE :]) > 0.1
    assert np.std(right[sings]) > 1.4 * np.std(right[~sings])


def test_a_folder_is_cleaned_file_by_file(tmp_path: Path) -> None:
    source = song_folder(tmp_path / "in", {"a.wav": NOISY, "b.flac": NOISY[:RATE]})
    song_folder(source, {"c.ogg": NOISY[:16000]}, 16000)
    (source / "notes.txt").write_text("mine")
    done = list(denoise(source, tmp_path / "out", Options()))
    assert [p.name for p in done] == ["a.wav", "b.flac", "c.ogg"]
    for name in ("a.wav", "b.flac", "c.ogg"):
        before, after = soundfile.info(source / name), soundfile.info(tmp_path / "out" / name)
        assert (before.frames, before.samplerate) == (after.frames, after.samplerate)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in", "out"]


def test_a_file_into_a_folder_keeps_its_name(tmp_path: Path) -> None:
    source = song_folder(tmp_path, {"in.wav": NOISY[:RATE]}) / "in.wav"
    (tmp_path / "out").mkdir()
    assert list(denoise(source, tmp_path / "out", Options())) == [tmp_path / "out" / "in.wav"]


def test_a_broken_file_in_a_folder_leaves_nothing(tmp_path: Path) -> None:
    source = song_folder(tmp_path / "in", {"a.wav": NOISY[:RATE], "b.wav": NOISY[:RATE]})
    (source / "b.wav").write_bytes(b"RIFF")
    with pytest.raises(GigboxError, match=r"b\.wav: "):
        list(denoise(source, tmp_path / "out", Options()))
    assert [p.name for p in tmp_path.iterdir()] == ["in"]


@pytest.mark.parametrize(("source", "goal", "told"), [
    ("gone.wav", "out.wav", "gone.wav: no such file or folder, expected a recording or a folder of them"),
    ("in.wav", "out.mp3", "out.mp3: '.mp3' is not one of .wav, .flac, .ogg"),
    ("in.wav", "out", "out: '' is not one of .wav, .flac, .ogg"),
    ("empty", "out", "empty: no recordings in it"),
])
def test_what_cannot_be_done_is_told(tmp_path: Path, source: str, goal: str, told: str) -> None:
    song_folder(tmp_path, {"in.wav": NOISY[:4800]})
    (tmp_path / "empty").mkdir()
    with pytest.raises(GigboxError) as error:
        list(denoise(tmp_path / source, tmp_path / goal, Options()))
    assert told in str(error.value)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["empty", "in.wav"]


def test_the_input_may_be_its_own_output(tmp_path: Path) -> None:
    source = song_folder(tmp_path, {"in.wav": NOISY[:RATE]}, subtype="FLOAT") / "in.wav"
    through(source, source)
    assert soundfile.info(source).frames == RATE


def test_a_long_ogg_is_written_whole(tmp_path: Path) -> None:
    source = tmp_path / "long.ogg"
    with soundfile.SoundFile(source, "w", RATE, 1, "VORBIS") as sound:
        for _ in range(20):
            sound.write(np.tile(NOISY[: RATE // 4], 16))
    got = through(source, tmp_path / "clean.ogg", denoise="off")
    assert len(got) == 20 * 4 * RATE


@pytest.mark.parametrize("lookahead", [0, 128])
def test_in_pieces_it_is_what_it_is_at_once(lookahead: int) -> None:
    sound, options = NOISY[: 3 * RATE + 77, None].astype(np.float32), Options(lookahead=lookahead)
    once, often = (np.concatenate(list(clean(pieces, 1, options))) for pieces in ([sound], [sound[at:at + 999] for at in range(0, len(sound), 999)]))
    assert once.shape == sound.shape
    np.testing.assert_array_equal(once, often)


def test_a_folder_that_is_not_wanted_any_more_is_left_at_once(tmp_path: Path) -> None:
    song_folder(tmp_path / "in", {"1.wav": NOISY[:4800], **{f"{n}.wav": np.tile(NOISY, 60) for n in (2, 3)}})
    done = denoise(tmp_path / "in", tmp_path / "out", Options())
    next(done)
    begin = time.process_time()
    done.close()                # as at Ctrl-C
    assert time.process_time() - begin < 2          # all of it takes 20 s
    assert [p.name for p in tmp_path.iterdir()] == ["in"]


def test_a_name_as_long_as_a_disk_takes_is_no_trouble(tmp_path: Path) -> None:
    name = 125 * "é" + ".wav"
    source = song_folder(tmp_path, {name: NOISY[:4800]}) / name
    through(source, tmp_path / "out" / name)
    assert [p.name for p in (tmp_path / "out").iterdir()] == [name]


def test_a_full_disk_is_told_in_the_name_that_was_asked_for(tmp_path: Path) -> None:
    source, goal = song_folder(tmp_path, {"in.wav": np.tile(NOISY, 4)}, subtype="FLOAT") / "in.wav", tmp_path / "new/out.wav"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
    try:
        with pytest.raises(MachineError, match=f"^{goal}: cannot be written \\(the disk is full\\?\\)$"):
            list(denoise(source, goal, Options(denoise="off")))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [p.name for p in tmp_path.iterdir()] == ["in.wav"]


def test_two_recordings_that_would_become_one_file_are_told_before_any_is_cleaned(tmp_path: Path) -> None:
    source = song_folder(tmp_path / "in", {"a.wav": NOISY[:4800], "a.aiff": NOISY[:4800]})
    with pytest.raises(GigboxError, match=r"a\.wav: would be written as a\.wav, and so would a\.aiff"):
        list(denoise(source, tmp_path / "out", Options()))
    assert [p.name for p in tmp_path.iterdir()] == ["in"]


def test_what_has_to_be_told_of_a_recording_is_told(tmp_path: Path) -> None:
    source = song_folder(tmp_path / "in", {"a.wav": np.append(tone(440, 0.1), np.nan)}, subtype="FLOAT")
    (source / "b.mp3").touch()
    lines = list[str]()
    list(denoise(source, tmp_path / "out", Options(), lines.append))
    assert lines[0].startswith(f"{source / 'b.mp3'}: left out, expected files that end in")
    assert lines[1:] == [f"{source / 'a.wav'}: has samples that are no numbers, silence is in their place"]
    assert np.isfinite(soundfile.read(tmp_path / "out/a.wav")[0]).all()
