"""The power goes at any moment, and a desk is killed at any moment: what was confirmed is there again, at most 100 ms of hands are lost, nothing is louder.

A cut leaves of each file what was synced, and of what was written since any number of bytes. `make soak` cuts and kills all the times that are promised.
"""

from __future__ import annotations

import itertools
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gigbox.desk.client import Client
from gigbox.desk.journal import AUTO_S, HANDS_S, Journal
from gigbox.desk.last_mix import last_mix
from gigbox.desk.paths import INDEX
from gigbox.desk.state import Desk
from gigbox.errors import GigboxError

from .fakes import Inline

STRIPS, STEP_S = 8, 0.01
SEGMENTS = [1_000_000, 5_000]
PATHS = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
DESK = """
import sys
from pathlib import Path
from gigbox.desk.server import run
folder = Path(sys.argv[1])
run(folder / "state", folder / "desk.sock", folder / "rack")
"""
TASTE = """
import itertools
from gigbox.brain.taste import command
for n in itertools.count():
    command.run(False, None, None, [f"snare/level={-(n % 3)}", f"bass/level={n % 3}"])
"""


class Evening:
    """A desk whose values stream, in time of its own, and a disk that knows what was synced."""

    def __init__(self, folder: Path, seed: int, monkeypatch: pytest.MonkeyPatch, segment: int) -> None:
        self.folder, self.now, self.random = folder / "journal", 0.0, random.Random(seed)
        self.synced: dict[int, int] = {}                                   # bytes, by inode
        self.events: list[tuple[float, str, tuple[float, ...]]] = []       # when, by a hand or auto, and what is heard from then on
        real = os.fsync

        def fsync(handle: int) -> None:
            stat = os.fstat(handle)
            self.synced[stat.st_ino] = stat.st_size
            real(handle)

        monkeypatch.setattr(os, "fsync", fsync)
        self.desk = Desk(lambda: self.now)
        self.journal = Journal(self.folder, print, segment=segment, desk=self.desk, threads=Inline, boot="b")
        self.journal.load()
        self._note("set", self.desk.set({"box/song": "Opener", "box/mode": "soundcheck"}, "ann", 0).events)

    def step(self) -> None:
        """10 ms of an evening: somebody draws a fader, the box moves another."""
        self.now += STEP_S
        path = f"strip/{self.random.randint(1, STRIPS)}"
        if self.random.random() < 0.5:
            self._note("set", self.desk.set({f"{path}/level": self.random.uniform(-40, 6)}, "ann", self.now).events)
        elif self.random.random() < 0.5:
            self._note("auto", self.desk.move({f"{path}/level": self.random.uniform(-6, 6)}, "covers", "brain", self.now).events)
        self.journal.tick(self.now)

    def _note(self, kind: str, events: Any) -> None:
        self.journal.write(events, self.now)
        self.events.append((self.now, kind, tuple(self.desk.values)))

    def cut(self, goal: Path) -> Path:
        """What lies on the disk if the power goes now."""
        shutil.rmtree(goal, ignore_errors=True)
        goal.mkdir()
        for path in self.folder.iterdir():
            stat = path.stat()
            synced = self.synced.get(stat.st_ino)
            if synced is None and self.random.random() < 0.2:
                continue                                                    # its name was not on the disk yet
            (goal / path.name).write_bytes(path.read_bytes()[: self.random.randint(min(synced or 0, stat.st_size), stat.st_size)] + self._rest())
        return goal

    def _rest(self) -> bytes:
        """Blocks that the disk had taken for the file, but not yet filled."""
        return b"\0" * self.random.choice((0, 0, 0, 512))

    def lost(self, values: tuple[float, ...]) -> list[tuple[float, str]]:
        """What is gone of the evening where these values are found; an error where they never were."""
        found = next(k for k in range(len(self.events) - 1, -1, -1) if self.events[k][2] == values)
        return [(at, kind) for at, kind, _ in self.events[found + 1:]]


def cuts(folder: Path, seed: int, monkeypatch: pytest.MonkeyPatch, count: int, segment: int) -> None:
    evening = Evening(folder, seed, monkeypatch, segment)
    for n in range(count):
        evening.step()
        goal = evening.cut(folder / "cut")
        heard = last_mix(goal)                        # the engine's look, before there is a desk
        again = Journal(goal, lambda line: None, segment=segment, desk=Desk(lambda: 0.0), threads=Inline, boot="another")
        desk = again.load()
        again.close(0.0)
        assert heard is None or heard == desk.values
        if not evening.events or (len(evening.events) == 1 and desk.texts.get("box/song") is None):
            continue
        for at, kind in evening.lost(tuple(desk.values)):
            assert evening.now - at <= (HANDS_S if kind == "set" else AUTO_S) + 1e-9, (n, at, kind)
        if evening.now > HANDS_S:
            assert (desk.texts["box/song"], desk.hand[INDEX["box/mode"]]) == ("Opener", 0.0)


