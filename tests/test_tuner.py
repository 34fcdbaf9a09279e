"""The tuner: a tenth of a cent from the lowest string to two octaves above the voice, on 171 ms of sound."""

from __future__ import annotations

import numpy as np
import pytest

from gigbox.engine.core import Engine
from gigbox.rack import RATE
from gigbox.tuner import HEARD, Tuner, pitch

NOTES = [27.5, 30.87, 41.2, 55.3, 82.41, 110.3, 196.2, 329.1, 440.7, 659.9, 987.1, 1396.4, 1975.5]


def string(hz: float, seed: int = 0, frames: int = HEARD) -> np.ndarray:
    """Plucked, 20 ms ago: harmonics that fade, a little hiss."""
    t = np.arange(frames) / RATE + 0.02
    rng = np.random.default_rng(seed)
    return np.asarray(sum(np.sin(2 * np.pi * (k * hz * t + rng.random())) / k * np.exp(-t * (1 + 0.3 * k)) for k in range(1, 12) if k * hz < 20000) * 0.1
                      + 1e-4 * rng.standard_normal(frames))


@pytest.mark.parametrize("hz", NOTES)
def test_a_string_reads_within_a_tenth_of_a_cent(hz: float) -> None:
    for seed in range(4):
        heard = pitch(string(hz, seed))
        assert heard is not None
        assert abs(1200 * np.log2(heard.hz / hz)) < (0.1 if hz > 35 else 0.5)


def test_a_note_has_a_name_and_cents() -> None:
    heard = pitch(string(440 * 2 ** (7.123 / 1200)))
    assert heard is not None
    assert (heard.note, heard.octave) == ("A", 4)
    assert heard.cents == pytest.approx(7.123, abs=0.1)
    other = pitch(string(442.0), a4=442.0)
    assert other is not None
    assert other.cents == pytest.approx(0, abs=0.1)


def test_silence_and_hiss_have_no_note() -> None:
    assert pitch(np.zeros(HEARD)) is None
    assert pitch(0.1 * np.random.default_rng(0).standard_normal(HEARD)) is None


def test_the_first_200_ms_of_a_note_are_enough() -> None:
    sound = np.zeros((RATE // 32 * 32, 2), np.float32)
    sound[9600:, 1] = string(196.0, frames=len(sound) - 9600)
    with Engine(2) as engine:
        tuner = Tuner(engine.rack)
        engine.process(sound[: 9600 + 9600])
        heard = tuner.hear(2)
        assert heard is not None
        assert abs(1200 * np.log2(heard.hz / 196.0)) < 0.3
        assert tuner.hear(1) is None
