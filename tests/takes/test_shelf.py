"""Where takes lie, and what may be done with them by their names: nothing outside the shelf is ever meant."""

from __future__ import annotations

import errno
import fcntl
import functools
import io
import json
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from gigbox.errors import MachineError, TakeError
from gigbox.takes.patience import Patience
from gigbox.takes.shelf import FOLDER, Place, Shelf, places_of_takes, sticks
from gigbox.takes.take import Track, as_name, is_held, length
from gigbox.tape.command import listed
from gigbox.tape.session import Session
from gigbox.web.downloads import archive


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(lambda: [Place(tmp_path / "stick", True), Place(tmp_path / "disk"), Place(tmp_path / "nowhere")])


def recorded(place: Path, song: str, when: float, close: bool = True) -> Session:
    made = Session(Place(place), song, lambda: [Track("01 Kick.wav", "Kick", "kick")], wall=lambda: when)
    made.write(0, np.full((4800, 3), 0.5, np.float32), 0)
    if close:
        made.close()
    return made


def mounts(tmp_path: Path, *lines: tuple[Path | str, str]) -> Path:
    file = tmp_path / "mountinfo"
    points = [(str(point).replace(" ", "\\040"), options) for point, options in lines]
    file.write_text("".join(f"36 35 8:1 / {point} {options} - vfat /dev/sda1 rw\n" for point, options in points))
    return file


def test_a_stick_that_can_be_written_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GIGBOX_TAKES", raising=False)
    monkeypatch.setattr("gigbox.takes.shelf.STICKS", (f"{tmp_path}/media/",))
    stick = tmp_path / "media/MY STICK"
    stick.mkdir(parents=True)
    table = mounts(tmp_path, ("/", "rw,relatime"), (stick, "rw,nosuid"), (tmp_path / "media/cdrom", "ro"))
    assert sticks(table, Patience()) == [stick]
    assert places_of_takes(table, lambda: tmp_path) == [Place(stick / FOLDER, True), Place(tmp_path / "takes")]
    assert sticks(tmp_path / "none", Patience()) == []


def test_what_the_environment_names_is_the_only_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIGBOX_TAKES", str(tmp_path))
    assert places_of_takes() == [Place(tmp_path)]


def test_takes_of_all_places_are_listed_the_newest_first(tmp_path: Path, shelf: Shelf) -> None:
    recorded(tmp_path / "disk", "old", 1e9)
    recorded(tmp_path / "stick", "new", 1.1e9)
    (tmp_path / "disk/holiday").mkdir()
    (tmp_path / "disk/note.txt").write_text("no take")
    assert [take.name[20:] for take in shelf.takes()] == ["new", "old"]
    told = shelf.takes()[0].told()
    assert (told["seconds"], told["tracks"], told["began"], told["files"]) == (0.1, 1, 1.1e9, ["01 Kick.wav", "mix.wav", "song.toml"])
    assert told["bytes"] == sum(file.stat().st_size for file in shelf.takes()[0].folder.iterdir())


def test_a_take_is_renamed_with_its_folder(tmp_path: Path, shelf: Shelf) -> None:
    made = recorded(tmp_path / "disk", "old", 1e9)
    assert shelf.rename(made.folder.name, " First set ") == "First set"
    assert [take.name for take in shelf.takes()] == ["First set"]
    assert shelf.rename("First set", "First set") == "First set"


@pytest.mark.parametrize(("name", "why"), [
    ("../out", "take: '/' in a name, expected none of"), ("a/b", "take: '/' in a name"), ("", "take: \"\", expected a name"), (7, "take: 7, expected a name"),
    (".hidden", "take: '.hidden' begins or ends with a dot"), ("x" * 81, "take: a name of 81 characters, expected 80 at most"),
    ("a\nb", "take: '\\n' in a name"), ("Second", "Second: is there already, expected another name"), ("é" * 80 + "é", "take: a name of 81 characters"),
    ("\U0001F3B8" * 70, "take: a name of 70 characters")])
def test_a_name_that_cannot_be_is_refused(tmp_path: Path, shelf: Shelf, name: object, why: str) -> None:
    first, second = recorded(tmp_path / "disk", "1", 1e9), recorded(tmp_path / "disk", "2", 1.1e9)
    shelf.rename(second.folder.name, "Second")
    with pytest.raises(TakeError) as caught:
        shelf.rename(first.folder.name, name)
    assert str(caught.value).startswith(why)
    assert first.folder.is_dir()


def test_what_is_being_recorded_is_neither_renamed_nor_deleted(tmp_path: Path, shelf: Shelf) -> None:
    made = recorded(tmp_path / "disk", "now", 1e9, close=False)
    for act in (lambda: shelf.rename(made.folder.name, "x"), lambda: shelf.delete(made.folder.name)):
        with pytest.raises(TakeError, match="is being recorded, expected it to be stopped first"):
            act()
    made.close()
    shelf.delete(made.folder.name)
    assert shelf.takes() == []


def test_two_who_look_at_once_do_not_take_each_other_for_a_recorder(tmp_path: Path, shelf: Shelf) -> None:
    made = recorded(tmp_path / "disk", "1", 1e9)
    look = fcntl.flock
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fcntl, "flock", lambda handle, how: (look(handle, how), patch.setattr(fcntl, "flock", look), found.append(is_held(made.folder))))
        found: list[bool] = []
        found.append(is_held(made.folder))
    assert found == [False, False]


