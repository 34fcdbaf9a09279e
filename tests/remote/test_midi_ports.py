"""Cables: found by looking, named by ALSA, gone at any time, and never waited for."""

from __future__ import annotations

import errno
import os
import socket
from pathlib import Path

import pytest

from gigbox.remote.midi import ports as product
from gigbox.remote.midi.ports import INFO, INFO_IOCTL, Port, Ports
from tests.remote.surface import Cable


@pytest.fixture
def box(tmp_path: Path) -> tuple[Ports, list[str], Path]:
    (tmp_path / "snd").mkdir()
    said: list[str] = []
    return Ports(said.append, tmp_path / "snd", tmp_path / "asound"), said, tmp_path


def plug(folder: Path, card: int, name: str) -> Cable:
    return Cable(folder / "snd", folder / "asound", card, name)


def test_a_machine_without_sound_has_none(tmp_path: Path) -> None:
    assert Ports(lambda line: None, tmp_path / "nowhere", tmp_path).look() == []


def test_devices_are_found_once_in_their_order_by_their_names(box: tuple[Ports, list[str], Path]) -> None:
    ports, said, folder = box
    plug(folder, 10, "Ten"), plug(folder, 2, "X-Touch\x07\x1b[31m with a name that goes on and on and on")
    (folder / "snd/pcmC2D0p").touch(), (folder / "snd/midiC2D0x").touch()
    assert [port.name for port in ports.look()] == ["X-Touch [31m with a name that goes on an", "Ten"]
    assert (ports.look(), said) == ([], [])


def test_each_opening_gets_a_cable_of_a_device_that_has_several(box: tuple[Ports, list[str], Path]) -> None:
    ports, _, folder = box
    plug(folder, 1, "Four")
    (folder / "asound/card1/midi0").write_text("Four\n\n" + "".join(f"Output {n}\n  Tx bytes     : 0\n" for n in range(4)) + "Input 0\n")
    assert len(ports.look()) == 4
    assert ports.look() == []


def test_one_that_is_another_programs_is_told_once_and_had_when_it_is_free(box: tuple[Ports, list[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    ports, said, folder = box
    plug(folder, 1, "Busy")
    busy, opened = [True], os.open

    def held(path: Path, *how: int) -> int:
        if busy[0]:
            raise OSError(errno.EAGAIN, "Resource temporarily unavailable")
        return opened(path, *how)

    monkeypatch.setattr(product.os, "open", held)
    assert [ports.look() for _ in range(5)] == [[]] * 5
    assert said == ["midi: Busy: another program has it; it is tried again"]
    busy[0] = False
    assert [port.name for port in ports.look()] == ["Busy"]


def test_unplugged_is_gone_and_plugged_in_again_is_there(box: tuple[Ports, list[str], Path]) -> None:
    ports, _, folder = box
    cable = plug(folder, 1, "X")
    port, = ports.look()
    cable.say(1, 2, 3)
    assert port.read() == bytes((1, 2, 3))
    assert port.read() == b""
    assert not port.gone
    cable.pull()
    port.read()
    assert port.gone
    ports.drop(port)
    plug(folder, 1, "X")
    assert len(ports.look()) == 1


def test_a_device_that_takes_nothing_is_not_waited_for() -> None:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    port = Port(ours.fileno(), "full")
    while port.write(b"\x90\x10\x7f" * 1000):
        pass
    assert not port.gone
    theirs.close()
    assert port.write(b"\x90") == 0
    assert port.gone == "Broken pipe"
    ours.close()


def test_alsa_is_asked_in_its_own_words() -> None:
    assert (INFO.size, INFO_IOCTL) == (268, 0x810C5701)          # struct snd_rawmidi_info, SNDRV_RAWMIDI_IOCTL_INFO of sound/asound.h


def test_devices_are_not_opened_without_end(box: tuple[Ports, list[str], Path]) -> None:
    ports, _, folder = box
    for card in range(40):
        plug(folder, card, f"Device {card}")
    assert len(ports.look()) == 32
    assert ports.look() == []
    ports.close()
