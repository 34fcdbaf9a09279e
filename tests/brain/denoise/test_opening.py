"""A model that begins opens first: nothing is taken of what it cannot know yet."""

from __future__ import annotations

import numpy as np
import pytest

from gigbox.brain.denoise.denoiser import Denoiser
from gigbox.brain.denoise.opening import BEGIN_S, END_S, SILENT_DB, SILENT_HOPS, Opening
from gigbox.rack import HOP, RATE, Floats
from tests.brain.denoise.test_denoiser import engine, hear, sound

FIRST = np.zeros(1, np.intp)
HOPS_OF = lambda seconds: int(seconds * RATE / HOP)      # noqa: E731


def play(opening: Opening, level: float, hops: int) -> list[float]:
    return [float(opening.share(np.float32([level]), FIRST)[0]) for _ in range(hops)]


@pytest.fixture
def opening() -> Opening:
    return Opening(1)


def test_at_first_nothing_is_taken_and_then_all(opening: Opening) -> None:
    shares = play(opening, -30, HOPS_OF(END_S) + 2)
    assert shares[: HOPS_OF(BEGIN_S)] == [0] * HOPS_OF(BEGIN_S)
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_silence_of_no_microphone_begins_anew_and_a_pause_does_not(opening: Opening) -> None:
    play(opening, -30, 100)
    assert min(play(opening, SILENT_DB + 20, 100)) == 1
    play(opening, SILENT_DB - 20, SILENT_HOPS)
    assert play(opening, -30, 1) == [0]


def test_a_lost_hop_does_not(opening: Opening) -> None:
    play(opening, -30, 100)
    play(opening, SILENT_DB - 20, SILENT_HOPS - 1)
    assert play(opening, -30, 1) == [1]


def test_a_strip_that_is_forgotten_begins_anew(opening: Opening) -> None:
    play(opening, -30, 100)
    opening.forget(FIRST)
    assert play(opening, -30, 1) == [0]


def test_after_true_zeros_the_first_moment_of_a_sound_is_whole() -> None:
    x: Floats = np.concatenate([sound(60, 1), 0 * sound(60, 1), sound(HOPS_OF(BEGIN_S), 1)])
    with engine(1) as playing:
        found = np.array(hear(playing, Denoiser(), x))
    assert found[40].min() < 0.5
    assert found[120:].min() > 0.999
