"""Of singers who were only heard each stands in front by as much as it is likely that they lead; who was told, or is sure, stands at one place."""

from __future__ import annotations

import pytest

from gigbox.brain.mix.balance import leading
from gigbox.brain.mix.front import FIRST, FIRST_S, WORTH, doubt
from gigbox.brain.mix.stage import Stage
from gigbox.brain.roles.roles import ROLES
from gigbox.brain.roles.sources import GUESS, HEARD, TOLD
from tests.brain.band import band

LEAD, BACKING = ROLES["lead_vocal"].offset, ROLES["backing_vocal"].offset


def voices(*weights: float, trust: str = HEARD, roles: tuple[str, ...] = ()) -> Stage:
    """Singers that have sung so much, the first of them called the lead, and a bass."""
    stage = band(*(roles or ["lead_vocal", *["backing_vocal"] * (len(weights) - 1)]), "bass")
    for source in stage.sources[:-1]:
        source.trust = trust
    sing(stage, *weights)
    return stage


def sing(stage: Stage, *weights: float) -> None:
    doubt(stage.sources, {n: (weight, weight / 2) for n, weight in enumerate(weights, 1)})
    stage.balance.think(stage.sources, stage.activity, stage.momentary, "pop", "soundcheck")


def test_who_has_sung_far_more_leads_and_the_other_backs() -> None:
    stage = voices(30.0, 8.0)
    assert [s.front for s in stage.sources] == [1, 0, None]
    assert stage.balance.offset[0] == LEAD
    assert stage.balance.offset[1] == pytest.approx(BACKING + stage.balance.band)


def test_where_it_is_in_doubt_who_leads_nobody_is_at_a_quite_wrong_place() -> None:
    """The second sings as much as the first would need to be ahead: each is halfway, and both are what the band is under."""
    stage = voices(10.0, 10.0 * FIRST)
    assert [s.front for s in stage.sources] == [pytest.approx(0.5), pytest.approx(0.5), None]
    middle = LEAD / 2 + (BACKING + stage.balance.band) / 2
    assert stage.balance.offset[:2] == pytest.approx([middle, middle])
    assert list(leading(stage.sources)) == [True, True, False]
    band_alone = stage.balance.offset[2]
    assert band_alone < ROLES["bass"].offset


def test_a_word_is_no_first_voice() -> None:
    """The lower number counts for more only when it has sung for a while."""
    stage = voices(2 * FIRST_S - 1, 30.0)
    assert stage.sources[1].front == 1


@pytest.mark.parametrize(("trust", "roles"), [(TOLD, ()), (GUESS, ()), (HEARD, ("backing_vocal", "backing_vocal"))])
def test_who_was_told_guessed_or_sings_in_a_choir_is_in_no_doubt(trust: str, roles: tuple[str, ...]) -> None:
    assert [s.front for s in voices(10.0, 20.0, trust=trust, roles=roles).sources] == [None] * 3


def test_a_share_changes_where_that_is_worth_it_and_is_certain_in_the_end() -> None:
    stage = voices(10.0, 25.0)
    before = stage.sources[0].front
    sing(stage, 10.5, 25.0)
    assert stage.sources[0].front == before
    sing(stage, 17.0, 25.0)
    assert before is not None
    assert stage.sources[0].front is not None
    assert stage.sources[0].front > before + WORTH / 2
    sing(stage, 60.0, 25.0)
    assert stage.sources[0].front == 1
