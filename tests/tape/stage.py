"""An engine and a desk that a test holds in its hand: a real core in memory of its own, played as far as the test says."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from gigbox.desk.client import Change, Value
from gigbox.engine.core import Engine
from gigbox.rack import Floats, Rack
from gigbox.takes.shelf import Place

NOISE = np.random.default_rng(7)


def sound(frames: int, channels: int) -> Floats:
    """Noise of 24 bit: what a converter gives."""
    return (NOISE.integers(-2 ** 23, 2 ** 23, (frames, channels)) / 2 ** 23).astype(np.float32)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Stage:
    """`play` gives so many frames to the engine, and to whoever listens on the way; `heard` is all that was played."""

    def __init__(self, channels: int = 3) -> None:
        self.clock = Clock()
        self.heard: list[Floats] = []
        self.mixed: list[Floats] = []
        self.begin(channels)

    def begin(self, channels: int) -> None:
        """An engine, in a new rack."""
        self.rack = rack = Rack(None, channels)
        rack.replaced = lambda: self.rack is not rack      # type: ignore[method-assign]
        self.engine = Engine(channels, rack=rack)

    def open_rack(self) -> Rack:
        return self.rack

    def play(self, frames: int, listen: Callable[[], object] = lambda: None, each: int = 4800) -> None:
        for first in range(0, frames, each):
            piece = sound(min(each, frames - first), self.rack.channels)
            self.heard.append(piece)
            self.mixed.append(self.engine.process(piece)[0][:, :2])
            self.clock.now += len(piece) / 48000
            listen()


class Desk:
    """The part of the desk's client that the recorder uses."""

    def __init__(self, **values: Any) -> None:
        self.values: dict[str, Any] = {"tape/record": False, "box/song": "", "box/mode": "show", **{path.replace("__", "/"): v for path, v in values.items()}}
        self.told: list[dict[str, Any]] = []
        self.hear: Callable[[Change], None] = lambda change: None

    def watch(self, _: Any, hear: Callable[[Change], None]) -> None:
        self.hear = hear
        hear(Change({path: Value(value, None, value) for path, value in self.values.items()}))

    def set(self, values: dict[str, Any], by: str = "test", why: str = "") -> None:
        self.values |= values
        self.hear(Change({path: Value(value, None, value) for path, value in values.items()}, by, "hand", why))

    def post(self, name: str, told: dict[str, Any]) -> None:
        assert name == "tape"
        self.told.append(told)


def at(folder: Path) -> Callable[[], list[Place]]:
    return lambda: [Place(folder)]


def until(true: Callable[[], object], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.002)