@pytest.mark.parametrize("segment", SEGMENTS, ids=["one file", "many files"])
def test_a_power_cut_at_any_byte_costs_no_more_than_100_ms_of_hands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, segment: int) -> None:
    cuts(tmp_path, 1, monkeypatch, 60, segment)


@pytest.mark.soak
def test_a_thousand_power_cuts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed, segment in itertools.product(range(5), SEGMENTS):
        (folder := tmp_path / f"{seed}-{segment}").mkdir()
        cuts(folder, seed, monkeypatch, 100, segment)


def test_a_cut_that_costs_more_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A journal that never syncs."""
    monkeypatch.setattr(Journal, "tick", lambda self, now: None)
    with pytest.raises((AssertionError, StopIteration)):
        cuts(tmp_path, 1, monkeypatch, 60, 1_000_000)


class Stream:
    """A desk as a process, and a hand that draws faders as fast as it is answered: quieter and quieter, so that anything older is louder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "state").mkdir(parents=True)
        self.level = 6.0
        self.confirmed: dict[str, float] = {}
        self.asked: tuple[str, float] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-c", DESK, str(self.folder)], env=PATHS)

    def draw(self) -> None:
        """Until the desk is gone."""
        try:
            with Client(self.folder / "desk.sock", by="ann", timeout=0.4) as client:
                client.get("strip/1/level")
                for n in itertools.count(1):
                    self.level -= 0.001
                    self.asked = f"strip/{n % STRIPS + 1}/level", round(self.level, 3)
                    client.set({self.asked[0]: self.asked[1]})
                    self.confirmed[self.asked[0]], self.asked = self.asked[1], None
        except GigboxError:
            pass

    def kill(self, after: float) -> None:
        thread = threading.Thread(target=self.draw)
        thread.start()
        before = len(self.confirmed)
        deadline = time.monotonic() + 5
        while not self.confirmed and time.monotonic() < deadline:
            time.sleep(0.002)
        time.sleep(after)
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        thread.join(10)
        assert self.confirmed or before

    def check(self) -> None:
        """All that was confirmed is there; what was only asked for may be."""
        with Client(self.folder / "desk.sock", by="look", timeout=60) as client:
            there = {path: value.value for path, value in client.get("strip/*/level").items()}
            rest = client.get("box")
        for path, value in self.confirmed.items():
            allowed = {value} | ({self.asked[1]} if self.asked and self.asked[0] == path else set())
            assert there[path] in allowed, (path, there[path], allowed)
        assert (rest["box/song"].value, rest["box/mode"].value) == ("Opener", "soundcheck")
        self.confirmed = {path: float(there[path]) for path in self.confirmed}      # type: ignore[arg-type]


@pytest.fixture
def stream(tmp_path: Path) -> Iterator[Stream]:
    stream = Stream(tmp_path)
    stream.start()
    with Client(tmp_path / "desk.sock", by="ann", timeout=10) as client:
        client.get("box/mode")
        client.set({"box/song": "Opener", "box/mode": "soundcheck"})
    yield stream
    stream.process.kill()
    stream.process.wait()


def kills(stream: Stream, count: int) -> None:
    chance = random.Random(count)
    for _ in range(count):
        stream.kill(chance.uniform(0, 0.15))
        stream.start()
        stream.check()


def test_a_desk_that_is_killed_while_values_stream_has_all_that_it_confirmed(stream: Stream) -> None:
    kills(stream, 3)


@pytest.mark.soak
def test_two_hundred_kills_of_a_desk_while_values_stream(stream: Stream) -> None:
    kills(stream, 200)


def tastes(folder: Path, count: int) -> None:
    chance, places = random.Random(count), {**PATHS, "GIGBOX_STATE": str(folder), "GIGBOX_RUN": str(folder)}
    for turn in range(count):
        writer = subprocess.Popen([sys.executable, "-c", TASTE], stdout=subprocess.DEVNULL, env=places)
        while not (folder / "taste.json").exists():
            time.sleep(0.002)
        time.sleep(chance.uniform(0, 0.05) if turn == 0 else chance.uniform(0.2, 0.6))
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        shown = subprocess.run([sys.executable, "-m", "gigbox.cli", "taste", "--json"], capture_output=True, text=True, check=True, env=places)
        assert '"snare"' in shown.stdout
        assert shown.stderr == ""


def test_taste_is_whole_however_its_writer_ends(tmp_path: Path) -> None:
    tastes(tmp_path, 1)


@pytest.mark.soak
def test_taste_is_whole_fifty_times(tmp_path: Path) -> None:
    tastes(tmp_path, 50)
