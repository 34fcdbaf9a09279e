"""The engine process beside its card: what it tells others never stands in the way of the sound."""

from __future__ import annotations

import argparse
import errno
import threading
from pathlib import Path

import pytest

from gigbox.cli import programs
from gigbox.devices import in_use
from gigbox.devices.choice import choose
from gigbox.devices.plugged import Plugged
from gigbox.engine import program
from gigbox.stopping import Stopping


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


def test_a_card_that_is_switched_on_after_the_box_is_played_through(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The engine ends, and whoever keeps it running starts it with what is there now."""
    said: list[str] = []
    monkeypatch.setattr(program, "say", said.append)
    plugged, stopping = Plugged(tmp_path / "cards"), Stopping()
    (tmp_path / "cards").write_text(" 0 [USB            ]: USB-Audio - Scarlett 18i20")
    program._await_card(plugged, stopping, 0.001)
    assert stopping.is_set()
    assert said == ["engine: another sound card is here; starts again, to play through it"]


def test_a_list_of_cards_is_another_one_when_it_stays_so(tmp_path: Path) -> None:
    cards = tmp_path / "cards"
    cards.write_text("HDMI")
    plugged = Plugged(cards)
    looks = []
    for now in ("HDMI", "HDMI USB", "HDMI", "HDMI USB", "HDMI USB"):
        cards.write_text(now)
        looks.append(plugged.look())
    assert looks == [False, False, False, False, True]


@pytest.mark.parametrize(("device", "song", "waits"), [("", None, True), ("sim", None, False), ("", "demo", False)])
def test_only_who_was_told_nothing_waits_for_a_card(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, device: str, song: str | None, waits: bool) -> None:
    given: list[object] = []
    monkeypatch.setenv("GIGBOX_STATE", str(tmp_path))
    monkeypatch.setattr("gigbox.devices.cards.found", lambda alsa: [])
    monkeypatch.setattr(program, "run", lambda *about: given.append(about[-1]))
    programs._engine(argparse.Namespace(device=device, song=programs._demo() if song else None, roles="named", period=0))
    assert isinstance(given[0], Plugged) == waits
