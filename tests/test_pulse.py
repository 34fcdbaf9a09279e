"""A pulse is sent while all loops of a program go round, no more often than it must, and never holds them up."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from gigbox.pulse import EVERY_S, Pulse


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(name="listener")
def listening(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as made:
        made.bind(str(tmp_path / "s"))
        yield made


def beats(listener: socket.socket) -> list[bytes]:
    found = []
    while True:
        try:
            found.append(listener.recv(100))
        except BlockingIOError:
            return found


def test_the_first_beat_says_ready_and_the_others_alive(listener: socket.socket) -> None:
    clock = Clock()
    beat = Pulse(listener.getsockname(), clock).part()
    for _ in range(3):
        beat()
        clock.now += EVERY_S
    assert beats(listener) == [b"READY=1\nWATCHDOG=1", b"WATCHDOG=1", b"WATCHDOG=1"]


def test_a_fast_loop_sends_no_more_than_it_must(listener: socket.socket) -> None:
    clock = Clock()
    beat = Pulse(listener.getsockname(), clock).part()
    for _ in range(1000):
        beat()
        clock.now += EVERY_S / 500
    assert len(beats(listener)) == 2


def test_one_loop_that_stands_still_stops_the_pulse(listener: socket.socket) -> None:
    clock = Clock()
    pulse = Pulse(listener.getsockname(), clock)
    hops, steps = pulse.part(), pulse.part()
    for _ in range(5):
        hops()
        steps()
        clock.now += EVERY_S
    assert len(beats(listener)) == 5
    for _ in range(5):
        hops()
        clock.now += EVERY_S
    assert beats(listener) == []


def test_the_address_is_that_of_sd_notify(listener: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", listener.getsockname())
    Pulse().part()()
    assert len(beats(listener)) == 1
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as abstract:
        abstract.bind("")
        Pulse("@" + abstract.getsockname()[1:].decode()).part()()
        assert len(beats(abstract)) == 1


def test_a_listener_that_is_away_or_full_holds_nobody_up(listener: socket.socket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    Pulse().part()()
    Pulse(str(tmp_path / "nobody")).part()()
    clock = Clock()
    beat = Pulse(listener.getsockname(), clock).part()
    for _ in range(2000):                # far more than the socket takes
        beat()
        clock.now += EVERY_S
    beats(listener)
    beat()
    assert len(beats(listener)) == 1
