"""The soldered panel on simulated wires: pins are moved, the glass and the lights are read; chips that fail take nothing else with them."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from gigbox.panel import pins, soldered
from gigbox.panel.knobs.scan import Scan
from gigbox.panel.leds import NAMES
from gigbox.panel.parts.keeper import RETRY_S
from gigbox.panel.picture.canvas import Canvas
from gigbox.panel.pins import Board, Encoder
from gigbox.panel.soldered import Soldered
from hil.lines import CYCLE
from tests.panel.wires import Machine


class Bench:
    """A board on its wires, and what it says."""

    def __init__(self, board: Board) -> None:
        self.events: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.said: list[str] = []
        self.machine = Machine(board)
        self.panel = Soldered(board, self.machine, self.events.put, self.said.append)

    def next(self, seconds: float = 2.0) -> Any:
        return self.events.get(timeout=seconds)

    def clicks(self, encoder: int, count: int) -> None:
        for n in range(1, 4 * abs(count) + 1):
            a, b = CYCLE[(n if count > 0 else -n) % 4]
            self.machine.hand(f"encoder_{encoder}/a", a)
            self.machine.hand(f"encoder_{encoder}/b", b)
            time.sleep(0.006)


def within(seconds: float, true: Callable[[], object]) -> bool:
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.005)
    return bool(true())


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench(pins.reference())
    assert within(3, lambda: all(keeper.well for keeper in made.panel.keepers))
    while not made.events.empty():               # where the pots stand
        made.next()
    yield made
    made.machine.bus.stuck.set()
    made.panel.close()


def test_pots_that_are_found_are_no_moves_and_one_that_is_turned_is() -> None:
    made = Bench(pins.reference())
    try:
        assert sorted(made.next()[:2] for _ in range(8)) == [("stands", n) for n in range(1, 9)]
        made.machine.converter.wipers[2] = 1023
        assert made.next() == ("turned", 3, 1.0)
    finally:
        made.panel.close()


def test_encoders_and_their_push_are_told_from_the_expander(bench: Bench) -> None:
    bench.clicks(1, 3)
    bench.clicks(2, -2)
    assert [bench.next() for _ in range(5)] == [("turn", 1, 1)] * 3 + [("turn", 2, -1)] * 2
    bench.machine.hand("encoder_2/push", 0)
    assert bench.next() == ("press", "encoder_2", True)
    bench.machine.hand("encoder_2/push", 1)
    assert bench.next() == ("press", "encoder_2", False)


def test_buttons_are_told_from_the_pis_own_lines(bench: Bench) -> None:
    bench.machine.hand("mute", 0)
    bench.machine.hand("mute", 1)
    assert [bench.next() for _ in range(2)] == [("press", "mute", True), ("press", "mute", False)]


def test_encoders_on_the_pis_own_lines_turn_as_well() -> None:
    made = Bench(Board(encoders={1: Encoder("gpio6", "gpio12", "gpio13")}))
    try:
        made.clicks(1, 2)
        assert [made.next() for _ in range(2)] == [("turn", 1, 1)] * 2
    finally:
        made.panel.close()


def test_every_light_has_its_own_line(bench: Bench) -> None:
    for name in NAMES:
        bench.panel.light(tuple(each == name for each in NAMES))
        assert within(1, lambda name=name: [each for each in NAMES if bench.machine.lit(each)] == [name])     # type: ignore[misc]


def test_a_light_that_blinks_makes_nobody_look_at_the_knobs_more_often(bench: Bench) -> None:
    """The chip tells all its lines: with the outputs among them each light was a hand that moved, and 500 looks a second for a tenth of one."""
    before, blinks = bench.machine.bus.transfers, 6
    for n in range(blinks):
        bench.panel.light(tuple(bool(n % 2) for _ in NAMES))
        time.sleep(soldered.AFTER_S / 2)
    assert bench.machine.bus.transfers - before < 5 * blinks


def picture(words: str) -> Canvas:
    canvas = Canvas()
    canvas.write(words, 5, 5)
    return canvas


@pytest.mark.parametrize("fault", ["no acknowledge", "stuck"])
def test_a_bus_that_fails_and_comes_back_shows_the_newest_picture_within_2_s(bench: Bench, fault: str) -> None:
    bus = bench.machine.bus
    bench.panel.show(picture("before").bits, 0xCF)
    assert within(2, lambda: np.array_equal(bench.machine.oled.glass(), picture("before").bits))
    if fault == "stuck":
        bus.stuck.clear()
    else:
        bus.broken = True
    begun = time.monotonic()
    bench.panel.show(picture("meanwhile").bits, 0xCF)
    bench.machine.converter.wipers[0] = 1000                  # all else works: the pots have another bus
    assert bench.next(1)[:2] == ("turned", 1)
    bench.machine.hand("mute", 0)
    assert bench.next(1) == ("press", "mute", True)
    bench.panel.show(picture("newest").bits, 0xCF)
    bench.machine.oled.memory[:] = 0                          # it was without power
    time.sleep(max(soldered.HUNG_S + 0.05 - (time.monotonic() - begun), 0))
    bus.broken = False
    bus.stuck.set()
    assert within(2, lambda: np.array_equal(bench.machine.oled.glass(), picture("newest").bits))
    assert within(2, lambda: "display: is back" in bench.said)
    assert any(line.startswith("display: hung for" if fault == "stuck" else "display: I2C device not found on address: 0x3C") for line in bench.said)


def test_what_is_not_there_is_tried_again_without_end_and_holds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A box without a panel tries for days: neither files nor luma's devices may pile up."""
    monkeypatch.setattr("gigbox.panel.parts.keeper.Keeper.__init__.__defaults__", (0.002, lambda part: None))
    kept: list[object] = []
    monkeypatch.setattr("atexit.register", kept.append)
    machine, said = Machine(pins.reference()), list[str]()
    machine.bus.broken = True
    panel = Soldered(pins.reference(), machine, lambda event: None, said.append)
    try:
        assert within(2, lambda: machine.bus.transfers > 20)
        assert kept == []
        assert machine.bus.open <= len(panel.keepers)
        machine.bus.broken = False
        assert within(2, lambda: all(keeper.well for keeper in panel.keepers))
    finally:
        panel.close()
    assert machine.bus.open == 0


