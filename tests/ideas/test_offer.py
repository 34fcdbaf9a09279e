"""What is offered: the same for the same seed, over the song's own chords, and no line of anybody else's."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from gigbox.errors import ModelError
from gigbox.ideas.hear.key import Key
from gigbox.ideas.hear.lead import Manner
from gigbox.ideas.offer.corpus import FILE, LINE, START, Corpus, corpus, places
from gigbox.ideas.offer.groove import as_notes, groove
from gigbox.ideas.offer.lines import Ground, bass, melody
from gigbox.ideas.offer.lyrics import _words, prompt
from gigbox.ideas.offer.next_chord import _usual, next_chords
from tests.ideas.band import chord

C, SEEDS = Key(0, False, 1.0), range(1, 9)
GROUND = Ground([(n * 4.0, n * 4.0 + 4, chord(name)) for n, name in enumerate(["C", "Am", "F", "G", "C", "E", "Am", "G"])], C, 4, 100.0)


def knowing(*lines: tuple[int, ...]) -> Corpus:
    """The real one, but these lines alone are known."""
    bits = np.zeros(1 << 20, bool)
    for line in lines:
        bits[places(line, len(bits))] = True
    return replace(corpus(), lines=np.packbits(bits, bitorder="little"))


def test_the_data_file_is_small() -> None:
    assert FILE.stat().st_size < 300_000
    assert FILE.with_suffix(".toml").exists()


def test_a_file_that_is_broken_is_told_in_a_line(tmp_path: object) -> None:
    with pytest.raises(ModelError, match=r"nowhere.npz: .*expected the file that models/ideas makes"):
        corpus(FILE.with_name("nowhere.npz"))


def test_a_usual_chord_is_among_the_three() -> None:
    """After I, IV and V of a common song its tonic."""
    offers = next_chords([chord("C"), chord("F"), chord("G")], C, corpus())
    assert "C" in [offer.chord.name for offer in offers]
    assert sum(offer.share for offer in offers) < 1.0


@pytest.mark.parametrize("played", ["Am Dm F", "Am G F", "Am C D"])
def test_in_a_minor_key_it_goes_as_songs_in_minor_do(played: str) -> None:
    offers = next_chords([chord(name) for name in played.split()], Key(9, True, 1.0), corpus())
    assert "Am" in [offer.chord.name for offer in offers]


def test_what_a_song_never_did_and_others_do_is_offered_as_long_as_it_is_young() -> None:
    """A loop's fourth chord is mostly one that was not there yet."""
    offers = next_chords([chord(name) for name in ("F", "Am", "G")], C, corpus())
    assert offers[0].chord == chord("C")


def test_a_song_tells_which_kind_it_is() -> None:
    """After the same four chords a reel stays with its three, and a loop may go anywhere."""
    reel, loop, end = [0, 7, 0, 5, 0, 7, 0, 7, 0, 5, 7], [0, 21, 8, 10, 0, 21, 8, 10, 3, 10, 8], [0, 7, 0, 5]
    three = [float(_usual([START, *song, *end], False, corpus())[[0, 7]].sum()) for song in (reel, loop)]
    assert three[0] > three[1] + 0.1


def test_what_the_song_did_before_comes_first_however_odd() -> None:
    odd = [chord(name) for name in ("C", "F#", "Bbm", "Eb")]
    offers = next_chords([*odd, *odd, *odd[:2]], C, corpus())
    assert offers[0].chord == chord("Bbm")


def test_a_song_that_went_round_many_times_still_gets_something_new() -> None:
    offers = next_chords([chord(name) for name in ("C", "Am", "F", "G") * 12], C, corpus())
    assert offers[0].chord == chord("C")
    assert offers[1].share > 0.005


def test_the_chord_that_sounds_is_never_offered_next() -> None:
    assert all(offer.chord != chord("G") for offer in next_chords([chord("C"), chord("G")], C, corpus(), 24))


def test_offers_move_with_the_key() -> None:
    here = next_chords([chord("C"), chord("F")], C, corpus())
    there = next_chords([chord("E"), chord("A")], Key(4, False, 1.0), corpus())
    assert [(offer.chord.root + 4) % 12 for offer in here] == [offer.chord.root for offer in there]


@pytest.mark.parametrize("make", [lambda seed: melody(GROUND, seed, Manner(), corpus()), lambda seed: bass(GROUND, seed, corpus()),
                                  lambda seed: groove(4, 100, seed), lambda seed: prompt(C, 4, 100, seed, "en")])
