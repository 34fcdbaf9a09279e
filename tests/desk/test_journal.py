"""The journal: what was written is there again, whatever the end of the file looks like and whatever the disk says."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gigbox.desk import journal, past, records
from gigbox.desk.journal import Journal
from gigbox.desk.past import read
from gigbox.desk.state import Outcome
from gigbox.errors import MachineError

from .fakes import Inline
from .fakes import OneClock as Desk

LEVEL = "strip/3/level"


real_open = os.open


def _no_room(*_: object) -> int:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class Night:
    """A desk with its journal, step by step; `states` are its snapshots after each step, the first before any."""

    def __init__(self, folder: Path, segment: int = journal.SEGMENT, now: float = 0.0) -> None:
        self.folder = folder
        self.warnings: list[str] = []
        self.now = now
        self.desk = Desk()
        self.desk.now = now
        self.journal = Journal(folder, self.warnings.append, segment, self.desk, Inline, "this boot")
        self.journal.load()
        self.states = [self.state()]

    def step(self, count: int = 1) -> None:
        for _ in range(count):
            self.now += 30
            self.journal.write(self._request(len(self.states)).events, self.now)
            self.turn()
            self.states.append(self.state())

    def state(self) -> dict[str, object]:
        """All but the touches, which end by themselves."""
        return {**self.desk.snapshot(), "touch": {}}

    def turn(self) -> None:
        """As often as the desk does: what has begun is done."""
        for _ in range(3):
            self.journal.tick(self.now)

    def _request(self, number: int) -> Outcome:
        """Each number another change, of each layer."""
        if number % 3 == 0:
            return self.desk.set({LEVEL: -number / 8, "strip/4/name": f"Ännchen {number}"}, "web:phone-2", self.now)
        if number % 3 == 1:
            return self.desk.move({"strip/5/level": -number / 8}, "covers lead vocal", "brain", self.now)
        place = f"strip/{number % 32 + 1}"
        return (self.desk.unlock if place in self.desk.locks else self.desk.lock)(place, "ann", self.now)

    def again(self) -> Night:
        """What a desk finds that is started now."""
        self.journal.close(self.now)
        return Night(self.folder, now=self.now)


def test_a_desk_comes_back_as_it_was(tmp_path: Path) -> None:
    night = Night(tmp_path)
    night.step(12)
    back = night.again()
    assert back.states[0] == night.states[-1]
    assert back.warnings == []
    back.journal.close(0)


def test_a_file_cut_at_any_byte_gives_a_prefix_and_loses_nothing_silently(tmp_path: Path) -> None:
    night = Night(tmp_path / "whole")
    night.step(4)
    night.journal.close(0)
    whole = (tmp_path / "whole/000001.journal").read_bytes()
    ends = [0, *(i + 1 for i, byte in enumerate(whole) if byte == 10)]
    for cut in range(len(whole) + 1):
        folder = tmp_path / f"cut{cut}"
        folder.mkdir()
        (folder / "000001.journal").write_bytes(whole[:cut])
        back = Night(folder)
        lines = max(i for i, end in enumerate(ends) if end <= cut)
        assert back.states[0] == night.states[max(lines - 1, 0)]      # the first line says which boot it is
        rest = folder / "000001.journal.broken"
        assert (rest.read_bytes() if rest.exists() else b"") == whole[ends[lines]:cut]
        assert len(back.warnings) == (cut not in ends)
        back.journal.close(0)


@pytest.mark.parametrize("flip", [0x01, 0x20, 0x80])
def test_a_corrupted_byte_sets_aside_all_behind_it(tmp_path: Path, flip: int) -> None:
    night = Night(tmp_path / "whole")
    night.step(4)
    night.journal.close(0)
    whole = (tmp_path / "whole/000001.journal").read_bytes()
    ends = [0, *(i + 1 for i, byte in enumerate(whole) if byte == 10)]
    for place in range(0, len(whole), 7):
        folder = tmp_path / f"flip{place}"
        folder.mkdir()
        (folder / "000001.journal").write_bytes(whole[:place] + bytes([whole[place] ^ flip]) + whole[place + 1:])
        back = Night(folder)
        lines = max(i for i, end in enumerate(ends) if end <= place)
        assert back.states[0] == night.states[max(lines - 1, 0)]      # the first line says which boot it is
        assert back.warnings == [f"journal: 000001.journal is broken from byte {ends[lines]} on; "
                                 f"{len(whole) - ends[lines]} bytes set aside as 000001.journal.broken"]
        back.journal.close(0)


def test_after_a_torn_end_it_goes_on_and_a_second_tear_keeps_both_rests(tmp_path: Path) -> None:
    night = Night(tmp_path)
    night.step(3)
    for rest in (b"torn one", b"torn two"):
        with (tmp_path / "000001.journal").open("ab") as file:
            file.write(rest)
        again = night.again()
        assert again.states[0] == night.states[-1]
        night = again
        night.step(2)
    back = night.again()
    assert back.states[0] == night.states[-1]
    back.journal.close(0)
    assert sorted(path.read_bytes() for path in tmp_path.glob("*.broken*")) == [b"torn one", b"torn two"]


def test_a_long_night_is_cut_into_files_and_starts_from_the_newest_snapshot(tmp_path: Path) -> None:
    night = Night(tmp_path, segment=2000)
    night.step(60)
    assert len(list(tmp_path.glob("*.journal.gz"))) > 3      # what is full is packed
    assert len(list(tmp_path.glob("*.journal"))) == 1
    assert len(list(tmp_path.glob("*.snapshot"))) == 2
    back = night.again()
    assert back.states[0] == night.states[-1]
    back.journal.close(0)
    copy = Desk()
    for events in read(tmp_path):
        copy.replay(events)
    assert {**copy.snapshot(), "touch": {}, "boot": "this boot"} == night.states[-1]      # the whole night is still there for the report


def test_the_past_is_bounded_in_bytes_and_the_oldest_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past, "KEPT", 20_000)
    night = Night(tmp_path, segment=1)
    night.step(80)
    night.journal.close(0)
    held = sorted(path.name for path in tmp_path.iterdir())
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 20_000 + 10_000
    assert sum(name.endswith("snapshot") for name in held) == 2
    assert "000001.journal.gz" not in held
    back = Night(tmp_path, now=night.now)
    assert back.states[0] == night.states[-1]
    back.journal.close(0)


@pytest.mark.parametrize("left", [0, 10, -1])
def test_a_broken_snapshot_falls_back_to_the_one_before(tmp_path: Path, left: int) -> None:
    night = Night(tmp_path, segment=2000)
    night.step(40)
    newest = sorted(tmp_path.glob("*.snapshot"))[-1]
    newest.write_bytes(newest.read_bytes()[:left])
    back = night.again()
    assert back.states[0] == night.states[-1]
    assert back.warnings == [f"journal: {newest.name} cannot be used; set aside as {newest.name}.broken"]
    back.journal.close(0)


def test_a_broken_snapshot_on_a_disk_that_can_only_be_read_falls_back_to_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a dying card does: a bad block, and the kernel lets nobody write any more."""
    night = Night(tmp_path, segment=2000)
    night.step(40)
    night.journal.close(0)
    newest = sorted(tmp_path.glob("*.snapshot"))[-1]
    newest.write_bytes(b"")
    for act in ("rename", "open"):
        monkeypatch.setattr(os, act, _read_only(getattr(os, act)))
    back = Night(tmp_path)
    assert back.states[0] == night.states[-1]
    assert back.warnings[0] == f"journal: {newest.name} cannot be used, nor set aside: Read-only file system"
    back.journal.close(0)


