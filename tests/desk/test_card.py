"""A card that stands still, says no or loses power: no hand waits for it, what it missed is told, and nothing that was answered is lost twice."""

from __future__ import annotations

import errno
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gigbox.desk import card as cards
from gigbox.desk import journal
from gigbox.desk.client import Client
from gigbox.desk.connection import WAITING
from gigbox.desk.journal import Journal
from gigbox.desk.records import from_line
from gigbox.desk.state import Desk
from gigbox.desk.waiting import Waiting

from .fakes import Box, Stalled
from .test_server import Turned, connected

LEVEL = "strip/3/level"
DISK_SAYS_NO = "; the desk goes on, but what is set from now on is lost with the power"


class Night:
    """A turned desk on a card that stands still until it is let go on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.card = Stalled()
        self.turned = Turned(folder, card=self.card)
        self.line = self.turned.line()
        self.turned.ask(self.line, {"get": "main"})
        self.settle()

    def settle(self) -> None:
        """All that waits is done."""
        for _ in range(4):
            self.wait(1.0)
            self.card.go_on()
            self.wait(0.0)

    def set(self, level: float) -> None:
        assert self.turned.ask(self.line, {"set": {LEVEL: level}})["ok"]

    def wait(self, seconds: float) -> None:
        self.turned.now += seconds
        self.turned.server.turn(0)

    def found(self, folder: Path) -> object:
        """What a desk finds that is started on a copy of what is there now."""
        shutil.copytree(self.folder / "journal", folder)
        again = Journal(folder, print, desk=Desk(lambda: 0.0))
        return again.load().layer(LEVEL, "hand")

    @property
    def warnings(self) -> list[str]:
        return self.turned.warnings


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    made = Night(tmp_path)
    yield made
    made.turned.close()


def test_hands_are_answered_while_the_card_stands_still_and_a_kill_then_loses_nothing(night: Night, tmp_path: Path) -> None:
    for step in range(50):
        night.set(-step)
        night.wait(0.05)
    assert len(night.card.jobs) == 1                         # one sync, and it waits
    assert night.found(tmp_path / "killed") == -49


def test_a_slow_card_is_told_once_and_when_it_is_well_again(night: Night) -> None:
    night.set(-1)
    night.wait(0.0)
    assert night.turned.ask(night.line, {"report": "desk"})["ok"]["told"]["card"] == "well"
    night.wait(0.6)
    night.wait(0.2)
    assert night.warnings == ["card: slow, 0.6 s for what takes 0.01 s; hands are not held up, but a power cut would cost that much"]
    assert night.turned.ask(night.line, {"report": "desk"})["ok"]["told"] == {"card": "slow", "slowest_s": 0.8}
    night.card.go_on()
    night.wait(0.01)
    for step in range(3):
        night.wait(cards.WELL_S / 2)
        night.set(-step - 2)
        night.wait(0.0)
        night.card.go_on()
        night.wait(0.02)
        assert (len(night.warnings) == 2) == (step > 0)          # well for 10 s, not once
    assert night.warnings[1:] == ["card: keeps up again; it took 0.8 s at worst"]
    assert night.turned.ask(night.line, {"report": "desk"})["ok"]["told"]["card"] == "well"


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC])
def test_a_sync_that_fails_is_told_and_all_is_there_when_the_card_is_well(night: Night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                                        number: int) -> None:
    def no(_: int) -> None:
        raise OSError(number, os.strerror(number))

    night.set(-1)
    night.wait(0.0)
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", no)
        night.card.go_on()
        night.wait(0.01)
        night.set(-2)
        for _ in range(3):                                   # tried again, and still it says no
            night.wait(journal.RETRY_S)
            night.card.go_on()
            night.wait(0.0)
    assert night.warnings == [f"journal: {os.strerror(number)}{DISK_SAYS_NO}"]
    night.wait(journal.RETRY_S)
    night.set(-3)                                            # while the snapshot is on its way: it goes behind it
    night.card.go_on()
    night.wait(0.01)
    assert night.warnings[1:] == ["journal: writing again, nothing that is set now is lost"]
    assert night.found(tmp_path / "found") == -3


def test_a_disk_that_is_full_while_a_sync_is_under_way_ends_no_desk(night: Night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    night.set(-1)
    night.wait(0.0)
    with monkeypatch.context() as full:
        full.setattr(journal.os, "write", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))))
        night.set(-2)
    night.card.go_on()
    night.wait(0.01)
    night.wait(journal.RETRY_S)
    night.card.go_on()
    night.wait(0.01)
    night.set(-3)
    assert night.warnings[1:] == ["journal: writing again, nothing that is set now is lost"]
    assert night.found(tmp_path / "found") == -3


def test_threads_that_the_machine_refuses_later_are_none_that_the_card_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    made = cards.beside()
    monkeypatch.setattr(threading.Thread, "start", pytest.fail)
    assert made.submit(lambda: 7).result(5) == 7
    made.shutdown()


def test_what_comes_while_a_snapshot_takes_for_ever_is_in_the_next_one(night: Night, tmp_path: Path) -> None:
    night.turned.journal._fail(OSError(errno.EIO, "broken"), night.turned.now)
    night.turned.journal._segment = 500
    night.wait(journal.RETRY_S)
    for step in range(40):                                   # more than a file's worth
        night.set(-step)
    night.settle()
    assert night.warnings[-1] == "journal: writing again, nothing that is set now is lost"
    assert night.found(tmp_path / "found") == -39


def test_a_power_cut_costs_what_was_not_yet_synced_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    night = Night(tmp_path)
    fsync, safe = os.fsync, dict[str, int]()

    def note(file: int) -> None:
        fsync(file)
        safe[os.readlink(f"/proc/self/fd/{file}")] = os.fstat(file).st_size

    monkeypatch.setattr(os, "fsync", note)
    answered: list[tuple[float, int]] = []
    for step in range(300):
        night.set(-step / 10)
        answered.append((night.turned.now, step))
        night.wait(0.01)
        night.card.go_on()                                   # a card that is well: done by the next turn
        night.wait(0.0)
    cut = tmp_path / "cut"
    shutil.copytree(tmp_path / "journal", cut)
    for path in cut.glob("*.journal"):
        os.truncate(path, safe.get(str(tmp_path / "journal" / path.name), 0))
    level = Journal(cut, print, desk=Desk(lambda: 0.0)).load().layer(LEVEL, "hand")
    lost = [at for at, step in answered if -step / 10 < level]      # type: ignore[operator]
    assert not lost or night.turned.now - lost[0] <= journal.HANDS_S
    night.turned.close()


def test_a_full_file_begins_another_while_the_card_stands_still(night: Night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    night.turned.journal._segment = 500
    for step in range(40):
        night.set(-step)
        night.wait(0.05)
    journals = sorted(path.name for path in (night.folder / "journal").iterdir())
    assert journals == ["000001.journal"]                    # a sync is under way; it goes on with the old one
    night.card.go_on()
    night.wait(0.05)
    night.set(-80)
    assert sorted(path.name for path in (night.folder / "journal").iterdir()) == ["000001.journal", "000002.journal"]
    assert night.found(tmp_path / "killed") == -80           # before the snapshot is there
    synced: list[str] = []
    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda file: (synced.append(Path(os.readlink(f"/proc/self/fd/{file}")).name), fsync(file)))
    night.settle()
    assert synced[:2] == ["000001.journal", ".000002.snapshot.part"]        # what is full first
    assert sorted(path.name for path in (night.folder / "journal").iterdir()) == ["000001.journal.gz", "000002.journal", "000002.snapshot"]
    assert night.found(tmp_path / "later") == -80


def test_a_folder_that_cannot_be_read_when_a_file_is_full_ends_no_desk(night: Night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no(*_: object) -> list[int]:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    night.turned.journal._segment = 500
    with monkeypatch.context() as broken:
        broken.setattr(journal, "numbers", no)
        for step in range(40):
            night.set(-step)
        night.settle()
    assert f"journal: {os.strerror(errno.EIO)}{DISK_SAYS_NO}" in night.warnings
    night.wait(journal.RETRY_S)
    night.settle()
    night.set(-80)
    assert night.found(tmp_path / "found") == -80


def test_a_card_that_says_no_leaves_no_file_open(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    def no(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    def open_files() -> int:
        return len(os.listdir("/proc/self/fd"))

    before = open_files()
    night.turned.journal._next_file(night.turned.now)
    for broken, what in ((os, "fsync"), (journal, "sync_to_disk")):
        with monkeypatch.context() as patch:
            patch.setattr(broken, what, no)
            night.settle()
            night.wait(journal.RETRY_S)
            night.settle()
    night.wait(journal.RETRY_S)
    night.settle()
    assert "journal: writing again, nothing that is set now is lost" in night.warnings
    assert open_files() == before


def test_a_snapshot_is_of_the_moment_when_its_file_began(night: Night, tmp_path: Path) -> None:
    night.set(-1)
    night.turned.ask(night.line, {"lock": "strip/5"})
    night.turned.ask(night.line, {"set": {"strip/3/name": "Anna"}})
    night.settle()
    before = night.turned.server.desk.snapshot()
    night.turned.journal._next_file(night.turned.now)
    for request in ({"set": {LEVEL: -2, "strip/3/name": "Ben"}}, {"unlock": "strip/5"}, {"auto": {"strip/4/level": -2}, "why": "x"}, {"undo": True}):
        assert night.turned.ask(night.line, request)["ok"]
    after = night.turned.server.desk.snapshot()
    night.card.go_on()
    assert from_line((night.folder / "journal/000002.snapshot").read_bytes()) == before
    assert night.found(tmp_path / "found") == -2
    assert night.turned.server.desk.snapshot() == after


@pytest.mark.parametrize("failed", [False, True])
def test_a_desk_that_is_stopped_while_the_card_stands_still_waits_for_it(tmp_path: Path, failed: bool) -> None:
    night = Night(tmp_path)
    if failed:
        night.turned.journal._fail(OSError(errno.EIO, "broken"), night.turned.now)
        night.wait(journal.RETRY_S)
    for step in range(3):
        night.set(-step)
        night.wait(0.2)
    assert len(night.card.jobs) == 1
    night.turned.close()
    assert night.found(tmp_path / "found") == -2


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A real card: while this is cleared every fsync waits."""
    opened, fsync = threading.Event(), os.fsync
    opened.set()

    def slow(file: int) -> None:
        opened.wait(5)
        fsync(file)

    monkeypatch.setattr(os, "fsync", slow)
    yield opened
    opened.set()


