"""The model that tells a voice from all else: what it hears is what the core's bands say, a gain before the box says nothing, drums in the middle are no voice."""

from __future__ import annotations

import numpy as np
import pytest
from gigbox._core import ffi, lib

from gigbox.brain.denoise.door import Door
from gigbox.brain.denoise.splitter import FRAMES, SIZE, Ear, Look, Splitter
from gigbox.brain.denoise.voice import Voice
from gigbox.rack import FINE_BANDS, RATE, Floats
from tests.brain.denoise.test_door import through

rng = np.random.default_rng(5)


def test_its_bands_are_the_cores() -> None:
    window, bands = np.empty(FRAMES, np.float32), np.empty((SIZE // 2, FINE_BANDS), np.float32)
    lib.gb_look(2, ffi.from_buffer("float[]", window), ffi.from_buffer("float[]", bands))
    sides = rng.normal(0, 0.1, (FRAMES, 2)).astype(np.float32)
    left, right = np.fft.rfft(sides * window[:, None], SIZE, axis=0)[:-1].T
    wanted = np.stack([np.abs(left) ** 2, np.abs(right) ** 2, (left * right.conj()).real]) @ bands
    np.testing.assert_allclose(Look().power(sides), wanted, atol=1e-5 * wanted.max())


def test_a_gain_before_the_box_says_nothing() -> None:
    soft, loud = Ear(), Ear()
    for step in rng.uniform(1e-4, 1e-2, (20, 3, FINE_BANDS)).astype(np.float32):
        np.testing.assert_allclose(soft.hear(step), loud.hear(100 * step), atol=0.01)


def test_two_pairs_are_told_apart_and_one_that_begins_anew_is_as_at_first() -> None:
    by, sound = Splitter(), rng.normal(0, 0.1, (2, 12, FRAMES, 2)).astype(np.float32)
    for pair in (0, 2):
        by.forget(pair)
    both = [(by.share(0, a), by.share(2, b)) for a, b in zip(*sound, strict=True)]
    by.forget(0)
    np.testing.assert_array_equal([by.share(0, a) for a in sound[0]], [a for a, _ in both])


def hits() -> Floats:
    """Snares in the middle, four a second."""
    t = np.arange(3 * RATE) / RATE
    return (0.3 * np.repeat((rng.normal(0, 1, len(t)) * np.exp(-(t % 0.25) * 50))[:, None], 2, axis=1)).astype(np.float32)


def strings() -> Floats:
    """A chord at the sides, so that this is no record in mono."""
    t = np.arange(3 * RATE) / RATE
    return np.stack([0.03 * sum(np.sin(2 * np.pi * hz * t) for hz in chord) for chord in ((196, 247, 392), (220, 330, 494))], axis=1).astype(np.float32)


@pytest.mark.parametrize(("amount", "least", "most"), [(100, -30, -6), (-100, -3, 0.5)])
def test_drums_in_the_middle_are_no_voice(amount: float, least: float, most: float) -> None:
    sound = hits() + strings()
    out = through(Door(Voice(Splitter())), sound, strip__1__link=1, strip__1__voice=amount, strip__2__voice=amount, box__denoise=0)
    at = np.flatnonzero((np.arange(2 * RATE, 3 * RATE) / RATE) % 0.25 < 0.03)
    change = 10 * np.log10(np.mean(out[at] ** 2) / np.mean(sound[2 * RATE:][at] ** 2))
    assert least < change < most


