"""A model that begins opens first: nothing is taken of what it cannot know yet."""

from __future__ import annotations

import numpy as np
import pytest

from gigbox.brain.denoise.denoiser import Denoiser
from gigbox.brain.denoise.opening import BEGIN_S, END_S, SILENT_DB, SILENT_HOPS, Opening
from gigbox.rack import BANDS, HOP, RATE, Floats
from tests.brain.denoise.test_denoiser import engine, hear, sound

FIRST = np.zeros(1, np.intp)
HOPS_OF = lambda seconds: int(seconds * RATE / HOP)      # noqa: E731


def play(opening: Opening, level: float, hops: int) -> list[float]:
    shares, bands = [], np.full((BANDS, 1), level, np.float32)
    for _ in range(hops):
        opening.hear(bands[0], bands, FIRST)
        shares.append(float(opening.share(FIRST)[0]))
    return shares


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


def test_no_minimum_remembers_the_silence_before(opening: Opening) -> None:
    """Where one does, the least that was heard since stands for it."""
    silence, now = np.full((BANDS, 1), -120, np.float32), np.full((BANDS, 1), -40, np.float32)
    play(opening, -120, 50)
    assert (opening.minimum(silence, now, FIRST) == -40).all()
    play(opening, -50, 3)
    assert (opening.minimum(silence, now, FIRST) == -50).all()
    assert (opening.minimum(now - 30, now, FIRST) == -70).all()


@pytest.mark.parametrize("heard_the_silence", [False, True])
def test_noise_that_begins_after_silence_is_noise(heard_the_silence: bool) -> None:
    """Within a second, whether the model was there before or came with the sound."""
    silence, hops = 0 * sound(20, 1), HOPS_OF(1.0)
    with engine(1) as playing:
        denoiser = Denoiser()
        if heard_the_silence:
            hear(playing, denoiser, silence)
        else:
            playing.process(silence)
        found = hear(playing, denoiser, sound(hops, 1))[-1]
    assert found[:, 0].max() < 0.2


def test_after_true_zeros_the_first_moment_of_a_sound_is_whole() -> None:
    x: Floats = np.concatenate([sound(60, 1), 0 * sound(60, 1), sound(HOPS_OF(BEGIN_S), 1)])
    with engine(1) as playing:
        found = np.array(hear(playing, Denoiser(), x))
    assert found[40].min() < 0.5
    assert found[120:].min() > 0.999
