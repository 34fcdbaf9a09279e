"""What the core's tests play, and how they run it: float64 signals, 48 kHz, one column a channel."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from gigbox.engine.core import Engine
from tests.harmonics import harmonics

RATE = 48000
LATENCY = 48        # frames the main limiter looks ahead
FADE = 2400         # frames an engine takes to fade in
PLAIN = {"box/lookahead": 0, "box/denoise": 0}      # nothing but what a test asks for

Signal = npt.NDArray[np.float64]


def db(gain: float) -> float:
    return float(10 ** (gain / 20))


def rms_db(x: npt.ArrayLike) -> float:
    return float(10 * np.log10(np.mean(np.square(x, dtype=float)) + 1e-20))


def sine(hz: float, seconds: float, amplitude: float = 1, phase: float = 0) -> Signal:
    return amplitude * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE + phase)


def noise(seconds: float, rms: float = 0.1, seed: int = 1) -> Signal:
    return np.random.default_rng(seed).normal(0, rms, round(seconds * RATE))


def voice(seconds: float, rms: float = 0.1, seed: int = 1) -> Signal:
    """Something like singing: harmonics of a gliding pitch, in syllables with pauses."""
    t = np.arange(round(seconds * RATE)) / RATE
    turn = 2 * np.pi * np.cumsum(160 + 30 * np.sin(2 * np.pi * 0.7 * t + seed)) / RATE
    x = harmonics(turn, 24, lambda k: 1 / k, lambda k: seed * k)
    x *= np.maximum(0, np.sin(2 * np.pi * 1.8 * t)) ** 0.5
    return rms * x / np.sqrt(np.mean(x**2))


def quanta(x: npt.ArrayLike) -> npt.NDArray[np.float32]:
    """As (n, channels) float32, padded with silence to whole quanta."""
    x = np.asarray(x, np.float32)
    x = x[:, None] if x.ndim == 1 else x
    return np.vstack([x, np.zeros((-len(x) % 32, x.shape[1]), np.float32)])


def play(x: npt.ArrayLike, values: Mapping[str, float], lead: int = 64) -> tuple[Signal, Signal]:
    """Outputs (n, 8) and stems (n, channels, 2) of an engine that heard `lead` frames of silence before `x`; plain unless `values` say otherwise."""
    x = quanta(x)
    with Engine(x.shape[1], PLAIN | dict(values)) as engine:
        engine.process(np.zeros((lead, x.shape[1]), np.float32))
        out, stems = engine.process(x, stems=True)
    assert stems is not None
    return out.astype(float), stems.astype(float)


def strip(x: npt.ArrayLike, values: Mapping[str, float]) -> Signal:
    """One strip alone, before its fader; `values` are without `strip/1/`."""
    _, stems = play(x, {"strip/1/pan": -1} | {f"strip/1/{path}": value for path, value in values.items()})
    return stems[: len(np.asarray(x)), 0, 0]


def main_bus(x: npt.ArrayLike, values: Mapping[str, float]) -> Signal:
    """Main left and right (n, 2) with one strip to each side (one column in `x`: to the left alone), the limiter's delay taken off, after the fade-in."""
    x = np.asarray(x, float)
    x = np.column_stack([x, 0 * x]) if x.ndim == 1 else x
    padded = np.vstack([x, np.zeros((LATENCY, 2))])
    out, _ = play(padded, {"strip/1/pan": -1, "strip/2/pan": 1} | dict(values), lead=FADE + 32)
    return out[LATENCY : LATENCY + len(x), :2]


def monitor(x: npt.ArrayLike, values: Mapping[str, float]) -> Signal:
    """Monitor 1 with one strip in it at 0 dB."""
    out, _ = play(x, {"strip/1/send/1/level": 0} | dict(values), lead=FADE + 32)
    return out[: len(np.asarray(x)), 2]
