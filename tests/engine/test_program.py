"""The engine process beside its card: what it tells others never stands in the way of the sound."""

from __future__ import annotations

import argparse
import errno
import itertools
import threading
from pathlib import Path

import pytest

from gigbox.cli import programs
from gigbox.devices import in_use
from gigbox.devices.choice import Device, choose
from gigbox.devices.plugged import Plugged
from gigbox.engine import program
from gigbox.engine.card import CardWish
from gigbox.errors import CardError, MachineError
from gigbox.rack import CARD_STATES, Rack
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
    monkeypatch.setattr(program, "run", lambda *about: given.extend(about[-2:]))
    programs._engine(argparse.Namespace(device=device, song=programs._demo() if song else None, roles="named", period=0))
    assert [isinstance(given[0], Plugged), given[1] is not None] == [waits, waits]


def test_a_spare_card_is_played_through_when_the_own_one_is_gone_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not at once: a plug that wobbles is none, and while nothing else is there the engine goes on and waits for its own."""
    said: list[str] = []
    monkeypatch.setattr(program, "say", said.append)
    rack, stopping = Rack(None, 4), Stopping()
    rack.c.card_state = CARD_STATES.index("unplugged")
    asked = [choose([]), MachineError("a card that went while it was looked at"), Device("usb", "Spare", card="Spare")]

    def again() -> Device:
        found = asked.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    looks = itertools.count(1)
    monkeypatch.setattr(stopping, "wait", lambda seconds: next(looks) > 100 or bool(said))
    program._await_spare(rack, again, stopping)
    assert said == ["engine: its card is away, and Spare is here; starts again, to play through it"]
    assert next(looks) == 3 * program.AWAY + 2


@pytest.mark.parametrize("state", ["running", "muted"])
def test_a_card_that_is_there_is_kept_whatever_else_is_plugged_in(monkeypatch: pytest.MonkeyPatch, state: str) -> None:
    rack, stopping = Rack(None, 4), Stopping()
    rack.c.card_state = CARD_STATES.index(state)
    looks = itertools.count(1)
    monkeypatch.setattr(stopping, "wait", lambda seconds: next(looks) > 50)
    program._await_spare(rack, lambda: pytest.fail("not asked"), stopping)
    assert next(looks) == 52


class Choosy:
    """A card that takes only some periods."""

    tried: list[tuple[int, int]]

    def __init__(self, wish: CardWish) -> None:
        self.tried.append((wish.period, wish.periods))
        if wish.period < 128 or wish.periods < 4:
            raise CardError(f"hw:USB: no {wish.periods} periods of {wish.period} frames, try other numbers")


@pytest.fixture
def choosy(monkeypatch: pytest.MonkeyPatch) -> type[Choosy]:
    Choosy.tried = []
    monkeypatch.setattr(program, "Card", Choosy)
    return Choosy


def test_a_card_without_such_short_periods_plays_with_longer_ones(choosy: type[Choosy], monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(program, "say", said.append)
    program._card(Device("usb", "USB", period=64, periods=3), 64, free=True)
    assert choosy.tried == [(64, 3), (64, 4), (128, 3), (128, 4)]
    assert said == ["engine: hw:USB: no 3 periods of 64 frames, try other numbers; plays with 4 periods of 128 frames"]


def test_who_asked_for_periods_is_told_that_there_are_none(choosy: type[Choosy]) -> None:
    with pytest.raises(CardError, match=r"^hw:USB: no 3 periods of 64 frames, try other numbers$"):
        program._card(Device("usb", "USB", period=64, periods=3), 64, free=False)
    assert choosy.tried == [(64, 3)]


def test_a_card_that_cannot_be_had_at_all_says_the_first_that_was_wrong(choosy: type[Choosy], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "LATER", 3)
    with pytest.raises(CardError, match=r"^hw:USB: no 3 periods of 64 frames, try other numbers$"):
        program._card(Device("usb", "USB", period=64, periods=3), 64, free=True)
