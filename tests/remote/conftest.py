"""A desk that really answers, and a mirror of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gigbox.desk.client import Client
from gigbox.remote.mirror import Mirror
from tests.desk.fakes import Box
from tests.live_box import eventually
from tests.remote.surface import MidiStage


class Stage:
    """The desk, somebody else who has a hand on it, and the mirror of a remote; `said` is what that was told."""

    def __init__(self, folder: Path) -> None:
        self.desk = Box(folder)
        self.desk.start()
        self.other, self.remote = Client(self.desk.socket, "other"), Client(self.desk.socket, "remote")
        self.said: list[str] = []
        self.mirror = Mirror(self.remote, self.said.append)
        eventually(lambda: self.mirror.known, 10, "the desk is known")

    def heard(self, path: str) -> float:
        """What the desk says of a number."""
        return float(self.other.get(path)[path].value)          # type: ignore[arg-type]

    def close(self) -> None:
        self.mirror.close()
        for client in (self.other, self.remote):
            client.close()
        self.desk.stop()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.close()


@pytest.fixture
def midi(stage: Stage, tmp_path: Path) -> Iterator[MidiStage]:
    made = MidiStage(stage, tmp_path)
    yield made
    made.close()
