"""Who is heard by whose microphone, by waveform: a path is found to a few dB, and what only has rhythm or pitch in common with another one has none."""

from __future__ import annotations

import numpy as np
import pytest

from gigbox import params
from gigbox.brain.hear.bands import HZ
from gigbox.brain.hear.leak_paths import BEFORE, FRAME, SURE, LeakPaths, Leaks
from gigbox.rack import BANDS, RATE, Rack

MIDDLE = slice(8, 24)
LOOKS = 60


def pulse(seed: int, every: float = 0.37, fall: float = 12.0) -> np.ndarray:
    """Noise in hits."""
    t = np.arange(LOOKS * FRAME) / RATE
    return np.random.default_rng(seed).normal(0, 0.2, len(t)) * np.exp(-(t % every) * fall)


def heard(sound: np.ndarray, ms: float, db: float) -> np.ndarray:
    """The direct sound, and one wall."""
    out = np.zeros_like(sound)
    for late, level in ((ms, db), (ms + 7.3, db - 5)):
        n = round(late * RATE / 1000)
        out[n:] += sound[:-n] * 10 ** (level / 20)
    return out


def learn(inputs: list[np.ndarray], may: np.ndarray | None = None) -> LeakPaths:
    paths = LeakPaths(len(inputs))
    paths.cast(~np.eye(len(inputs), dtype=bool) if may is None else may)
    sound = np.stack(inputs, axis=1).astype(np.float32)
    for n in range(LOOKS):
        paths.look(sound[n * FRAME:(n + 1) * FRAME])
        for row in range(len(inputs)):
            paths.leak[row] = paths._paths(row)
    return paths


def db(power: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(power) + 1e-12))


def test_a_path_is_found_to_three_decibels_under_what_plays_there_itself() -> None:
    singer, drums = pulse(1, 0.9, 2), pulse(2)
    found = learn([singer + heard(drums, 6, -20), drums])
    assert db(found.leak[0, 1, MIDDLE]) == pytest.approx(-20 + 1.2, abs=3)
    assert db(found.leak[1, 0, MIDDLE]) < -40


def test_both_ways_are_told_apart() -> None:
    one, other = pulse(3, 0.7), pulse(4, 0.45)
    found = learn([one + heard(other, 8, -14), other + heard(one, 8, -20)])
    assert db(found.leak[0, 1, MIDDLE]) == pytest.approx(-14 + 1.2, abs=3)
    assert db(found.leak[1, 0, MIDDLE]) == pytest.approx(-20 + 1.2, abs=4)


def test_what_shares_rhythm_and_pitch_alone_is_no_leak() -> None:
    """By their powers two parts that always play together cannot be told from a leak."""
    t = np.arange(LOOKS * FRAME) / RATE
    hit = np.exp(-(t % 0.4) * 8)
    notes = [sum(np.sin(2 * np.pi * hz * k * t + seed * k) / k for k in range(1, 9)) * 0.1 * hit for seed, hz in ((1, 220.0), (2, 220.7))]
    found = learn([notes[0], 0.3 * notes[1], pulse(5, 0.4), 0.2 * pulse(6, 0.4)])
    off = found.leak[~np.eye(4, dtype=bool)]
    assert db(off[:, MIDDLE].max(axis=0)) < -40


def test_who_may_not_hear_hears_nothing() -> None:
    drums = pulse(2)
    found = learn([pulse(1, 0.9, 2) + heard(drums, 6, -20), drums], np.zeros((2, 2), bool))
    np.testing.assert_array_equal(found.leak, np.eye(2)[..., None] * np.ones(BANDS))


def test_a_role_that_cannot_hear_any_more_loses_its_paths() -> None:
    drums = pulse(2)
    found = learn([pulse(1, 0.9, 2) + heard(drums, 6, -20), drums])
    found.cast(np.zeros((2, 2), bool))
    assert not found.leak[0, 1].any()


def test_the_hop_loop_gets_it_behind_trims_and_high_passes() -> None:
    rack, leaks, leak = Rack(None, 2), Leaks(), np.eye(2)[..., None] * np.ones(BANDS)
    leak[0, 1] = 0.01
    for row, value in zip(BEFORE, (6.0, 1.0, 400.0, 0.0), strict=True):
        rack.values()[row] = value
    leaks.take(leak, rack)
    assert leaks.matrix is not None
    high, low = leaks.matrix[BANDS - 1, 0, 1], leaks.matrix[int(np.argmin(np.abs(HZ - 200))), 0, 1]
    assert 10 * np.log10(high) == pytest.approx(-20 + 6 + 10 * np.log10(SURE), abs=0.2)
    assert 10 * np.log10(low / high) == pytest.approx(-12.3, abs=1)
    np.testing.assert_array_equal(leaks.matrix[:, [0, 1], [0, 1]], 1)
    assert BEFORE[0] == params.FIRST["strip/*/trim"]


@pytest.mark.parametrize("broken", [np.nan, np.inf, 1e30])
def test_an_input_that_is_no_sound_leaves_no_trace(broken: float) -> None:
    drums = pulse(2)
    inputs = [pulse(1, 0.9, 2) + heard(drums, 6, -20), drums, np.zeros_like(drums)]
    inputs[2][::4000] = broken
    found = learn(inputs)
    assert np.isfinite(found.leak).all()
    assert db(found.leak[0, 1, MIDDLE]) == pytest.approx(-20 + 1.2, abs=3)
