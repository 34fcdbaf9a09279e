"""`gigbox panel --test`: walks a builder through every part, one after the other, with a word for what is seen and a remedy for what is not."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator
from typing import Any

from gigbox import places
from gigbox.errors import PanelError
from gigbox.panel.knobs.control import Event
from gigbox.panel.leds import NAMES
from gigbox.panel.parts.machine import Machine
from gigbox.panel.picture.canvas import HEIGHT, WIDTH, Canvas
from gigbox.panel.picture.letters import LARGE
from gigbox.panel.pins import Board
from gigbox.panel.soldered import Soldered

WAIT_S = 20.0             # for a hand at one part
ENDS = (0.02, 0.98)       # of a pot's way, both to be reached
OPEN_S = 2.0              # for every part to answer

Ask = Callable[[str], bool]


def selftest(board: Board, machine: Any = None, ask: Ask | None = None, say: Callable[[str], None] = print, wait_s: float = WAIT_S) -> int:
    """0 where every part did what it should. `ask` puts a question to the builder: yes or no."""
    import os

    if machine is None:
        machine = Machine()
        if not machine.here():
            raise PanelError("panel: no GPIO, I2C or SPI here, expected a Raspberry Pi with its buses switched on; see docs/build.md")
        places.hold(os.open(places.runtime_dir() / "panel.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600),
                    "panel: runs already, expected the box to be stopped; type: sudo systemctl stop gigbox-panel")
    test = Test(board, machine, ask or _typed, say, wait_s)
    try:
        return test.run()
    finally:
        test.close()


class Test:
    """`__test__`: for pytest, which is not meant."""

    __test__ = False

    def __init__(self, board: Board, machine: Any, ask: Ask, say: Callable[[str], None], wait_s: float) -> None:
        self._board, self._ask, self._say, self._wait_s = board, ask, say, wait_s
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._faults: list[str] = []
        self._panel = Soldered(board, machine, self._events.put, self._faults.append)

    def run(self) -> int:
        steps = [*self._wired(), *self._display(), *self._lights(), *self._pots(), *self._encoders(), *self._buttons()]
        failed = [what for what, well in steps if not well]
        self._say(f"all {len(steps)} parts are well" if not failed else f"{len(failed)} of {len(steps)} are not well: {', '.join(failed)}")
        return 1 if failed else 0

    def close(self) -> None:
        self._panel.close()

    def _wired(self) -> Iterator[tuple[str, bool]]:
        """Every chip answers."""
        until = time.monotonic() + OPEN_S
        while not all(keeper.well for keeper in self._panel.keepers) and not self._faults and time.monotonic() < until:
            time.sleep(0.02)
        for fault in dict.fromkeys(self._faults):
            self._say(f"! {fault}")
        yield "chips", self._told("every chip answers", not self._faults, "its power, its two or four wires, its address")

    def _display(self) -> Iterator[tuple[str, bool]]:
        if self._board.display is None:
            return
        self._show("gigbox", "all pixels?")
        yield "display", self._told("display", self._ask("Does the display show gigbox, in a frame that is whole on all four sides?"),
                                    "two columns off: chip = \"sh1106\"; upside down: turned = true; dark: its address (0x3c or 0x3d), VCC and ground")

    def _lights(self) -> Iterator[tuple[str, bool]]:
        for name in self._board.outputs():
            self._panel.light(tuple(each == name for each in NAMES))
            yield f"light {name}", self._told(f"light {name}", self._ask(f"Is the light {name.replace('_', ' ')} lit, and no other?"),
                                              f"its line {self._board.outputs()[name]}, which way round it is, its resistor")
        self._panel.light((False,) * len(NAMES))

    def _pots(self) -> Iterator[tuple[str, bool]]:
        for n in range(1, len(self._board.pots.inputs) + 1 if self._board.pots else 1):
            self._hand(f"Turn pot {n} all the way left, then all the way right")
            seen: list[float] = []

            def turned(event: Event, n: int = n, seen: list[float] = seen) -> bool:
                if event[0] == "turned" and event[1] == n:
                    seen.append(event[2])
                return bool(seen) and min(seen) <= ENDS[0] and max(seen) >= ENDS[1]

            well = self._until(turned)
            right_way = not well or seen.index(min(seen)) < len(seen) - 1 - seen[::-1].index(max(seen))
            remedy = f"wiper to CH{n - 1}, ends to 3.3 V and ground; seen: {f'{min(seen):.2f} to {max(seen):.2f}' if seen else 'nothing'}"
            yield f"pot {n}", self._told(f"pot {n}", well and right_way, "left and right are swapped: reversed = true" if well else remedy)

    def _encoders(self) -> Iterator[tuple[str, bool]]:
        for n in self._board.encoders:
            for way, word in ((1, "right"), (-1, "left")):
                self._hand(f"Turn encoder {n} three clicks to the {word}")
                clicks: list[int] = []

                def clicked(event: Event, n: int = n, clicks: list[int] = clicks) -> bool:
                    if event[0] == "turn" and event[1] == n:
                        clicks.append(event[2])
                    return abs(sum(clicks)) >= 3

                well = self._until(clicked)
                remedy = "a and b are swapped" if well else f"its lines a and b, its middle pin to ground; clicks seen: {sum(clicks)} (half: quarters = 2)"
                yield f"encoder {n} {word}", self._told(f"encoder {n} {word}", well and sum(clicks) * way > 0, remedy)
            if self._board.encoders[n].push:
                yield from self._push(f"encoder_{n}")

    def _buttons(self) -> Iterator[tuple[str, bool]]:
        for name in self._board.buttons:
            yield from self._push(name)

    def _push(self, name: str) -> Iterator[tuple[str, bool]]:
        self._hand(f"Push {name.replace('_', ' ').replace('auto', 'AUTO').replace('mute', 'MUTE')}")
        well = self._until(lambda event: event == ("press", name, True))
        yield f"push {name}", self._told(f"push {name}", well, "its line to ground while pushed")

    def _hand(self, words: str) -> None:
        while not self._events.empty():
            self._events.get()
        self._say(f"  {words}.")
        self._show("test", words)

    def _show(self, title: str, words: str) -> None:
        canvas = Canvas()
        canvas.frame(0, 0, WIDTH, HEIGHT)
        canvas.write(title, WIDTH // 2, 8, LARGE, align="middle")
        canvas.write(words, WIDTH // 2, 40, align="middle", room=WIDTH - 6)
        self._panel.show(canvas.bits, 0xCF)

    def _until(self, true: Callable[[Event], bool]) -> bool:
        until = time.monotonic() + self._wait_s
        while (left := until - time.monotonic()) > 0:
            self._panel.settle()
            try:
                event = self._events.get(timeout=min(left, 0.02))
            except queue.Empty:
                continue
            if true(event):
                return True
        return False

    def _told(self, what: str, well: bool, remedy: str) -> bool:
        self._say(f"ok  {what}" if well else f"!   {what}: {remedy}")
        return well


def _typed(question: str) -> bool:
    try:
        return input(f"  {question} [y/n] ").strip().lower().startswith(("y", "j", "o", "s"))
    except EOFError:
        return False
