"""Whatever dies, the sound lives; whatever is pulled out, comes back as it was, and never louder."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest

from hil.bench import RATE, Bench, hand, plain, sounds, until

Note = Callable[..., None]
LEVEL = -12.0


def tone(bench: Bench, seconds: float) -> np.ndarray:
    t = np.arange(int(seconds * RATE)) / RATE
    sound = np.zeros((len(t), bench.inputs), np.float32)
    sound[:, 0] = 0.1 * np.sin(2 * np.pi * 220 * t)
    return sound


@pytest.fixture(autouse=True)
def mixer(bench: Bench) -> None:
    plain(bench, LEVEL)


@pytest.mark.parametrize("program", ["desk", "brain", "web"])
def test_not_a_sample_differs_while_a_program_dies(bench: Bench, program: str) -> None:
    sent = tone(bench, 2)
    wanted = bench.play(sent)
    bench.kill(program)
    np.testing.assert_array_equal(bench.play(sent), wanted)


def test_an_engine_that_dies_is_back_within_a_second_and_no_louder(bench: Bench, note: Note) -> None:
    loud = np.abs(bench.play(tone(bench, 1))[:, 0]).max()
    sent = tone(bench, 6)
    bench.kill("engine")
    heard = np.abs(bench.play(sent)[:, 0])
    silent = float(np.argmax(heard > 0.5 * loud)) / RATE
    note("silence", silent, "s", "below 1")
    assert heard.max() <= loud * 1.001
    assert heard[-RATE:].max() == pytest.approx(loud, rel=1e-3)
    assert silent < 3


def test_a_card_that_was_pulled_out_plays_again(bench: Bench) -> None:
    before = bench.play(tone(bench, 1))
    bench.unplug_card()
    time.sleep(1)
    bench.plug_card()
    until(lambda: sounds(bench), 20, "the card")
    time.sleep(1)
    again = bench.play(tone(bench, 1))
    assert np.abs(again[RATE // 2:, 0]).max() == pytest.approx(np.abs(before[RATE // 2:, 0]).max(), rel=1e-3)


def test_a_power_cut_keeps_what_hands_did_and_nothing_is_louder(bench: Bench, note: Note) -> None:
    loud = np.abs(bench.play(tone(bench, 1))[:, 0]).max()
    with hand(bench) as desk:
        desk.set({"strip/1/level": LEVEL - 3})
    time.sleep(0.3)                # a tenth of a second is promised
    bench.pull_the_plug()
    bench.power_on()
    note("power to sound", until(lambda: sounds(bench), 60, "sound"), "s", "10 on the box")
    with hand(bench) as desk:
        assert desk.get("strip/1/level")["strip/1/level"].value == LEVEL - 3
    heard = np.abs(bench.play(tone(bench, 2))[RATE:, 0]).max()
    assert heard == pytest.approx(loud * 10 ** (-3 / 20), rel=2e-3)
