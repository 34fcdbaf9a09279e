"""The panel's program: one loop that hears of hands, asks the desk, and draws at most twenty times a second, and only for somebody who looks."""

from __future__ import annotations

import math
import queue
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gigbox import places, reset
from gigbox.desk.client import Client
from gigbox.errors import PanelError
from gigbox.panel import pins
from gigbox.panel.knobs.control import Event
from gigbox.panel.knobs.forget import Forget
from gigbox.panel.parts.machine import Machine
from gigbox.panel.sight.box import Box
from gigbox.panel.sight.eyes import Eyes
from gigbox.panel.sight.hands import DeskHands
from gigbox.panel.sight.levels import Meters, Rack
from gigbox.panel.sight.notebook import NotebookEye
from gigbox.panel.sight.visitors import Visitors
from gigbox.panel.simulated import Simulated
from gigbox.panel.soldered import Soldered
from gigbox.panel.walk import Panel
from gigbox.ports import PAGE
from gigbox.stopping import Stopping
from gigbox.streams import say

BY = "panel"
FRAME_S = 0.05
LABELS_S = 0.2
DESK_S = 2.0              # a desk that takes longer to answer is away


class Program:
    """Everything put together. `round` is one turn of the loop."""

    def __init__(self, desk: Client, rack: Callable[[], Rack], socket: Path, machine: Any, board: pins.Board | None, port: int = PAGE,
                 clock: Callable[[], float] = time.monotonic, uptime: float = math.inf) -> None:
        """`uptime`: seconds since the machine was switched on."""
        self._clock = clock
        self._events: queue.SimpleQueue[tuple[float, Event]] = queue.SimpleQueue()      # and when each was
        self.box = Box(clock)
        self._meters = Meters(rack)
        self.hands = DeskHands(desk, self.box, lambda message: self.happen(("said", message, None)))
        self.panel = Panel(self.box, self.hands, clock)
        self._visitors = Visitors(self.box, port)
        self.box.answer = self._visitors.answer
        self._eyes = Eyes(desk, self.box, self._visitors.look)
        self._notebook = NotebookEye(self.box, places.ideas_path)
        self.simulated = Simulated(socket, self.happen)
        self._forget = Forget(uptime, clock(), lambda: reset.ask(places.runtime_dir()), self._important)
        self.soldered = Soldered(board, machine, self._by_hand, self._part) if board is not None else None
        self._drawn, self._page, self._fault = (b"", 0), "", ""
        self._frame_due = 0.0
        self._labels: tuple[float, list[float], list[str]] = (-1.0, [], [])

    def round(self, longest: float = FRAME_S) -> None:
        """One turn; a fault of ours is a message, once, and the mix comes up: whoever is at the knobs needs them, not us."""
        try:
            self._round(longest)
        except Exception as e:
            if (fault := f"panel: {type(e).__name__}: {e}") != self._fault:
                self._fault = fault
                say(fault)
                self.box.say(fault)
            self.panel.open("mix")
            self._frame_due = self._clock() + FRAME_S

    def _round(self, longest: float) -> None:
        """Waits for a hand, at most till the next picture is due."""
        now = self._clock()
        due = min(self._frame_due, self.panel.due() or self._frame_due)
        try:
            self._happened(*self._events.get(timeout=min(max(due - now, 0.001), longest)))
            while not self._events.empty():
                self._happened(*self._events.get_nowait())
        except queue.Empty:
            pass
        if self.soldered:
            self.soldered.settle()
        self._forget.look(self._clock())
        if (now := self._clock()) >= self._frame_due:
            self._frame_due = max(self._frame_due + FRAME_S, now + FRAME_S / 2)
            self._draw(now)
        elif (soon := self.panel.due()) is not None and now >= soon:
            self.panel.look()

    def happen(self, event: Event) -> None:
        """From any thread."""
        self._events.put((self._clock(), event))

    def _by_hand(self, event: Event) -> None:
        """At the panel that is soldered: nobody far away makes the box forget."""
        self._forget.see(event)
        self.happen(event)

    def _important(self, line: str) -> None:
        """Into the log, and shown at once."""
        say(f"panel: {line}")
        self.happen(("said", line, None))

    def close(self) -> None:
        if self.soldered:
            self.soldered.close()
        self.simulated.close()
        self.hands.close()
        self._eyes.close()

    def _draw(self, now: float) -> None:
        self.box.levels = self._meters.look(now)
        if (page := self.panel.where.page) != self._page:
            self._page, self._visitors.showing = page, page == "network"
            self._eyes.soon()
        self._notebook.look(page, now)
        self.panel.look()
        seen = self.simulated.watched
        if self.soldered is None and not seen:
            return
        lights = self.panel.lights()
        canvas = self.panel.draw()
        frame = canvas.packed()
        if self.soldered is not None:
            self.soldered.light(lights)
            if (drawn := (frame, self.panel.contrast)) != self._drawn:
                self.soldered.show(canvas.bits, self.panel.contrast)
                self._drawn = drawn
        if seen:
            if now - self._labels[0] >= LABELS_S:
                self._labels = (now, self.panel.ways(), self.panel.labels())
            self.simulated.show(frame, lights, *self._labels[1:])

    def _happened(self, at: float, event: Event) -> None:
        kind, which, how = event
        if kind == "turned":
            self.panel.pot(which, how)
        elif kind == "stands":
            self.panel.stand(which, how)
        elif kind == "pot":
            self.panel.pot(which, how, real=False)
        elif kind == "turn":
            self.panel.turn(which, how, at)
        elif kind == "press":
            self.panel.press(which, how, at)
        else:
            self.box.say(which)
            self.panel.say(which)
            self._eyes.soon()

    def _part(self, line: str) -> None:
        """A part is not as it should be, or is back: into the log, and among the messages."""
        say(f"panel: {line}")
        self.box.say(line)


def board_of(path: Path | None) -> pins.Board:
    """The board of a file; by default that of panel.toml where the box keeps its state, else the reference build. PanelError with a line for each fault."""
    own = places.state_dir() / "panel.toml" if path is None else path
    return pins.load(own) if path is not None or own.is_file() else pins.reference()


def uptime(path: Path = Path("/proc/uptime")) -> float:
    """Seconds since the machine was switched on; endless where nobody knows."""
    try:
        return float(path.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return math.inf


def run(pins_file: Path | None = None, port: int = PAGE, beat: Callable[[], None] = lambda: None) -> None:
    """The program, until it is told to end. Without any bus here the panel is only in the browser."""
    from gigbox.rack import Rack as MappedRack  # here, because it needs the built core and the rest of this module does not

    places.only_one(places.runtime_dir() / "panel.lock", "panel: runs already, expected one")
    stopping = Stopping().watch_signals()
    machine = Machine()
    board = _board(pins_file) if machine.here() else None
    if board is None:
        say("panel: no GPIO, I2C or SPI here; its knobs are in the browser, and in gigbox panel --terminal")
    desk = Client(places.socket_path(), by=BY, timeout=DESK_S)
    program = Program(desk, lambda: MappedRack(places.rack_path()), places.panel_socket_path(), machine, board, port, uptime=uptime())
    try:
        while not stopping.is_set():
            program.round()
            beat()
    finally:
        program.close()
        desk.close()


def _board(path: Path | None) -> pins.Board | None:
    """A file that is wrong takes away the soldered panel, not the one in the browser."""
    try:
        return board_of(path)
    except PanelError as e:
        for line in str(e).splitlines():
            say(f"panel: {line}")
        return None
