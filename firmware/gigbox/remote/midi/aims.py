"""What controllers and notes move, and how their steps mean what is heard: the table of the X Air family, and strips of our own beyond it.

Source: guide 5b and the X32 MIDI implementation (2014: fader 95 is 0 dB, mute 127 on, pan 64 middle).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mido import Message

from gigbox import params
from gigbox.remote import fader_law

TOP, ZERO, MIDDLE = 127, 95, 64
STEP = 0.5 / ZERO * fader_law.ZERO_DB + 1e-6      # half a step of a controller
FADER, MUTE, PAN = range(3)                       # channels, from 0
BLOCKS = (                # channel, first controller, template, how many
    (FADER, 0, "strip/{n}/level", 16), (FADER, 17, "fx/{n}/level", 2), (FADER, 21, "monitor/{n}/level", 6), (FADER, 31, "main/level", 1),
    (FADER, 32, "group/{n}/level", 4),
    (MUTE, 0, "strip/{n}/mute", 16), (MUTE, 17, "fx/{n}/mute", 2), (MUTE, 21, "monitor/{n}/mute", 6), (MUTE, 31, "main/mute", 1),
    (MUTE, 32, "group/{n}/mute", 4), (MUTE, 36, "group/{n}/mute", 4),
    (PAN, 0, "strip/{n}/pan", 16),
)
OURS, FROM = 40, 17       # and strips from the seventeenth on are at controller 40 and up
HOWS = ("absolute", "toggle", "hold", "press")       # as it stands; each press turns over; `high` while it is down; each press puts it to `high`


@dataclass(frozen=True)
class Source:
    """What a controller has under a finger: a controller or a note of a channel, from 0."""

    kind: str                 # cc or note
    channel: int
    number: int


@dataclass(frozen=True)
class Aim:
    """What it moves. `low` and `high`: the values of both ends; `how`: one of HOWS."""

    path: str
    low: float
    high: float
    how: str = "absolute"

    @property
    def switch(self) -> bool:
        return bool(params.find(self.path).param.choices) or self.how != "absolute"

    def way(self, value: float) -> float:
        """0..1, of what is heard."""
        param = params.find(self.path).param
        if param.taper == "fader":
            start, end = fader_law.way(self.low), fader_law.way(self.high)
            at = fader_law.way(value)
        else:
            start, end, at = (param.position(param.clamp(each)) for each in (self.low, self.high, value))
        return min(max((at - start) / (end - start), 0.0), 1.0) if end != start else 0.0

    def value(self, way: float) -> float:
        param = params.find(self.path).param
        if param.taper == "fader":
            start, end = fader_law.way(self.low), fader_law.way(self.high)
            return fader_law.decibels(start + way * (end - start))
        start, end = param.position(param.clamp(self.low)), param.position(param.clamp(self.high))
        return param.at(start + way * (end - start))


def whole(path: str, how: str = "absolute") -> Aim:
    """Over the parameter's own range."""
    param = params.find(path).param
    return Aim(path, param.low, param.high, how)


def table() -> dict[Source, Aim]:
    """What the X Air family has, and our own strips beyond it."""
    found = {Source("cc", channel, first + n - 1): whole(template.format(n=n)) for channel, first, template, count in BLOCKS for n in range(1, count + 1)}
    strips = ((FADER, "strip/{n}/level"), (MUTE, "strip/{n}/mute"), (PAN, "strip/{n}/pan"))
    return found | {Source("cc", channel, OURS + n - FROM): whole(template.format(n=n)) for channel, template in strips
                    for n in range(FROM, params.COUNTS["strip"] + 1)}


def number(aim: Aim, value: float) -> int:
    """0..127, of what is heard."""
    way = aim.way(value)
    if aim.path.endswith("/pan"):
        return min(max(MIDDLE + round((way - 0.5) * 2 * (TOP - MIDDLE)), 1), TOP)
    if params.find(aim.path).param.taper == "fader":
        return fader_law.steps(way, ZERO, TOP)
    return round(way * TOP)


def way(aim: Aim, number: int) -> float:
    """The other way round: where it stands, 0..1."""
    if aim.path.endswith("/pan"):
        return min(max(0.5 + (number - MIDDLE) / (TOP - MIDDLE) / 2, 0.0), 1.0)
    if params.find(aim.path).param.taper == "fader":
        return fader_law.of_steps(number, ZERO, TOP)
    return number / TOP


def heard(message: Any) -> tuple[Source | None, int]:
    """What moved, and where it stands now; a note that ends is at 0."""
    if message.type == "control_change":
        return Source("cc", message.channel, message.control), message.value
    if message.type in ("note_on", "note_off"):
        return Source("note", message.channel, message.note), message.velocity if message.type == "note_on" else 0
    return None, 0


def said(source: Source, value: int) -> bytes:
    """As the controller itself says it."""
    message = Message("control_change", channel=source.channel, control=source.number, value=value) if source.kind == "cc" else \
        Message("note_on", channel=source.channel, note=source.number, velocity=value)
    return bytes(message.bytes())
