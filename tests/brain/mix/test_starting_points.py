"""A strip starts as its role says: once, again when it carries something else, and not once more after the brain came back."""

from __future__ import annotations

import pytest

from gigbox.brain.auto import Auto
from gigbox.brain.mix.starting_points import StartingPoints
from gigbox.brain.roles.roles import ROLES, UNKNOWN
from tests.brain.band import band, tick


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_sets_what_the_table_of_roles_says(role: str) -> None:
    stage, row = band(role), ROLES[role]
    told = {m.path.removeprefix("strip/1/"): m.value for m in tick(StartingPoints(), stage)}
    assert told.get("hpf/on", 0) == (row.hpf > 0)
    assert told.get("hpf/frequency", 0) == row.hpf
    assert told.get("denoise/amount", 0) == row.denoise
    assert told.get("duck/key", 0) == row.leads
    assert (told.get("duck/bell", 0), told.get("duck/level", 0)) == row.gives_way
    assert told.get("comp/on", 0) == (row.takes > 0)
    assert told.get("comp/ratio", 1.0) == (row.ratio if row.takes else 1.0)
    assert told.get("gate/range", 0) == row.gate
    assert "gate/on" not in told            # that is decided by ear


def test_it_starts_once() -> None:
    stage, starts = band("lead_vocal", "kick"), StartingPoints()
    assert tick(starts, stage)
    assert tick(starts, stage, 5) == []


def test_another_role_starts_anew_and_takes_back_what_the_old_one_had() -> None:
    stage, starts = band("lead_vocal"), StartingPoints()
    tick(starts, stage)
    stage.sources[0].role_name = "synth"
    told = {m.path.removeprefix("strip/1/"): m.value for m in tick(starts, stage)}
    assert told["denoise/amount"] == told["comp/on"] == told["duck/key"] == 0
    assert told["hpf/frequency"] == 80


def test_what_an_earlier_brain_found_out_stays() -> None:
    auto = Auto()
    tick(StartingPoints(), band("kick", auto=auto))
    auto.take("strip/1/comp/threshold", -31.0)
    auto.take("strip/1/hpf/frequency", 45.0)
    assert tick(StartingPoints(), band("kick", auto=auto)) == []
    assert (auto["strip/1/comp/threshold"], auto["strip/1/hpf/frequency"]) == (-31, 45)


def test_what_was_refused_is_asked_for_again() -> None:
    stage, starts = band("kick"), StartingPoints()
    for move in tick(starts, stage):
        stage.auto.take(move.path, None)
        starts.forget(move.path)
    assert {m.path for m in tick(starts, stage)} >= {"strip/1/hpf/on", "strip/1/comp/on"}


def test_taste_moves_how_much_noise_is_taken() -> None:
    stage = band("lead_vocal", taste=lambda kind, role, style: -6.0 if kind == "denoise" else 0.0)
    tick(StartingPoints(), stage)
    assert stage.auto["strip/1/denoise/amount"] == ROLES["lead_vocal"].denoise - 6


def test_nobody_starts_without_a_role() -> None:
    assert tick(StartingPoints(), band("unused", "nonsense")) == []


def test_however_many_play_without_a_name_that_is_one_sentence() -> None:
    stage, starts = band("unknown", "unnamed", "unnamed", "kick"), StartingPoints()
    told = set()
    for source in stage.sources[:3]:
        source.role_name = UNKNOWN
        told |= {move.why for move in tick(starts, stage)}
        told |= {source.starts}
    assert len(told - {stage.sources[3].starts}) == 1
