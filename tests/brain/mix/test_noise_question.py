"""What cleaning takes from a source that plays is asked about, once, with what would undo it; nothing is moved for it."""

from __future__ import annotations

import numpy as np
import pytest

from gigbox import params
from gigbox.brain.mix.noise_question import ASK_DB, HEARD_S, LEAVE_DB, NoiseQuestion
from gigbox.brain.mix.stage import Stage
from tests.brain.band import band


class Desk:
    """What is heard of these; whatever else is asked for reads its default."""

    def __init__(self, **held: float) -> None:
        self.held = {path.replace("__", "/"): value for path, value in held.items()}

    def value(self, path: str) -> float:
        return self.held.get(path, params.find(path).default)

    def hand(self, path: str) -> float | None:
        return None

    def auto(self, path: str) -> float | None:
        return None

    def text(self, path: str) -> str:
        return ""


CLEANED = Desk(strip__1__denoise__amount=18.0, strip__2__denoise__amount=18.0)


def taking(takes: float, seconds: float = 30.0) -> Stage:
    """Of a choir pad; a lead beside it loses nothing. Compressors take 3 dB of both, which is no cleaning."""
    stage = band("backing_vocal", "lead_vocal")
    stage.sources[0].name = "Pad"
    stage.heard[:], stage.taken[:], stage.activity.taken = seconds, 3.0, np.array([3.0 + takes, 3.0])
    return stage


def after(rule: NoiseQuestion, stage: Stage, desk: Desk = CLEANED) -> list[str]:
    for _ in range(50):
        stage.ticks += 1
        rule.think(stage, desk)
    new, rule.new = rule.new, []
    return new


def test_what_cleaning_takes_of_a_source_that_plays_is_asked_once_with_a_proposal() -> None:
    rule, stage = NoiseQuestion(), taking(8.0)
    assert after(rule, stage) == [
        "Pad: noise off here? Cleaning takes 8 dB of what plays, not only of the pauses; at 0 dB all of it is heard, its hiss, too"]
    assert [question.told["proposal"] for question in rule.open.values()] == [{"strip/1/denoise/amount": 0.0}]
    assert after(rule, stage) == []


@pytest.mark.parametrize(("takes", "seconds", "desk"), [
    (ASK_DB - 0.1, 30.0, CLEANED), (8.0, HEARD_S - 0.1, CLEANED), (8.0, 30.0, Desk()),
    (8.0, 30.0, Desk(box__denoise=0.0, strip__1__denoise__amount=18.0))])
def test_nothing_is_asked_of_what_loses_little_has_hardly_played_or_is_not_cleaned(takes: float, seconds: float, desk: Desk) -> None:
    assert after(NoiseQuestion(), taking(takes, seconds), desk) == []


def test_it_is_no_question_any_more_when_a_hand_has_decided_or_it_takes_little() -> None:
    for stage, desk in ((taking(8.0), Desk()), (taking(LEAVE_DB - 0.1), CLEANED)):
        rule = NoiseQuestion()
        after(rule, taking(8.0))
        after(rule, taking(LEAVE_DB + 0.1))
        assert list(rule.open) == [1]
        after(rule, stage, desk)
        assert rule.open == {}
