"""The words in which promises are tried. `simulated.py` and `real.py` know how each is done; a promise knows neither."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from gigbox.desk.client import Client
from gigbox.errors import GigboxError

Sound = npt.NDArray[np.float32]
RATE = 48000
SETTLED_S = 2.0               # a hand's fader is there at once, but never hurries one that is being drawn slowly; the slowest take 1.5 s
# A plain mixer: what goes in comes out, and nothing that listens or decides is in the way.
PLAIN: dict[str, object] = {"box/depth": 0.0, "box/freeze": True, "box/denoise": "off"}


def nothing() -> None:
    """What is done meanwhile, mostly."""


class Bench(Protocol):
    """A box with its plug, its cables and its programs within reach."""

    name: str
    inputs: int
    outputs: int

    def power_on(self) -> None: ...

    def pull_the_plug(self) -> None:
        """Nothing is told, nothing is written any more."""

    def desk_socket(self) -> Path: ...

    def panel_socket(self) -> Path: ...

    def play(self, sound: Sound, at: int = 0, meanwhile: Callable[[], None] = nothing) -> Sound:
        """(n, inputs) into the box, full scale at 1; (n, outputs) that came out meanwhile: what is played in frame f is heard in frame f plus the latency.

        `meanwhile` is done once frame `at` has gone in.
        """

    def turn(self, clicks: int) -> None:
        """The second knob, which changes the level of the strip that the panel shows."""

    def kill(self, program: str) -> None:
        """SIGKILL."""

    def unplug_card(self) -> None: ...

    def plug_card(self) -> None: ...


def until(true: Callable[[], object], seconds: float, what: str, look_s: float = 0.02) -> float:
    """How long it took; AssertionError where that is too long. A box that does not answer is asked again."""
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        with contextlib.suppress(GigboxError, OSError):
            if true():
                return time.monotonic() - begun
        time.sleep(look_s)
    raise AssertionError(f"{what}: not within {seconds:g} s")


@contextlib.contextmanager
def hand(bench: Bench) -> Iterator[Client]:
    """On its knobs, by the desk. It has looked before it touches anything."""
    with Client(bench.desk_socket(), by="bench", timeout=5.0) as desk:
        desk.get("box/*")
        yield desk


def plain(bench: Bench, level: float = 0.0) -> None:
    """The box as a plain mixer, all strips in the middle at one level, and nothing of what was tried before."""
    with hand(bench) as desk:
        before = {path: value.value for path, value in desk.get("*").items()}
        desk.release("strip/*")
        desk.set({**PLAIN, **{f"strip/{n}/level": level for n in range(1, bench.inputs + 1)}})
        if any(before[path] != value.value for path, value in desk.get("*").items()):
            time.sleep(SETTLED_S)


def sounds(bench: Bench) -> bool:
    with hand(bench) as desk:
        told = desk.report("health")["told"]["sound"]
    return told is not None and told["card"]["state"] == "running"


def impulse(inputs: int, channel: int, frames: int = RATE // 4, level: float = 0.25) -> Sound:
    """One sample, a tenth of the way in."""
    sound = np.zeros((frames, inputs), np.float32)
    sound[frames // 10, channel] = level
    return sound


def where(heard: Sound, sent: Sound) -> tuple[int, float]:
    """Of one output: frames from the impulse in to the largest sample out, and that sample."""
    at = int(np.argmax(np.abs(heard)))
    return at - int(np.argmax(np.abs(sent).max(axis=1))), float(heard[at])
