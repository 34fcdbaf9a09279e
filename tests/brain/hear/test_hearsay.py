"""A microphone that hears nothing but the others is known within seconds; one with a source of its own never is."""

from __future__ import annotations

import numpy as np
import pytest

from gigbox.brain.hear.hearsay import HEARSAY, OWN, UNKNOWN, Hearsay
from gigbox.rack import BANDS

DICE = np.random.default_rng(5)
COLOURS = 10 ** DICE.uniform(-1, 0, (3, BANDS))


def powers(seconds: float, own_db: float, leak_db: float = -25.0) -> np.ndarray:
    """(ticks, 3, BANDS): two players in phrases, and a microphone that hears both, with its own source at `own_db` against them."""
    ticks = np.arange(round(seconds * 10))[:, None]
    played = 1e-4 * 10 ** (np.stack([6 * np.sin(ticks / (3 + n)) for n in range(3)], axis=1) / 10) * COLOURS
    played[:, 2] *= 10 ** (own_db / 10)
    return np.stack([played[:, 0], played[:, 1], played[:, 2] + 10 ** (leak_db / 10) * (played[:, 0] + played[:, 1])], axis=1)


def found(power: np.ndarray) -> list[int]:
    hearsay, may = Hearsay(3), ~np.eye(3, dtype=bool)
    for tick in power:
        hearsay.hear(tick, may)
    return list(hearsay.found)


@pytest.mark.parametrize("leak_db", [-15.0, -25.0, -35.0])
def test_who_only_follows_the_others_is_known_within_three_seconds(leak_db: float) -> None:
    assert found(powers(3, -120.0, leak_db)) == [OWN, OWN, HEARSAY]


@pytest.mark.parametrize("own_db", [-15.0, 0.0])
def test_who_plays_something_of_their_own_is_never_taken_for_it(own_db: float) -> None:
    assert found(powers(3, own_db))[2] == OWN


def test_who_comes_in_later_is_believed_at_once() -> None:
    assert found(np.concatenate([powers(5, -120.0), powers(1.5, 0.0)]))[2] == OWN


def test_hiss_is_no_sound_of_its_own() -> None:
    power = powers(3, -120.0, -120.0)
    power[:, 2] = 1e-7
    assert found(power)[2] == UNKNOWN


def test_a_sound_that_does_not_move_tells_nothing() -> None:
    assert found(np.tile(powers(0.1, -120.0), (40, 1, 1)))[2] == UNKNOWN
