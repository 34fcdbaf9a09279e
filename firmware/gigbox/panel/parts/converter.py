"""An MCP3008: eight inputs of 10 bits on SPI."""

from __future__ import annotations

import errno
from typing import Any, Protocol

SPEED_HZ = 1_000_000
NULL = 4                  # of the second byte


class Spi(Protocol):
    """The part of spidev.SpiDev that is used here."""

    def xfer2(self, data: list[int]) -> list[int]: ...
    def close(self) -> None: ...


class Converter:
    """`reversed`: the pots are wired the other way round."""

    def __init__(self, spi: Spi, inputs: tuple[int, ...], reversed: bool = False) -> None:
        self._spi, self._reversed = spi, reversed
        self._asks = [[1, (8 + n) << 4, 0] for n in inputs]

    def __len__(self) -> int:
        return len(self._asks)

    def read(self, pot: int) -> int:
        """0..1023 of a pot, from 0; errors as of `all`."""
        return self._readings(self._asks[pot: pot + 1])[0]

    def all(self) -> list[int]:
        """0..1023 of each pot; OSError where the bus is gone, or nobody pulls its line down for the bit that is always 0."""
        return self._readings(self._asks)

    def _readings(self, asks: list[list[int]]) -> list[int]:
        """Two hundred times a second of eight pots: one loop."""
        found, transfer = [], self._spi.xfer2
        for ask in asks:
            _, high, low = transfer(ask[:])
            if high & NULL:
                raise OSError(errno.EIO, "no converter answers")
            found.append((high & 3) << 8 | low)
        return [1023 - raw for raw in found] if self._reversed else found


def open_spi(module: Any, port: int, select: int, speed_hz: int = SPEED_HZ) -> Spi:
    """OSError where there is no such device."""
    spi: Any = module.SpiDev()
    spi.open(port, select)
    spi.max_speed_hz = speed_hz
    opened: Spi = spi
    return opened
