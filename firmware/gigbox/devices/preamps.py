"""The preamplifiers of a card: which control turns the gain of which input, its phantom power and its pad."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gigbox.devices.controls import Control
from gigbox.devices.profiles import Profile

KINDS = ("gain", "phantom", "pad")


@dataclass(frozen=True)
class Knob:
    """One channel of a control, and the inputs that it turns."""

    kind: str                 # of KINDS
    control: str
    number: int               # of the controls of that name
    channel: int              # of the control, from 0
    inputs: tuple[int, ...]   # of the card, from 1
    capture: bool = True
    low: float = 0.0          # decibels of a gain
    high: float = 1.0
    step: float = 1.0


def nearest(knob: Knob, value: float) -> float:
    """Where the knob stands when it is turned to a value."""
    return round(knob.low + round((value - knob.low) / knob.step) * knob.step, 2) if knob.step > 0 else value


def knobs(profile: Profile, controls: tuple[Control, ...]) -> tuple[Knob, ...]:
    """Of each input at most one of a kind: the first that the profile's patterns find. A volume without decibels cannot be taken back, so it is none."""
    taken: dict[tuple[str, int], Knob] = {}
    for kind in KINDS:
        for pattern in getattr(profile, kind):
            for control in controls:
                if match := re.fullmatch(pattern, control.name, re.IGNORECASE):
                    for knob in _knobs(kind, control, [int(group) for group in match.groups() if group]):
                        if not any((kind, n) in taken for n in knob.inputs):
                            taken |= {(kind, n): knob for n in knob.inputs}
    return tuple(dict.fromkeys(taken.values()))


def _knobs(kind: str, control: Control, numbers: list[int]) -> Iterator[Knob]:
    if kind == "gain" and (control.kind != "volume" or not control.capture or control.low_db is None or control.high_db is None):
        return
    if kind != "gain" and control.kind != "switch":
        return
    low, high, step = (control.low_db or 0.0, control.high_db or 0.0, control.step_db) if kind == "gain" else (0.0, 1.0, 1.0)
    for channel in range(control.channels):
        first = (numbers[0] - 1) * control.channels + 1 if numbers else 1
        inputs = tuple(range(numbers[0], numbers[1] + 1)) if len(numbers) > 1 else (first + channel,)
        yield Knob(kind, control.name, control.number, channel, inputs, control.capture, low, high, step)
        if len(numbers) > 1:
            return
