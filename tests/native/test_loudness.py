"""Loudness of strips and buses is what ITU-R BS.1770-4 says; pyloudnorm is the judge."""

from __future__ import annotations

import numpy as np
import pyloudnorm
import pytest

from gigbox.engine.core import Engine
from gigbox.loudness import integrated
from gigbox.rack import METER_FRAMES, lufs

from .sounds import PLAIN, RATE, Signal, db, noise, quanta, sine, voice

METER = pyloudnorm.Meter(RATE)
SOUNDS = {"noise": noise(8, 0.1), "speech": voice(8, 0.1), "100 Hz": sine(100, 8, 0.3), "1 kHz": sine(1000, 8, 0.3), "10 kHz": sine(10000, 8, 0.3)}
VALUES = PLAIN | {"strip/1/pan": -1, "strip/2/pan": 1, "strip/1/send/1/level": 0}


def heard(x: Signal) -> dict[str, np.ndarray]:
    """Every reading the engine publishes, one row each 100 ms, and the main outputs."""
    names = [f"{who}.{what}" for who in ("strips", "buses") for what in ("k_block", "momentary", "short_term")]
    rows: dict[str, list[np.ndarray]] = {name: [] for name in [*names, "out"]}
    with Engine(2, VALUES) as engine:
        for block in np.split(quanta(x), len(x) // METER_FRAMES):
            rows["out"].append(engine.process(block)[0])
            for name in names:
                rows[name].append(engine.rack.view(name).copy())
    return {name: np.vstack(found) for name, found in rows.items()}


def weighted(x: Signal) -> Signal:
    for stage in METER._filters.values():
        x = np.apply_along_axis(stage.apply_filter, 0, x)
    return x


def stereo(name: str) -> Signal:
    return np.column_stack([SOUNDS[name], SOUNDS[name][::-1] * db(-6)])


@pytest.mark.parametrize("name", SOUNDS)
def test_strips_read_what_the_standard_says(name: str) -> None:
    x = stereo(name)
    readings, power = heard(x), weighted(x) ** 2
    for end in (40, 63, 80):
        for field, blocks in (("k_block", 1), ("momentary", 4), ("short_term", 30)):
            wanted = power[(end - blocks) * METER_FRAMES : end * METER_FRAMES].mean(0)
            np.testing.assert_allclose(lufs(readings[f"strips.{field}"][end - 1, :2]), lufs(wanted), atol=0.1)


@pytest.mark.parametrize("name", SOUNDS)
def test_buses_read_what_the_standard_says(name: str) -> None:
    readings = heard(stereo(name))
    power = weighted(readings["out"][:, :3].astype(float)) ** 2
    for field, blocks in (("k_block", 1), ("momentary", 4), ("short_term", 30)):
        np.testing.assert_allclose(lufs(readings[f"buses.{field}"][-1, :3]), lufs(power[-blocks * METER_FRAMES :].mean(0)), atol=0.1)


@pytest.mark.parametrize("name", SOUNDS)
def test_integrated_loudness_agrees_with_pyloudnorm(name: str) -> None:
    readings = heard(stereo(name))
    assert integrated(readings["buses.k_block"][:, :2].sum(1)) == pytest.approx(METER.integrated_loudness(readings["out"][:, :2].astype(float)), abs=0.1)


def test_pauses_are_gated_out() -> None:
    x = np.vstack([stereo("noise"), np.zeros((RATE * 8, 2)), db(-15) * stereo("noise")])
    readings = heard(x)
    assert integrated(readings["buses.k_block"][:, :2].sum(1)) == pytest.approx(METER.integrated_loudness(readings["out"][:, :2].astype(float)), abs=0.1)


def test_a_full_scale_kilohertz_on_one_side_reads_minus_3() -> None:
    assert lufs(heard(np.column_stack([sine(997, 1, 1), 0 * sine(997, 1)]))["strips.momentary"][-1, 0]) == pytest.approx(-3.01, abs=0.03)


def test_peaks_are_held_and_fall_20_db_a_second() -> None:
    with Engine(1, PLAIN) as engine:
        engine.process(quanta(sine(1000, 0.1, 0.5)))
        begin = engine.rack.view("strips.in_peak")[0]
        engine.process(np.zeros((RATE, 1), np.float32))
        assert begin == pytest.approx(0.5, abs=0.005)
        assert 20 * np.log10(engine.rack.view("strips.in_peak")[0] / begin) == pytest.approx(-20, abs=0.3)
