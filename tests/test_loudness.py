"""Loudness as the box tells it is what BS.1770 says, by another implementation and by the standard's own numbers."""

from __future__ import annotations

import warnings

import numpy as np
import pyloudnorm
import pytest

from gigbox.engine.core import Engine
from gigbox.loudness import SILENCE, integrated
from gigbox.rack import METER_FRAMES, RATE

Signal = np.ndarray
T = np.arange(12 * RATE) / RATE
PINK = np.cumsum(np.random.default_rng(5).normal(0, 1, len(T))) * 1e-4


def noise(rms: float, seed: int = 1) -> Signal:
    return np.random.default_rng(seed).normal(0, rms, len(T))


SIGNALS = {
    "a tone": 0.2 * np.sin(2 * np.pi * 997 * T),
    "a low tone": 0.5 * np.sin(2 * np.pi * 60 * T),
    "noise": noise(0.1),
    "phrases": noise(0.1) * (np.sin(2 * np.pi * 0.3 * T) > 0),
    "a quiet half that the relative gate drops": noise(0.1) * np.where(T < 6, 1, 0.01),
    "a half near the relative gate": noise(0.1) * np.where(T < 6, 1, 0.4),
    "silence but for one second": noise(0.1) * ((T > 5) & (T < 6)),
    "hits": noise(0.3) * np.exp(-((T % 0.5) / 0.05)),
    "brown noise": PINK - PINK.mean(),
}


def blocks(sound: Signal) -> Signal:
    """Mean squares of 100 ms as the engine publishes them, strips summed."""
    rows = []
    sound = sound.reshape(len(sound), -1).astype(np.float32)
    with Engine(sound.shape[1], {"box/denoise": 0, "box/lookahead": 0}) as engine:
        for start in range(0, len(sound), METER_FRAMES):
            engine.process(sound[start:start + METER_FRAMES])
            rows.append(engine.rack.view("strips.k_block")[: sound.shape[1]].sum())
    return np.array(rows, float)


def reference(sound: Signal) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(pyloudnorm.Meter(RATE).integrated_loudness(sound))


@pytest.mark.parametrize("name", SIGNALS)
def test_integrated_loudness_agrees_with_pyloudnorm_within_a_tenth(name: str) -> None:
    assert integrated(blocks(SIGNALS[name])) == pytest.approx(reference(SIGNALS[name]), abs=0.1)


def test_two_channels_are_summed_as_the_standard_says() -> None:
    sound = np.stack([SIGNALS["noise"], SIGNALS["phrases"]], 1)
    assert integrated(blocks(sound)) == pytest.approx(reference(sound), abs=0.1)


def test_a_full_scale_tone_at_997_hz_reads_minus_3() -> None:
    """BS.1770-4, annex 1: a 0 dB FS 997 Hz sine in one channel."""
    assert integrated(blocks(np.sin(2 * np.pi * 997 * T))) == pytest.approx(-3.01, abs=0.05)


def test_what_is_below_the_absolute_gate_does_not_count() -> None:
    with_rest = np.concatenate([np.full(50, 1e-3), np.full(500, 1e-8)])
    assert integrated(with_rest) == pytest.approx(integrated(np.full(50, 1e-3)), abs=0.35)   # the three windows on the edge


@pytest.mark.parametrize("power", [[], [1.0], [1.0] * 3, np.zeros(100), np.full(100, 1e-9)])
def test_too_little_or_nothing_reads_as_silence(power: object) -> None:
    assert integrated(power) == SILENCE     # type: ignore[arg-type]
