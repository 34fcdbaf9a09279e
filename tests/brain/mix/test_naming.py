"""What belongs to one decision is one sentence: a name, its colour, and how the strip is set up for it."""

from __future__ import annotations

from gigbox import params
from gigbox.brain.auto import Move
from gigbox.brain.mix.naming import told_once
from gigbox.brain.mix.panning import Panning
from gigbox.brain.mix.starting_points import StartingPoints
from gigbox.brain.mix.telling import LONGEST
from tests.brain.band import band, tick


def named(n: int, role: str, why: str) -> list[Move]:
    return [Move(f"strip/{n}/role", float(params.ROLES.index(role)), why), Move(f"strip/{n}/colour", 1.0, f"strip {n}: the colour of {role}")]


def test_a_name_its_colour_and_how_it_is_set_up_are_told_together() -> None:
    moves, stories = told_once(named(3, "bass", "strip 3 sounds like bass (98%)"))
    assert {move.why for move in moves} == {stories[3]} == {"strip 3 sounds like bass (98%); low cut 35 Hz, compressor 3:1"}
    assert [move.path for move in moves] == ["strip/3/role", "strip/3/colour"]


def test_all_that_is_named_in_one_moment_is_one_sentence() -> None:
    moves, stories = told_once([move for n in range(1, 9) for move in named(n, "keys", f"strip {n} is called 'Keys {n}'")])
    assert len({move.why for move in moves} | set(stories.values())) == 1
    assert moves[0].why.startswith("strip 1 is called 'Keys 1', strip 2")
    assert len(moves[0].why) <= LONGEST


def test_what_is_too_long_for_a_sentence_is_the_name_alone() -> None:
    long = "strip 1 sounds like brass sax (76%)" + ", else strings 8%" * 9
    moves, _ = told_once(named(1, "brass_sax", long))
    assert moves[0].why == long
    assert told_once(named(1, "unused", "strip 1: no bass after all"))[1] == {1: "strip 1: no bass after all"}


def test_the_strip_starts_and_goes_to_its_side_with_the_sentence_that_named_it() -> None:
    stage = band("electric_guitar", "keys")
    stage.sources[0].named = "strip 1 sounds like an electric guitar"
    moves = tick(StartingPoints(), stage) + tick(Panning(), stage, 0.2)
    assert {move.why for move in moves if move.path.startswith("strip/1/")} == {"strip 1 sounds like an electric guitar"}
    assert len({move.why for move in moves if move.path.startswith("strip/2/")}) == 1
