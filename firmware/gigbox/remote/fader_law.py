"""How far up a fader is at how many decibels, as it is printed on what people own: straight lines between marks, 10 dB a quarter at the top.

Source: the fader law of the X Air and X32 families; the scale printed on Mackie Control surfaces has the same marks (+10, 5, 0, 5, 10, 20, 30 ...).
"""

from __future__ import annotations

from itertools import pairwise

from gigbox.params import OFF_DB

MARKS = ((0.0, OFF_DB), (0.0625, -60.0), (0.25, -30.0), (0.5, -10.0), (1.0, 10.0))       # way 0..1, dB; the bottom is off
ZERO_DB = 0.75               # where 0 dB is


def decibels(way: float) -> float:
    """Of a way 0..1; OFF_DB at its bottom."""
    return _between(MARKS, min(max(way, 0.0), 1.0))


def way(db: float) -> float:
    """0..1, of decibels."""
    return _between(tuple((level, at) for at, level in MARKS), min(max(db, OFF_DB), MARKS[-1][1]))


def steps(way: float, zero: int, top: int) -> int:
    """0..`top`, of a way, on a fader whose 0 dB is at `zero`."""
    return round(way / ZERO_DB * zero if way <= ZERO_DB else zero + (way - ZERO_DB) / (1 - ZERO_DB) * (top - zero))


def of_steps(step: int, zero: int, top: int) -> float:
    """The other way round."""
    return step / zero * ZERO_DB if step <= zero else ZERO_DB + (step - zero) / (top - zero) * (1 - ZERO_DB)


def _between(marks: tuple[tuple[float, float], ...], x: float) -> float:
    for (x0, y0), (x1, y1) in pairwise(marks):
        if x <= x1:
            return y0 + (x - x0) * (y1 - y0) / (x1 - x0)
    return marks[-1][1]
