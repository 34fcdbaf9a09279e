"""The training hears what the core hears: windows and bands are the core's own, and its recursions are done over again to the last hundredth of a dB."""

from __future__ import annotations

import numpy as np
import pytest
from gigbox._core import ffi

from gigbox import params
from gigbox.brain.denoise.denoiser import standardise
from gigbox.engine.core import Engine
from gigbox.rack import CHANNELS, FEATURE_HOPS
from models.denoise import features
from models.denoise.data import active_level
from models.denoise.recordings import VOICE

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
    found: dict[str, list[np.ndarray]] = {name: [] for name in ("energy", "smooth", "minimum", "brief")}
    with Engine(1, {"box/denoise": 1}) as engine:
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
    for look, name in ((features.WHOLE, "energy"), (features.BRIEF, "brief")):
        near(features.decibels(look.sums(look.spectra(x)))[4:], core[name][4:])       # a strip fades in over the first quantum


def test_smoothing_and_minima_are_the_cores(heard: tuple[np.ndarray, dict[str, np.ndarray]]) -> None:
    _, core = heard
    smooth, minimum = features.track(10 ** (core["energy"] / 10))
    near(features.decibels(smooth), core["smooth"])
    near(features.decibels(minimum), core["minimum"])


def test_inputs_are_what_the_brain_makes_of_the_cores_features(heard: tuple[np.ndarray, dict[str, np.ndarray]]) -> None:
    _, core = heard
    mine = features.inputs(10 ** (core["energy"][:, None] / 10), 10 ** (core["brief"][:, None] / 10), np.array([VOICE]))[:, 0]
    flags = np.tile(np.float32([1, 0]), (len(mine), 1))
    brains = standardise(core["energy"].T, core["smooth"].T, core["minimum"].T, core["brief"].T, flags)
    np.testing.assert_allclose(mine, brains, atol=0.005)
    assert params.ROLES[1] == "lead_vocal"


def test_a_mixture_is_the_sum_of_its_parts_and_their_product() -> None:
    s, n = sound(), sound()[::-1].copy()
    for look in (features.WHOLE, features.BRIEF, features.HEARD):
        spectra = [look.spectra(x) for x in (s, n, s + np.float32(0.5) * n)]
        apart = look.sums(spectra[0]) + 0.25 * look.sums(spectra[1]) + look.sums(spectra[0], spectra[1])
        np.testing.assert_allclose(apart, look.sums(spectra[2]), rtol=1e-3, atol=1e-9)


def test_the_gain_is_judged_where_it_is_heard() -> None:
    """A click is loudest in the hop whose gain it meets: CENTRE frames behind the hop's end."""
    x = np.zeros(40 * features.HOP, np.float32)
    at = 20 * features.HOP + features.CENTRE
    x[at] = 1
    power = features.HEARD.sums(features.HEARD.spectra(x)).sum(axis=1)
    assert np.argmax(power) == 19


def test_the_active_level_leaves_the_pauses_out() -> None:
    power = np.concatenate([np.full(50, 1e-2), np.full(150, 1e-9)])
    assert active_level(power) == pytest.approx(-20, abs=0.01)
    assert active_level(np.zeros(10)) == -120
