"""Standard MIDI Files, format 1 (RP-001): a chart and what the box offers over it, a track each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gigbox.ideas.chart.chordpro import MADE
from gigbox.ideas.chart.memory import Chart
from gigbox.ideas.chart.voicing import voiced
from gigbox.ideas.offer.notes import Note

TICKS = 480                # of a beat
DRUMS = 9                  # the channel
FLATS = {0: 0, 7: 1, 2: 2, 9: 3, 4: 4, 11: 5, 6: 6, 5: -1, 10: -2, 3: -3, 8: -4, 1: -5}     # sharps of a major key by its tonic

Event = tuple[float, int, bytes]      # beat, order within it, bytes


def midi_file(chart: Chart, title: str, melody: Sequence[Note] = (), bass: Sequence[Note] = (), drums: Sequence[Note] = ()) -> bytes:
    """`melody`, `bass`, `drums`: over the last bars, in beats of their own; they stand behind the chart, over its last chords once more."""
    offered = [part for part in (melody, bass, drums) if part]
    end = float(sum(bar.beats for bar in chart.bars))
    tracks = [_head(chart, title), _track("Chords (heard)", 0, 0, _chords(chart))]
    for name, channel, program, notes in (("Melody (made by the box)", 1, 73, melody), ("Bass (made by the box)", 2, 33, bass),
                                          ("Drums (made by the box)", DRUMS, 0, drums)):
        if notes:
            tracks.append(_track(name, channel, program, _notes(notes, channel, end)))
    assert len(tracks) == 2 + len(offered)
    return _chunk(b"MThd", (1).to_bytes(2, "big") + len(tracks).to_bytes(2, "big") + TICKS.to_bytes(2, "big")) + b"".join(tracks)


def _head(chart: Chart, title: str) -> bytes:
    tempo = round(60e6 / min(max(chart.bpm or 120.0, 20.0), 300.0))
    events: list[Event] = [(0, 0, _text(3, title)), (0, 0, _text(1, MADE)), (0, 0, b"\xff\x51\x03" + tempo.to_bytes(3, "big")),
                           (0, 0, b"\xff\x58\x04" + bytes([chart.metre, 2, 24, 8]))]
    if chart.key:
        major = (chart.key.tonic + 3) % 12 if chart.key.minor else chart.key.tonic
        events.append((0, 0, b"\xff\x59\x02" + bytes([FLATS[major] & 255, chart.key.minor])))
    return _written(events)


def _chords(chart: Chart) -> list[Event]:
    events: list[Event] = []
    shape: tuple[int, ...] = ()
    for start, end, chord in chart.spans():
        shape = voiced(chord, shape)
        events.append((start, 1, _text(6, chord.name)))
        events += _notes([Note(start, end - start, pitch, 70) for pitch in shape], 0, 0.0)
    return events


def _notes(notes: Iterable[Note], channel: int, offset: float) -> list[Event]:
    """An end comes before a beginning at the same time."""
    return [event for note in notes for event in ((note.at + offset, 2, bytes([0x90 | channel, note.pitch, note.velocity])),
                                                  (note.at + note.length + offset, 0, bytes([0x80 | channel, note.pitch, 64])))]


def _track(name: str, channel: int, program: int, events: list[Event]) -> bytes:
    return _written([(0, 0, _text(3, name)), (0, 1, bytes([0xC0 | channel, program])), *events])


def _written(events: list[Event]) -> bytes:
    out, before = bytearray(), 0
    for at, _, event in sorted(events, key=lambda each: (round(each[0] * TICKS), each[1])):
        out += _variable(round(at * TICKS) - before) + event
        before = round(at * TICKS)
    return _chunk(b"MTrk", bytes(out) + b"\0\xff\x2f\0")


def _text(kind: int, text: str) -> bytes:
    content = text.encode("utf-8")
    return bytes([0xFF, kind]) + _variable(len(content)) + content


def _variable(number: int) -> bytes:
    """Seven bits a byte, the last without the eighth."""
    out = [number & 127]
    while number := number >> 7:
        out.insert(0, number & 127 | 128)
    return bytes(out)


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + len(content).to_bytes(4, "big") + content
