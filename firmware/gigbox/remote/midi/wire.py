"""Bytes of a cable as messages. Whatever comes is read on: cut anywhere, running status, real-time bytes in between, SysEx that never ends.

mido makes messages of whole ones. Its own parser (1.3) knows no running status, and loses a message with an active sensing byte in it: the cutting is done
here.
"""

from __future__ import annotations

from typing import Any

from mido import Message

LONGEST = 256                 # bytes of a SysEx; the longest that means anything here has 22
SYSEX, END, REALTIME = 0xF0, 0xF7, 0xF8
DATA = {**dict.fromkeys((0x80, 0x90, 0xA0, 0xB0, 0xE0), 2), 0xC0: 1, 0xD0: 1, 0xF1: 1, 0xF2: 2, 0xF3: 1, 0xF6: 0}     # bytes after the status (MIDI 1.0)


class Wire:
    """One direction of one cable."""

    def __init__(self) -> None:
        self._status = 0              # which data bytes belong to; 0: to nothing
        self._data = bytearray()

    def feed(self, content: bytes) -> list[Any]:
        """The messages that are whole by now, as mido has them."""
        found: list[Any] = []
        for byte in content:
            if byte >= REALTIME:              # a message of its own, wherever it stands; none means anything here
                continue
            if byte >= 0x80:
                if byte == END and self._status == SYSEX:
                    found.append(Message("sysex", data=tuple(self._data)))
                self._begin(byte)
                if self._length() == 0:
                    self._status = 0
            elif self._status:
                self._take(byte, found)
        return found

    def _begin(self, status: int) -> None:
        self._data.clear()
        self._status = status if status == SYSEX or _kind(status) in DATA else 0

    def _length(self) -> int:
        return DATA.get(_kind(self._status), -1)

    def _take(self, byte: int, found: list[Any]) -> None:
        self._data.append(byte)
        if self._status == SYSEX:
            if len(self._data) > LONGEST:
                self._begin(0)
        elif len(self._data) == self._length():
            found.append(Message.from_bytes([self._status, *self._data]))
            self._data.clear()
            if self._status >= SYSEX:        # only channel messages run on
                self._status = 0


def _kind(status: int) -> int:
    return status if status >= SYSEX else status & 0xF0