@pytest.mark.parametrize("name", ["..", ".", "", "../disk", "disk", "/", "holiday", "stick/../disk"])
def test_only_takes_can_be_deleted(tmp_path: Path, shelf: Shelf, name: str) -> None:
    recorded(tmp_path / "disk", "1", 1e9)
    (tmp_path / "disk/holiday").mkdir()
    (tmp_path / "disk/holiday/photo.jpg").write_text("x")
    with pytest.raises(TakeError, match="no such take"):
        shelf.delete(name)
    assert (tmp_path / "disk/holiday/photo.jpg").exists()
    assert len(shelf.takes()) == 1


@pytest.mark.parametrize("file", ["../../secret", "..", ".growing", "", "song.toml/", "link.wav", "nothing.wav"])
def test_only_files_of_the_take_are_given(tmp_path: Path, shelf: Shelf, file: str) -> None:
    made = recorded(tmp_path / "disk", "1", 1e9)
    (tmp_path / "secret").write_text("x")
    (made.folder / "link.wav").symlink_to(tmp_path / "secret")
    (made.folder / ".growing").touch()
    with pytest.raises(TakeError, match="no such file"):
        shelf.find(made.folder.name).file(file)
    assert shelf.find(made.folder.name).file("01 Kick.wav").read_bytes()[:4] == b"RIFF"
    assert "link.wav" not in shelf.takes()[0].told()["files"]


@pytest.mark.parametrize(("said", "name"), [("Bass/DI", "Bass DI"), ("  .hidden. ", "hidden"), ("a\tb", "a b"), ('"?*', ""), ("Größe", "Größe")])
def test_what_somebody_is_called_becomes_a_name_that_every_system_takes(said: str, name: str) -> None:
    assert as_name(said) == name


@pytest.mark.parametrize(("seconds", "said"), [(0, "0:00"), (65.9, "1:05"), (3599, "59:59"), (3905, "1:05:05")])
def test_a_length_is_said_as_players_say_it(seconds: float, said: str) -> None:
    assert length(seconds) == said


@pytest.mark.parametrize("song", [b"began = inf", b"began = 1e300", b"lost_frames = inf", b"mark = 3", b"mark = [3]", b"began = 'x'", b"[[[[", b"\xff"])
def test_who_edits_a_song_toml_loses_no_take_by_it(tmp_path: Path, shelf: Shelf, song: bytes) -> None:
    made = recorded(tmp_path / "disk", "1", 1e9)
    (made.folder / "song.toml").write_bytes(song)
    assert shelf.takes()[0].told()["began"] == 0
    assert made.folder.name in listed(shelf=shelf)
    shelf.delete(made.folder.name)
    assert shelf.takes() == []


def test_a_song_toml_from_a_windows_editor_keeps_its_day(tmp_path: Path, shelf: Shelf) -> None:
    made = recorded(tmp_path / "disk", "1", 1e9)
    (made.folder / "song.toml").write_bytes(b"\xef\xbb\xbf" + (made.folder / "song.toml").read_bytes())
    assert shelf.takes()[0].began == 1e9


def test_a_deletion_that_is_broken_off_leaves_a_take_that_can_be_deleted(tmp_path: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    made = recorded(tmp_path / "disk", "1", 1e9)
    unlink = os.unlink

    def until_left(count: int, path: Path, **how: object) -> None:
        if len(list(made.folder.iterdir())) <= count:
            raise OSError(errno.EIO, "Input/output error")
        unlink(path, **how)                  # type: ignore[arg-type]

    for left in (2, 1):
        with monkeypatch.context() as patch:
            patch.setattr("os.unlink", functools.partial(until_left, left))
            patch.setattr(Path, "unlink", lambda path, left=left: until_left(left, path))
            with pytest.raises(MachineError):
                shelf.delete(made.folder.name)
        assert [take.name for take in shelf.takes()] == [made.folder.name]
    shelf.delete(made.folder.name)
    assert not made.folder.exists()


def test_what_is_called_in_bytes_that_are_no_text_is_listed_given_and_deleted_by_a_name_that_is(tmp_path: Path, shelf: Shelf) -> None:
    took = recorded(tmp_path / "disk", "", 1e9).folder
    folder = Path(os.fsdecode(os.fsencode(took.parent) + b"/Caf\xe9"))
    took.rename(folder)
    (folder / os.fsdecode(b"caf\xe9.txt")).write_text("chords")
    told, = json.loads(listed(True, shelf).encode())
    assert (told["name"], told["folder"]) == ("Caf\\xe9", f"{tmp_path}/disk/Caf\\xe9")
    assert told["files"] == ["01 Kick.wav", "caf\\xe9.txt", "mix.wav", "song.toml"]
    assert shelf.find("Caf\\xe9").file("caf\\xe9.txt").read_text() == "chords"
    with zipfile.ZipFile(io.BytesIO(b"".join(archive(shelf.find("Caf\\xe9"))))) as archived:
        assert "Caf\\xe9/caf\\xe9.txt" in archived.namelist()
    shelf.delete("Caf\\xe9")
    assert not folder.exists()
