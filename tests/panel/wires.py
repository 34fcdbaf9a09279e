"""The wires of a panel and what is at their other end: chips that decode what is sent to them as their data sheets say, and hands that move lines."""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from gigbox.panel.parts.gpio import Gpio
from gigbox.panel.parts.screen import Screen, open_screen
from gigbox.panel.picture.letters import Bits
from gigbox.panel.pins import Board, Display, parts

ROWS, SEEN = 8, 128       # pages of eight rows, and columns of the glass


class Oled:
    """An SSD1306 or SSD1309: commands move a window, data fills it, and the glass shows what is in its memory."""

    columns, first = 128, 0

    def __init__(self) -> None:
        self.memory = np.zeros((ROWS, self.columns), np.uint8)
        self.on, self.contrast, self.turned = False, 0x7F, False
        self.window, self.at = [0, self.columns - 1, 0, ROWS - 1], [0, 0]       # column and page
        self.data_bytes = 0
        self._command: list[int] = []

    def glass(self) -> Bits:
        """What an eye sees: (64, 128)."""
        seen = self.memory[:, self.first: self.first + SEEN]
        bits = np.unpackbits(seen[:, None, :], axis=1, bitorder="little").reshape(64, SEEN).astype(bool)
        return bits if self.on else np.zeros_like(bits)

    def lose_power(self) -> None:
        """For a moment: it is dark, and what it remembers is no picture."""
        self.on, self.memory[:], self._command = False, 0xA5, []

    def command(self, byte: int) -> None:
        self._command.append(byte)
        first, *rest = self._command
        if len(rest) == self.follows(first):
            self._command = []
            self.obey(first, rest)

    def follows(self, first: int) -> int:
        """How many bytes belong to a command."""
        return {0x20: 1, 0x21: 2, 0x22: 2, 0x81: 1, 0xA8: 1, 0xD3: 1, 0xD5: 1, 0xD9: 1, 0xDA: 1, 0xDB: 1, 0x8D: 1}.get(first, 0)

    def obey(self, first: int, rest: list[int]) -> None:
        if first == 0x21:
            self.window[:2], self.at[0] = rest, rest[0]
        elif first == 0x22:
            self.window[2:], self.at[1] = rest, rest[0]
        self.common(first, rest)

    def common(self, first: int, rest: list[int]) -> None:
        if first == 0x81:
            self.contrast = rest[0]
        elif first in (0xAE, 0xAF):
            self.on = first == 0xAF
        elif first in (0xA0, 0xA1):
            self.turned = first == 0xA0

    def data(self, byte: int) -> None:
        self.data_bytes += 1
        column, page = self.at
        self.memory[page, column] = byte
        self.at[0] = column + 1
        if self.at[0] > self.window[1]:
            self.at = [self.window[0], self.window[2] if page == self.window[3] else page + 1]


class Sh1106(Oled):
    """Its memory is 132 columns wide, the glass begins at the third; it knows pages and columns, and no windows."""

    columns, first = 132, 2

    def follows(self, first: int) -> int:
        return {0x81: 1, 0xA8: 1, 0xD3: 1, 0xD5: 1, 0xD9: 1, 0xDA: 1, 0xDB: 1, 0xAD: 1}.get(first, 0)

    def obey(self, first: int, rest: list[int]) -> None:
        if 0xB0 <= first <= 0xB7:
            self.at[1] = first & 7
        elif first <= 0x0F:
            self.at[0] = self.at[0] & 0xF0 | first
        elif first <= 0x1F:
            self.at[0] = self.at[0] & 0x0F | (first & 0x0F) << 4
        self.common(first, rest)

    def data(self, byte: int) -> None:
        self.data_bytes += 1
        if self.at[0] < self.columns:
            self.memory[self.at[1], self.at[0]] = byte
            self.at[0] += 1


