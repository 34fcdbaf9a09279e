"""A virtual soundcheck: what was recorded comes in bit by bit in place of the card's inputs, and leaves by its outputs."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
import soundfile
from gigbox._core import ffi, lib

from gigbox.devices.choice import Device
from gigbox.engine import program
from gigbox.engine.core import Engine
from gigbox.engine.simulated import NAME
from gigbox.engine.song import Song
from gigbox.rack import RATE, Floats, Rack
from gigbox.stopping import Stopping
from tests.engine.cards import PLAIN, simulated
from tests.live_box import eventually

AHEAD = 4 * RATE - 256


def sound(frames: int, channels: int) -> Floats:
    return (np.random.default_rng(5).integers(-2 ** 22, 2 ** 22, (frames, channels)) / 2 ** 23).astype(np.float32)


def play(engine: Engine, period: int) -> Floats:
    """One period of a card whose inputs are loud; what came in instead."""
    inputs, out = np.ones((period, 4), np.float32), np.empty((period, 2), np.float32)
    lib.gb_play(engine.c, ffi.from_buffer("float[]", inputs), 4, ffi.from_buffer("float[]", out), 2, period)
    frames = np.arange(engine.rack.frames - period, engine.rack.frames) % 65536
    return engine.rack.view("tap_in")[frames, :engine.channels].copy()


@pytest.mark.parametrize("period", [64, 256])
def test_what_is_fed_is_heard_bit_by_bit_whatever_the_patch(period: int) -> None:
    recorded = sound(5 * RATE // 256 * 256, 3)
    with Engine(3, PLAIN | {"strip/1/input/source": 3}) as engine:
        engine.stand_in()
        fed, heard = engine.feed(recorded), []
        assert fed == AHEAD
        while sum(map(len, heard)) < len(recorded):
            heard.append(play(engine, period))
            fed += engine.feed(recorded[fed:fed + 333])
        assert engine.hungry == 0
    np.testing.assert_array_equal(np.concatenate(heard), recorded)


def test_silence_is_heard_while_nothing_is_fed_and_is_counted() -> None:
    with Engine(2, PLAIN) as engine:
        engine.stand_in()
        engine.feed(sound(96, 2))
        assert [bool(play(engine, 64).any()) for _ in range(3)] == [True, False, False]
        assert engine.hungry == 2
        engine.feed(sound(32, 2))
        assert play(engine, 64).any()


def test_a_song_leaves_by_the_outputs_of_a_card_whose_inputs_nobody_hears(tmp_path: Path) -> None:
    recorded = sound(RATE, 2)
    for n in range(2):
        soundfile.write(tmp_path / f"{n + 1}.wav", recorded[:, n], RATE, "PCM_24")
    card = simulated(4, 4)
    card.input[:] = np.int32(2 ** 29)
    card.c.looped = 1
    stopping, racks = Stopping(), []

    def open_rack(channels: int) -> Rack:
        racks.append(Rack(None, channels))
        racks[0].values()[:] = Engine(channels, PLAIN, rack=racks[0]).rack.values()
        return racks[0]

    def soundcheck() -> None:
        with ExitStack() as stack:
            program._play_in_place_of_inputs(stack, Song.open(tmp_path), Device("usb", "a card", capture=NAME), 64, open_rack, stopping)

    thread = threading.Thread(target=soundcheck, daemon=True)
    thread.start()
    try:
        eventually(lambda: racks and racks[0].frames > RATE // 2, 8, "sound")
        rack = racks[0]
        assert rack.channels == 2
        tap = rack.view("tap_in")[:8192, :2].copy()
        began = int(np.flatnonzero(tap[:, 0] == recorded[0, 0])[0])
        np.testing.assert_array_equal(tap[began:], recorded[:8192 - began])
        assert np.abs(rack.view("tap_out")[4096:8192, :2]).max() > 0.1
    finally:
        stopping.set()
        thread.join(5)
    assert not thread.is_alive()
