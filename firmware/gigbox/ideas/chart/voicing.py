"""Chords as hands would play them: close together, and each moves as little as it can."""

from __future__ import annotations

from collections.abc import Iterable

from gigbox.ideas.hear.chords import Chord

MIDDLE = 60


def voiced(chord: Chord, before: tuple[int, ...] = ()) -> tuple[int, ...]:
    """Three MIDI notes around middle C, the inversion that is nearest to `before`."""
    tones = chord.tones
    shapes = []
    for turn in range(3):
        low = 48 + (tones[turn] - 48) % 12
        notes = [low]
        for step in (1, 2):
            notes.append(notes[-1] + (tones[(turn + step) % 3] - notes[-1]) % 12)
        shapes += [tuple(notes), tuple(note + 12 for note in notes)]
    return min(shapes, key=lambda shape: (_moved(shape, before) if before else 0, abs(sum(shape) / 3 - MIDDLE)))


def _moved(shape: Iterable[int], before: Iterable[int]) -> int:
    return sum(abs(a - b) for a, b in zip(shape, before, strict=True))
