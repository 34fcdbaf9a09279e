"""Taste on a desk that runs: what a client hears of hands over the socket is enough to learn from."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gigbox.brain.taste.corrections import WATCHED
from gigbox.brain.taste.file import TasteFile
from gigbox.desk.client import Change, Client
from tests.desk.fakes import Box


class Listener:
    """A brain's ear: every change goes to taste, on a clock of its own."""

    def __init__(self, client: Client, folder: Path) -> None:
        self.file, self.now = TasteFile(folder / "taste.json", pytest.fail), 1000.0
        self.taste = self.file.taste
        self._heard = threading.Condition()
        client.watch(list(WATCHED), self._hear)

    def _hear(self, change: Change) -> None:
        with self._heard:
            self.file.take(change, self.now)
            self._heard.notify_all()

    def until(self, path: str, hand: object) -> None:
        """The desk's answer may be there before its change is."""
        end = time.monotonic() + 5
        with self._heard:
            assert self._heard.wait_for(lambda: self.taste.corrections.known[path].hand == hand, end - time.monotonic())

    def wait(self, seconds: int) -> None:
        for _ in range(seconds):
            self.now += 1.0
            self.file.tick(self.now, [True] * 4)


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    served = Box(tmp_path)
    served.start()
    yield served
    served.stop()


def test_a_correction_is_learnt_and_what_is_kept_recalled_or_undone_is_not(box: Box) -> None:
    level, bass = "strip/1/level", "strip/2/level"
    with Client(box.socket, by="brain") as brain, Client(box.socket, by="web:phone") as phone:
        phone.get("*")
        phone.set({"strip/1/role": "keys", "strip/2/role": "bass"})
        phone.save("as it was")
        listener = Listener(brain, box.state)
        brain.auto({level: -4.0, bass: -3.0}, "a place for everything")
        phone.set({level: 3.0})
        listener.until(level, 3.0)
        phone.keep(bass)
        listener.until(bass, -3.0)
        listener.wait(30)
        assert [(e.role, e.count) for e in listener.taste.told()] == [("keys", 1)]
        before = dict(listener.taste.beliefs)
        phone.recall("as it was")
        listener.until(level, None)
        listener.wait(30)
        phone.set({bass: 5.0})
        phone.undo("web:phone")
        listener.until(bass, None)
        listener.wait(30)
        assert listener.taste.beliefs == before
        assert (box.state / "taste.json").is_file()