def test_a_display_that_is_not_there_is_said_once_and_the_rest_works() -> None:
    machine = Machine(pins.reference())
    del machine.bus.chips[0x3C]
    said: list[str] = []
    events: queue.SimpleQueue[Any] = queue.SimpleQueue()
    panel = Soldered(pins.reference(), machine, events.put, said.append)
    try:
        assert within(2, lambda: said)
        time.sleep(0.7)
        assert said == ["display: I2C device not found on address: 0x3C; it is tried again, all else works"]
        assert within(2, lambda: events.qsize() >= 8)
    finally:
        panel.close()


def test_without_gpio_the_rest_of_the_panel_works(monkeypatch: pytest.MonkeyPatch) -> None:
    from gigbox.errors import PanelError

    machine, said = Machine(pins.reference()), []
    monkeypatch.setattr(machine, "gpio", lambda: (_ for _ in ()).throw(PanelError("gpio: no chip, expected a Raspberry Pi")))
    events: queue.SimpleQueue[Any] = queue.SimpleQueue()
    panel = Soldered(pins.reference(), machine, events.put, said.append)
    try:
        assert said == ["gpio: no chip, expected a Raspberry Pi; the rest of the panel works"]
        assert within(3, lambda: events.qsize() >= 8)
        machine.hand("encoder_1/push", 0)                    # its interrupt line is not there: the expander is looked at from time to time
        assert within(1, lambda: events.qsize() >= 9)
    finally:
        panel.close()


def test_a_spike_of_one_reading_turns_nothing() -> None:
    class Spiky:
        readings = iter([500, 500, 500, 500, 900, 500, 500, 500])

        def __len__(self) -> int:
            return 1

        def read(self, _: int) -> int:
            return next(self.readings)

        def all(self) -> list[int]:
            return [self.read(0)]

    told: list[Any] = []
    scan = Scan(Spiky(), told.append)
    for _ in range(3):
        scan.look()
    assert [kind for kind, _, _ in told] == ["stands"]


