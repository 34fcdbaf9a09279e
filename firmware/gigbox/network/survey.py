"""Which channel is least busy, by what is heard of other people's networks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# 5 GHz without those where a radar may silence an access point at any moment (ETSI EN 301 893, DFS: 52 to 144); 2.4 GHz where three do not overlap.
UPPER_IN = frozenset(("US", "CA", "AU", "NZ", "BR", "MX", "IN", "SG", "CN"))      # where 149 to 161 need no look-out for radars
FIVE = (36, 40, 44, 48)
UPPER_FIVE = (149, 153, 157, 161)
TWO = (1, 6, 11)
REACH_24 = 4              # channels of 5 MHz that a network of 20 MHz is heard beside its own


@dataclass(frozen=True)
class Heard:
    """Another network. strength: 0 to 100, as nmcli says it."""

    channel: int
    strength: int


def choose(heard: Iterable[Heard], country: str, five: bool) -> int:
    """The allowed channel that carries least of others; of equals the first. `five`: the radio has 5 GHz, which nobody may use before a country was told."""
    networks = tuple(heard)
    return min(allowed(country, five), key=lambda channel: burden(channel, networks))


def allowed(country: str, five: bool) -> tuple[int, ...]:
    if not five or not country:
        return TWO
    return FIVE + UPPER_FIVE if country in UPPER_IN else FIVE


def burden(channel: int, heard: Sequence[Heard]) -> float:
    """How much of others is on it: each by its strength, those beside it in 2.4 GHz by how far they reach in."""
    total = 0.0
    for each in heard:
        apart = abs(each.channel - channel)
        if channel > 14 or each.channel > 14:
            total += each.strength if apart == 0 else 0
        elif apart <= REACH_24:
            total += each.strength * (1 - apart / (REACH_24 + 1))
    return total
