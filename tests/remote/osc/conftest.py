"""A part that really serves on a desk that really answers, and apps of one socket each."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gigbox.remote.osc import wire
from gigbox.remote.osc.part import Osc
from tests.remote.conftest import Stage

PATIENCE_S = 5.0
SILENCE_S = 0.05              # of the network's loopback: what was to come is there by then


class App:
    """One client. `say` sends a message, `hear` gives the next (address, arguments) that comes, `ask` both."""

    def __init__(self, port: int) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = port

    def say(self, address: str, *args: int | float | str | bytes) -> None:
        self.raw(wire.write(address, *args))

    def raw(self, datagram: bytes) -> None:
        self.socket.sendto(datagram, ("127.0.0.1", self.port))

    def hear(self, seconds: float = PATIENCE_S) -> tuple[Any, ...]:
        self.socket.settimeout(seconds)
        (message,) = wire.read(self.socket.recv(4096))
        return (message.address, *message.args)

    def ask(self, address: str, *args: int | float | str | bytes) -> tuple[Any, ...]:
        self.say(address, *args)
        return self.hear()

    def until(self, address: str, *args: object) -> None:
        """Passes over all that comes before that."""
        while (heard := self.hear()) != (address, *args):
            assert heard

    def all(self) -> list[tuple[Any, ...]]:
        """What has come, and comes at once."""
        heard = []
        with contextlib.suppress(TimeoutError):
            while True:
                heard.append(self.hear(SILENCE_S))
        return heard


class Served:
    """The part, turned in a thread."""

    def __init__(self, stage: Stage, rack: Path) -> None:
        self.stage, self.osc = stage, Osc(stage.mirror, rack, port=0)
        self.port = self.osc.door.port
        self._stop, self._apps = threading.Event(), list[App]()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def app(self) -> App:
        self._apps.append(App(self.port))
        return self._apps[-1]

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def close(self) -> None:
        self._stop.set()
        self.osc.door.wake()
        self._thread.join(5)
        assert not self._thread.is_alive()
        self.osc.close()
        for app in self._apps:
            app.socket.close()

    def _run(self) -> None:
        while not self._stop.is_set():
            self.osc.turn()


@pytest.fixture
def served(stage: Stage, tmp_path: Path) -> Iterator[Served]:
    made = Served(stage, tmp_path / "rack")
    yield made
    made.close()
