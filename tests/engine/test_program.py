"""The engine process beside its card: what it tells others never stands in the way of the sound."""

from __future__ import annotations

import errno
import threading
from pathlib import Path

import pytest

from gigbox.devices import in_use
from gigbox.devices.choice import choose
from gigbox.engine import program


def test_a_slow_disk_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    waits, told = threading.Event(), threading.Event()

    def slow(*_: object) -> None:
        waits.wait(5)
        told.set()

    monkeypatch.setattr(in_use, "tell", slow)
    program._tell_of(tmp_path / "rack", choose([]))
    assert not told.is_set()
    waits.set()
    assert told.wait(5)


def test_a_full_disk_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said, done = list[str](), threading.Event()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def say(line: str) -> None:
        said.append(line)
        done.set()

    monkeypatch.setattr(in_use, "tell", full)
    monkeypatch.setattr(program, "say", say)
    program._tell_of(tmp_path / "rack", choose([]))
    assert done.wait(5)
    assert said == [f"engine: {tmp_path / 'device.json'}: No space left on device; nobody knows which card's preamplifiers to turn"]
