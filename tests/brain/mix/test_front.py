"""Of singers who were only heard each stands in front by as much as it is likely that they lead; who was told, or is sure, stands at one place."""

from __future__ import annotations

import pytest

from gigbox.brain.mix.balance import GUESS_DB, leading
from gigbox.brain.mix.front import FIRST, FIRST_S, LASTS_S, WORTH, doubt
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


def sing(stage: Stage, *weights: float, mode: str = "soundcheck") -> None:
    doubt(stage.sources, {n: (weight, weight / 2) for n, weight in enumerate(weights, 1)}, mode)
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
    stage = voices(8.0, 25.0)
    before = stage.sources[0].front
    sing(stage, 8.5, 25.0)
    assert stage.sources[0].front == before
    sing(stage, 15.0, 25.0)
    assert before is not None
    assert stage.sources[0].front is not None
    assert stage.sources[0].front > before + WORTH / 2
    sing(stage, 60.0, 25.0)
    assert stage.sources[0].front == 1


def unsure(*likely: tuple[tuple[str, float], ...], beside: str = "bass") -> Stage:
    """Strips that nobody is sure of, and what they may be, beside one that is sure."""
    stage = band(*["unknown"] * len(likely), beside)
    for source, roles in zip(stage.sources, likely, strict=False):
        source.trust, source.likely = GUESS, roles
    sing(stage)
    return stage


def test_a_voice_that_nobody_is_sure_of_is_not_buried_where_nobody_else_leads() -> None:
    """It stands in front by as much as it is likely that anybody sings, the band makes room by as much, and nobody says that it leads."""
    hardly, rather, nearly = (unsure((("backing_vocal", voice), ("synth", 1 - voice))) for voice in (0.3, 0.6, 0.75))
    over = [stage.balance.offset[0] - stage.balance.offset[1] for stage in (hardly, rather, nearly)]
    apart = LEAD - ROLES["bass"].offset
    assert over[0] < 0 < over[1] < over[2] < apart - GUESS_DB
    assert [stage.sources[0].front is None for stage in (hardly, rather, nearly)] == [True, False, False]
    assert not leading(nearly.sources).any()


def test_of_two_that_may_sing_the_likelier_and_the_first_stand_in_front_by_more() -> None:
    alike = unsure((("backing_vocal", 0.5), ("synth", 0.4)), (("backing_vocal", 0.5), ("synth", 0.4)))
    near = unsure((("backing_vocal", 0.47), ("synth", 0.4)), (("backing_vocal", 0.7), ("synth", 0.2)))
    apart = unsure((("backing_vocal", 0.36), ("synth", 0.4)), (("backing_vocal", 0.7), ("synth", 0.2)))
    shares = [[source.front or 0.0 for source in stage.sources[:2]] for stage in (alike, near, apart)]
    assert shares[0][0] > 0.8
    assert shares[0][1] == 0
    assert shares[1][0] > shares[1][1] > 0
    assert shares[2][1] > shares[2][0]
    assert all(sum(share) <= 1 for share in shares)


def test_in_a_show_which_guess_is_in_front_changes_only_when_that_lasts() -> None:
    """The whole band stands under who is in front, and would swing with every doubt."""
    likelier, less = (("backing_vocal", 0.7), ("synth", 0.2)), (("backing_vocal", 0.36), ("synth", 0.4))
    stage = unsure(likelier, less)
    assert [source.front for source in stage.sources[:2]] == [pytest.approx(1, abs=0.2), 0]
    front = stage.sources[0].front

    def heard(first: tuple[tuple[str, float], ...], second: tuple[tuple[str, float], ...], seconds: float) -> None:
        stage.sources[0].likely, stage.sources[1].likely = first, second
        for _ in range(round(seconds * 10)):
            sing(stage, mode="show")

    for _ in range(4):
        heard(less, likelier, LASTS_S / 2)
        assert stage.sources[0].front == front
        heard(likelier, less, 1)
    heard(less, likelier, LASTS_S + 1)
    assert stage.sources[0].front != front
    assert (stage.sources[1].front or 0) > (stage.sources[0].front or 0)
    heard((("synth", 0.9),), (("synth", 0.9),), 0.1)
    assert [source.front for source in stage.sources[:2]] == [None, None]


@pytest.mark.parametrize("beside", ["lead_vocal", "backing_vocal", "speech"])
def test_beside_a_voice_that_is_sure_no_guess_is_in_front(beside: str) -> None:
    assert unsure((("backing_vocal", 0.7), ("synth", 0.2)), beside=beside).sources[0].front is None


def test_what_singers_who_were_heard_lack_of_one_lead_is_no_doubt_that_anybody_leads() -> None:
    """Their shares change by steps, and need not come to one: the band is under them all the same, and so is what nobody can name."""
    stage = band("lead_vocal", "backing_vocal", "unknown", "bass")
    for source, share in zip(stage.sources, (0.5, 0.4, None, None), strict=True):
        source.trust, source.front = HEARD, share
    stage.sources[2].trust, stage.sources[2].likely = GUESS, (("backing_vocal", 1.0),)
    stage.balance.think(stage.sources, stage.activity, stage.momentary, "pop", "soundcheck")
    assert stage.balance.offset[2] == pytest.approx(BACKING + stage.balance.band)