def test_a_seed_is_an_idea(make: object) -> None:
    assert callable(make)
    assert make(5) == make(5)
    assert len({str(make(seed)) for seed in SEEDS}) > 1


def test_strong_beats_have_tones_of_the_chord_and_all_else_is_in_the_scale() -> None:
    notes = [note for seed in SEEDS for note in melody(GROUND, seed, Manner(), corpus())]
    strong = [note.pitch % 12 in chord_.tones for note in notes if GROUND.strong(note.at) and (chord_ := GROUND.chord_at(note.at))]
    assert np.mean(strong) >= 0.8
    assert np.mean([note.pitch % 12 in C.scale for note in notes]) >= 0.95
    assert len(notes) > 8 * 16


def test_a_melody_stays_where_the_tune_is_and_leaps_no_further_than_an_octave() -> None:
    for seed in SEEDS:
        pitches = [note.pitch for note in melody(GROUND, seed, Manner(low=62, high=76), corpus())]
        assert 62 <= min(pitches) <= max(pitches) <= 76
        assert max(abs(b - a) for a, b in itertools.pairwise(pitches)) <= 12


def test_notes_follow_each_other_and_end_with_the_chords() -> None:
    for seed in SEEDS:
        for line in (melody(GROUND, seed, Manner(), corpus()), bass(GROUND, seed, corpus())):
            ends = [note.at + note.length for note in line]
            assert all(end <= note.at + 1e-6 for end, note in zip(ends, line[1:], strict=False))
            assert ends[-1] <= GROUND.length


def test_a_busy_tune_gets_a_busy_melody() -> None:
    def count(per_s: float) -> int:
        return sum(len(melody(GROUND, seed, Manner(per_s=per_s), corpus())) for seed in SEEDS)

    assert count(4.0) > 1.5 * count(1.0)


def test_no_eight_notes_are_those_of_a_known_tune() -> None:
    """The very lines that a seed made are forbidden: it makes others."""
    nobody = knowing()
    for seed in (1, 2, 3):
        for make in (lambda which, seed=seed: melody(GROUND, seed, Manner(), which), lambda which, seed=seed: bass(GROUND, seed, which)):
            pitches = [note.pitch for note in make(nobody)]
            lines = [tuple(pitches[n: n + LINE]) for n in range(len(pitches) - LINE + 1)]
            strict = knowing(*lines)
            again = [note.pitch for note in make(strict)]
            assert pitches != again
            assert not any(strict.has_line(tuple(again[n: n + LINE])) for n in range(len(again) - LINE + 1))


def test_a_line_is_known_wherever_it_begins() -> None:
    known, line = knowing((60, 62, 64, 65, 67, 65, 64, 62)), (60, 62, 64, 65, 67, 65, 64, 62)
    assert known.has_line(tuple(pitch + 5 for pitch in line))
    assert not known.has_line((*line[:-1], 60))


def test_the_bass_begins_each_chord_on_its_root() -> None:
    for seed in SEEDS:
        first = {note.at: note.pitch % 12 for note in bass(GROUND, seed, knowing())}
        assert all(first[start] == chord_.root for start, _, chord_ in GROUND.spans)


def test_a_groove_fits_its_metre() -> None:
    for seed in SEEDS:
        assert {len(row) for row in groove(3, 100, seed).values()} == {12}
        grid = groove(4, 100, seed)
        assert grid["kick"][0] > 100
        notes = as_notes(grid, 2)
        assert all(0 <= note.at < 8 for note in notes)
        assert {note.pitch for note in notes} <= {36, 38, 42, 46}


def test_words_are_seeds_in_both_languages_and_suit_the_key() -> None:
    for language in ("en", "de"):
        words = _words(language)
        assert len(words.moods) == 8
        assert len(words.rhymes) >= 30
        bright = {str(prompt(C, 4, 100, seed, language)["mood"]) for seed in range(60)}
        dark = {str(prompt(Key(9, True, 1), 4, 100, seed, language)["mood"]) for seed in range(60)}
        assert not bright & dark
        longest = max(len(str(value)) for value in prompt(C, 4, 100, 1, language).values())
        assert longest < 200


def test_three_beats_have_feet_of_three() -> None:
    assert all(str(prompt(C, 3, 100, seed, "en")["meter"]).replace(" ", "")[:3] in ("/xx", "xx/") for seed in SEEDS)