class Mcp23017:
    """Sixteen lines; `hand` moves one from outside. `interrupt` is called as its line goes down."""

    def __init__(self, interrupt: Callable[[], None] = lambda: None) -> None:
        self.registers = [0xFF, 0xFF] + [0] * 20
        self.outside = 0xFFFF
        self._pending, self._captured, self._flags = False, 0xFFFF, 0
        self._interrupt = interrupt
        self.lock = threading.RLock()

    def pair(self, register: int) -> int:
        return self.registers[register] | self.registers[register + 1] << 8

    def hand(self, line: int, level: int) -> None:
        with self.lock:
            before = self.outside
            self.outside = before | 1 << line if level else before & ~(1 << line)
            caused = self.outside != before and self.pair(0x04) >> line & 1 and not self._pending
            if caused:
                self._pending, self._captured, self._flags = True, self.outside, 1 << line
        if caused:
            self._interrupt()

    def lit(self, line: int) -> bool:
        return not self.pair(0x00) >> line & 1 and bool(self.pair(0x14) >> line & 1)

    def lose_power(self) -> None:
        """For a moment: it wakes as it left the factory."""
        with self.lock:
            self.registers = [0xFF, 0xFF] + [0] * 20
            self._pending, self._flags = False, 0

    def write(self, register: int, data: list[int]) -> None:
        for n, byte in enumerate(data):
            self.registers[register + n] = byte

    def read(self, register: int, length: int) -> list[int]:
        with self.lock:
            found = [self._value(register + n) for n in range(length)]
            if register + length > 0x12 or register in (0x10, 0x11):
                self._pending, self._flags = False, 0
            return found

    def _value(self, register: int) -> int:
        inputs = self.pair(0x00)
        levels = self.outside & inputs | self.pair(0x14) & ~inputs
        return {0x0E: self._flags & 0xFF, 0x0F: self._flags >> 8,
                0x10: self._captured & 0xFF, 0x11: self._captured >> 8, 0x12: levels & 0xFF, 0x13: levels >> 8}.get(register, self.registers[register])


class I2cBus:
    """An SMBus with chips on it. `broken`: nobody acknowledges; `stuck`: a transfer hangs till it is let go."""

    def __init__(self, chips: dict[int, Oled | Mcp23017]) -> None:
        self.chips = chips
        self.broken, self.decodes = False, True      # a measure of the panel leaves out what the glass would do
        self.stuck = threading.Event()
        self.stuck.set()
        self.transfers = self.bytes = self.open = 0

    def _chip(self, address: int, count: int) -> Any:
        self.stuck.wait(10)
        self.transfers, self.bytes = self.transfers + 1, self.bytes + count
        if self.broken or address not in self.chips:
            raise OSError(errno.EREMOTEIO, "Remote I/O error")
        return self.chips[address]

    def write_byte_data(self, i2c_addr: int, register: int, value: int) -> None:
        self.write_i2c_block_data(i2c_addr, register, [value])

    def write_i2c_block_data(self, i2c_addr: int, register: int, data: list[int]) -> None:
        assert len(data) <= 32, "SMBus has blocks of 32 bytes"
        chip = self._chip(i2c_addr, 2 + len(data))
        if isinstance(chip, Oled) and not self.decodes:
            return
        if isinstance(chip, Oled):
            for byte in data:
                chip.command(byte) if register == 0x00 else chip.data(byte)
        else:
            chip.write(register, data)

    def read_i2c_block_data(self, i2c_addr: int, register: int, length: int) -> list[int]:
        found: list[int] = self._chip(i2c_addr, 3 + length).read(register, length)
        return found

    def close(self) -> None:
        self.open -= 1


class Mcp3008:
    """Eight wipers, 0..1023, behind three bytes of SPI."""

    def __init__(self) -> None:
        self.wipers = [512] * 8
        self.broken, self.floats = False, False      # floats: nobody drives the line that is read
        self.max_speed_hz = 0

    def xfer2(self, data: list[int]) -> list[int]:
        if self.broken:
            raise OSError(errno.EIO, "Input/output error")
        start, ask, last = data
        assert start == 1
        assert ask & 0x80, "single-ended"
        assert last == 0
        raw = self.wipers[ask >> 4 & 7]
        if self.floats:
            return [0xFF, 0xFF, 0xFF]
        return [0, raw >> 8, raw & 0xFF]

    def close(self) -> None:
        """Nothing to let go."""


