"""The graphic equaliser: where the sliders stand is what is heard, whatever their neighbours do."""

from __future__ import annotations

import numpy as np
import pytest

from gigbox import params
from gigbox.engine.core import Engine
from gigbox.rack import RATE

from .sounds import PLAIN

HZ = np.array(params.GEQ_HZ)
BANDS = np.arange(31)
CURVES = {"a smile": 9 * (np.abs(BANDS - 15) / 15) ** 2 - 3, "all up": np.full(31, 12.0), "all down": np.full(31, -12.0), "one": 12.0 * (BANDS == 15),
          "a step": np.where(BANDS < 15, 6.0, -6.0), "teeth": np.where(BANDS % 2, 12.0, -12.0), "pairs": np.where(BANDS // 2 % 2, 9.0, -9.0),
          "up and flat": 12.0 * (BANDS % 2), "a cliff": np.where(BANDS < 15, 12.0, -12.0),
          **{f"chance {n}": np.random.default_rng(n).uniform(-12, 12, 31).round(1) for n in range(4)},
          **{f"ends {n}": np.random.default_rng(n).choice([-12.0, 12.0], 31) for n in (201, 213)},      # the worst of a hundred
          "ends and flat": np.random.default_rng(312).choice([-12.0, 0.0, 12.0], 31)}
AT = {"main": 0, "monitor/3": 4}      # column of the outputs


def measured(owner: str, sliders: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Hz and dB of the output, from its impulse response."""
    values = PLAIN | {"box/lookahead": 0, "strip/1/send/3/level": 0, "strip/1/pan": -1, **{f"{owner}/geq/{n}/gain": float(g) for n, g in enumerate(sliders, 1)}}
    sound = np.zeros((1 << 17, 1), np.float32)
    sound[4800] = 1e-3
    with Engine(1, values) as engine:
        out = engine.process(sound)[0][:, AT[owner]].astype(float)
    return np.fft.rfftfreq(len(out), 1 / RATE), 20 * np.log10(np.abs(np.fft.rfft(out)) / 1e-3)


@pytest.mark.parametrize(("name", "owner"), [(name, "main") for name in CURVES] + [("teeth", "monitor/3"), ("chance 0", "monitor/3")])
def test_each_slider_is_met_within_half_a_db_and_the_line_between_two_within_one(name: str, owner: str) -> None:
    hz, db = measured(owner, CURVES[name])
    np.testing.assert_allclose(np.interp(HZ, hz, db), CURVES[name], atol=0.5)
    between = HZ[0] * 2 ** (np.arange(0, 361) / 36)
    off = np.interp(between, hz, db) - np.interp(np.log(between), np.log(HZ), CURVES[name])
    assert np.abs(off).max() <= 1.0, between[np.abs(off).argmax()]


def test_sliders_that_move_while_others_are_solved_for_are_met_soon_after() -> None:
    sound = np.zeros((1 << 16, 1), np.float32)
    sound[1 << 15] = 1e-3
    with Engine(1, PLAIN | {"box/lookahead": 0, "strip/1/send/3/level": 0, "strip/1/pan": -1}) as engine:
        for path in ("main/geq/18/gain", "monitor/3/geq/18/gain"):
            for db in (3.0, 12.0, -6.0):
                engine.set(path, db)
                engine.process(sound[:64])
        out = engine.process(sound)[0].astype(float)
    at_1000 = np.abs(np.fft.rfft(out[1 << 15:], axis=0)[round(1000 / RATE * (1 << 15))]) / 1e-3
    assert 20 * np.log10(at_1000[[0, 4]]) == pytest.approx([-6, -6], abs=0.5)


def test_flat_it_is_not_there() -> None:
    sound = np.random.default_rng(0).standard_normal((4800, 1)).astype(np.float32) * 0.1
    values = PLAIN | {"strip/1/send/3/level": 0}
    outs = []
    for more in ({}, {"monitor/3/geq/on": 0, "main/geq/5/gain": 0.0}):
        with Engine(1, values | more) as engine:
            outs.append(engine.process(sound)[0])
    np.testing.assert_array_equal(outs[0], outs[1])


def test_the_naive_sum_would_be_far_off() -> None:
    """What the solving is for: 31 bells at the sliders' own gains would add up to much more."""
    hz, db = measured("main", CURVES["all up"])
    assert np.abs(np.interp(HZ[2:-2], hz, db) - 12).max() < 0.5
