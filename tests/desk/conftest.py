"""What the desk's tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gigbox.desk.client import Client

from .fakes import Box


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    served = Box(tmp_path)
    served.start()
    yield served
    served.stop()


@pytest.fixture
def connect(box: Box) -> Iterator[Callable[..., Client]]:
    """Makes clients of the box, closed at the end."""
    clients: list[Client] = []

    def make(by: str = "test", timeout: float = 3.0) -> Client:
        clients.append(Client(box.socket, by, timeout))
        return clients[-1]

    yield make
    for client in clients:
        client.close()
