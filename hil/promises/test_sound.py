"""What goes in comes out, where it should, when it should, the right way round."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from hil.bench import RATE, Bench, hand, impulse, plain, where

Note = Callable[..., None]


@pytest.fixture(autouse=True)
def mixer(bench: Bench) -> None:
    plain(bench)


def test_an_impulse_takes_exactly_as_long_as_the_box_says(bench: Bench, note: Note) -> None:
    with hand(bench) as desk:
        told = round(desk.report("health")["told"]["sound"]["latency_ms"]["main"] * RATE / 1000)
    sent = impulse(bench.inputs, 0)
    at, _ = where(bench.play(sent)[:, 0], sent)
    note("input to main", at, "frames", f"{told} as told")
    assert at == told


@pytest.mark.parametrize("channel", range(8))
def test_every_input_is_its_own_strip_and_the_right_way_round(bench: Bench, channel: int) -> None:
    with hand(bench) as desk:
        desk.set({f"strip/{n}/send/1/level": 0.0 if n == channel + 1 else -90.0 for n in range(1, bench.inputs + 1)})
    sent = impulse(bench.inputs, channel)
    heard = bench.play(sent)
    _, alone = where(heard[:, 2], sent)
    assert alone > 0.1
    others = np.where(np.arange(bench.inputs) == channel, 0, sent.max(axis=1, keepdims=True)).astype(np.float32)      # all at once
    assert np.abs(bench.play(others)[:, 2]).max() < 1e-4


def test_left_is_left(bench: Bench) -> None:
    with hand(bench) as desk:
        desk.set({"strip/1/pan": -1.0})
        sent = impulse(bench.inputs, 0)
        heard = bench.play(sent)
        desk.set({"strip/1/pan": 0.0})
    assert np.abs(heard[:, 0]).max() > 0.1
    assert np.abs(heard[:, 1]).max() < 1e-4


def test_nothing_is_lost_in_ten_seconds(bench: Bench, note: Note) -> None:
    t = np.arange(10 * RATE) / RATE
    tone = np.zeros((len(t), bench.inputs), np.float32)
    tone[:, 0] = 0.1 * np.sin(2 * np.pi * 997 * t)
    with hand(bench) as desk:
        before = desk.report("health")["told"]["sound"]
        heard = bench.play(tone)[RATE:-RATE, 0].astype(np.float64)
        after = desk.report("health")["told"]["sound"]
    wave = np.exp(2j * np.pi * 997 * np.arange(len(heard)) / RATE)
    rest = heard - 2 * np.real(np.vdot(wave, heard) / len(heard) * wave)
    missed = sum(after["causes"].values()) - sum(before["causes"].values())
    note("missed periods", missed, "", "0")
    note("what is not the tone", 20 * np.log10(np.std(rest) / np.std(heard)), "dB", "below -60")
    assert missed == 0
    assert np.std(rest) < 1e-3 * np.std(heard)
