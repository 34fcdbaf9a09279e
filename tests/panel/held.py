"""A panel of wires beside a box that runs: pins are driven, the glass is read."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import numpy as np

from gigbox.desk.client import Client
from gigbox.panel import pins
from gigbox.panel.knobs.button import HOLD_S
from gigbox.panel.picture.letters import LARGE, SMALL, Bits, text
from gigbox.panel.program import Program
from gigbox.rack import Rack
from hil.lines import CYCLE
from tests.panel.wires import Machine


class Held:
    """`run`: the runtime folder of the box."""

    def __init__(self, run: Path, socket: Path) -> None:
        self.machine = Machine(pins.reference())
        self.desk = Client(run / "desk.sock", by="panel", timeout=2.0)
        self.program = Program(self.desk, lambda: Rack(run / "rack"), socket, self.machine, pins.reference())
        self._stop = Event()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()
        self._at = {1: 0, 2: 0}

    def _run(self) -> None:
        while not self._stop.is_set():
            self.program.round()

    def close(self) -> None:
        self._stop.set()
        self._thread.join(2)
        self.machine.bus.stuck.set()
        self.program.close()
        self.desk.close()

    @property
    def glass(self) -> Bits:
        return self.machine.oled.glass()

    def reads(self, words: str, seconds: float = 3.0) -> bool:
        """Whether the words come up on the glass, small or large, light or dark."""
        wanted = [bits ^ turned for face in (SMALL, LARGE) for bits in (text(words, face),) for turned in (False, True)]
        until = time.monotonic() + seconds
        while not any(found(self.glass, bits) for bits in wanted):
            if time.monotonic() > until:
                return False
            time.sleep(0.03)
        return True

    def push(self, name: str, seconds: float = 0.06) -> None:
        line = f"{name}/push" if name.startswith("encoder") else name
        self.machine.hand(line, 0)
        time.sleep(seconds)
        self.machine.hand(line, 1)
        time.sleep(0.06)

    def hold(self, name: str) -> None:
        self.push(name, HOLD_S + 0.1)

    def turn(self, encoder: int, clicks: int, pause: float = 0.03) -> None:
        for _ in range(4 * abs(clicks)):
            self._at[encoder] += 1 if clicks > 0 else -1
            a, b = CYCLE[self._at[encoder] % 4]
            self.machine.hand(f"encoder_{encoder}/a", a)
            self.machine.hand(f"encoder_{encoder}/b", b)
            time.sleep(0.005 if self._at[encoder] % 4 else pause)

    def walk(self, at: Callable[[], int], to: int, seconds: float = 2.0) -> None:
        """Encoder 1, click by click, till it is there: one that a busy machine missed is turned again."""
        while (was := at()) != to:
            self.turn(1, 1 if to > was else -1)
            until = time.monotonic() + seconds
            while at() == was and time.monotonic() < until:
                time.sleep(0.01)

    def pot(self, number: int, raw: int) -> None:
        """A hand takes it there, in a few steps."""
        at = self.machine.converter.wipers[number - 1]
        for n in range(1, 9):
            self.machine.converter.wipers[number - 1] = at + (raw - at) * n // 8
            time.sleep(0.012)

    def open(self, title: str) -> None:
        """By the menu, from wherever it is."""
        panel = self.program.panel
        while panel.where.page != "mix":
            self.hold("encoder_1")
        self.push("encoder_1")
        titles = [page.title for page in panel.menu.open(self.program.box)]
        self.walk(lambda: panel.where.cursor.get("menu", 0), titles.index(title))
        assert self.reads(title)
        self.push("encoder_1")


def found(glass: Bits, bits: Bits) -> bool:
    """Whether the very pixels are somewhere on the glass."""
    high, wide = bits.shape
    if wide > glass.shape[1]:
        return False
    windows = np.lib.stride_tricks.sliding_window_view(glass, (high, wide))
    return bool((windows == bits).all(axis=(2, 3)).any())
