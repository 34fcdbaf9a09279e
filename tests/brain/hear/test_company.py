"""A microphone that hears only the others is told from one with a source of its own, however many there are and whatever they play."""

from __future__ import annotations

import numpy as np

from gigbox.brain.hear.company import Company
from gigbox.rack import BANDS

ROLES = ("lead_vocal", "bass", "keys", "kick")
SHAPE = 10 ** np.random.default_rng(3).uniform(-2, 0, (5, BANDS))


def band(seconds: float, leaks: float, own: float, roles: tuple[str, ...] = (*ROLES, "unused")) -> np.ndarray:
    """Four who play, each its own way, and a microphone that hears them by `leaks` dB and a source of its own at `own` dB. What it found of each."""
    dice, company = np.random.default_rng(1), Company(5)
    company.cast(roles)
    level = np.full(5, -30.0)
    for _ in range(round(seconds * 10)):
        level = -30 + 0.8 * (level + 30) + dice.normal(0, 4, 5)
        power = 10 ** (level / 10)[:, None] * SHAPE * 10 ** dice.normal(0, 0.1, (5, BANDS))
        power[4] = 10 ** (own / 10) * power[4] + 10 ** (leaks / 10) * power[:4].sum(axis=0) * 10 ** dice.normal(0, 0.02, BANDS)
        company.hear(power)
    return company.own


def test_a_sum_of_the_others_is_nobody() -> None:
    assert band(10, leaks=-20, own=-120)[4] < 0.2


def test_who_plays_goes_its_own_way() -> None:
    found = band(10, leaks=-20, own=0)
    assert (found > 0.8).all()


def test_a_soft_source_over_bleed_is_still_one() -> None:
    assert band(10, leaks=-20, own=-6)[4] > 0.6


def test_before_anything_is_known_all_is_its_own() -> None:
    assert (Company(5).own == 1).all()
    assert (band(2, leaks=-20, own=-120) == 1).all()


def test_what_nobody_knows_and_two_of_a_role_explain_nothing() -> None:
    """Two microphones at one source are no bleed of each other; nor are those of whom nobody knows yet what they are."""
    for role in ("snare", "unknown", "unused"):
        company, dice = Company(2), np.random.default_rng(2)
        company.cast([role, role])
        for _ in range(100):
            one = 10 ** (dice.normal(-3, 0.5)) * SHAPE[0] * 10 ** dice.normal(0, 0.2, BANDS)
            company.hear(np.stack([one, one / 10]))
        assert (company.own > 0.95).all()


def test_two_voices_are_two_people_though_they_have_one_role() -> None:
    company, dice = Company(2), np.random.default_rng(2)
    company.cast(["speech", "speech"])
    for _ in range(100):
        one = 10 ** (dice.normal(-3, 0.5)) * SHAPE[0] * 10 ** dice.normal(0, 0.2, BANDS)
        company.hear(np.stack([one, one / 60]))
    assert company.own[1] < 0.1


def test_a_new_role_is_heard_of_soon() -> None:
    """The first was unknown, so that it explained nothing; then it is named."""
    company, dice = Company(2), np.random.default_rng(2)
    company.cast(["unknown", "unused"])
    for tick in range(300):
        if tick == 150:
            company.cast(["lead_vocal", "unused"])
        one = 10 ** (dice.normal(-3, 0.5)) * SHAPE[0] * 10 ** dice.normal(0, 0.2, BANDS)
        company.hear(np.stack([one, one / 10]))
    assert company.own[1] < 0.1
