"""Tunes and progressions are read as they are meant."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from gigbox.ideas.offer.corpus import FOLK, POP
from models.ideas import abc, roman, train

TUNE = '''X: 1
T:A Test
M:6/8
L:1/8
K:D
A|"D"f2d "G"=cBA|"A7"(3efg a3|
'''


def test_notes_and_chords_of_a_tune_are_where_they_stand(tmp_path: Path) -> None:
    (tmp_path / "a.abc").write_text(TUNE)
    tune, = abc.tunes(tmp_path)
    assert (tune.title, tune.tonic, tune.minor, tune.bar) == ("A Test", 2, False, 3)
    assert tune.chords == [(Fraction(1, 2), 2, False), (Fraction(2), 7, False), (Fraction(7, 2), 9, False)]
    assert [pitch for _, _, pitch in tune.notes] == [69, 78, 74, 72, 71, 69, 76, 78, 79, 81]
    assert [length for _, length, _ in tune.notes[6:9]] == [Fraction(1, 3)] * 3
    assert tune.bars == [Fraction(1, 2), Fraction(7, 2), Fraction(6)]


def test_a_tune_that_is_there_twice_falls_on_one_side() -> None:
    assert abc.Tune("The  White Cockade!").part == abc.Tune("the white cockade").part


def test_chord_symbols_are_roots_and_kinds() -> None:
    assert [abc.chord(symbol) for symbol in ("F#m7", "Bb", "D/f+", "Gd", "Cmaj7", " ")] == [(6, True), (10, False), (2, False), (7, True), (0, False), None]


def test_roman_numerals_are_degrees() -> None:
    assert roman.read(["I", "bVIIM", "ivm", "Vsus4"]) == [(0, False), (10, False), (5, True), (7, False)]
    assert roman.read(["i", "VI", "VII"], minor=True) == [(0, True), (8, False), (10, False)]
    assert roman.read(["I", "what"]) == []


def test_a_chord_that_goes_on_counts_once() -> None:
    assert train.merged([0, 0, 5, 7, 7, 0]) == [0, 5, 7, 0]


def test_counts_know_kind_and_mode() -> None:
    counts = train._counts([(FOLK, False, [0, 7, 0]), (POP, True, [12, 8, 12])])
    found = {tuple(row[:5]): row[5] for row in counts.tolist()}
    assert (found[FOLK, 0, 1, 7, 0], found[POP, 1, 1, 12, 8], found[POP, 1, 0, 0, 12]) == (1, 1, 2)
    assert {order for kind, _, order, _, _ in found if kind == POP} == {0, 1}


def test_moves_are_told_by_how_far_they_go() -> None:
    moves = train._moves([[0, 7, 16], [14, 7]])
    assert (moves[0, 7], moves[0, 9 + 12], moves[1, 5], moves.sum()) == (1, 1, 1, 3)


def test_a_loop_counts_as_much_as_some_tunes_for_its_key() -> None:
    tune = abc.Tune("x", tonic=2, chords=[(Fraction(0), 2, False), (Fraction(3), 9, False)], length=Fraction(4))
    found = train._profiles([tune], [([(0, True), (8, False)], True)])
    assert (found["usual"][0, 0], found["usual"][0, 7], found["first"][0, 0], found["moves"][0, 0, 7]) == (0.75, 0.25, 1, 1)
    assert (found["usual"][1, 12], found["first"][1, 12], found["moves"][1, 12, 8]) == (train.LOOP / 2, train.LOOP, train.LOOP)
