"""The panel that is soldered: every part of a board at work, each in its own thread; what hands do comes out as the events that viewers send, too."""

from __future__ import annotations

import contextlib
import errno
import os
import threading
import time
from collections.abc import Callable
from typing import Any, Protocol

from gigbox.errors import GigboxError
from gigbox.panel.knobs.control import Control, Happen
from gigbox.panel.knobs.scan import Scan
from gigbox.panel.leds import NAMES
from gigbox.panel.parts.converter import Converter, Spi
from gigbox.panel.parts.expander import Bus, Expander, bit
from gigbox.panel.parts.gpio import Edge, Gpio
from gigbox.panel.parts.keeper import Keeper
from gigbox.panel.parts.screen import Screen
from gigbox.panel.picture.letters import Bits
from gigbox.panel.pins import Board, Display, parts

SCAN_S = 0.005            # between two looks at all pots
POLL_S, IDLE_S = 0.002, 0.05      # between two looks at an expander: after a change, and while nothing moves and its interrupt is silent
AFTER_S = 0.1             # so long after a change it is looked at often: edges during a look are then not waited for
HUNG_S = 0.5              # a picture takes 30 ms; a bus that held one up for so long is opened anew, and all is sent again
PING_S = 0.2              # a display with nothing new to show is asked so often whether it is there: one that was pulled has lost its picture
RENEW_S = 1.5             # so often a display is told everything, and an expander asked what it knows: both may have been without power for a moment
PRIORITY = 20             # SCHED_FIFO of the threads that look at knobs: below the brain, above all that may wait


class Machine(Protocol):
    """parts.machine.Machine, or wires of a test."""

    def gpio(self) -> Gpio: ...
    def i2c(self, port: int) -> Bus: ...
    def spi(self, port: int, select: int) -> Spi: ...
    def screen(self, display: Display, gpio: Gpio | None) -> Screen: ...
    def events(self, path: str) -> Any: ...


class Soldered:
    """`happen` is told what hands do; `say` what is wrong with a part, and when it is back."""

    def __init__(self, board: Board, machine: Machine, happen: Happen, say: Callable[[str], None]) -> None:
        self.board, self._machine, self._happen, self._say = board, machine, happen, say
        self._control = Control(board, happen)
        self._gpio: Gpio | None = None
        self._gpio_put: dict[int, bool] = {}
        self._picture: tuple[Bits, int] | None = None
        self._renewed = 0.0
        self._fresh = threading.Event()
        self._lit: tuple[bool, ...] = ()
        self._lights: dict[str, bool] = {}
        self._own_encoders = {n: (int(parts(e.a)[1]), int(parts(e.b)[1])) for n, e in board.encoders.items() if parts(e.a)[0] == "gpio"}
        self._calls = {name: threading.Event() for name in board.expanders}
        self._open_gpio()
        self.screen = Keeper("display", self._open_screen, self._show, say, shut=Screen.close) if board.display else None
        self.keepers: list[Keeper[Any]] = [self.screen] if self.screen else []
        if board.pots:
            self.keepers.append(Keeper("pots", self._open_pots, self._scan, say))
        for name in board.expanders:
            self.keepers.append(Keeper(f"expander {name}", lambda name=name: ExpanderWork(self, name), ExpanderWork.look, say,     # type: ignore[misc]
                                       shut=ExpanderWork.close))
        for path, what in board.events.items():
            self.keepers.append(Keeper(path, lambda path=path, what=what: (self._machine.events(path), what), self._take, say))     # type: ignore[misc]

    def show(self, bits: Bits, contrast: int) -> None:
        """The newest picture; one that is not sent yet is forgotten."""
        self._picture = (bits, contrast)
        self._fresh.set()

    def light(self, lights: tuple[bool, ...]) -> None:
        if lights == self._lit:
            return
        self._lit, self._lights = lights, dict(zip(NAMES, lights, strict=True))
        for name, line in self.board.outputs().items():
            owner, place = parts(line)
            if owner == "gpio" and self._gpio and self._gpio_put.get(int(place)) != self._lights[name]:
                self._gpio_put[int(place)] = self._lights[name]
                self._gpio.put(int(place), self._lights[name])
        for name in self._calls:
            if any(parts(line)[0] == name for line in self.board.outputs().values()):
                self._calls[name].set()

    def settle(self) -> None:
        """Call often: reads encoders of the Pi's own lines while they are still."""
        if self._gpio is None:
            return
        for n, (a, b) in self._own_encoders.items():
            if self._control.still(n):
                self._control.sampled(n, self._gpio.level(a), self._gpio.level(b))

    def close(self) -> None:
        for call in (*self._calls.values(), self._fresh):
            call.set()
        for keeper in self.keepers:
            keeper.close()
        if self._gpio is not None:
            with contextlib.suppress(Exception):
                self._gpio.close()

    def _open_gpio(self) -> None:
        """Only if a line of the Pi is used. Without it the rest works."""
        used = [line for line in (*self.board.inputs().values(), *self.board.outputs().values(), *(e.interrupt for e in self.board.expanders.values()))
                if parts(line)[0] == "gpio"]
        if not used and not (self.board.display and self.board.display.bus == "spi"):
            return
        try:
            self._gpio = self._machine.gpio()
            self._wire(self._gpio)
        except (GigboxError, OSError, RuntimeError, ValueError) as e:
            self._gpio = None
            self._say(f"{e}; the rest of the panel works")

    def _wire(self, gpio: Gpio) -> None:
        for line in self.board.outputs().values():
            if parts(line)[0] == "gpio":
                gpio.output(int(parts(line)[1]))
        for what, line in self.board.inputs().items():
            owner, place = parts(line)
            if owner == "gpio":
                gpio.input(int(place), self._edge_of(what, int(place), gpio))
                if not what.endswith(("/a", "/b")):
                    self._control.pressed(what.removesuffix("/push"), gpio.level(int(place)))
        for name, expander in self.board.expanders.items():
            if expander.interrupt:
                gpio.input(int(parts(expander.interrupt)[1]), lambda _, call=self._calls[name]: call.set())     # type: ignore[misc]
        self.settle()

    def _edge_of(self, what: str, line: int, gpio: Gpio) -> Edge:
        if what.endswith(("/a", "/b")):
            encoder, which = int(what.split("/")[0][-1]), "ab".index(what[-1])
            return lambda level: self._control.edge(encoder, which, level)
        return lambda _: self._control.pressed(what.removesuffix("/push"), gpio.level(line))

    def _open_screen(self) -> Screen:
        assert self.board.display is not None
        screen = self._machine.screen(self.board.display, self._gpio)
        self._fresh.set()                 # whatever was last to be seen
        return screen

    def _show(self, screen: Screen) -> None:
        fresh, begun = self._fresh.wait(PING_S), time.monotonic()
        anew = begun - self._renewed >= RENEW_S
        if not fresh and not anew:
            screen.ping()
        self._fresh.clear()
        if (fresh or anew) and self._picture is not None:
            bits, contrast = self._picture
            if anew:
                self._renewed = begun
                screen.renew()
            screen.contrast(contrast)
            screen.show(bits)
        if (hung := time.monotonic() - begun) > HUNG_S:          # nobody knows what the glass has of it
            raise OSError(errno.ETIMEDOUT, f"hung for {hung:.1f} s")

    def _open_pots(self) -> Scan:
        assert self.board.pots is not None
        wired = self.board.pots
        hurry()
        return Scan(Converter(self._machine.spi(wired.port, wired.select), wired.inputs, wired.reversed), self._happen)

    def _scan(self, scan: Scan) -> None:
        scan.look()
        time.sleep(SCAN_S)

    def _take(self, opened: tuple[Any, str]) -> None:
        events, what = opened
        kind, value = next(events)
        self._happen(("turn", int(what[-1]), value) if kind == "turn" else ("press", what, bool(value)))