def test_an_event_device_of_the_kernel_turns_and_pushes() -> None:
    board = Board(events={"/dev/input/knob": "encoder_1", "/dev/input/key": "mute"})
    machine = Machine(board)
    machine.events = lambda path: iter([("turn", 2), ("turn", -1)] if "knob" in path else [("press", 1), ("press", 0)])      # type: ignore[method-assign]
    told: queue.SimpleQueue[Any] = queue.SimpleQueue()
    panel = Soldered(board, machine, told.put, lambda line: None)
    try:
        assert sorted(str(told.get(timeout=2)) for _ in range(4)) == sorted(
            map(str, [("turn", 1, 2), ("turn", 1, -1), ("press", "mute", True), ("press", "mute", False)]))
    finally:
        panel.close()


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is done from time to time, so that a part without power is back within 2 s."""
    assert soldered.RENEW_S < 2 - RETRY_S / 2
    monkeypatch.setattr(soldered, "RENEW_S", 0.2)


@pytest.mark.usefixtures("soon")
def test_a_display_that_was_without_power_between_two_pictures_is_back(bench: Bench) -> None:
    """A loose plug: no transfer failed, and what it shows is neither lit nor a picture."""
    bench.panel.show(picture("before").bits, 0x10)
    assert within(2, lambda: np.array_equal(bench.machine.oled.glass(), picture("before").bits))
    bench.machine.oled.lose_power()
    assert within(2, lambda: np.array_equal(bench.machine.oled.glass(), picture("before").bits))
    assert bench.machine.oled.contrast == 0x10
    assert bench.said == []


@pytest.mark.parametrize("chip", ["ssd1306", "sh1106"])
def test_what_a_display_is_told_anew_does_not_make_it_dark_in_between(chip: str) -> None:
    from gigbox.panel.parts.screen import open_screen
    from tests.panel.wires import serial

    display = pins.Display(chip=chip, turned=True)
    machine = Machine(Board(display))
    screen = open_screen(chip, serial(display, machine), turned=True)
    told: list[int] = []
    machine.oled.obey = lambda first, rest: told.append(first)      # type: ignore[method-assign]
    screen.renew()
    assert 0xAE not in told
    assert told[-3:] == [0xA0, 0xC0, 0xAF]


@pytest.mark.usefixtures("soon")
def test_an_expander_that_was_without_power_is_told_anew(bench: Bench) -> None:
    bench.panel.light(tuple(name == "strip_1" for name in NAMES))
    assert within(1, lambda: bench.machine.lit("strip_1"))
    bench.machine.expanders["x"].lose_power()
    assert within(2, lambda: bench.machine.lit("strip_1"))
    assert within(1, lambda: "expander x: is back" in bench.said)
    bench.clicks(1, 1)
    assert bench.next() == ("turn", 1, 1)


def test_one_garbled_answer_of_the_expander_pushes_and_turns_nothing(bench: Bench) -> None:
    chip, noise = bench.machine.expanders["x"], list[int]()
    whole = chip.read

    def garbled(register: int, length: int) -> list[int]:
        found, bits = whole(register, length), noise.pop() if noise else None
        return found if bits is None else [*found[:-2], bits & 0xFF, bits >> 8]

    chip.read = garbled      # type: ignore[method-assign]
    for bits in (0x0000, 0xFFF8, 0x0007):
        noise.append(bits)
        assert within(1, lambda: not noise)
        time.sleep(0.03)                        # contacts are blind for less
    assert bench.events.empty()


def test_a_light_that_blinks_lets_no_button_go_that_is_held(bench: Bench) -> None:
    """What the chip captured at an edge long ago is no news."""
    for level in (0, 1, 0):
        bench.machine.hand("encoder_1/push", level)
        time.sleep(0.02)
    chip = bench.machine.expanders["x"]
    chip._captured = 0xFFFF                       # of a bounce
    while not bench.events.empty():
        bench.next()
    for n in range(4):
        bench.panel.light(tuple(bool(n % 2) for _ in NAMES))
        time.sleep(0.02)
    assert bench.events.empty()


def test_pots_whose_supply_fails_move_nothing_and_are_found_where_they_stand(bench: Bench) -> None:
    wipers = bench.machine.converter.wipers
    wipers[:] = [0] * 8
    assert bench.next()[0] == "stands"
    wipers[:] = [512] * 8
    told: list[Any] = []
    while ("stands", 8, 0.5) not in told:
        told.append(bench.next())
    assert {kind for kind, _, _ in told} == {"stands"}
    assert bench.said[0] == "pots: all jumped at once; it is tried again, all else works"


def test_a_converter_that_is_not_there_is_said_and_its_pots_stand_nowhere() -> None:
    made = Bench.__new__(Bench)
    made.events, made.said, made.machine = queue.SimpleQueue(), [], Machine(pins.reference())
    made.machine.converter.floats = True
    made.panel = Soldered(pins.reference(), made.machine, made.events.put, made.said.append)
    try:
        assert within(2, lambda: "pots: no converter answers; it is tried again, all else works" in made.said)
        assert made.events.empty()
    finally:
        made.panel.close()
