"""The words of Mackie Control: which note, controller and SysEx means what, and how each is said.

Source: what was published of it (Logic Control's manual; NicoG60/TouchMCU, doc/mackie_control_protocol.md, verified there on the hardware; for 0x72
git-moss/DrivenByMoss). Notes and controllers are on the first channel; of nine faders each has a channel of its own.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from mido import Message

from gigbox.remote import fader_law

MAIN, XT = 0x14, 0x15                     # of a SysEx: the unit, and its extender
LOGIC = {0x10: MAIN, 0x11: XT}            # its predecessors answer alike
MAKER = (0x00, 0x00, 0x66)
XCTL = (0x00, 0x20, 0x32, 0x58, 0x54, 0x00)          # how a surface asks that is set to talk to a mixer
QUERY, ASKS, ANSWER, WELCOME, REFUSED = 0x00, 0x01, 0x02, 0x03, 0x04

STRIPS = 8
REC, SOLO, MUTE, SELECT, PUSH = 0, 8, 16, 24, 32      # notes of the first strip
TRACK, SEND, PAN, PLUGIN, EQ, INSTRUMENT = range(40, 46)
BANK_LEFT, BANK_RIGHT, CHANNEL_LEFT, CHANNEL_RIGHT, FLIP, GLOBAL, NAME_VALUE = range(46, 53)
F1, INPUTS, AUX, BUSES, OUTPUTS, SHIFT = 54, 63, 66, 67, 68, 70
READ, WRITE, SAVE, UNDO = 74, 75, 80, 81
DROP, CLICK, SOLO_CLEAR, STOP, PLAY, RECORD = 87, 89, 90, 93, 94, 95
LEFT, RIGHT = 98, 99
TOUCH = 104                               # of the first fader; the ninth is the master's
RUDE_SOLO = 115
POT, JOG, RING, DIGIT = 16, 60, 48, 64    # controllers; digits are counted from the right, ten of time and two of assignment
OFF, FLASH, ON = 0, 1, 127
DOT, BOOST, WRAP = 0, 1, 2                # how a ring shows
TOP = 16383                               # of a fader's 14 bits
ZERO = 12588                              # where 0 dB is printed on it: measured (guide: XCTL, 4396 above the middle)
CELL, ROW = 7, 56                         # letters of a strip, and of a line of the display
METER_DB = (-60, -50, -40, -30, -20, -14, -10, -8, -6, -4, -2, 0)       # from where on each step is lit
CLIPPED, CLEARED = 14, 15
KEPT = 2048                               # messages that are not made anew each time


def at_way(pitch: int) -> float:
    """The way 0..1 of the fader law, of 14 bits."""
    return fader_law.of_steps(pitch, ZERO, TOP)


def answer(challenge: Sequence[int]) -> tuple[int, ...]:
    """What a surface wants to hear before it works for somebody; of its four bytes."""
    a, b, c, d = challenge
    return (0x7F & (a + (b ^ 0x0A) - d), 0x7F & ((c >> 4) ^ (a + d)), 0x7F & ((d - (c << 2)) ^ (a | b)), 0x7F & (b - c + (0xF0 ^ (d << 4))))


def sysex(unit: int, *data: int) -> bytes:
    return bytes((0xF0, *MAKER, unit, *data, 0xF7))


def asked(message: Any) -> tuple[int, int, tuple[int, ...]] | None:
    """Of a SysEx of such a surface: which unit, which word, and what with it."""
    data = tuple(message.data)
    if data[:6] == XCTL:
        return MAIN, WELCOME, ()
    if len(data) < 5 or data[:3] != MAKER or LOGIC.get(data[3], data[3]) not in (MAIN, XT):
        return None
    return LOGIC.get(data[3], data[3]), data[4], data[5:]


@functools.lru_cache(maxsize=KEPT)
def led(note: int, how: int) -> bytes:
    return bytes(Message("note_on", note=note, velocity=how).bytes())


def fader(number: int, way: float) -> bytes:
    return _pitch(number, fader_law.steps(way, ZERO, TOP))


def ring(number: int, way: float, how: int, centred: bool = False) -> bytes:
    """`way` 0..1 over eleven lights; `centred` lights the one below."""
    return _control(RING + number, centred << 6 | how << 4 | 1 + round(way * 10))


def dark_ring(number: int) -> bytes:
    return _control(RING + number, 0)


@functools.lru_cache(maxsize=KEPT)
def cell(unit: int, row: int, number: int, text: str) -> bytes:
    """Seven letters of one strip, in the upper or the lower row."""
    return sysex(unit, 0x12, row * ROW + number * CELL, *text.ljust(CELL)[:CELL].encode("ascii", "replace"))


def digit(place: int, letter: str) -> bytes:
    """`place` from the right. Capitals, digits and signs: the display knows ASCII from blank to underscore."""
    return _control(DIGIT + place, ord(letter.upper()) & 0x3F)


def colours(unit: int, each: Sequence[int]) -> bytes:
    """Of eight scribble strips: red is 1, green 2, blue 4."""
    return sysex(unit, 0x72, *each)


@functools.lru_cache(maxsize=KEPT)
def _control(number: int, value: int) -> bytes:
    return bytes(Message("control_change", control=number, value=value).bytes())


@functools.lru_cache(maxsize=KEPT)
def _pitch(number: int, pitch: int) -> bytes:
    return bytes(Message("pitchwheel", channel=number, pitch=pitch - 8192).bytes())


def level(db: float) -> int:
    """Steps of a meter."""
    return sum(db >= mark for mark in METER_DB)


@functools.lru_cache(maxsize=KEPT)
def meter(number: int, step: int) -> bytes:
    return bytes(Message("aftertouch", value=number << 4 | step).bytes())


def meter_modes(unit: int) -> list[bytes]:
    """Meters stand, each with its lamp."""
    return [sysex(unit, 0x21, 0x01), *(sysex(unit, 0x20, n, 0x05) for n in range(STRIPS))]
