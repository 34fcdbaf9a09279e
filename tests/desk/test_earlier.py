"""Back in time: what was otherwise is read from the journal, of all or of one channel; and one channel's newest action is taken back alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from gigbox.desk import past, requests
from gigbox.desk.access import Reader
from gigbox.desk.client import Client
from gigbox.desk.earlier import Moment, earlier
from gigbox.desk.journal import Journal
from gigbox.desk.paths import INDEX
from gigbox.desk.reports import Reports
from gigbox.desk.scenes import Scenes
from gigbox.desk.state import Desk
from gigbox.errors import RequestError

from .fakes import Box, Inline


class Tape:
    """A journal with a desk on it, at times of a test's own; `up` is the monotonic clock, `ahead` how far the time of day is before it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.up, self.ahead = folder / "journal", 0.0, 0.0
        self.boot()

    def boot(self, number: int = 1) -> None:
        self.journal = Journal(self.folder, lambda line: None, segment=1000, desk=Desk(lambda: self.up), threads=Inline, boot=f"boot {number}")
        self.desk = self.journal.load()

    def set(self, path: str, value: object, wall: float) -> None:
        self.up = wall - self.ahead
        self.journal.write(self.desk.set({path: value}, "ann", wall).events, wall)
        self.journal.tick(wall)

    def asked(self, line: bytes, seconds: float = 0.0) -> object:
        """What the desk answers so long after the last change."""
        self.up += seconds
        desk = requests.Requests(self.desk, Scenes(self.folder), Reports(self.folder), lambda: self.up + self.ahead, journal=self.folder)
        later = desk.answer(line, Reader(has_read=True))
        assert isinstance(later, requests.Later)
        done: Future[object] = Future()
        done.set_result(later.job())
        return later.finish(done)[0]["ok"]


@pytest.fixture
def tape(tmp_path: Path) -> Iterator[Tape]:
    made = Tape(tmp_path)
    yield made
    made.journal.close(1e6)


def test_what_held_then_is_found_over_many_files(tape: Tape) -> None:
    for n in range(400):
        tape.set(f"strip/{n % 4 + 1}/level", -float(n % 50) - 0.5, 1000.0 + n)
    assert len(list(tape.folder.glob("*.journal*"))) > 1
    for at in (1010.0, 1100.5, 1390.0):
        then = {f"strip/{n % 4 + 1}/level": -float(n % 50) - 0.5 for n in range(400) if 1000.0 + n <= at}
        found = earlier(tape.folder, Moment(at), 3000.0)
        assert {path: value for (path, layer), value in found.items()} == {path: value for path, value in then.items() if (path, "hand") in found}
        assert {path for path, _ in found} == {f"strip/{n % 4 + 1}/level" for n in range(400) if 1000.0 + n > at}


@pytest.mark.parametrize(("at", "error"), [(-1.0, "past: -1 is not a time between"), (4000.0, "past: 4000 is not a time between"),
                                           (5.0, "past: nothing is known of that time")])
def test_a_time_of_which_nothing_is_known_is_one_line(tape: Tape, at: float, error: str) -> None:
    tape.set("strip/1/level", -1, 1000.0)
    with pytest.raises(RequestError) as caught:
        earlier(tape.folder, Moment(at), 3000.0)
    assert str(caught.value).startswith(error)


def test_so_long_ago_is_by_the_clock_of_the_box(tape: Tape) -> None:
    """A phone's clock may be days off, or the box's, which has no battery."""
    for n in range(3):
        tape.set("strip/1/level", -1.0 - n, 1000.0 + 100 * n)
    assert tape.asked(b'{"past": -100}', 50) == {"strip/1/level": {"hand": -2.0}}
    assert tape.asked(b'{"past": 1050}') == {"strip/1/level": {"hand": -1.0}}
    assert tape.asked(b'{"back": -200}') == {"changed": 1, "action": 4}
    assert tape.desk.hand[INDEX["strip/1/level"]] == -1.0


@pytest.mark.parametrize("jump", [-3600.0, 1e8], ids=["an hour back", "forwards to the true time"])
def test_so_long_ago_is_so_long_ago_whoever_set_the_clock_meanwhile(tape: Tape, jump: float) -> None:
    """Many files long; the monotonic clock of the evening before says nothing of this one."""
    tape.set("strip/2/level", -9.0, 4000.0)
    tape.journal.close(4000.0)
    tape.up, tape.ahead = 0.0, 5000.0
    tape.boot(2)
    for n in range(100):
        tape.set(f"strip/{n % 2 + 1}/level", -(n + 1) / 4, 5100.0 + n)
    tape.ahead += jump
    tape.set("strip/1/level", -20.0, 5300.0 + jump)
    assert tape.asked(b'{"past": -150}', 10) == {"strip/1/level": {"hand": -15.25}, "strip/2/level": {"hand": -15.0}}
    assert tape.asked(b'{"past": -20}') == {"strip/1/level": {"hand": -24.75}}


