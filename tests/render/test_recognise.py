"""`gigbox recognise` plays recordings through the box and says what each is, a line or a JSON row at a time."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from engine.sounds import RATE, noise, song_folder, voice

from gigbox.brain.who.recogniser import CLASSES
from gigbox.cli import main
from gigbox.errors import SongError
from gigbox.render.recognise import Recognised, hear, recognise

SPOKEN = voice(5, 0.05)


def test_a_folder_and_all_below_it_comes_in_order(tmp_path: Path) -> None:
    song_folder(tmp_path / "b", {"2.wav": SPOKEN, "1.flac": SPOKEN[:RATE]})
    song_folder(tmp_path / "a", {"9.ogg": SPOKEN[:RATE]})
    (tmp_path / "notes.txt").write_text("mine")
    assert [r.path.relative_to(tmp_path).as_posix() for r in recognise(tmp_path)] == ["a/9.ogg", "b/1.flac", "b/2.wav"]


def test_files_come_as_people_count_and_without_what_a_mac_leaves(tmp_path: Path) -> None:
    song_folder(tmp_path / "set", {"10.wav": SPOKEN[:RATE], "2.wav": SPOKEN[:RATE]})
    song_folder(tmp_path / "__MACOSX", {"1.wav": SPOKEN[:RATE]})
    (tmp_path / "set/._2.wav").write_bytes(b"\0\5\x16\7")
    assert [r.path.relative_to(tmp_path).as_posix() for r in recognise(tmp_path)] == ["set/2.wav", "set/10.wav"]


def test_a_line_is_one_whatever_the_name(tmp_path: Path) -> None:
    song_folder(tmp_path, {os.fsdecode(b"caf\xe9\n.wav"): SPOKEN[:RATE]})
    line = next(recognise(tmp_path)).line()
    assert line.startswith(f"{tmp_path}/caf??.wav: ")
    assert line.isprintable()


def test_a_recording_is_the_same_whatever_its_rate(tmp_path: Path) -> None:
    slow, fast = (song_folder(tmp_path, {f"{rate}.wav": SPOKEN if rate == RATE else SPOKEN[::2]}, rate) / f"{rate}.wav" for rate in (24000, 48000))
    first, second = (next(recognise(path)).verdict for path in (slow, fast))
    assert first.top[0][0] == second.top[0][0]
    assert first.seconds == pytest.approx(second.seconds, abs=0.2)


def test_two_sides_are_heard_as_their_mean(tmp_path: Path) -> None:
    hiss = noise(5, 0.2, 3)
    folder = song_folder(tmp_path, {"two.wav": np.stack([SPOKEN + hiss, SPOKEN - hiss], 1) / 2, "one.wav": SPOKEN / 2}, subtype="FLOAT")
    two, one = (next(recognise(folder / name)).verdict for name in ("two.wav", "one.wav"))
    assert two.name == one.name
    assert two.confidence == pytest.approx(one.confidence, abs=0.02)


def test_the_same_sound_gives_the_same_verdict() -> None:
    sound = SPOKEN.astype(np.float32)[:, None]
    assert hear([sound]) == hear([sound])


def test_a_click_and_silence_are_enough_for_an_answer(tmp_path: Path) -> None:
    folder = song_folder(tmp_path, {"short.wav": noise(0.05, 0.1), "none.wav": np.zeros(RATE)})
    short, none = Recognised(folder / "short.wav", hear([noise(0.05, 0.1).astype(np.float32)[:, None]])), next(recognise(folder / "none.wav"))
    assert len(short.verdict.top) == 3
    assert none.line().endswith("none.wav: unsure (0 %), after 0.0 s of playing; nothing was heard")


def test_a_line_names_the_path_the_class_and_the_three_best(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    song_folder(tmp_path, {"1.wav": SPOKEN})
    assert main(["recognise", str(tmp_path)]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(f"{tmp_path / '1.wav'}: ")
    assert sum(name in line.split(";")[1] for name in CLASSES) == 3


def test_json_has_all_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    song_folder(tmp_path, {"1.wav": SPOKEN, "2.wav": np.zeros(RATE)})
    assert main(["recognise", str(tmp_path), "--json"]) == 0
    first, second = json.loads(capsys.readouterr().out)
    assert first["path"] == str(tmp_path / "1.wav")
    assert first["class"] in (*CLASSES, "unsure")
    assert first["top"][0]["confidence"] <= first["confidence"] <= 1
    assert len(first["top"]) == 3
    assert second == {"path": str(tmp_path / "2.wav"), "class": "unsure", "confidence": 0.0, "seconds": 0.0, "top": []}


@pytest.mark.parametrize(("source", "told"), [
    ("gone.wav", "gone.wav: no such file or folder, expected a recording or a folder of them"),
    ("empty", "empty: no recordings in it, expected files that end in"),
    ("text.wav", "text.wav: "),
])
def test_what_cannot_be_heard_is_told(tmp_path: Path, source: str, told: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.wav").write_text("dear diary\n" * 99)
    with pytest.raises(SongError) as error:
        list(recognise(tmp_path / source))
    assert told in str(error.value)


def test_a_broken_file_in_a_folder_is_told_before_any_is_heard(tmp_path: Path) -> None:
    song_folder(tmp_path, {"1.wav": SPOKEN[:RATE], "2.wav": SPOKEN[:RATE]})
    (tmp_path / "2.wav").write_bytes(b"RIFF")
    with pytest.raises(SongError, match=r"2\.wav: "):
        next(recognise(tmp_path))
