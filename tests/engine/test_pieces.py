"""Sound in pieces is the same sound: however it comes and is cut, no sample changes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import soxr

from gigbox.engine.pieces import CONSTANT, Counted, centred, cut, resampled
from gigbox.rack import Floats

from .sounds import noise


def lengths(sound: Floats, *each: int) -> Iterator[Floats]:
    """The sound in pieces of these lengths, again and again."""
    at = n = 0
    while at < len(sound):
        yield sound[at:at + each[n % len(each)]]
        at, n = at + each[n % len(each)], n + 1


@pytest.fixture(scope="module")
def sound() -> Floats:
    return np.stack([noise(0.4, 0.1, 1), noise(0.4, 0.1, 2)], 1).astype(np.float32)


@pytest.mark.parametrize("each", [(1000,), (1, 0, 7), (100_000,)])
@pytest.mark.parametrize("frames", [1, 480, 4096, 50_000])
def test_pieces_are_cut_to_one_length_and_nothing_is_lost(sound: Floats, each: tuple[int, ...], frames: int) -> None:
    got = list(cut(lengths(sound[:9001], *each), frames))
    assert {len(piece) for piece in got[:-1]} <= {frames}
    assert len(got[-1]) == 9001 % frames or frames
    np.testing.assert_array_equal(np.concatenate(got), sound[:9001])


def test_the_last_piece_is_filled_with_silence(sound: Floats) -> None:
    *_, last = cut(lengths(sound[:1001], 64), 500, 16)
    np.testing.assert_array_equal(last, np.concatenate([sound[1000:1001], np.zeros((15, 2), np.float32)]))


def test_of_nothing_there_are_no_pieces() -> None:
    assert list(cut([], 480, 16)) == list(resampled([], 44100, 48000)) == []


@pytest.mark.parametrize("quality", ["HQ", "VHQ"])
@pytest.mark.parametrize(("rate", "wanted"), [(44100, 48000), (48000, 44100), (8000, 48000), (192000, 48000), (48000, 11025), (44101, 48000)])
@pytest.mark.parametrize("each", [(44100,), (480, 1, 16384)])
def test_resampled_in_pieces_it_is_what_it_is_as_a_whole(sound: Floats, rate: int, wanted: int, quality: str, each: tuple[int, ...]) -> None:
    got = np.concatenate(list(resampled(lengths(sound, *each), rate, wanted, quality)))
    np.testing.assert_array_equal(got, soxr.resample(sound, rate, wanted, quality))


def test_at_its_own_rate_it_is_left_alone(sound: Floats) -> None:
    assert [len(piece) for piece in resampled(lengths(sound, 7, 500), 48000, 48000)] == [len(piece) for piece in lengths(sound, 7, 500)]


def test_what_was_asked_for_is_counted(sound: Floats) -> None:
    counted = Counted(lengths(sound, 100))
    pieces = iter(counted)
    next(pieces), next(pieces)
    assert counted.frames == 200


@pytest.mark.parametrize("each", [(1000,), (20_000, 0, 7), (100_000,)])
def test_a_constant_is_taken_off_from_the_first_frame_on(sound: Floats, each: tuple[int, ...]) -> None:
    offset = np.float32([0.2, -0.05])
    got = np.concatenate(list(centred(cut(lengths(sound + offset, *each), 16384), 48000)))
    assert np.abs(got - sound).max() < 0.01
    assert np.abs(got[:4800].mean(axis=0)).max() < 0.005


def test_what_has_no_constant_stays_as_it_is(sound: Floats) -> None:
    both = sound + np.float32([0.2, CONSTANT / 4])
    got = np.concatenate(list(centred(lengths(both, 0, 12000), 48000)))
    np.testing.assert_array_equal(got[:, 1], both[:, 1])
    assert abs(float(got[:, 0].mean())) < 0.005


def test_a_moment_tells_no_constant() -> None:
    click = np.full((100, 1), 0.5, np.float32)
    np.testing.assert_array_equal(np.concatenate(list(centred([click], 48000))), click)