def test_a_file_that_is_packed_while_it_is_looked_for_is_read(tape: Tape, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(20):
        tape.set("strip/1/level", -float(n), 1000.0 + n)
    journal_of = past.journal_of

    def packed_behind(folder: Path, number: int) -> Path:
        if (path := journal_of(folder, number)).suffix != ".gz":
            past.pack(folder, number)
        return path

    monkeypatch.setattr(past, "journal_of", packed_behind)
    assert earlier(tape.folder, Moment(1010.0), 3000.0)["strip/1/level", "hand"] == -10.0


def test_a_band_goes_back_to_before_a_song_and_undo_brings_it_forth_again(box: Box, connect: Callable[..., Client]) -> None:
    ann = connect("ann")
    ann.get("box/depth")
    ann.set({"strip/1/level": -1.0, "strip/2/level": -2.0, "strip/1/role": "kick"})
    before = time.time() + 0.002
    time.sleep(0.01)
    ann.set({"strip/1/level": -11.0, "strip/2/level": -12.0, "strip/1/role": "snare", "strip/3/mute": True})
    assert ann.past(before, "strip/1") == {"strip/1/level": {"hand": -1.0}, "strip/1/role": {"hand": "kick"}}
    assert ann.back(before, "strip/1") == 2
    now = ann.get("strip/1", "strip/2/level")
    assert (now["strip/1/level"].hand, now["strip/1/role"].hand, now["strip/2/level"].hand) == (-1.0, "kick", -12.0)
    assert ann.back(before) == 2
    ann.undo("ann")
    ann.undo("ann")
    assert ann.get("strip/1/level")["strip/1/level"].hand == -11.0


def test_one_channels_newest_action_is_taken_back_alone_whoever_did_it(box: Box, connect: Callable[..., Client]) -> None:
    ann, ben = connect("ann"), connect("ben")
    for each in (ann, ben):
        each.get("box/depth")
    ann.set({"strip/1/level": -1.0, "strip/2/level": -2.0})
    ben.set({"strip/3/level": -3.0})
    ben.undo(None, of="strip/1")
    levels = ann.get("strip/*/level")
    assert [levels[f"strip/{n}/level"].hand for n in (1, 2, 3)] == [None, -2.0, -3.0]
    with pytest.raises(RequestError, match=r"^undo: there is nothing of strip/1 to take back$"):
        ben.undo(None, of="strip/1")
    ann.undo("ann")
    assert ann.get("strip/2/level")["strip/2/level"].hand is None


def test_what_was_taken_back_in_part_is_the_same_after_a_restart(box: Box, connect: Callable[..., Client]) -> None:
    ann = connect("ann")
    ann.get("box/depth")
    ann.set({"strip/1/level": -1.0, "strip/2/level": -2.0})
    ann.undo("ann", of="strip/1")
    box.stop()
    box.start()
    ann.undo("ann")
    assert {n: ann.get(f"strip/{n}/level")[f"strip/{n}/level"].hand for n in (1, 2)} == {1: None, 2: None}
    with pytest.raises(RequestError):
        ann.undo("ann")


def test_the_history_of_one_channel_is_told(box: Box, connect: Callable[..., Client]) -> None:
    ann = connect("ann")
    ann.get("box/depth")
    for n in (1, 2, 1):
        ann.set({f"strip/{n}/mute": n == 2 or not ann.get(f"strip/{n}/mute")[f"strip/{n}/mute"].value})
    ann.lock("strip/1")
    assert [(e["path"], e["layer"]) for e in ann.history(10, "strip/1")] == [("strip/1", "lock"), ("strip/1/mute", "hand")] or \
        [e["path"] for e in ann.history(10, "strip/1")] == ["strip/1", "strip/1/mute", "strip/1/mute"]
    assert [e["path"] for e in ann.history(10, "strip/2")] == ["strip/2/mute"]


def test_no_scene_waits_for_who_asks_about_a_long_past(box: Box, connect: Callable[..., Client], monkeypatch: pytest.MonkeyPatch) -> None:
    """The journal of a week takes minutes to read."""
    goes_on, reads = threading.Event(), threading.Event()

    def long(*_: object) -> dict[tuple[str, str], object]:
        reads.set()
        goes_on.wait(20)
        return {}

    monkeypatch.setattr(requests, "earlier", long)
    guest = connect("web:guest", timeout=20.0)
    asked = threading.Thread(target=guest.past, args=(0.0,))
    asked.start()
    assert reads.wait(5)
    ann = connect("ann")
    ann.save("rock")
    assert ann.scenes() == ["rock"]
    assert ann.recall("rock") == 0
    assert asked.is_alive()
    goes_on.set()
    asked.join(5)
    assert not asked.is_alive()
