"""Who is heard in whose microphone: known leaks are found, and nobody who plays is taken for another one's bleed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from gigbox.brain.hear.bands import LOUD
from gigbox.brain.hear.bleed import Bleed, own_loudness
from gigbox.rack import BANDS

PLAYERS = ("kick", "snare", "tom", "lead_vocal", "keys", "electric_guitar")
SHAPE = {role: 10 ** (np.random.default_rng(n).uniform(-1, 0, BANDS)) for n, role in enumerate(PLAYERS)}
Plays = Callable[[int], float]


def db(power: float) -> float:
    return float(10 ** (power / 10))


class Room:
    """Sources of their own spectrum, that play at `plays(tick)` dB, and leak into the others by `leaks[i][j]` dB."""

    def __init__(self, roles: Sequence[str], plays: Sequence[Plays], leaks: dict[tuple[int, int], float]) -> None:
        self.roles, self.plays, self.dice = roles, plays, np.random.default_rng(7)
        self.bleed, self.tick = Bleed(len(roles)), 0
        self.bleed.cast(roles)
        self.matrix = np.eye(len(roles))
        for (into, of), level in leaks.items():
            self.matrix[into, of] = db(level)

    def step(self) -> tuple[np.ndarray, np.ndarray]:
        """Of each source: the share of its microphone's loudness that is its own, as found and as it is; dB."""
        flicker = 10 ** (self.dice.normal(0, 0.15, (len(self.roles), BANDS)))
        own = np.array([db(play(self.tick)) * SHAPE[role.split()[0]] for role, play in zip(self.roles, self.plays, strict=True)]) * flicker
        power = self.matrix @ own + 1e-10
        share = self.bleed.hear(power)
        self.tick += 1
        return own_loudness(share, power), own_loudness(own / power, power)

    def run(self, seconds: float) -> tuple[np.ndarray, np.ndarray]:
        """(ticks, sources), found and true."""
        steps = [self.step() for _ in range(round(seconds * 10))]
        return np.array([s[0] for s in steps]), np.array([s[1] for s in steps])


def every(ticks: int, of: int, level: float, rest: float = -100.0) -> Plays:
    return lambda t: level if t % of < ticks else rest


SNARE, VOICE = every(2, 5, -20.0, -50.0), every(35, 60, -25.0, -90.0)


def test_a_known_leak_is_found_to_a_decibel() -> None:
    """Drums in the singer's microphone, as loud as some 20 dB under her: enough for a part of the spectrum that is all theirs."""
    room = Room(["lead_vocal", "snare"], [VOICE, SNARE], {(0, 1): -25.0})
    room.run(30)
    leak = room.bleed.leak[0, 1]
    assert np.median(10 * np.log10(leak[leak > 0])) == pytest.approx(-25, abs=1.5)
    assert np.count_nonzero(leak) > BANDS // 2
    found, true = room.run(30)
    sings = np.array([t % 60 < 35 for t in range(300, 600)])
    assert np.abs(found[sings, 0] - true[sings, 0]).mean() < 1.0
    hits = np.array([t % 5 < 2 for t in range(300, 600)])
    assert np.abs(found[hits, 1]).max() < 1.0                      # the snare's own microphone hears the snare


def test_a_singer_who_leaves_is_no_longer_heard() -> None:
    """Only drums are left in her microphone, and they are told apart."""
    room = Room(["lead_vocal", "snare"], [lambda t: VOICE(t) if t < 300 else -120.0, SNARE], {(0, 1): -25.0})
    room.run(32)
    found, _ = room.run(10)
    hits = np.array([t % 5 < 2 for t in range(320, 420)])
    assert np.median(found[hits, 0]) < -5


def test_a_tom_that_hears_only_the_snare_is_nobody() -> None:
    """A shadow: it follows the snare over all of its range."""
    room = Room(["tom", "snare"], [lambda t: -120.0, SNARE], {(0, 1): -14.0})
    room.run(30)
    found, _ = room.run(10)
    hits = np.array([t % 5 < 2 for t in range(300, 400)])
    assert np.median(found[hits, 0]) < -6
    assert np.median(found[hits, 1]) > -1


def test_two_of_a_role_are_never_bleed_of_each_other() -> None:
    """Two microphones at one kick, or a doubled voice."""
    room = Room(["snare", "snare"], [SNARE, SNARE], {(0, 1): -10.0, (1, 0): -10.0})
    found, _ = room.run(30)
    np.testing.assert_allclose(found, 0, atol=1e-9)


def test_what_has_no_microphone_hears_nobody() -> None:
    room = Room(["keys", "snare"], [every(30, 50, -30, -100), SNARE], {(0, 1): -10.0})
    found, _ = room.run(20)
    assert np.abs(found[:, 0]).max() < 1e-9


def test_a_doubled_source_is_not_eaten() -> None:
    """Guitar and keys play the same figure at about the same loudness, with no leak at all: both are themselves."""
    figure = every(4, 7, -25.0, -45.0)
    room = Room(["electric_guitar", "lead_vocal", "keys"], [figure, figure, figure], {})
    room.run(20)
    found, _ = room.run(10)
    loud = np.array([t % 7 < 4 for t in range(200, 300)])
    assert np.median(found[loud], axis=0).min() > -3


def test_nothing_is_said_before_a_second_and_a_half_was_heard() -> None:
    room = Room(["lead_vocal", "snare"], [VOICE, lambda t: -20.0], {(0, 1): -15.0})
    found, _ = room.run(1.4)
    np.testing.assert_allclose(found, 0, atol=1e-6)


def test_another_role_on_the_strip_is_another_ear() -> None:
    room = Room(["tom", "snare"], [lambda t: -120.0, SNARE], {(0, 1): -14.0})
    room.run(30)
    room.bleed.cast(["keys", "snare"])
    found, _ = room.run(1)
    assert np.abs(found[:, 0]).max() < 1e-9


def test_silence_and_one_source_are_fine() -> None:
    bleed = Bleed(1)
    bleed.cast(["snare"])
    assert (bleed.hear(np.zeros((1, BANDS))) == 1).all()
    two = Bleed(2)
    two.cast(["snare", "tom"])
    for _ in range(50):
        share = two.hear(np.zeros((2, BANDS)))
    assert np.isfinite(share).all()
    assert Bleed(0).hear(np.zeros((0, BANDS))).shape == (0, BANDS)


def test_a_loudness_of_its_own() -> None:
    power = np.ones((2, BANDS))
    share = np.ones((2, BANDS))
    share[1] = 0.5
    assert own_loudness(share, power) == pytest.approx([0, -3.01], abs=0.01)
    share[1] = np.arange(BANDS) < BANDS // 2
    assert own_loudness(share, power)[1] == pytest.approx(10 * np.log10(LOUD[: BANDS // 2].sum() / LOUD.sum()), abs=1e-6)
