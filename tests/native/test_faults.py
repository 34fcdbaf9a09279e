"""Wrong numbers cannot leave the box: a strip that carries one goes silent and comes back, and nobody else notices."""

from __future__ import annotations

import numpy as np
import pytest

from gigbox import params
from gigbox.engine.core import Engine

from .sounds import db, noise, quanta
from .test_blocks import alone, sounds

AT, SILENCE, BACK = 9600, 4800, 960         # frames: where the bad sample is, how long it silences, how long the strip takes to come back
PAST_ALL = {f"strip/{n}/{path}": value for n in (2, 3) for path, value in (("gate/on", 0), ("denoise/amount", 0))}
BAD = [np.nan, np.inf, -np.inf, 1e30, -3e38, 1e18]


def run(x: np.ndarray, values: dict[str, float]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    with Engine(x.shape[1], values) as engine:
        out, stems = engine.process(x, stems=True)
        assert stems is not None
        return out, stems, engine.rack.view("strips.faults").copy()


def with_fault(value: float) -> tuple[np.ndarray, np.ndarray]:
    clean = sounds(9, 1)
    dirty = clean.copy()
    dirty[AT + 7, 2] = value
    return clean, dirty


@pytest.mark.parametrize("value", BAD)
def test_a_bad_sample_silences_its_strip_for_100_ms(value: float) -> None:
    _, stems, faults = run(with_fault(value)[1], alone(9) | {"box/lookahead": 0} | PAST_ALL)
    silent = np.abs(stems[AT : AT + SILENCE, 2]).max(1)
    assert not silent.any()
    assert faults[2] == SILENCE // 32
    assert not np.delete(faults, 2).any()


@pytest.mark.parametrize("value", BAD)
def test_the_strip_comes_back_as_it_was(value: float) -> None:
    clean, dirty = with_fault(value)
    values = {"strip/3/eq/2/gain": 6, "strip/3/hpf/on": 1, "strip/3/denoise/amount": 12}
    wanted, got = (run(x, values)[1][:, 2] for x in (clean, dirty))
    late = slice(AT + SILENCE + 9600, None)
    assert np.sqrt(np.mean((got[late] - wanted[late]) ** 2)) < 0.1 * np.sqrt(np.mean(wanted[late] ** 2))     # the noise estimate is a little younger


def test_a_strip_comes_back_gently() -> None:
    x = quanta(np.ones((14400, 1)))
    x[3200] = np.nan
    stem = run(x, {"box/lookahead": 0, "strip/1/pan": -1})[1][:, 0, 0]
    assert np.abs(np.diff(stem[3200 + 32 :])).max() < 1.1 / BACK
    assert stem[-1] == 1


@pytest.mark.parametrize("value", [*BAD, 1e-40])
def test_no_other_strip_notices(value: float) -> None:
    clean, dirty = with_fault(value)
    wanted, got = (np.delete(run(x, alone(9))[1], 2, 1) for x in (clean, dirty))
    np.testing.assert_array_equal(got, wanted)


def test_denormals_are_no_fault() -> None:
    dirty = sounds(9, 0.2)
    dirty[:, 2] = 1e-40
    assert not run(dirty, alone(9))[2].any()


@pytest.mark.parametrize("value", BAD)
def test_a_stream_of_bad_samples_never_leaves(value: float) -> None:
    x = sounds(5, 0.5)
    x[::7, 1] = value
    out, stems, faults = run(x, alone(5) | {f"strip/2/send/{m}/level": 10 for m in range(1, 7)})
    assert np.isfinite(out).all()
    assert np.isfinite(stems).all()
    assert np.abs(out).max() <= db(-1) * 1.000001
    assert faults[1] == len(x) // 32


@pytest.mark.parametrize("power", [3, 6, 9, 12, 15, 18])
def test_absurd_levels_leave_no_trace(power: int) -> None:
    """Ten to the power of 3 to 18 in one block: whatever it was taken for, the strip sounds as before a second later."""
    x = np.vstack([sounds(1, 0.3), np.float32(10.0**power) * np.ones((32, 1), np.float32), sounds(1, 2)])
    values = alone(1) | {"strip/1/gate/on": 0}
    out, stems, _ = run(x, values)
    assert np.isfinite(out).all()
    assert np.isfinite(stems).all()
    assert np.abs(stems[-48000:]).max() > 0.05


def garbage(rng: np.random.Generator, frames: int, channels: int) -> np.ndarray:
    x = rng.normal(0, 10.0 ** rng.uniform(-6, 2), (frames, channels)).astype(np.float32)
    bad = rng.integers(0, 40, x.shape)
    for k, value in enumerate((np.nan, np.inf, -np.inf, 3e38, -1e30, 1e-42, 1e15)):
        if rng.random() < 0.3:
            x[bad == k] = value
    return x


def test_any_values_and_any_garbage_give_finite_sound_below_the_ceiling() -> None:
    for run_number in range(200):
        rng = np.random.default_rng(run_number)
        channels = int(rng.integers(1, 33))
        values = {a.path: float(rng.uniform(a.param.low, a.param.high)) for a in params.addresses()}
        with Engine(channels, values) as engine:
            for _ in range(4):
                for index in rng.integers(0, params.VALUES, 50):
                    a = params.addresses()[index]
                    engine.set(a.path, float(rng.uniform(a.param.low, a.param.high)))
                out, stems = engine.process(garbage(rng, 160, channels), stems=True)
                assert np.isfinite(out).all(), run_number
                assert np.isfinite(stems).all(), run_number
                assert (np.abs(out) <= 1.000001).all(), run_number
                for meter in ("strips.out_peak", "strips.comp_gain", "strips.k_block", "buses.peak"):
                    assert np.isfinite(engine.rack.view(meter)).all(), (run_number, meter)


def test_outputs_stay_below_the_ceiling_that_is_set() -> None:
    for run_number in range(20):
        rng = np.random.default_rng(run_number)
        main, monitor = rng.uniform(-12, 0), rng.uniform(-24, 0)
        values = {f"strip/{n}/trim": rng.uniform(0, 24) for n in (1, 2)} | {"strip/1/send/3/level": 10}
        values |= {"main/limiter/ceiling": main, "monitor/3/limiter/ceiling": monitor}
        out, _, _ = run(np.column_stack([noise(0.1, 1, run_number), noise(0.1, 1, run_number + 50)]).astype(np.float32), values)
        assert np.abs(out[:, :2]).max() <= db(main)
        assert np.abs(out[:, 4]).max() <= db(monitor) * 1.000001


def test_a_broken_desk_does_no_harm() -> None:
    with Engine(2) as engine:
        assert engine.rack.push(1 << 31, 1.0)
        assert engine.rack.push(params.find("main/level").index, float("nan"))
        engine.rack.c.queue_tail += 1 << 40
        engine.process(np.zeros((64, 2), np.float32))
        assert engine.rack.c.queue_head == engine.rack.c.queue_tail
        assert engine.rack.values()[params.find("main/level").index] == 0
