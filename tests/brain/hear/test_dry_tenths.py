"""What 100 ms of the inputs measure, against what is known of sines, noise and silence."""

from __future__ import annotations

import numpy as np
import pytest

from gigbox.brain.hear.dry_tenths import Tenths, measure
from gigbox.engine.core import Engine

T = np.arange(4800) / 48000


def test_a_sine_reads_its_level_in_every_measure() -> None:
    tenth = measure((0.1 * np.sin(2 * np.pi * 1000 * T) + 0.02)[:, None].astype(np.float32))
    assert tenth.peak[0] == pytest.approx(20 * np.log10(0.12), abs=0.05)
    assert tenth.swing[0] == pytest.approx(-20, abs=0.05)
    assert tenth.level[0] == pytest.approx(-23.01, abs=0.01)
    assert tenth.dc[0] == pytest.approx(0.02, abs=1e-4)
    assert 10 * np.log10(tenth.spectrum[100, 0]) == pytest.approx(-23.01, abs=0.05)
    assert tenth.hiss[0] == pytest.approx(-23.01, abs=0.05)


def test_noise_reads_what_of_it_lies_above_200_hz() -> None:
    noise = np.random.default_rng(1).normal(0, 0.01, (4800, 1)).astype(np.float32)
    assert measure(noise).hiss[0] == pytest.approx(-40, abs=0.3)
    assert measure((0.5 * np.sin(2 * np.pi * 60 * T))[:, None].astype(np.float32)).hiss[0] < -60


def test_silence_reads_the_least_there_is() -> None:
    tenth = measure(np.zeros((4800, 2), np.float32))
    assert all((getattr(tenth, name) == -120).all() for name in ("peak", "swing", "level", "hiss", "flickers"))
    assert not tenth.full.any()


@pytest.mark.parametrize(("samples", "full", "flat"), [
    ([0.9], False, False), ([0.97], True, False), ([1.0, 1.0], True, False), ([1.0, 1.0, 1.0], True, True), ([-1.0, -1.0, -1.0], True, True),
    ([1.0, -1.0, 1.0], True, False), ([0.98, 0.99, 0.98], True, False), ([0.5, 0.5, 0.5], False, False)])
def test_full_scale_and_cut_tops(samples: list[float], full: bool, flat: bool) -> None:
    frames = np.zeros((4800, 1), np.float32)
    frames[100:100 + len(samples), 0] = samples
    tenth = measure(frames)
    assert (bool(tenth.full[0]), bool(tenth.flat[0])) == (full, flat)


def test_every_tenth_is_read_once_whenever_one_looks() -> None:
    with Engine(1) as engine:
        tenths, levels = Tenths(), []
        engine.process(np.zeros((4800, 1), np.float32))
        assert len(list(tenths.read(engine.rack))) == 1
        for frames in (1600, 3200, 9600, 64, 4736, 4800):
            engine.process(np.full((frames, 1), 0.1, np.float32) * np.sign(np.sin(np.arange(frames)))[:, None].astype(np.float32))
            levels += [float(t.level[0]) for t in tenths.read(engine.rack)]
        assert levels == pytest.approx([-20] * 5, abs=0.1)


def test_what_was_overwritten_is_left_out() -> None:
    with Engine(1) as engine:
        tenths = Tenths()
        engine.process(np.zeros((4800, 1), np.float32))
        list(tenths.read(engine.rack))
        engine.process(np.zeros((4800 * 30, 1), np.float32))
        assert len(list(tenths.read(engine.rack))) == 12
