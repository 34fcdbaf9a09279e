"""Encoders lose nothing and double nothing, whatever bounces, and however late anybody looks."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from gigbox.panel.knobs.encoder import Encoder, Lines, Speed
from hil.lines import CYCLE

RATE = 200.0                                  # quadrature steps a second
WALK = 10_000


def walk(seed: int) -> Iterator[tuple[float, int, int]]:
    """(time, line, way) of every edge of a hand that turns to and fro at up to 200 steps a second: each step's contact bounces for 1 to 3 ms."""
    chance, at, now, way = random.Random(seed), 0, 0.0, 1
    for n in range(WALK):
        if n % 4 == 0 and chance.random() < 0.02:       # a hand turns round in a detent
            way, now = -way, now + 0.2
        before, at = CYCLE[at % 4], at + way
        line = 0 if before[0] != CYCLE[at % 4][0] else 1
        bounces = 2 * chance.randint(0, 4)
        until = chance.uniform(0.001, 0.003)
        for t in sorted([0.0, *(chance.uniform(0, until) for _ in range(bounces))]):
            yield now + t, line, way
        now += chance.uniform(1, 2) / RATE


def clicks_of(edges: Iterator[tuple[float, int, int]], late: random.Random, longest: float, blind: float = 0.0) -> list[tuple[int, int]]:
    """The clicks that are told, each with the way of the hand, of a program that hears of each edge in order, but up to `longest` late; of a chip that tells
    two edges of one line within `blind` seconds as one."""
    encoder, lines, told, heard, real = Encoder(), Lines(1, 1), [], 0.0, [1, 1]
    encoder.see(1, 1, 0.0)
    walked = list(edges)
    for n, (now, line, way) in enumerate(walked):
        real[line] ^= 1
        heard = max(heard, now + late.uniform(0, longest))
        if n + 1 < len(walked) and walked[n + 1][1] == line and walked[n + 1][0] - now < blind:
            continue                                     # told with the next, and the level after that
        if click := encoder.see(*lines.edge(line, real[line]), heard):
            told.append((click, way))
    return told


@pytest.mark.parametrize("blind", [0.0, 0.0005], ids=["every edge", "fast edges as one"])
@pytest.mark.parametrize("longest", [0.0, 0.015, 0.1])
def test_10_000_steps_with_bounce_and_delays_are_told_as_they_were(longest: float, blind: float) -> None:
    told = clicks_of(walk(1), random.Random(2), longest, blind)
    ways = [way for n, way in enumerate(steps(1)) if n % 4 == 3]
    assert abs(len(told) - len(ways)) <= len(ways) / 1000
    assert all(click == way for click, way in told)


def steps(seed: int) -> Iterator[int]:
    """The way of each step of `walk`."""
    last = None
    for now, line, way in walk(seed):
        if last is None or now - last[0] > 0.0031 or line != last[1]:
            yield way
            last = (now, line)


def levels(seed: int) -> list[tuple[float, tuple[int, int]]]:
    lines, real = Lines(1, 1), [1, 1]
    found = []
    for now, line, _ in walk(seed):
        real[line] ^= 1
        found.append((now, lines.edge(line, real[line])))
    return found


def test_one_that_is_only_sampled_each_2_ms_and_sometimes_4_tells_no_wrong_way() -> None:
    """As behind an expander: what it says is the level by then, not the edge."""
    encoder, late, told, seen = Encoder(), random.Random(3), 0, (1, 1)
    encoder.see(1, 1, 0.0)
    edges = levels(5)
    ways = [way for n, way in enumerate(steps(5)) if n % 4 == 3]
    now, at = 0.0, 0
    sums = []
    while at < len(edges):
        now += late.uniform(0.001, 0.0025) if late.random() > 0.02 else 0.004
        while at < len(edges) and edges[at][0] <= now:
            seen = edges[at][1]
            at += 1
        told += encoder.see(*seen, now)
        sums.append(told)
    assert abs(told - sum(ways)) <= len(ways) / 1000


def test_a_missed_quarter_is_made_up_for_at_the_next_detent() -> None:
    encoder = Encoder()
    assert [encoder.see(*at, n / 100) for n, at in enumerate([(1, 1), (1, 0), (0, 1), (1, 1)])] == [0, 0, 0, 1]


def test_rocking_within_a_detent_is_no_click() -> None:
    encoder = Encoder()
    assert sum(abs(encoder.see(*at, n / 100)) for n, at in enumerate([(1, 1), (1, 0), (1, 1), (0, 1), (0, 0), (0, 1), (1, 1)] * 50)) == 0


def test_two_detents_a_cycle_are_two_clicks() -> None:
    encoder = Encoder(quarters=2)
    assert sum(encoder.see(*CYCLE[n % 4], n / 100) for n in range(9)) == 4


def test_fast_turns_go_far_and_slow_ones_are_exact() -> None:
    speed = Speed()
    assert [speed.steps(1, n * 0.2) for n in range(4)] == [1, 1, 1, 1]
    assert speed.steps(1, 0.61) == 8
    assert speed.steps(-1, 0.615) == -1           # who turns round is exact again
