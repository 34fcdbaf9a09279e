"""An encoder as it is wired in the reference build, behind an expander on I2C: edges, interrupts, reads and looks in a time of their own."""

from __future__ import annotations

import random
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from gigbox.panel import pins, soldered
from gigbox.panel.knobs import control
from gigbox.panel.knobs.control import Control
from gigbox.panel.soldered import ExpanderWork
from tests.panel.test_encoder import steps, walk
from tests.panel.wires import Mcp23017

READ_S = 0.0002           # a read of two bytes at 400 kHz, and its call


class Wire:
    """A hand at encoder 1 of an expander, and the bus that the panel has to it; time passes as it reads and waits."""

    def __init__(self, edges: Iterator[tuple[float, int, int]], late: random.Random, longest: float) -> None:
        self.now, self._edges, self._late, self._longest = 0.0, edges, late, longest
        self._next, self.way, self.levels = next(edges, None), 0, [1, 1]
        self.interrupted = self.over = False
        self.chip = Mcp23017(self._interrupt)

    def _interrupt(self) -> None:
        self.interrupted = True

    def pass_to(self, until: float, or_interrupt: bool = False) -> None:
        while self._next and self._next[0] <= until and not (or_interrupt and self.interrupted):
            self.now, line, self.way = self._next
            self.levels[line] ^= 1
            self.chip.hand(line, self.levels[line])
            self._next = next(self._edges, None)
        if not (or_interrupt and self.interrupted):
            self.now = max(self.now, until)
        self.over = self._next is None

    def wait(self, timeout: float) -> bool:
        """Of an event that the interrupt sets; whoever waits is woken late."""
        self.pass_to(self.now + timeout, or_interrupt=True)
        self.pass_to(self.now + self._late.uniform(0, self._longest) + (0.004 if self._late.random() < 0.01 else 0))
        return self.interrupted

    def clear(self) -> None:
        self.interrupted = False

    def write_byte_data(self, _: int, register: int, value: int) -> None:
        self.chip.write(register, [value])

    def write_i2c_block_data(self, _: int, register: int, data: list[int]) -> None:
        self.pass_to(self.now + READ_S)
        self.chip.write(register, data)

    def read_i2c_block_data(self, _: int, register: int, length: int) -> list[int]:
        self.pass_to(self.now + READ_S)
        return self.chip.read(register, length)

    def close(self) -> None:
        """Nothing to let go."""


def test_10_000_steps_behind_an_expander_are_told_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    """With bounce, of which it sees single moments, and looks up to 2 ms late, some 6."""
    wire = Wire(walk(7), random.Random(8), 0.002)
    clock = SimpleNamespace(monotonic=lambda: wire.now)
    monkeypatch.setattr(soldered, "time", clock)
    monkeypatch.setattr(control, "time", clock)
    monkeypatch.setattr(soldered, "hurry", lambda: None)
    told: list[tuple[int, int]] = []

    def happen(event: Any) -> None:
        told.append((event[2], wire.way))

    board = pins.reference()
    panel: Any = SimpleNamespace(board=board, _control=Control(board, happen), _calls={"x": wire}, _gpio=True, _lights={},
                                 _machine=SimpleNamespace(i2c=lambda port: wire))
    work = ExpanderWork(panel, "x")
    while not wire.over:
        work.look()
    ways = [way for n, way in enumerate(steps(7)) if n % 4 == 3]
    assert abs(sum(click for click, _ in told) - sum(ways)) <= len(ways) / 1000
    assert abs(sum(abs(click) for click, _ in told) - len(ways)) <= len(ways) / 1000
    assert all(click * way > 0 for click, way in told)
