"""Bands lie where the core has them and weigh what ITU-R BS.1770 says."""

from __future__ import annotations

import numpy as np
import pyloudnorm
import pytest
from scipy.signal import freqz

from gigbox.brain.hear.bands import BIN_HZ, HZ, LOUD, WIDTH, octaves
from gigbox.loudness import k_gain
from gigbox.rack import BANDS, RATE


def test_k_weighting_is_that_of_another_meter() -> None:
    """pyloudnorm designs its filters from their corner frequencies: to 0.1 dB the tables of the standard."""
    hz = np.geomspace(30, 16000, 60)
    power = np.ones_like(hz)
    for stage in pyloudnorm.Meter(RATE)._filters.values():
        power *= np.abs(freqz(stage.b, stage.a, hz, fs=RATE)[1]) ** 2
    np.testing.assert_allclose(10 * np.log10(k_gain(hz)), 10 * np.log10(power), atol=0.1)


def test_a_kilohertz_counts_as_much_as_the_offset_of_the_standard() -> None:
    assert 10 * np.log10(k_gain(997.0)) == pytest.approx(0.691, abs=0.01)


def test_bands_run_evenly_from_50_hz_to_20_khz() -> None:
    assert len(HZ) == BANDS
    assert (HZ[0], HZ[-1]) == pytest.approx((50, 20000))
    steps = np.diff(21.4 * np.log10(1 + 0.00437 * HZ))
    np.testing.assert_allclose(steps, steps[0])


def test_means_of_bands_add_up_to_the_loudness_of_white_noise() -> None:
    bins = np.arange(50, 20000, BIN_HZ)
    assert 10 * np.log10(LOUD.sum() / k_gain(bins).sum()) == pytest.approx(0, abs=0.4)


def test_octaves_hold_all_of_the_power() -> None:
    power = np.random.default_rng(1).random((3, BANDS))
    whole = octaves(power)
    assert whole.shape == (3, 10)
    np.testing.assert_allclose(whole[:, 1:].sum(axis=1), power @ WIDTH)
    np.testing.assert_array_equal(whole[:, 0], whole[:, 1])


def test_an_octave_takes_what_is_nearest_to_it() -> None:
    power = np.zeros(BANDS)
    power[np.abs(HZ - 1000).argmin()] = 1
    assert octaves(power).argmax() == 5
