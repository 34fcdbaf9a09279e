"""The OLED through luma.oled: it knows the chips and their first words; here only those columns of a page of eight rows are sent that changed.

A plug that was loose for a moment is not seen from here: the chip acknowledges, and is dark. So from time to time it is told everything anew.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gigbox.panel.picture.canvas import HEIGHT, WIDTH
from gigbox.panel.picture.letters import Bits

PAGE = 8                  # rows that one byte holds
WHOLE = [(page, 0, WIDTH - 1) for page in range(HEIGHT // PAGE)]
ON, UPSIDE_DOWN = 0xAF, (0xA0, 0xC0)      # both scans the other way round
NOTHING = 0xE3            # a command that changes nothing, of all chips that are known here
NEAR = 12                 # columns: two changes nearer than this go as one, as of two meters side by side; a new place costs ten bytes, and a call


class Screen:
    """`device` is luma's. Any call raises OSError, or luma's own error, where the bus does not answer; then open a new one."""

    def __init__(self, device: Any, chip: str, settings: tuple[int, ...] = (ON,), close: Callable[[], None] = lambda: None) -> None:
        self._device, self._paged, self._settings, self._close = device, chip == "sh1106", settings, close
        self._shown = np.zeros((HEIGHT // PAGE, WIDTH), np.uint8)      # luma has just cleared it
        self._known = True
        self._contrast = -1
        self.sent = 0                                                  # bytes of pictures so far

    def contrast(self, level: int) -> None:
        if level != self._contrast:
            self._device.contrast(level)
            self._contrast = level

    def ping(self) -> None:
        """Says something that changes nothing: raises where nobody answers."""
        self._device.contrast(max(self._contrast, 0))

    def renew(self) -> None:
        """Its settings again, and with the next picture all of it."""
        self._device.command(*self._settings)
        self._contrast, self._known = -1, False

    def close(self) -> None:
        self._close()

    def show(self, bits: Bits) -> None:
        wanted = np.packbits(bits.reshape(HEIGHT // PAGE, PAGE, WIDTH), axis=1, bitorder="little")[:, 0]
        for page, first, last in pieces(self._shown, wanted) if self._known else WHOLE:
            self._goto(page, first, last)
            data = wanted[page, first: last + 1]
            self._device.data(data.tolist())
            self._shown[page, first: last + 1] = data
            self.sent += last + 1 - first
        self._known = True

    def _goto(self, page: int, first: int, last: int) -> None:
        """SH1106 has 132 columns, of which the middle 128 are seen; it knows no windows, and so little is sent that none is needed."""
        if self._paged:
            column = first + 2
            self._device.command(0xB0 | page, column & 15, 0x10 | column >> 4)
        else:
            self._device.command(0x21, first, last, 0x22, page, page)


def pieces(shown: np.ndarray[Any, np.dtype[np.uint8]], wanted: np.ndarray[Any, np.dtype[np.uint8]]) -> list[tuple[int, int, int]]:
    """(page, first, last column) of what differs."""
    found: list[tuple[int, int, int]] = []
    for page in np.flatnonzero((shown != wanted).any(axis=1)).tolist():
        columns = np.flatnonzero(shown[page] != wanted[page])
        for piece in np.split(columns, np.flatnonzero(np.diff(columns) > NEAR) + 1):
            found.append((page, int(piece[0]), int(piece[-1])))
    return found


class Told:
    """A serial interface that remembers the first words that were said through it."""

    def __init__(self, serial: Any) -> None:
        self._serial, self.data = serial, serial.data
        self.first: tuple[int, ...] = ()

    def command(self, *words: int) -> None:
        self.first = self.first or words
        self._serial.command(*words)


def open_screen(chip: str, serial: Any, turned: bool = False, close: Callable[[], None] = lambda: None) -> Screen:
    """`serial` is an interface of luma.core; `close` lets go of what is below it, at once where nobody answers."""
    from luma.oled import device

    told = Told(serial)
    try:
        serial.command(NOTHING)       # luma keeps every device that it made to the end of the program, also of a display that is not there
        made: Any = getattr(device, chip)(told, width=WIDTH, height=HEIGHT, rotate=0)
        made.persist = True           # a panel that ends leaves its last picture: nothing is written to a bus that may hang
        settings = (*told.first[1:], *(UPSIDE_DOWN if turned else ()), ON)        # the first word of all is to be dark
        if turned:
            made.command(*UPSIDE_DOWN)
    except BaseException:
        close()
        raise
    return Screen(made, chip, settings, close)
