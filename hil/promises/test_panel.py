"""Who turns a knob hears it at once; who looks at the display sees what is heard."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from hil.bench import RATE, Bench, Sound, plain, until
from hil.viewer import Picture

Note = Callable[..., None]
LEVEL = -12.0
TURNS = 20
HEARD_S, SEEN_S = 0.1, 0.25       # a hand notices what comes later; a picture is drawn 20 times a second, and a meter rises within one
NOTICED = 0.01                # of the tone: a click of the knob is six times that
METER = (slice(12, 54), slice(1, 5))      # rows and columns of the first strip's on the home page


@pytest.fixture(autouse=True)
def mixer(bench: Bench) -> Iterator[None]:
    plain(bench, LEVEL)
    yield
    plain(bench, LEVEL)


def tone(bench: Bench, seconds: float, begin: float = 0.0) -> Sound:
    t = np.arange(int(seconds * RATE)) / RATE
    sound = np.zeros((len(t), bench.inputs), np.float32)
    sound[:, 0] = np.where(t < begin, 0, 0.1 * np.sin(2 * np.pi * 997 * t))
    return sound


def changed(heard: Sound, at: int) -> int:
    """Frames from `at` to the first one that is not the tone as it was until then."""
    wave = np.exp(2j * np.pi * 997 * np.arange(len(heard)) / RATE)
    before = slice(at // 2, at)
    amplitude = 2 * np.vdot(wave[before], heard[before]) / (at - at // 2)
    differs = np.abs(heard - np.real(amplitude * wave)) > NOTICED * abs(amplitude)
    assert differs[at:].any(), "the knob: nothing is heard of it"
    return int(np.argmax(differs[at:]))


def test_a_turn_of_the_knob_is_heard_at_once(bench: Bench, note: Note) -> None:
    at, sent, took = RATE // 2, tone(bench, 0.8), []
    bench.turn(1)                     # a panel that rests is only woken by the first
    for n in range(TURNS):
        heard = bench.play(sent, at, lambda n=n: bench.turn(1 if n % 2 else -1))     # type: ignore[misc]
        took.append(changed(heard[:, 0].astype(np.float64), at) / RATE)
    note("knob to sound, p99", 1000 * float(np.quantile(took, 0.99)), "ms", f"{1000 * HEARD_S:g}")
    note("knob to sound, median", 1000 * float(np.median(took)), "ms", "told")
    assert max(took) <= HEARD_S


def test_a_sound_is_seen_on_the_display_at_once(bench: Bench, note: Note) -> None:
    picture, at, seen = Picture(bench.panel_socket()), RATE, []

    def rises() -> float:
        return until(lambda: picture.next()[METER].mean() > 0.5, 2, "the meter")

    try:
        until(lambda: picture.next()[METER].mean() < 0.1, 5, "a dark meter")
        bench.play(tone(bench, 2.5, begin=1.0), at, lambda: seen.append(rises()))
    finally:
        picture.close()
    note("sound to display", 1000 * seen[0], "ms", f"{1000 * SEEN_S:g}")
    assert seen[0] <= SEEN_S
