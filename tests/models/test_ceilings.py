"""Every filter that is compared gives a sound back as it came, and in time, where all of it is wanted; and no better than the gains are where it is not."""

from __future__ import annotations

import numpy as np
import pytest

from models.denoise.ceilings import VARIANTS, Filter, taps_of, through
from models.denoise.validation import Pair

RATE = 48000
VOICE = np.random.default_rng(1).standard_normal(RATE // 2).astype(np.float32) * 0.1


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda f: f.name)
def test_what_is_wanted_whole_comes_back_as_it_was(variant: Filter) -> None:
    out = through(Pair("x", "speech", "speech", VOICE, VOICE), variant)
    middle = slice(RATE // 10, len(out) - RATE // 10)
    assert np.sum((out[middle] - VOICE[:len(out)][middle]) ** 2) < 1e-4 * np.sum(VOICE[middle] ** 2)


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda f: f.name)
def test_a_tilt_is_what_the_taps_make_of_it(variant: Filter) -> None:
    gains = 10 ** (np.linspace(0, -9, len(variant.centres)) / 20)
    got = 20 * np.log10(np.abs(np.fft.rfft(taps_of(gains[None], variant)[0], 8192)))
    hz = np.fft.rfftfreq(8192, 1 / RATE)
    heard = (hz > 200) & (hz < 12000)
    np.testing.assert_allclose(got[heard], np.interp(hz[heard], variant.centres, 20 * np.log10(gains)), atol=0.3)