def hurry() -> None:
    """For the thread that calls it; a machine that gives no priority gives none."""
    with contextlib.suppress(OSError, AttributeError):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(PRIORITY))


class ExpanderWork:
    """One expander: its inputs to events, the lights to its outputs."""

    def __init__(self, panel: Soldered, name: str) -> None:
        board, wired = panel.board, panel.board.expanders[name]
        self._control, self._call, self._panel = panel._control, panel._calls[name], panel
        self._interrupted = bool(wired.interrupt) and panel._gpio is not None
        self._encoders = {n: (bit(parts(e.a)[1]), bit(parts(e.b)[1])) for n, e in board.encoders.items() if parts(e.a)[0] == name}
        self._buttons = {what.removesuffix("/push"): bit(parts(line)[1]) for what, line in board.inputs().items()
                         if parts(line)[0] == name and not what.endswith(("/a", "/b"))}
        self._outputs = {what: bit(parts(line)[1]) for what, line in board.outputs().items() if parts(line)[0] == name}
        self._inputs = sum(1 << n for n in {*self._buttons.values(), *(n for pair in self._encoders.values() for n in pair)})
        self._levels, self._moved, self._checked = -1, 0.0, time.monotonic()
        self._bus = panel._machine.i2c(wired.port)
        try:
            self._expander = Expander(self._bus, wired.address, self._inputs)
            hurry()
            self._take(self._expander.levels())
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._bus.close()

    def look(self) -> None:
        now = time.monotonic()
        called = self._call.wait(POLL_S if now - self._moved < AFTER_S or not self._interrupted else IDLE_S)
        self._call.clear()
        if now - self._checked >= RENEW_S:
            self._checked = now
            self._expander.check()
        if called and self._encoders:
            first, levels = self._expander.captured()
            if first is not None and ((first ^ self._levels) & self._inputs).bit_count() == 1:      # one line is the first to move
                self._take(first)
        else:
            levels = self._expander.levels()
        self._take(self._sure(levels))
        lights = self._panel._lights
        self._expander.put(sum(1 << n for what, n in self._outputs.items() if lights.get(what)))

    def _sure(self, levels: int) -> int:
        """What is news is asked twice more, and each line is what two of three say: one garbled answer pushes nothing."""
        if (levels ^ self._levels) & self._inputs == 0:
            return levels
        again, third = self._expander.levels(), self._expander.levels()
        return levels & again | again & third | third & levels

    def _take(self, levels: int) -> None:
        """All sixteen are told; a light that went on is no hand."""
        if (levels := levels & self._inputs) == self._levels:
            return
        if self._levels >= 0:
            self._moved = time.monotonic()
        self._levels = levels
        for n, (a, b) in self._encoders.items():
            self._control.sampled(n, levels >> a & 1, levels >> b & 1)
        for name, n in self._buttons.items():
            self._control.pressed(name, levels >> n & 1)