def test_a_scene_and_a_report_being_saved_hold_up_nobody(box: Box, connect: Callable[..., Client], gate: threading.Event) -> None:
    ann, bob = connect("ann"), connect("bob")
    ann.get(LEVEL)
    bob.set({LEVEL: -1})
    gate.clear()
    threads = [threading.Thread(target=call) for call in (lambda: ann.save("rock"), lambda: ann.post("linecheck", {"a": 1}))]
    for thread in threads:
        thread.start()
    took = []
    for step in range(30):
        for client in (ann, bob):                            # also whoever saves
            begin = time.perf_counter()
            client.set({LEVEL: -step - 2})
            took.append(time.perf_counter() - begin)
    assert all(thread.is_alive() for thread in threads)      # a save is answered when it is on the card
    gate.set()
    for thread in threads:
        thread.join(5)
    assert sorted(took)[len(took) // 2] < 0.02
    assert (ann.scenes(), ann.report("linecheck")["told"]) == (["rock"], {"a": 1})


def test_without_an_id_answers_keep_their_order(box: Box, gate: threading.Event) -> None:
    ann, bob = connected(box.socket), connected(box.socket)
    ann.ask({"get": LEVEL})
    gate.clear()
    ann.say(b'{"scene": {"save": "rock"}}\n{"scenes": true}\n{"set": {"strip/3/level": -3}}\n')
    assert bob.ask({"get": LEVEL})["ok"]                     # the others are answered meanwhile
    gate.set()
    assert [ann.hear()["ok"] for _ in range(3)][:2] == [{"changed": 0}, ["rock"]]
    for line in (ann, bob):
        line.close()


def test_a_client_with_many_requests_for_the_card_is_heard_again_when_they_are_done(
        box: Box, gate: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    submitted: list[object] = []
    add = Waiting.add
    monkeypatch.setattr(Waiting, "add", lambda self, line, later: (submitted.append(later), add(self, line, later)))
    ann, bob = connected(box.socket), connected(box.socket)
    ann.ask({"get": LEVEL})
    gate.clear()
    ann.say(b"".join(b'{"scene": {"save": "s%d"}, "id": %d}\n' % (n, n) for n in range(20)))
    assert bob.ask({"get": LEVEL})["ok"]
    assert bob.ask({"get": LEVEL})["ok"]
    assert len(submitted) <= WAITING
    gate.set()
    assert [ann.hear()["id"] for _ in range(20)] == list(range(20))
    for line in (ann, bob):
        line.close()


def test_a_client_that_leaves_while_it_waits_for_the_card_disturbs_nobody(box: Box, gate: threading.Event) -> None:
    ann, bob = connected(box.socket), connected(box.socket)
    ann.ask({"get": LEVEL})
    bob.ask({"get": LEVEL})
    gate.clear()
    ann.say({"scene": {"save": "rock"}})
    ann.close()
    gate.set()
    assert bob.ask({"set": {LEVEL: -3}})["ok"]
    assert bob.ask({"scenes": True})["ok"] == ["rock"]
    bob.close()