class RpiGpio:
    """RPi.GPIO in memory. `hand` moves an input; callbacks come in the order of the edges, from its own thread or from the caller's."""

    BCM, IN, OUT, LOW, HIGH, PUD_UP, BOTH = "BCM", "IN", "OUT", 0, 1, "UP", "BOTH"

    def __init__(self) -> None:
        self.levels: dict[int, int] = {}
        self._callbacks: dict[int, Callable[[int], None]] = {}

    def setwarnings(self, _: bool) -> None: ...
    def setmode(self, _: str) -> None: ...
    def cleanup(self) -> None: ...

    def setup(self, line: int, way: str, pull_up_down: str = "", initial: int = 0) -> None:
        self.levels[line] = 1 if way == self.IN and pull_up_down == self.PUD_UP else initial

    def add_event_detect(self, line: int, _: str, callback: Callable[[int], None]) -> None:
        self._callbacks[line] = callback

    def input(self, line: int) -> int:
        return self.levels[line]

    def output(self, line: int, level: int) -> None:
        self.levels[line] = level

    def hand(self, line: int, level: int) -> None:
        if self.levels[line] != level:
            self.levels[line] = level
            self._callbacks[line](line)


class SpiOled:
    """An OLED on SPI: what a byte is follows from the line DC."""

    def __init__(self, oled: Oled, gpio: RpiGpio, dc: int) -> None:
        self.oled, self.gpio, self.dc = oled, gpio, dc
        self.max_speed_hz = 0

    def open(self, port: int, device: int) -> None: ...
    def close(self) -> None: ...

    def writebytes(self, data: list[int]) -> None:
        for byte in data:
            (self.oled.data if self.gpio.levels[self.dc] else self.oled.command)(byte)


class Machine:
    """All wires of a board, and hands at them: what gigbox.panel.parts.machine.Machine is on a Pi."""

    def __init__(self, board: Board) -> None:
        self.board, self.rpi = board, RpiGpio()
        self.oled = Sh1106() if board.display and board.display.chip == "sh1106" else Oled()
        self.converter = Mcp3008()
        self.expanders = {name: Mcp23017(self._interrupt(each.interrupt)) for name, each in board.expanders.items()}
        chips: dict[int, Oled | Mcp23017] = {board.expanders[name].address: each for name, each in self.expanders.items()}
        self.bus = I2cBus({board.display.address if board.display else 0: self.oled, **chips})

    def here(self) -> bool:
        return True

    def gpio(self) -> Gpio:
        return Gpio(self.rpi)

    def i2c(self, port: int) -> I2cBus:
        self.bus.open += 1
        return self.bus

    def spi(self, port: int, select: int) -> Mcp3008:
        return self.converter

    def screen(self, display: Display, gpio: Gpio | None) -> Screen:
        return open_screen(display.chip, serial(display, self), display.turned, self.i2c(display.port).close)

    def events(self, path: str) -> Iterator[tuple[str, int]]:
        raise FileNotFoundError(errno.ENOENT, "No such file or directory", path)

    def hand(self, what: str, level: int) -> None:
        """Moves the line of `encoder_1/a` or `mute`."""
        owner, place = parts(self.board.inputs()[what])
        if owner == "gpio":
            self.rpi.hand(int(place), level)
        else:
            self.expanders[owner].hand(int(place[1]) + (8 if place[0] == "B" else 0), level)

    def lit(self, what: str) -> bool:
        owner, place = parts(self.board.outputs()[what])
        return bool(self.rpi.levels[int(place)]) if owner == "gpio" else self.expanders[owner].lit(int(place[1]) + (8 if place[0] == "B" else 0))

    def _interrupt(self, line: str) -> Callable[[], None]:
        """A pulse: what the chip's line does till it is read."""
        def pull() -> None:
            number = int(parts(line)[1])
            if number in self.rpi.levels:
                self.rpi.hand(number, 0)
                self.rpi.hand(number, 1)
        return pull if line else lambda: None


def serial(display: Display, machine: Machine) -> Any:
    """luma's own interface on the simulated wire."""
    from luma.core.interface.serial import i2c, spi

    if display.bus == "i2c":
        return i2c(bus=machine.bus, address=display.address)
    dc = int(parts(display.dc)[1])
    machine.rpi.setup(dc, machine.rpi.OUT)
    return spi(spi=SpiOled(machine.oled, machine.rpi, dc), gpio=machine.rpi, port=display.port, device=display.select, gpio_DC=dc, gpio_RST=None)