def _read_only(act: Callable[..., Any]) -> Callable[..., Any]:
    def refused(*about: Any, **more: Any) -> Any:
        if act.__name__ == "rename" or about[1] & (os.O_WRONLY | os.O_RDWR):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return act(*about, **more)
    return refused


def test_a_cut_at_any_step_of_a_new_file_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every system call of the change to a new file is the last one once."""
    class Cut(BaseException):
        pass

    for last in range(30):
        night = Night(tmp_path / f"{last}", segment=10 ** 9)
        night.step(5)
        calls = 0

        def cutting(real: Callable[..., object], last: int = last) -> Callable[..., object]:
            def call(*args: object, **more: object) -> object:
                nonlocal calls
                calls += 1
                if calls > last:
                    raise Cut
                return real(*args, **more)
            return call

        with monkeypatch.context() as patch:
            for name in ("fsync", "replace", "open", "close"):
                patch.setattr(os, name, cutting(getattr(os, name)))
            try:
                night.journal._next_file(0)
                done = True
            except Cut:
                done = False
        os.close(night.journal._guard)
        back = Night(tmp_path / f"{last}")
        assert back.states[0] == night.states[-1]
        back.journal.close(0)
        if done:
            break
    else:
        pytest.fail("never came to the end")
    assert last > 5


def test_a_full_disk_warns_once_and_the_state_is_whole_when_there_is_room_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    night = Night(tmp_path)
    night.step(3)
    with monkeypatch.context() as full:
        full.setattr(os, "write", _no_room)
        full.setattr(journal, "write_whole", _no_room)
        night.step(5)
    assert night.warnings == ["journal: No space left on device; the desk goes on, but what is set from now on is lost with the power"]
    assert len(night.states) == 9
    night.now += journal.RETRY_S
    night.turn()
    assert night.warnings[1:] == ["journal: writing again, nothing that is set now is lost"]
    night.step(2)
    back = night.again()
    assert back.states[0] == night.states[-1]
    assert back.warnings == []
    back.journal.close(0)


def test_half_a_line_on_a_full_disk_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    night = Night(tmp_path)
    night.step(3)
    write, room = os.write, [20]

    def little_room(file: int, content: bytes) -> int:
        if not room[0]:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        done = write(file, content[: room[0]])
        room[0] -= done
        return done

    with monkeypatch.context() as full:
        full.setattr(os, "write", little_room)
        outcome = night.desk.set({LEVEL: -80}, "ann", night.now)
        night.journal.write(outcome.events, night.now)
    back = night.again()
    assert back.states[0] == night.states[-1]                # as before the set that found no room
    assert back.warnings == []
    back.journal.close(0)


@pytest.mark.parametrize(("by", "within", "most"), [("ann", journal.HANDS_S, 64), ("brain", journal.AUTO_S, 6)])
def test_what_hands_do_is_synced_within_100_ms_and_what_the_box_does_within_1_s(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str, within: float, most: int) -> None:
    night = Night(tmp_path)
    night.journal.close(0)
    night = Night(tmp_path)
    synced: list[float] = []
    monkeypatch.setattr(os, "fsync", lambda _: synced.append(night.now))
    written = []
    for turn in range(500):
        night.now = 100 + turn / 100
        asked = night.desk.set({LEVEL: -turn / 10}, by, night.now) if by == "ann" else night.desk.move({LEVEL: -turn / 10}, "x", by, night.now)
        night.journal.write(asked.events, night.now)
        written.append(night.now)
        night.journal.tick(night.now)
    assert len(synced) <= most
    assert all(any(at <= sync <= at + within - 0.01 for sync in synced) for at in written if at < 105 - within)
    night.now = 200
    night.turn()
    night.turn()
    assert synced[-1] == 200
    count = len(synced)
    night.now = 300                                          # nothing written, nothing synced
    night.turn()
    assert len(synced) == count
    night.journal.close(300)


def test_two_desks_never_share_a_journal(tmp_path: Path) -> None:
    night = Night(tmp_path)
    with pytest.raises(MachineError) as caught:
        Journal(tmp_path, print)
    assert str(caught.value) == f"desk: already running at {tmp_path}"
    night.journal.close(0)
    Journal(tmp_path, print).close(0)


def test_a_folder_that_cannot_be_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MachineError) as caught:
        Journal(tmp_path / "file/state", print)
    assert str(caught.value) == f"desk: {tmp_path}/file/state: Not a directory, expected a folder that can be written"


def test_a_parameter_that_this_table_does_not_have_is_left_out(tmp_path: Path) -> None:
    lines = [{"time": 1.0, "by": "ann", "kind": "set", "action": 1, "undoes": 0,
              "events": [["strip/3/sparkle", "hand", None, 3.0, ""], [LEVEL, "hand", None, 99.0, ""]]}]
    (tmp_path / "000001.journal").write_bytes(b"".join(map(records.to_line, lines)))
    back = Night(tmp_path)
    assert back.desk.scene()["hand"] == {LEVEL: 10.0}        # and what is beyond its range is held in it
    back.journal.close(0)


def test_a_disk_that_is_full_at_the_start_is_used_as_soon_as_there_is_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    night = Night(tmp_path)
    night.step(3)
    night.journal.close(0)
    with (tmp_path / "000001.journal").open("ab") as file:
        file.write(b"torn")
    with monkeypatch.context() as full:
        full.setattr(journal, "write_whole", _no_room)
        full.setattr(os, "open", lambda path, flags, *mode: _no_room() if flags & os.O_CREAT else real_open(path, flags, *mode))
        back = Night(tmp_path)
    assert back.states[0] == night.states[-1]
    assert back.warnings[1:] == ["journal: No space left on device; the desk goes on, but what is set from now on is lost with the power"]
    back.step(2)
    back.now = 100
    back.turn()
    assert back.warnings[2:] == ["journal: writing again, nothing that is set now is lost"]
    back.step(2)
    last = back.again()
    assert last.states[0] == back.states[-1]
    assert (tmp_path / "000001.journal").read_bytes().endswith(b"torn")
    last.journal.close(0)


def test_a_file_that_cannot_be_read_does_not_keep_the_desk_from_starting(tmp_path: Path) -> None:
    night = Night(tmp_path, segment=2000)
    night.step(30)
    night.journal.close(0)
    newest = sorted(tmp_path.glob("*.journal"))[-1]
    newest.unlink()
    newest.mkdir()                                           # as good as a bad sector: reading it is an error
    back = Night(tmp_path)
    assert back.warnings == ["journal: Is a directory; the desk goes on, but what is set from now on is lost with the power"]
    back.step(2)
    back.now = 100
    back.turn()
    last = back.again()
    assert last.states[0] == back.states[-1]
    last.journal.close(0)


def test_a_request_that_is_none_is_set_aside(tmp_path: Path) -> None:
    night = Night(tmp_path)
    night.step(2)
    night.journal.close(0)
    head = {"time": 1.0, "by": "ann", "kind": "set", "action": 9, "undoes": 0}
    for rows in ([[LEVEL, "hand", None, "loud", ""]], [[LEVEL]], 7):
        with (tmp_path / "000001.journal").open("ab") as file:
            file.write(records.to_line({**head, "events": rows}))
        back = Night(tmp_path)
        assert back.states[0] == night.states[-1]
        assert len(back.warnings) == 1
        back.journal.close(0)


def test_a_lock_of_a_strip_that_this_table_does_not_have_is_left_out(tmp_path: Path) -> None:
    record = {"time": 1.0, "by": "ann", "kind": "lock", "action": 1, "undoes": 0, "events": [["strip/99", "lock", False, True, ""]]}
    (tmp_path / "000001.journal").write_bytes(records.to_line(record))
    back = Night(tmp_path)
    assert (back.desk.locks, back.warnings) == (set(), ["journal: of another version, kept but not heard: strip/99"])
    back.journal.close(0)


def test_files_behind_a_broken_place_are_set_aside_whole(tmp_path: Path) -> None:
    night = Night(tmp_path / "a")
    night.step(3)
    night.journal.close(0)
    first = (tmp_path / "a/000001.journal").read_bytes()
    night = night.again()
    night.step(3)
    night.journal.close(0)
    rest = (tmp_path / "a/000001.journal").read_bytes()[len(first):]
    (tmp_path / "a/000001.journal").write_bytes(first + b"torn")
    (tmp_path / "a/000002.journal").write_bytes(rest)
    back = Night(tmp_path / "a")
    assert back.states[0] == night.states[0]
    assert (tmp_path / "a/000002.journal.broken").read_bytes() == rest
    assert back.warnings[1:] == ["journal: 000002.journal cannot be used; set aside as 000002.journal.broken"]
    back.journal.close(0)
