"""Whole sounds are heard as the core hears them, hop by hop, to the last hundredth of a dB."""

from __future__ import annotations

import numpy as np
import pytest
from gigbox._core import ffi

from gigbox.engine.core import Engine
from gigbox.rack import CHANNELS, FEATURE_HOPS
from models.denoise import features

SECONDS, CALM_DB = 3, -95.0           # below, rounding of the two spectra differs
RNG = np.random.default_rng(4)


def sound() -> np.ndarray:
    """Noise in bursts over a hum."""
    t = np.arange(SECONDS * features.RATE) / features.RATE
    burst = 10 ** (-1.5 * (t * 2.3 % 1))
    return (0.1 * burst * RNG.standard_normal(len(t)) + 0.01 * np.sin(2 * np.pi * 100 * t)).astype(np.float32)


@pytest.fixture(scope="module")
def heard() -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """A sound, and what the core's features say of it: (hops, bands) dB."""
    x = sound()[: SECONDS * features.RATE // features.HOP * features.HOP]
    found: dict[str, list[np.ndarray]] = {name: [] for name in ("energy", "brief", "fine")}
    with Engine(1, {"box/denoise": 2}) as engine:
        for at in range(0, len(x), features.HOP):
            engine.process(x[at:at + features.HOP, None])
            newest = engine.rack.c.features[(int(engine.rack.c.hops) - 1) % FEATURE_HOPS]
            for name, rows in found.items():
                rows.append(np.frombuffer(ffi.buffer(getattr(newest, name)), np.float32).reshape(-1, CHANNELS)[:, 0].copy())
    return x, {name: np.array(rows) for name, rows in found.items()}


def near(mine: np.ndarray, theirs: np.ndarray) -> None:
    np.testing.assert_allclose(np.maximum(mine, CALM_DB), np.maximum(theirs, CALM_DB), atol=0.02)


def test_energies_are_the_cores(heard: tuple[np.ndarray, dict[str, np.ndarray]]) -> None:
    x, core = heard
    for look, name in ((features.WHOLE, "energy"), (features.BRIEF, "brief"), (features.FINE, "fine")):
        near(features.decibels(look.sums(look.spectra(x)))[8:], core[name][8:])       # a strip fades in over the first quantum
