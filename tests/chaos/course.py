"""Which fault comes when. The same seed gives the same course."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

PROGRAMS = ("engine", "desk", "brain", "ideas", "web", "panel", "remote", "tape")
RUNNER = "run"
LONGEST_S = 10.0


@dataclass(frozen=True)
class Fault:
    """Begins at `at` seconds and lasts `lasts`. `victim`: whom it hits, or who is killed while it lasts; `size`: seconds of a clock or a card."""

    at: float
    kind: str
    lasts: float = 0.0
    victim: str = ""
    size: float = 0.0

    @property
    def ends(self) -> float:
        return self.at + self.lasts

    def __str__(self) -> str:
        words = [f"{self.at:7.1f} s  {self.kind}", self.victim, f"by {self.size:g} s" if self.size else "", f"for {self.lasts:.1f} s" if self.lasts else ""]
        return " ".join(filter(None, words))


def course(seed: int, seconds: float, gap_s: float, longest_s: float) -> list[Fault]:
    """Faults every `gap_s` on the average, each kind and victim in turn, in an order of their own. No kind overlaps itself; all are over in time."""
    dice, found, at = random.Random(seed), list[Fault](), 0.0
    free: dict[str, float] = {}                  # when a kind is over
    for fault in _deck(dice, longest_s):
        at = max(at + dice.uniform(0.2, 1.8) * gap_s, free.get(_key(fault), 0.0))
        if at + fault.lasts > seconds:
            return found
        found.append(Fault(at, fault.kind, fault.lasts, fault.victim, fault.size))
        free[_key(fault)] = at + fault.lasts + 0.5
    raise AssertionError("the deck is endless")


def _key(fault: Fault) -> str:
    return fault.victim if fault.kind in ("kill", "stop") else fault.kind


def _deck(dice: random.Random, longest_s: float) -> Iterator[Fault]:
    while True:
        def some(least: float) -> float:
            return dice.uniform(least, max(longest_s, least))

        deck = [Fault(0, "kill", victim=name) for name in PROGRAMS]
        deck += [Fault(0, "stop", some(0.5), name) for name in (*PROGRAMS, RUNNER)]
        deck += [Fault(0, kind, some(2.0), dice.choice(PROGRAMS)) for kind in ("no forks", "no interpreter")]
        deck += [Fault(0, "full disk", some(2.0)), Fault(0, "slow card", some(2.0), size=0.6)]
        deck += [Fault(0, "clock", size=sign * dice.choice((30.0, 3600.0, 1e8))) for sign in (-1, 1)]
        dice.shuffle(deck)
        yield from deck
