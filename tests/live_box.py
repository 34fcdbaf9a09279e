"""A running gigbox for tests: real processes, in folders of their own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import soundfile

from gigbox.desk.client import Client
from gigbox.errors import RackError
from gigbox.rack import RATE, Rack

PATIENCE_S = 60.0         # for what does happen, on a machine that is slow
PROGRAMS = ("engine", "desk", "brain", "ideas", "web", "panel", "remote", "tape")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(true: Callable[[], object], seconds: float, what: str) -> float:
    """Waits until something holds; how long it took."""
    begin = time.monotonic()
    while not true():
        assert time.monotonic() - begin < seconds, f"{what}: not within {seconds} s"
        time.sleep(0.01)
    return time.monotonic() - begin


class Box:
    """A running gigbox in folders of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.environment = os.environ | {"GIGBOX_RUN": str(folder / "run"), "GIGBOX_STATE": str(folder / "state")}
        self.log = folder / "log"
        self.python = interpreter(folder / "venv")
        self.process: subprocess.Popen[bytes] | None = None
        self._rack: Rack | None = None

    def command(self, port: int = 0) -> list[str]:
        return [str(self.python), "-m", "gigbox.cli", "run", "--song", str(self.folder / "song"), "--port", str(port or self.port), "--roles", "1=bass"]

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command(), env=self.environment, stdout=log, stderr=log)

    def once_more(self, port: int = 0) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.command(port), env=self.environment, capture_output=True, text=True, timeout=15)

    def pids(self) -> dict[str, int]:
        """Of those programs that run, by what their command line says."""
        found = {}
        try:
            pids = json.loads((self.folder / "run/run.json").read_text())["programs"]
        except ValueError:                    # just being written
            return {}
        for pid in pids:
            words = command_line(pid)
            found |= {name: pid for name in PROGRAMS if words[3:4] == [name]}
        return found

    @property
    def rack(self) -> Rack:
        if self._rack is None or self._rack.replaced():
            self._rack = Rack(self.folder / "run/rack")
        return self._rack

    def beats(self) -> bool:
        """Whether the engine plays now."""
        try:
            before = self.rack.frames
            time.sleep(0.02)
            return before > 0 and self.rack.frames > before
        except RackError:
            return False

    def thinks(self) -> bool:
        """Whether a brain listens: it then knows the desk."""
        return int(self.rack.c.wanted_until) > self.rack.frames

    def client(self) -> Client:
        return Client(self.folder / "run/desk.sock", by="test")

    def page(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def ready(self) -> None:
        self.all_run()
        with self.client() as client:
            eventually(lambda: client.get("strip/1/role")["strip/1/role"].value == "bass", PATIENCE_S, "the song's introduction")

    def all_run(self) -> None:
        """Whatever it plays."""
        eventually(lambda: (self.folder / "run/run.json").exists() and len(self.pids()) == len(PROGRAMS), PATIENCE_S, "all programs")
        eventually(self.beats, PATIENCE_S, "the engine")
        eventually(self.page, PATIENCE_S, "the page")
        eventually(self.thinks, PATIENCE_S, "the brain")

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(15)


def interpreter(folder: Path) -> Path:
    """A Python for a box alone, which may be taken away; it finds the same packages."""
    (folder / "bin").mkdir(parents=True)
    python = folder / "bin" / Path(sys.executable).name
    python.symlink_to(Path(sys.executable).resolve())
    home = Path(sys.prefix)
    (folder / "pyvenv.cfg").write_bytes((home / "pyvenv.cfg").read_bytes())
    (folder / "lib").symlink_to(home / "lib")
    return python


def command_line(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return []


def alive(pid: int) -> bool:
    return "gigbox.cli" in command_line(pid)


@contextmanager
def running(made: Box) -> Iterator[Box]:
    """Started, ready, and ended whatever happens."""
    made.start()
    try:
        made.ready()
        yield made
    finally:
        made.end()


def box_of_tones(folder: Path) -> Box:
    """A box that plays two tones, not yet started."""
    made = Box(folder)
    (folder / "song").mkdir()
    t = np.arange(2 * RATE) / RATE
    for number, hz in enumerate((220, 330), 1):
        soundfile.write(folder / f"song/{number}.wav", 0.1 * np.sin(2 * np.pi * hz * t), RATE)
    return made


@pytest.fixture(scope="module", name="box")
def live_box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """One for all tests of a module."""
    with running(box_of_tones(tmp_path_factory.mktemp("box"))) as made:
        yield made
