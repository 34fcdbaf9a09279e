"""An MCP23017: sixteen lines behind two wires of I2C. Inputs are pulled up, and any change of one pulls its interrupt line down."""

from __future__ import annotations

import errno
from typing import Protocol

IODIR, GPINTEN, IOCON, GPPU, INTF, GPIO, OLAT = 0x00, 0x04, 0x0A, 0x0C, 0x0E, 0x12, 0x14     # of port A; port B is the next one
MIRROR = 0x40             # IOCON: both interrupt lines say the same


class Bus(Protocol):
    """The part of smbus2.SMBus that is used here."""

    def write_byte_data(self, i2c_addr: int, register: int, value: int) -> None: ...
    def write_i2c_block_data(self, i2c_addr: int, register: int, data: list[int]) -> None: ...
    def read_i2c_block_data(self, i2c_addr: int, register: int, length: int) -> list[int]: ...
    def close(self) -> None: ...


def bit(place: str) -> int:
    """Of A0 to A7 0 to 7, of B0 to B7 8 to 15."""
    return int(place[1]) + (8 if place[0] == "B" else 0)


class Expander:
    """Every call raises OSError where the bus does not answer; then open a new one."""

    def __init__(self, bus: Bus, address: int, inputs: int) -> None:
        """`inputs`: a bit each, bit 0 is A0, bit 8 B0; all else are outputs, dark."""
        self._bus, self._address, self._inputs = bus, address, inputs
        self._put = -1
        bus.write_byte_data(address, IOCON, MIRROR)
        self._pair(OLAT, 0)
        for register in (GPPU, GPINTEN, IODIR):
            self._pair(register, inputs)

    def levels(self) -> int:
        """As they are now; the interrupt is over."""
        a, b = self._bus.read_i2c_block_data(self._address, GPIO, 2)
        return a | b << 8

    def captured(self) -> tuple[int | None, int]:
        """As they were at the first change since the last look, None where there was none, and as they are now."""
        told = self._bus.read_i2c_block_data(self._address, INTF, 6)
        flags, first, now = (told[n] | told[n + 1] << 8 for n in (0, 2, 4))
        return first if flags else None, now

    def check(self) -> None:
        """OSError where it has lost what it was told: it was without power for a moment, and acknowledges all the same."""
        told = self._bus.read_i2c_block_data(self._address, IODIR, GPPU + 2)
        kept = [told[register] | told[register + 1] << 8 for register in (IODIR, GPINTEN, GPPU)]
        if told[IOCON] != MIRROR or kept != 3 * [self._inputs]:
            raise OSError(errno.EIO, "it was without power, and is told anew")

    def put(self, outputs: int) -> None:
        """Only what changed goes over the wire."""
        if outputs != self._put:
            self._pair(OLAT, outputs)
            self._put = outputs

    def _pair(self, register: int, value: int) -> None:
        self._bus.write_i2c_block_data(self._address, register, [value & 0xFF, value >> 8 & 0xFF])
