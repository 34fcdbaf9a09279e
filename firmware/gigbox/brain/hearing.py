"""The meters of the rack as the mixing rules want them."""

from __future__ import annotations

from gigbox.brain.activity import Array
from gigbox.brain.automix import Heard
from gigbox.rack import Rack, decibels, lufs


def hear(rack: Rack, trims: Array) -> Heard:
    """One look at the strips; `trims`: what hands added to each trim, dB."""
    count = rack.channels
    momentary, latest = (lufs(rack.view(f"strips.{name}")[:count]) for name in ("momentary", "k_block"))
    return Heard(momentary, latest, decibels(rack.view("strips.in_peak")[:count] ** 2), trims)
