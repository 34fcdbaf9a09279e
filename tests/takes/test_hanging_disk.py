"""A stick that hangs: nothing of it is ever answered, as of a pipe into which nobody writes. Whoever asks for takes waits for it once, and then no more."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from gigbox.errors import MachineError, TakeError
from gigbox.takes import shelf
from gigbox.takes.patience import Patience
from gigbox.takes.shelf import Place, Shelf

from .test_shelf import mounts, recorded

SHORT_S = 0.2


class Stick:
    """Its take's sound is a pipe."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "stick"
        self.pipe = self.folder / "hangs/mix.wav"
        self.pipe.parent.mkdir(parents=True)
        os.mkfifo(self.pipe)
        self.disk, self.other = Place(folder / "disk"), Place(self.folder, True)
        self.shelf = Shelf(lambda: [self.other, self.disk])

    def answer(self) -> None:
        """All that wait are let go; it is no take, as is found then."""
        with open(os.open(self.pipe, os.O_RDWR | os.O_NONBLOCK), "wb"):
            pass
        self.pipe.unlink()


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stick]:
    monkeypatch.setattr(Patience.ask, "__defaults__", (SHORT_S,))
    monkeypatch.setattr(shelf, "ACT_S", SHORT_S)
    made = Stick(tmp_path)
    yield made
    if made.pipe.exists():
        made.answer()


def test_takes_of_other_places_are_listed_and_the_stick_is_asked_once(stick: Stick) -> None:
    made = recorded(stick.disk.folder, "here", 1e9)
    for _ in range(20):
        assert [take.name for take in stick.shelf.takes()] == [made.folder.name]
    assert stick.shelf.find(made.folder.name).folder == made.folder
    assert [thread.name for thread in threading.enumerate()].count("disk") == 1


def test_where_only_the_stick_has_takes_the_list_says_what_is_wrong(stick: Stick) -> None:
    with pytest.raises(MachineError, match=rf"^{stick.folder}: has not answered yet$"):
        stick.shelf.takes()


def test_a_disk_is_asked_nothing_more_before_it_has_answered(stick: Stick) -> None:
    asked = []
    disk = Patience()

    def hangs() -> None:
        asked.append(1)
        stick.pipe.read_bytes()

    for _ in range(3):
        with pytest.raises(TimeoutError, match="the disk has not answered yet"):
            disk.ask("stick", hangs)
    assert asked == [1]
    assert disk.ask("card", lambda: 7) == 7
    stick.answer()
    disk._late["stick"].exception(60)
    assert disk.ask("stick", lambda: 8) == 8


def test_a_take_that_is_not_found_may_be_on_the_disk_that_hangs(stick: Stick) -> None:
    with pytest.raises(MachineError, match=rf"^Blue: not found, and {stick.folder} has not answered yet$"):
        stick.shelf.find("Blue")
    stick.answer()
    stick.shelf._patience._late[str(stick.folder)].exception(60)
    with pytest.raises(TakeError, match=r"^Blue: no such take$"):
        stick.shelf.find("Blue")


def test_what_is_deleted_on_a_disk_that_begins_to_hang_is_told_in_time(stick: Stick, monkeypatch: pytest.MonkeyPatch) -> None:
    made = recorded(stick.disk.folder, "here", 1e9)
    monkeypatch.setattr(shelf, "_emptied", lambda folder: stick.pipe.read_bytes())
    with pytest.raises(MachineError, match=rf"^{made.folder.name}: the disk has not answered yet$"):
        stick.shelf.delete(made.folder.name)


def test_what_was_looked_at_is_told_without_another_look(stick: Stick) -> None:
    """Pulled between the look and the telling."""
    made = recorded(stick.disk.folder, "here", 1e9)
    (take,) = stick.shelf.takes()
    made.folder.rename(made.folder.with_name("away"))
    assert take.told()["files"] == ["01 Kick.wav", "mix.wav", "song.toml"]


def test_what_the_disk_says_is_what_who_asks_is_told() -> None:
    def broken() -> None:
        raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output error"):
        Patience().ask("stick", broken)


def test_a_stick_that_does_not_even_say_whether_it_can_be_written_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stick: Stick) -> None:
    monkeypatch.setattr(shelf, "STICKS", (f"{tmp_path}/",))
    monkeypatch.setattr(shelf, "ACCESS_S", SHORT_S)
    monkeypatch.setattr(os, "access", lambda point, rights: point.endswith("well") or stick.pipe.read_bytes())
    table = mounts(tmp_path, (tmp_path / "hung", "rw"), (tmp_path / "well", "rw"))
    assert shelf.sticks(table, Patience()) == [tmp_path / "well"]
