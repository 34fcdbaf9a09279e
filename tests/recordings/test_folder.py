"""Which files of a folder are played, in which order, and what is told of the others."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigbox.errors import SongError
from gigbox.recordings.folder import natural, recordings


def made(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


@pytest.mark.parametrize("names", [
    ["1.wav", "2.wav", "3.wav", "10.wav", "11.wav", "12.wav"],
    ["1.wav", "1-dry.wav", "2.wav", "10.wav"],
    ["01_kick.wav", "2_snare.wav", "10_tom.wav"],
    ["1.wav", "01.wav", "001.wav", "1b.wav", "2.wav"],
    ["Track 2.wav", "track_3.wav", "Track10.wav"],
    ["bass.wav", "Drums.wav", "keys.wav"],
    ["take 1 mic 2.wav", "take 1 mic 10.wav", "take 2 mic 1.wav"],
    ["a.wav", "a 1.wav", "a2.wav", "a10.wav", "b.wav"],
    ["1.flac", "1.wav", "2.flac"],
    ["٢.wav", "3.wav", "١٠.wav"],
    ["9" * 200 + ".wav", "1" + "0" * 200 + ".wav"],
    ["x².wav", "x³.wav"],
    ["1.5.wav", "1.10.wav"],
    ["A\u0308 2.wav", "Ä 10.wav"],
])
def test_files_are_in_the_order_in_which_people_count(tmp_path: Path, names: list[str]) -> None:
    found, _ = recordings(made(tmp_path, *reversed(names)))
    assert [path.name for path in found] == names


@given(st.lists(st.text(st.characters(blacklist_characters="/\0", max_codepoint=0x2FFFF), min_size=1, max_size=12), max_size=8))
def test_the_order_of_any_names_is_one(names: list[str]) -> None:
    ordered = sorted(names, key=natural)
    assert ordered == sorted(reversed(names), key=natural)
    assert all(natural(a) != natural(b) for a, b in pairwise(ordered) if a != b)


def test_folders_below_are_in_natural_order_too(tmp_path: Path) -> None:
    found, _ = recordings(made(tmp_path, "set 10/1.wav", "set 2/10.wav", "set 2/9.wav", "intro.wav", "v1.10/a.wav", "v1.9/a.wav"), deep=True)
    assert [str(path.relative_to(tmp_path)) for path in found] == ["intro.wav", "set 2/9.wav", "set 2/10.wav", "set 10/1.wav", "v1.9/a.wav", "v1.10/a.wav"]


def test_what_other_systems_leave_behind_is_passed_over(tmp_path: Path) -> None:
    made(tmp_path, "1.wav", "._1.wav", ".1.wav", "Thumbs.db", "desktop.ini", ".DS_Store", "1.wav.part", "wav", "1.asd", "1.wav.reapeaks", "Icon\r")
    made(tmp_path, "__MACOSX/._1.wav", "__MACOSX/2.wav", ".Trashes/3.wav", "$RECYCLE.BIN/4.wav", "System Volume Information/5.wav", "lost+found/6.wav")
    (tmp_path / "folder.wav").mkdir()
    os.mkfifo(tmp_path / "pipe.wav")
    (tmp_path / "nothing.wav").symlink_to("gone.wav")
    (tmp_path / "circle.wav").symlink_to("circle.wav")
    for deep in (False, True):
        assert recordings(tmp_path, deep) == ([tmp_path / "1.wav"], ())


def test_suffixes_may_be_of_any_case(tmp_path: Path) -> None:
    found, notes = recordings(made(tmp_path, "1.WAV", "2.Flac", "3.AIF", "4.aIfF", "5.OGG", "6.W64", "7.CAF", "8.BWF"))
    assert [path.name for path in found] == ["1.WAV", "2.Flac", "3.AIF", "4.aIfF", "5.OGG", "6.W64", "7.CAF", "8.BWF"]
    assert notes == ()


def test_a_link_to_a_recording_is_one(tmp_path: Path) -> None:
    made(tmp_path, "else/take.wav", "gig/2.wav")
    (tmp_path / "gig/1.wav").symlink_to(tmp_path / "else/take.wav")
    assert [path.name for path in recordings(tmp_path / "gig")[0]] == ["1.wav", "2.wav"]


def test_sound_of_other_kinds_is_left_out_and_told(tmp_path: Path) -> None:
    found, notes = recordings(made(tmp_path, "1.wav", "mix.mp3", "2.m4a"))
    assert [path.name for path in found] == ["1.wav"]
    assert [note.partition(", expected files that end in")[0] for note in notes] == [f"{tmp_path / '2.m4a'}: left out", f"{tmp_path / 'mix.mp3'}: left out"]


def test_one_name_in_two_formats_is_told(tmp_path: Path) -> None:
    found, notes = recordings(made(tmp_path, "1.wav", "1.flac", "2.wav"))
    assert len(found) == 3
    assert notes == (f"{tmp_path / '1.flac'}: its name is also that of 1.wav; each is taken",)


def test_a_folder_that_holds_only_other_kinds_says_what_is_expected(tmp_path: Path) -> None:
    with pytest.raises(SongError, match=r"no recordings in it, expected files that end in \.aif, \.aifc, \.aiff, \.bwf"):
        recordings(made(tmp_path, "mix.mp3", "._1.wav"))


def test_names_may_be_any_bytes(tmp_path: Path) -> None:
    made(tmp_path, os.fsdecode(b"f\xf6lder/caf\xe9 10.wav"), os.fsdecode(b"f\xf6lder/caf\xe9 9.wav"))
    found, _ = recordings(tmp_path, deep=True)
    assert [os.fsencode(path.name) for path in found] == [b"caf\xe9 9.wav", b"caf\xe9 10.wav"]
