"""The song as it was heard: bars, ChordPro, and a MIDI file as a stranger reads it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import pairwise

import mido
import pytest

from gigbox.ideas.chart.chordpro import chordpro
from gigbox.ideas.chart.memory import QUIET_S, TAIL, Bar, Chart, Memory, placed
from gigbox.ideas.chart.midi_file import midi_file
from gigbox.ideas.chart.voicing import voiced
from gigbox.ideas.hear.chords import Heard
from gigbox.ideas.hear.key import Key
from gigbox.ideas.offer.notes import Note
from tests.ideas.band import chord

G = Key(7, False, 1.0)


def remembered(names: Sequence[str], each: int, upbeat: int = 0) -> Memory:
    """Chords for so many beats each, a beat every half second; the first is heard for `upbeat` beats."""
    memory, row = Memory(), [names[0]] * upbeat + [name for name in names for _ in range(each)]
    for n in range(len(row) * 5 + 1):
        at = n * 0.1
        memory.take(at, [at] if n % 5 == 0 else [], at + 1e-3, Heard(chord(row[min(n // 5, len(row) - 1)]), 1.0))
    return memory


def test_bars_begin_where_chords_change() -> None:
    chart = remembered(["G", "C", "D", "G", "Em", "C", "D", "G", "C", "D", "G"], 4, upbeat=2).chart(120, G)
    assert (chart.metre, [bar.chords[0][1] for bar in chart.bars[:4]]) == (4, [chord(name) for name in ("G", "C", "D", "G")])


def test_a_waltz_has_bars_of_three() -> None:
    chart = remembered(["G", "C", "D", "G"] * 4, 3).chart(120, G)
    assert (chart.metre, len(chart.bars)) == (3, 16)


def test_two_chords_in_a_bar_stand_where_they_change() -> None:
    memory = remembered(["G", "C", "D", "G", "C", "D"] * 2, 2)
    bar = memory.chart(120, G).bars[0]
    assert bar == Bar(4, ((0, chord("G")), (2, chord("C"))))


@pytest.mark.parametrize("slip", [-1, 1])
def test_a_beat_that_was_missed_or_counted_twice_spoils_one_bar_alone(slip: int) -> None:
    beats = [chord(name) for name in ["G", "C", "D", "Em"] * 6 for _ in range(4)]
    row = beats[:30] + beats[30 + 1:] if slip < 0 else [*beats[:30], beats[30], *beats[30:]]
    metre, places = placed(row)
    assert metre == 4
    for half in (slice(0, 24), slice(40, len(row) + slip)):
        ones = [n for n in range(*half.indices(len(row))) if places[n] == 0]
        assert all(row[n] != row[n - 1] for n in ones if n)
        assert {b - a for a, b in pairwise(ones)} == {4}


def test_a_long_song_keeps_all_its_bars_and_costs_no_more() -> None:
    memory = remembered(["G", "C", "D", "Em"], 4)
    row, long = ["G", "C", "D", "Em"], 150
    memory.chords = []
    for n in range(4 * long):
        memory.chords.append(chord(row[n // 4 % 4]))
        made = memory.chart(120, G)
    assert [bar.chords[0][1] for bar in made.bars] == [chord(row[n % 4]) for n in range(long)]
    assert {bar.beats for bar in made.bars} == {4}
    assert len(memory.chords) - memory._from <= 2 * TAIL + 4


def test_after_a_silence_another_song_begins() -> None:
    memory = remembered(["G", "C"] * 6, 4)
    for n in range(round(QUIET_S * 10) + 5):
        memory.take(100 + n / 10, [], 100 + n / 10, Heard(None, 1.0))
    assert (memory.times, memory.changes) == ([], [])


def chart() -> Chart:
    return Chart(4, 96.0, G, (Bar(4, ((0, chord("G")),)), Bar(4, ((0, chord("C")), (2, chord("D")))), Bar(4, ((0, chord("D")),)), Bar(4, ((0, None),)),
                              Bar(4, ((0, chord("Em")),))))


def test_the_chart_is_a_grid_of_chordpro() -> None:
    assert chordpro(chart(), "Our {song}") == (
        "{title: Our (song)}\n{comment: made by the box (gigbox): heard, not written; chords may be wrong}\n{key: G}\n{tempo: 96}\n{time: 4/4}\n"
        "{start_of_grid}\n| G . . . | C . D . | D . . . | N . . . |\n| Em . . . |\n{end_of_grid}\n")


def test_chords_that_go_on_are_one_span_and_silence_is_none() -> None:
    assert chart().spans() == [(0.0, 4.0, chord("G")), (4.0, 6.0, chord("C")), (6.0, 12.0, chord("D")), (16.0, 20.0, chord("Em"))]
    assert chart().spans(2) == [(4.0, 8.0, chord("Em"))]


def test_a_stranger_reads_the_midi_file() -> None:
    melody, bass, drums = [Note(0, 1, 67, 90), Note(1, 0.5, 69, 80)], [Note(0, 2, 43, 100)], [Note(0.25, 0.2, 36, 112)]
    file = mido.MidiFile(file=io.BytesIO(midi_file(chart(), "Süßes Lied", melody, bass, drums)), charset="utf-8")
    head = {message.type: message for message in file.tracks[0]}
    assert (file.type, file.ticks_per_beat, len(file.tracks)) == (1, 480, 5)
    assert (head["track_name"].name, mido.tempo2bpm(head["set_tempo"].tempo), head["key_signature"].key) == ("Süßes Lied", pytest.approx(96), "G")
    assert "made by the box" in head["text"].text
    assert [message.text for message in file.tracks[1] if message.type == "marker"] == ["G", "C", "D", "Em"]
    assert "made by the box" in file.tracks[2].name
    at, notes = 0, []
    for message in file.tracks[2]:
        at += message.time
        if message.type == "note_on":
            notes.append((at / 480, message.note, message.velocity))
    assert notes == [(20.0, 67, 90), (21.0, 69, 80)]
    assert {message.channel for message in file.tracks[4] if message.type == "note_on"} == {9}


def test_every_note_that_begins_ends() -> None:
    file = mido.MidiFile(file=io.BytesIO(midi_file(chart(), "x", [Note(0, 1, 60, 90), Note(1, 1, 60, 90)])))
    for track in file.tracks:
        sounding: set[int] = set()
        for message in track:
            if message.type == "note_on":
                assert message.note not in sounding
                sounding.add(message.note)
            elif message.type == "note_off":
                sounding.remove(message.note)
        assert not sounding


@pytest.mark.parametrize(("key", "said"), [(Key(9, True, 1), "Am"), (Key(3, False, 1), "Eb"), (Key(1, True, 1), "C#m"), (Key(10, True, 1), "Bbm")])
def test_keys_have_the_signature_that_musicians_write(key: Key, said: str) -> None:
    file = mido.MidiFile(file=io.BytesIO(midi_file(Chart(3, 90.0, key, ()), "x")))
    assert next(message.key for message in file.tracks[0] if message.type == "key_signature") == said


def test_voices_move_as_little_as_they_can() -> None:
    shape = voiced(chord("C"))
    after = voiced(chord("Am"), shape)
    assert sum(abs(a - b) for a, b in zip(shape, after, strict=True)) <= 3
    assert {note % 12 for note in after} == set(chord("Am").tones)
