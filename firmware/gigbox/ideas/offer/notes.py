"""A note of an offer."""

from __future__ import annotations

from typing import NamedTuple


class Note(NamedTuple):
    """`at` and `length` in beats; MIDI pitch and velocity."""

    at: float
    length: float
    pitch: int
    velocity: int
