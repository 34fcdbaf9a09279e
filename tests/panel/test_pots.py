"""Pots: still where nobody turns, whole from end to end, and never in charge of what they have not passed."""

from __future__ import annotations

import itertools
import random

from hypothesis import given
from hypothesis import strategies as st

from gigbox.panel.knobs.pot import FULL, Hold, Pot, position

WAYS = st.floats(0, 1)


@given(st.integers(0, FULL), st.lists(st.integers(-2, 2), min_size=1, max_size=400))
def test_noise_of_2_at_rest_is_no_event(centre: int, noise: list[int]) -> None:
    pot = Pot()
    assert [pot.see(min(max(centre + each, 0), FULL)) for each in noise] == [None] * len(noise)


@given(st.integers(0, 2**32))
def test_after_a_turn_it_neither_crawls_nor_trembles(seed: int) -> None:
    pot, chance = Pot(), random.Random(seed)
    for raw in range(100, 700, 7):
        pot.see(raw + chance.randint(-2, 2))
    pot.see(700 + chance.randint(-2, 2))
    moved = [each for each in (pot.see(700 + chance.randint(-2, 2)) for _ in range(500)) if each is not None]
    assert moved == sorted(moved)
    assert len(moved) <= 4          # it comes to where it is, and stays


def test_full_travel_is_the_full_range_and_nothing_jumps() -> None:
    pot, seen = Pot(), []
    pot.see(3)
    for raw in [*range(3, FULL - 2), *range(FULL - 3, 2, -1)]:
        moved = pot.see(raw)
        seen += [] if moved is None else [moved]
    assert (min(seen), max(seen)) == (0.0, 1.0)
    assert max(abs(after - before) for before, after in itertools.pairwise(seen)) < 0.002
    assert position(FULL / 2 + 20) == position(FULL / 2 - 20) == 0.5


def test_a_single_spike_is_asked_about() -> None:
    pot = Pot()
    pot.see(500)
    assert (pot.doubtful(540), pot.doubtful(503)) == (True, False)


@given(WAYS, WAYS, st.lists(WAYS, max_size=30))
def test_after_power_up_nothing_moves_before_a_pot_has_passed_its_value(value: float, found: float, turns: list[float]) -> None:
    hold, at, stands = Hold(), value, found
    hold.stand(found)
    for to in turns:
        put = hold.turn(to, at)
        if put is not None:
            at = put
            break
        assert not min(stands, to) <= value <= max(stands, to)
        stands = to
    if not any(min(a, b) - 0.012 <= value <= max(a, b) + 0.012 for a, b in zip([found, *turns], turns, strict=False)):
        assert at == value


def test_what_a_phone_moved_must_be_passed_again() -> None:
    hold = Hold()
    hold.stand(0.5)
    assert hold.turn(0.52, 0.5) == 0.52
    assert hold.turn(0.54, 0.52) == 0.54
    assert hold.turn(0.56, 0.9) is None           # a phone said 0.9 meanwhile
    assert hold.turn(0.58, 0.9) is None
    assert hold.turn(0.91, 0.9) == 0.91


def test_a_pot_that_was_turned_while_nobody_saw_it_must_pass_its_value_again() -> None:
    hold = Hold()
    hold.stand(0.5)
    assert hold.turn(0.52, 0.5) == 0.52
    hold.stand(0.9)                               # its converter was away meanwhile
    assert hold.turn(0.91, 0.52) is None
    assert hold.turn(0.5, 0.52) == 0.5


@given(st.lists(WAYS, min_size=2, max_size=50))
def test_a_pot_that_holds_goes_on_holding_however_fast_it_is_turned(turns: list[float]) -> None:
    hold, value = Hold(), turns[0]
    hold.stand(value)
    for to in turns:
        assert hold.turn(to, value) == to
        value = to
