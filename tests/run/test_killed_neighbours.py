"""Desk, web, brain and panel are killed while sound plays: the engine's output is bit for bit that of a box where nobody was."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from gigbox.engine.simulated import NAME, Ints, SimulatedCard
from gigbox.rack import OUTPUTS, RATE
from tests.live_box import Box, eventually

NEIGHBOURS = ("desk", "web", "brain", "panel")
LOOP = 2 * RATE               # what is played, again and again: so all that comes out is known
STEP = RATE // 100
CHANNELS, EVERY_S, ROOM = 4, 1.0, 8 * LOOP


class Plugged(Box):
    """A box that plays through a card whose time a test grants: no machine is too slow for it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.card = SimulatedCard(CHANNELS, OUTPUTS, path=folder / "card", in_frames=LOOP, out_frames=ROOM, looped=True, granted=True)
        t = np.arange(LOOP)[:, np.newaxis] / RATE
        self.card.input[:] = (0.1 * np.sin(2 * np.pi * t * [110.0, 220.5, 441.0, 882.0]) * (1 - np.exp(-8 * (t % 0.5))) * 2 ** 31).astype(np.int32)
        (folder / "asound.conf").write_text(self.card.config())
        self.environment["ALSA_CONFIG_PATH"] = str(folder / "asound.conf")
        self._over = threading.Event()
        self._clock = threading.Thread(target=self._tick, daemon=True)

    def command(self, port: int = 0) -> list[str]:
        return [str(self.python), "-m", "gigbox.cli", "run", "--device", f"{NAME}:0", "--port", str(port or self.port)]

    def start(self) -> None:
        super().start()
        self._clock.start()

    def end(self) -> None:
        super().end()
        self._over.set()

    def pid(self, name: str) -> int:
        """Of a program, as soon as it is there."""
        found: list[int | None] = [None]
        eventually(lambda: found.append(self.pids().get(name)) or found[-1], 30, f"{name} is there")
        return found[-1] or 0

    def loop(self, number: int) -> Ints:
        """All that came out while the loop was played for the n-th time."""
        eventually(lambda: self.card.now > (number + 1) * LOOP + RATE // 10, 30, f"loop {number}")
        return self.card.heard(number * LOOP, (number + 1) * LOOP)

    def _tick(self) -> None:
        while not self._over.wait(STEP / RATE):
            self.card.grant(self.card.now + STEP)


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Plugged]:
    made = Plugged(tmp_path)
    try:
        made.start()
        eventually(lambda: (tmp_path / "run/run.json").exists() and set(NEIGHBOURS) <= set(made.pids()), 20, "all programs")
        eventually(made.beats, 20, "the engine")
        eventually(made.thinks, 20, "the brain")
        yield made
    finally:
        made.end()


@pytest.mark.parametrize("times", [5, pytest.param(200, marks=pytest.mark.soak)])
def test_whoever_dies_beside_the_engine_not_a_bit_of_the_sound_is_another(box: Plugged, times: int) -> None:
    with box.client() as client:
        client.set({"box/freeze": True, "box/denoise": "off", "strip/1/level": -3.0, "strip/2/pan": -0.4, "strip/3/eq/2/gain": 4.0})
    first = box.card.now // LOOP + 3              # by then all glides and filters have settled
    known = box.loop(first)
    assert np.abs(known[:, :2]).max() > 2 ** 24
    assert np.array_equal(box.loop(first + 1), known)
    looked, dice, rest = first + 2, random.Random(1), list[str]()

    def look(last: int) -> None:
        nonlocal looked
        while looked <= last:
            other = np.flatnonzero((box.loop(looked) != known).any(1))
            assert not len(other), f"loop {looked}: from frame {other[0]} on it is another, after {killed}"
            looked += 1

    killed: list[str] = []
    for _ in range(times):
        rest = rest or dice.sample(NEIGHBOURS, len(NEIGHBOURS))
        killed.append(rest.pop())
        time.sleep(dice.uniform(0, EVERY_S))
        os.kill(box.pid(killed[-1]), signal.SIGKILL)
        look((box.card.now - RATE // 10) // LOOP - 1)
    look(looked + 1)
    eventually(lambda: set(NEIGHBOURS) <= set(box.pids()), 30, "all are there again")
