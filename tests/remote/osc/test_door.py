"""Who is answered, how much, and what a flood does."""

from __future__ import annotations

import socket
import struct
import threading
import time
from pathlib import Path

import pytest

from gigbox import ports
from gigbox.errors import MachineError
from gigbox.remote.osc import wire
from gigbox.remote.osc.clients import Where
from gigbox.remote.osc.door import BYTES, BYTES_AT_ONCE, Door, answerable
from gigbox.remote.osc.limits import SENDERS, Limits
from gigbox.remote.osc.part import Osc
from tests.live_box import eventually
from tests.remote.conftest import Stage
from tests.remote.osc.conftest import PATIENCE_S, Served

OWN = 10024


@pytest.mark.parametrize(("host", "port", "may"), [
    ("192.168.1.7", 50000, True), ("::ffff:10.0.0.3", 50000, True), ("127.0.0.1", 50000, True), ("fe80::1%eth0", 50000, True), ("169.254.3.4", 50000, True),
    ("8.8.8.8", 50000, False), ("2001:4860::8", 50000, False), ("192.168.1.7", OWN, False), ("192.168.1.7", 53, False), ("192.168.1.255", 50000, False),
    ("224.0.0.251", 50000, False), ("0.0.0.0", 50000, False), ("255.255.255.255", 50000, False), ("nobody", 50000, False)])
def test_only_a_neighbour_s_app_is_answered(host: str, port: int, may: bool) -> None:
    assert answerable((host, port), OWN) is may


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_one_host_may_take_its_part_and_all_together_theirs() -> None:
    clock = Clock()
    limits = Limits(10, 20, 25, clock)
    assert [limits.take("a") for _ in range(21)] == [True] * 20 + [False]
    assert [limits.take("b") for _ in range(6)] == [True] * 5 + [False]
    clock.now += 1
    assert [limits.take("a") for _ in range(11)] == [True] * 10 + [False]
    for n in range(10 * SENDERS):
        limits.take(f"host {n}")
    assert len(limits._of) == SENDERS


def test_a_flood_stops_neither_the_program_nor_the_others(served: Served) -> None:
    app, flood = served.app(), served.app()
    began = time.monotonic()
    while time.monotonic() - began < 0.3:
        flood.raw(b"/ch/01/mix/fader\0\0\0\0")
        flood.raw(b"\xff" * 300)
    eventually(lambda: answered(app), PATIENCE_S, "the other is answered")
    assert served.stage.said == []


def test_what_one_host_is_told_has_an_end_however_it_asks(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    app, pattern, sent, send = served.app(), wire.write("/gigbox/strip/*/send/*/level"), [0, 0], served.osc.door.send

    def count(datagram: bytes, where: Where) -> bool:
        told = send(datagram, where)
        sent[0] += len(datagram) if told else 0
        sent[1] += 1
        return told

    monkeypatch.setattr(served.osc.door, "send", count)
    began = time.monotonic()
    for _ in range(20):
        app.raw(wire.BUNDLE + b"\0" * 8 + (struct.pack(">i", len(pattern)) + pattern) * 36)
    eventually(lambda: sent[0] > BYTES_AT_ONCE / 2, PATIENCE_S, "it is told")
    eventually(lambda: answered(served.app()), PATIENCE_S, "it is through")
    assert sent[0] < BYTES_AT_ONCE + (time.monotonic() - began) * BYTES
    assert sent[1] < 20 * 36 * 64 / 3          # nor is much of it made in vain


def test_a_datagram_of_many_messages_counts_as_many(served: Served) -> None:
    app, asked = served.app(), wire.write("/nowhere")
    served.osc.door._asks = Limits(1, 100, 1000, time.monotonic)
    app.raw(wire.BUNDLE + b"\0" * 8 + (struct.pack(">i", len(asked)) + asked) * 60)
    app.raw(wire.BUNDLE + b"\0" * 8 + (struct.pack(">i", len(asked)) + asked) * 60)
    app.say("/xinfo")
    assert app.all() == []


def answered(app: object) -> bool:
    app.raw(b"/xinfo\0\0")          # type: ignore[attr-defined]
    try:
        return bool(app.hear(0.2)[0] == "/xinfo")          # type: ignore[attr-defined]
    except TimeoutError:
        return False


def test_an_app_whose_port_is_closed_is_forgotten(served: Served) -> None:
    app = served.app()
    app.say("/meters", "/meters/1")
    app.hear()
    assert len(served.osc.clients) == 1
    app.socket.close()
    eventually(lambda: len(served.osc.clients) == 0, 1.0, "it is forgotten long before its ten seconds")


def test_a_port_that_is_taken_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch, stage: Stage, tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as taken:
        taken.bind(("::", 0))
        port = taken.getsockname()[1]
        with pytest.raises(MachineError, match=f"OSC: UDP port {port}: Address already in use; another program has it, or set GIGBOX_OSC_PORT"):
            Door(port, lambda where: None)
        monkeypatch.setenv(ports.OSC_VARIABLE, str(port))
        with pytest.raises(MachineError, match=str(port)):
            Osc(stage.mirror, tmp_path / "rack")
    for wrong in ("0", "65536", "ten"):
        monkeypatch.setenv(ports.OSC_VARIABLE, wrong)
        with pytest.raises(MachineError, match="GIGBOX_OSC_PORT"):
            Osc(stage.mirror, tmp_path / "rack")


def test_what_is_closed_holds_nothing_and_hears_nothing(stage: Stage, tmp_path: Path) -> None:
    osc = Osc(stage.mirror, tmp_path / "rack", port=0)
    port, threads = osc.door.port, threading.active_count()
    osc.close()
    stage.other.set({"strip/1/mute": True})
    eventually(lambda: stage.mirror.value("strip/1/mute") == 1, PATIENCE_S, "it is known")
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as free:
        free.bind(("::", port))
    assert (stage.said, stage.mirror._listeners, threading.active_count()) == ([], [], threads)
