"""Notes that nobody wrote down: grooves, bass lines, chords and melodies, drawn at random, for sampled and made instruments to play.

A note is (start s, length s, MIDI pitch, velocity 1..127). Everything comes from the generator that is handed in, so a seed is a score.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

Random = np.random.Generator
MAJOR, MINOR, DORIAN, PENTATONIC = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 3, 5, 7, 9, 10), (0, 3, 5, 7, 10)
SCALES = (MAJOR, MINOR, DORIAN, PENTATONIC)
DRUMS = ("kick", "snare", "hihat", "cymbal", "tom")
# Sixteenths of a bar on which each drum may fall, of the usual grooves.
GROOVES = (
    {"kick": (0, 8), "snare": (4, 12)},
    {"kick": (0, 6, 8), "snare": (4, 12)},
    {"kick": (0, 7, 10), "snare": (4, 12)},
    {"kick": (0, 3, 6, 10), "snare": (4, 12, 15)},
    {"kick": (0, 4, 8, 12), "snare": (4, 12)},
    {"kick": (0, 10), "snare": (8,)},
    {"kick": (0, 2, 8, 11), "snare": (4, 7, 9, 12)},
    {"kick": (0, 8), "snare": (6, 12, 14)},
)


class Note(NamedTuple):
    start: float
    length: float
    pitch: int
    velocity: int


def groove(rng: Random, seconds: float) -> dict[str, list[Note]]:
    """A drummer: notes of each of DRUMS (pitch: which of its sounds, 0..; velocities as hands give them), all in one time."""
    bpm, pattern, swing = rng.uniform(66, 178), GROOVES[rng.integers(len(GROOVES))], rng.choice([0, 0, rng.uniform(0.1, 0.3)])
    step, late = 15 / bpm, rng.uniform(0, 0.008)
    every, ride = int(rng.choice([1, 2, 2, 2, 4])), rng.random() < 0.3
    fills, loud, spread, ghosts = rng.choice([0.15, 0.3, 1.0]), rng.uniform(70, 118), rng.uniform(3, 18), rng.choice([0, 0, 0.15, 0.3])
    notes: dict[str, list[Note]] = {drum: [] for drum in DRUMS}

    def hit(drum: str, at: float, level: float, which: int = 0) -> None:
        start = max(at + rng.normal(0, late), 0)
        if start < seconds:
            notes[drum].append(Note(float(start), 0.25, which, int(np.clip(loud * level + rng.normal(0, spread), 8, 127))))

    for bar in range(int(seconds / (16 * step)) + 1):
        begin, is_fill = bar * 16 * step, rng.random() < fills
        for place in range(16):
            at = begin + (place + (swing if place % 2 else 0)) * step
            filling = is_fill and place >= 10
            if (place in pattern["kick"] and rng.random() < 0.93) or rng.random() < 0.02:
                hit("kick", at, 1.0)
            if place in pattern["snare"] and not filling and rng.random() < 0.95:
                hit("snare", at, 1.0, int(rng.random() < 0.08))
            elif rng.random() < ghosts:
                hit("snare", at, 0.4)
            if place % every == 0 and not filling:
                drum = "cymbal" if ride else "hihat"
                hit(drum, at, 0.9 if place % 4 == 0 else 0.65, int(rng.random() < 0.12))
            if filling and rng.random() < 0.8:
                hit("tom", at, 1.0, min((place - 10) // 2, 2))
        if (bar % 4 == 0 and rng.random() < 0.5) or is_fill:
            hit("cymbal", begin, 1.1, 2)
        if ride and rng.random() < 0.6:
            hit("hihat", begin + 4 * step, 0.6, 2)
    return notes


def tom_part(rng: Random, seconds: float) -> list[Note]:
    """Toms as a part of their own: patterns of eighths and sixteenths over one to three drums, with gaps."""
    step, drums, density = 15 / rng.uniform(70, 150), int(rng.integers(1, 4)), rng.uniform(0.25, 0.8)
    notes, at = [], 0.0
    while at < seconds:
        run = int(rng.integers(2, 9))
        for n in range(run):
            if rng.random() < density:
                notes.append(Note(at, 0.4, int(n * drums / run), int(rng.uniform(50, 125))))
            at += step * int(rng.choice([1, 1, 2]))
        at += step * int(rng.integers(0, 9))
    return [n for n in notes if n.start < seconds]


def hits(rng: Random, seconds: float) -> list[Note]:
    """One drum alone, as at a sound check: even or free, loud or soft."""
    gap, free, loud = rng.uniform(0.25, 1.1), rng.uniform(0, 0.3), rng.uniform(60, 120)
    starts = np.cumsum(np.maximum(rng.normal(gap, gap * free, int(seconds / gap)), 0.08))
    return [Note(float(at), 0.3, int(rng.integers(0, 3) if rng.random() < 0.2 else 0), int(np.clip(rng.normal(loud, 12), 20, 127)))
            for at in starts if at < seconds]


def _key(rng: Random) -> tuple[int, tuple[int, ...]]:
    return int(rng.integers(12)), SCALES[rng.integers(len(SCALES))]


def _within(pitch: int, low: int, high: int) -> int:
    while pitch < low:
        pitch += 12
    while pitch > high:
        pitch -= 12
    return max(pitch, low)


def bass_line(rng: Random, seconds: float, low: int, high: int) -> list[Note]:
    """Roots, fifths, octaves and passing notes; eighths, sixteenths, walking or long."""
    (root, scale), step = _key(rng), 60 / rng.uniform(66, 160)
    lengths = [(1.0,), (0.5,), (0.5, 0.5, 1.0), (0.25, 0.5, 0.75), (2.0, 1.0), (0.25,)][rng.integers(6)]
    hold, loud, gaps, at, notes = rng.uniform(0.35, 1.0), rng.uniform(65, 115), rng.uniform(0, 0.3), 0.0, []
    degree = 0
    while at < seconds:
        long = step * float(rng.choice(lengths))
        if rng.random() < 0.35:
            degree = int(rng.choice([0, 0, 3, 4, 5, len(scale) - 1])) % len(scale)
        pitch = _within(root + scale[degree] + int(rng.choice([0, 0, 0, 0, 7, 12])) + 24, low, high)
        if rng.random() >= gaps:
            notes.append(Note(at, long * hold, pitch, int(np.clip(rng.normal(loud, 10), 20, 127))))
        at += long
    return notes


def melody(rng: Random, seconds: float, low: int, high: int) -> list[Note]:
    """One voice that walks and jumps through a scale, with breaths."""
    (root, scale), step = _key(rng), 60 / rng.uniform(60, 170)
    centre, reach = rng.uniform(low + 4, high - 4), rng.uniform(3, 9)
    lengths, legato = (0.25, 0.5, 0.5, 1.0, 1.5, 2.0, 3.0)[rng.integers(0, 3):rng.integers(4, 8)], rng.uniform(0.5, 1.05)
    loud, at, notes, pitch = rng.uniform(55, 115), 0.0, [], int(centre)
    while at < seconds:
        for _ in range(int(rng.integers(3, 14))):
            pitch += int(rng.choice([-7, -4, -3, -2, -1, 1, 2, 3, 4, 7, 0], p=[.03, .05, .1, .16, .1, .1, .16, .1, .05, .03, .12]))
            if abs(pitch - centre) > reach:
                pitch = int(centre + rng.normal(0, 2))
            near = min((root + 12 * octave + tone for octave in range(10) for tone in scale), key=lambda p: abs(p - pitch))
            long = step * float(rng.choice(lengths))
            notes.append(Note(at, long * legato, int(np.clip(near, low, high)), int(np.clip(rng.normal(loud, 10), 15, 127))))
            at += long
        at += step * float(rng.choice([0, 1, 2, 4]))
    return [n for n in notes if n.start < seconds]


def chords(rng: Random, seconds: float, low: int, high: int, strum: float = 0.0) -> list[Note]:
    """Triads and sevenths: held, in rhythm, strummed (`strum`: seconds from string to string) or broken."""
    (root, scale), step = _key(rng), 60 / rng.uniform(60, 150)
    broken, beat = rng.random() < 0.35, float(rng.choice([0.5, 0.5, 1.0, 1.0, 2.0, 4.0]))
    hold, loud, at, notes, base = rng.uniform(0.25, 1.05), rng.uniform(55, 112), 0.0, [], int(rng.integers(low, max(high - 18, low + 1)))
    while at < seconds:
        degree, size = int(rng.choice([0, 3, 4, 5, 1])), int(rng.integers(3, 6))
        tones = sorted(_within(root + scale[(degree + 2 * n) % len(scale)] + 12 * (n // 3), base, min(base + 19, high)) for n in range(size))
        for _ in range(int(rng.integers(1, 5)) if beat >= 1 else int(rng.integers(4, 9))):
            if broken:
                for tone in tones:
                    notes.append(Note(at, step * beat * rng.uniform(0.6, 2), tone, int(np.clip(rng.normal(loud, 9), 15, 127))))
                    at += step * min(beat, 0.5)
                continue
            down = tones if rng.random() < 0.65 else tones[::-1]
            for n, tone in enumerate(down):
                notes.append(Note(at + n * strum * rng.uniform(0.6, 1.4), step * beat * hold, tone, int(np.clip(rng.normal(loud, 9), 15, 127))))
            at += step * beat * float(rng.choice([1, 1, 1, 2]))
        at += step * float(rng.choice([0, 0, 0, 2]))
    return [n for n in notes if n.start < seconds]


def arpeggio(rng: Random, seconds: float, low: int, high: int) -> list[Note]:
    """Chord tones one after another in even sixteenths or eighths, up, down or about, as sequencers and pickers play them."""
    (root, scale), step = _key(rng), float(rng.choice([15, 15, 30])) / rng.uniform(80, 150)
    hold, loud, accent, rests = rng.uniform(0.3, 1.6), rng.uniform(60, 115), rng.uniform(0, 15), float(rng.choice([0, 0, 0.15, 0.4]))
    order, notes, at = str(rng.choice(["up", "down", "about"])), [], 0.0
    while at < seconds:
        degree = int(rng.choice([0, 3, 4, 5]))
        tones = sorted({_within(root + scale[(degree + 2 * n) % len(scale)] + 12 * (n // 3), low, high) for n in range(int(rng.integers(3, 7)))})
        tones = tones[::-1] if order == "down" else tones
        pattern = list(rng.integers(len(tones), size=8)) if order == "about" else list(range(len(tones)))
        for n in range(16):
            if rng.random() >= rests:
                notes.append(Note(at, step * hold, tones[pattern[n % len(pattern)]], int(np.clip(rng.normal(loud + accent * (n % 4 == 0), 5), 15, 127))))
            at += step
    return [n for n in notes if n.start < seconds]


def power_chords(rng: Random, seconds: float, low: int, high: int) -> list[Note]:
    """Root, fifth, octave; palm-muted eighths and long ones."""
    notes = []
    for note in bass_line(rng, seconds, low, min(low + 14, high)):
        notes += [Note(note.start + 0.004 * n, note.length, note.pitch + up, note.velocity) for n, up in enumerate((0, 7, 12))]
    return notes
