"""Simulated cards for tests: made in memory, the only ones that libasound knows, and closed again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from gigbox.engine.card import Card, CardWish
from gigbox.engine.core import Engine
from gigbox.engine.simulated import NAME, SimulatedCard, only
from gigbox.rack import RATE, Rack
from tests.live_box import eventually

PLAIN = {"box/lookahead": 0.0, "box/denoise": 0.0}
TONE = 0.25                     # what every input carries, constant; in the middle of main it is that, 3 dB lower
MAIN = TONE * 0.5 ** 0.5
FOREVER = 2 ** 62


def simulated(inputs: int = 2, outputs: int = 2, **more: Any) -> SimulatedCard:
    card = SimulatedCard(inputs, outputs, **more)
    only(card)
    return card


@contextmanager
def playing(card: SimulatedCard, channels: int = 1, **wish: Any) -> Iterator[tuple[Card, Rack]]:
    """The engine on this card, which carries a constant tone at every input; sound has come up."""
    card.input[:] = np.int32(TONE * 2 ** 31)
    card.c.looped = 1
    with Engine(channels, PLAIN) as engine, Card(CardWish(NAME, **wish)) as opened:
        opened.play(engine)
        if card.c.clock == 0:
            eventually(lambda: engine.rack.frames > RATE // 10, 5, "sound")
        yield opened, engine.rack
