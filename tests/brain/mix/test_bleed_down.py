"""Bleed goes down as far as a role bears, with a reason that names who is heard where; where little is heard, or nothing is sure, nothing is moved."""

from __future__ import annotations

import numpy as np
import pytest

from gigbox.brain.mix.bleed_down import HEARD_S, TOGETHER_S, BleedDown
from gigbox.brain.mix.stage import Stage
from gigbox.brain.roles.roles import ROLES
from gigbox.rack import BANDS
from tests.brain.band import band

ROOMY = ("lead_vocal", "snare", "keys")


def leaks(into: int, of: int, db: float, count: int = 3) -> np.ndarray:
    leak = np.eye(count)[..., None] * np.ones(BANDS)
    leak[into, of] = 10 ** (db / 10)
    return leak


def run(rule: BleedDown, stage: Stage, leak: np.ndarray, seconds: float = 12.0) -> list[str]:
    why = []
    for _ in range(round(seconds * 10)):
        stage.ticks += 1
        why += [move.why for move in rule.think(stage, leak)]
    return why


def stage_of(*roles: str, names: tuple[str, ...] = ()) -> Stage:
    stage = band(*roles)
    for source, name in zip(stage.sources, names, strict=False):
        source.name = name
    return stage


def test_a_microphone_that_hears_the_drums_is_told_so() -> None:
    stage = stage_of(*ROOMY, names=("Anna", "drums"))
    why = run(BleedDown(), stage, leaks(0, 1, -7))
    assert why[-1] == "drums in the microphone of Anna -7 dB: taken down by up to 12 dB"
    assert stage.auto["strip/1/bleed"] == ROLES["lead_vocal"].bleed == 12
    assert stage.auto["strip/2/bleed"] == stage.auto["strip/3/bleed"] == 0


def test_it_comes_slowly_and_no_faster_than_three_db_a_second() -> None:
    stage = stage_of(*ROOMY)
    run(BleedDown(), stage, leaks(0, 1, -7), TOGETHER_S + 1.0)
    assert 0 < stage.auto["strip/1/bleed"] <= 3.7


@pytest.mark.parametrize("db", [-22.0, -60.0])
def test_what_is_hardly_heard_is_left_alone(db: float) -> None:
    assert run(BleedDown(), stage_of(*ROOMY), leaks(0, 1, db)) == []


def test_that_it_is_another_figure_by_the_next_look_is_no_news() -> None:
    stage, rule = stage_of(*ROOMY, names=("Anna", "drums")), BleedDown()
    told = {line for db in (-7, -8, -9, -8, -7) for line in run(rule, stage, leaks(0, 1, db), TOGETHER_S)}
    assert told == {"drums in the microphone of Anna -7 dB: taken down by up to 12 dB"}


def test_what_begins_together_is_told_together() -> None:
    stage = stage_of(*ROOMY, names=("Anna", "drums", "Keys"))
    both = leaks(0, 2, -7)
    both[1, 2] = 10 ** -0.9
    assert set(run(BleedDown(), stage, both)) == {"Anna -7 dB and drums -9 dB of the others in their microphones: taken down"}


def test_a_moment_at_the_limit_moves_nothing() -> None:
    stage, rule = stage_of(*ROOMY), BleedDown()
    for db in (-19, -30, -19, -30, -19, -30):
        assert run(rule, stage, leaks(0, 1, db), 1.0) == []


def test_what_goes_away_is_given_back_with_a_reason() -> None:
    stage, rule = stage_of(*ROOMY, names=("Anna",)), BleedDown()
    run(rule, stage, leaks(0, 1, -7))
    assert run(rule, stage, leaks(0, 1, -22))[-1:] != ["Anna: hears next to nothing of the others"]      # between both limits it stays
    assert stage.auto["strip/1/bleed"] == 12
    assert run(rule, stage, leaks(0, 1, -40))[-1] == "Anna: hears next to nothing of the others"
    assert stage.auto["strip/1/bleed"] == 0


def test_what_has_hardly_played_is_not_known() -> None:
    stage = stage_of(*ROOMY)
    stage.heard[0] = HEARD_S - 0.1
    assert run(BleedDown(), stage, leaks(0, 1, -7)) == []


@pytest.mark.parametrize("role", ["keys", "bass", "drums", "hihat_overhead", "ambience", "playback"])
def test_lines_and_what_is_there_to_hear_all_are_left_alone(role: str) -> None:
    assert run(BleedDown(), stage_of(role, "snare", "keys"), leaks(0, 1, -7)) == []


def test_a_trim_that_auto_holds_makes_no_difference() -> None:
    stage = stage_of(*ROOMY, names=("Anna", "drums"))
    stage.auto.take("strip/1/trim", 12.0)
    stage.spectrum[0] *= 10 ** 1.2
    assert run(BleedDown(), stage, leaks(0, 1, -9))[-1].startswith("drums in the microphone of Anna -9 dB")
