"""What are tones and what is noise, band by band."""

from __future__ import annotations

import numpy as np
import pytest

from gigbox.brain.hear.bands import HZ
from gigbox.brain.hear.tones import FRAMES, newest, tonal
from gigbox.engine.core import Engine
from gigbox.rack import RATE, Floats

T = np.arange(FRAMES) / RATE


def chord(*hz: float, harmonics: int = 8) -> Floats:
    return sum(np.sin(2 * np.pi * f * h * T + h) / h for f in hz for h in range(1, harmonics + 1)).astype(np.float32)     # type: ignore[attr-defined]


@pytest.mark.parametrize("seed", range(5))
def test_noise_has_no_tones(seed: int) -> None:
    white = np.random.default_rng(seed).standard_normal((FRAMES, 1)).astype(np.float32)
    brown = np.cumsum(white, axis=0) * 0.01
    assert tonal(np.concatenate([white, brown], axis=1)).mean(axis=0).max() < 0.1


@pytest.mark.parametrize("notes", [(41.2,), (110.0,), (220.0, 277.2, 329.6), (1000.0, 1250.0)])
def test_bands_with_notes_in_them_are_tones(notes: tuple[float, ...]) -> None:
    x = chord(*notes) + 0.001 * np.random.default_rng(1).standard_normal(FRAMES)
    share = tonal(x[:, None].astype(np.float32))[:, 0]
    with_notes = [int(np.argmin(np.abs(np.log(HZ / note)))) for note in notes]
    assert share[with_notes].min() > 0.8


def test_a_tone_in_noise_is_told_in_its_band_alone() -> None:
    x = 0.05 * np.sin(2 * np.pi * 1000 * T) + 0.01 * np.random.default_rng(1).standard_normal(FRAMES)
    share = tonal(x[:, None].astype(np.float32))[:, 0]
    assert share[int(np.argmin(np.abs(HZ - 1000)))] > 0.8
    assert share[HZ < 600].max() < 0.3


@pytest.mark.parametrize("sound", [np.zeros(FRAMES), np.full(FRAMES, np.nan), np.full(FRAMES, 3e38), np.ones(FRAMES)])
def test_whatever_comes_in_a_share_is_a_share(sound: np.ndarray) -> None:
    share = tonal(sound[:, None].astype(np.float32))
    assert share.min() >= 0
    assert share.max() <= 1


def test_the_newest_frames_of_a_rack_are_those_that_were_played_last() -> None:
    x = np.random.default_rng(1).standard_normal((3 * FRAMES // 96 * 96, 2)).astype(np.float32) * 0.1
    with Engine(2) as engine:
        engine.process(x[:4800])
        assert not newest(engine.rack, np.array([1]))[: FRAMES - 4800].any()       # it has not played for so long
        engine.process(x[4800:])
        np.testing.assert_array_equal(newest(engine.rack, np.array([1]))[:, 0], x[-FRAMES:, 1])
