"""Bands that play tunes and progressions nobody recorded: every chord and beat is known. Real samples from a SoundFont, through fluidsynth.

A song is 40 s long: one or two instruments that play chords, a bass, mostly drums, sometimes the melody in a strip of harmony; out of tune by up to 25
cents, late and early by some milliseconds, faster and slower by some per cent, with drums bleeding into the microphones.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.ideas import abc, roman
from models.recognise import midi
from models.recognise.scores import GROOVES, Note, Random

SECONDS = 40.0
PROGRESSION = "progression"                                     # the title of what is none of the tunes
RATE = midi.RATE
KITCHEN = 9                                                     # the channel of drums
KICK, SNARE, HAT, RIDE = 36, 38, 42, 51
CHORDAL = (("keys", (0, 1, 2, 4, 5, 16, 17, 18), 48), ("acoustic_guitar", (24, 25), 44), ("electric_guitar", (26, 27, 29), 43), ("synth", (50, 81, 89), 50),
           ("strings", (48, 49), 50))
BASSES = (32, 33, 34, 35, 38)
WANDER, SWELL = 0.12, 32           # beats that a band may be ahead or behind, and in how many beats it comes and goes

Clock = Callable[[float], float]   # beats to seconds


@dataclass(frozen=True)
class Played:
    """`strips`: (frames, n); `chords`: (start s, root, minor), the last until `seconds`; `beats` in s."""

    title: str
    strips: npt.NDArray[np.float32]
    roles: tuple[str, ...]
    chords: tuple[tuple[float, int, bool], ...]
    beats: tuple[float, ...]
    bpm: float
    tonic: int
    minor: bool


@dataclass(frozen=True)
class Score:
    """In beats, of `metre` a bar: chords as (start, root, minor, seventh), the last until `length`; melody as (start, length, pitch)."""

    title: str
    chords: tuple[tuple[float, int, bool, bool], ...]
    melody: tuple[tuple[float, float, int], ...]
    metre: int
    threes: bool               # a beat has three parts
    tonic: int
    minor: bool
    length: float
    bpm: tuple[float, float]


def of_tune(tune: abc.Tune) -> Score:
    """From its first bar on: an upbeat is left out."""
    threes = tune.metre in ("6/8", "9/8", "12/8")
    beat = 1.5 if threes else 2.0 if tune.metre in ("2/2", "3/2") else 1.0
    first = float(tune.bars[0]) if tune.bars and tune.bars[0] < tune.bar else 0.0
    chords = tuple((max(float(at) - first, 0.0) / beat, root, minor, False) for at, root, minor in tune.chords if float(at) >= first - 1e-6)
    melody = tuple(((float(at) - first) / beat, float(length) / beat, pitch) for at, length, pitch in tune.notes if float(at) >= first)
    return Score(tune.title, chords, melody, max(round(float(tune.bar) / beat), 2), threes, tune.tonic, tune.minor, (float(tune.length) - first) / beat,
                 (84.0, 132.0))


def progressions(file: Path) -> list[tuple[list[tuple[int, bool]], bool, int]]:
    """Chords as (degree 0..11, minor) against the tonic, whether the key is minor, and the part of ten that it falls on."""
    found = []
    for mode, rows in json.loads(file.read_text("utf-8"))["progressions"].items():
        for row in rows:
            if chords := roman.read(row["chords"], mode == "minor"):
                home = {low for degree, low in chords if degree == 0}          # of modal ones: as the tonic's chord is
                found.append((chords, mode == "minor" or (mode != "major" and home == {True}), zlib.crc32(" ".join(row["chords"]).encode()) % 10))
    return found


def of_progression(chords: Sequence[tuple[int, bool]], minor: bool, rng: Random) -> Score:
    """Played round and round, a chord a bar or half a bar."""
    tonic, each = int(rng.integers(12)), int(rng.choice([4, 4, 2]))
    count = 96 // each
    played = tuple((n * each * 1.0, (tonic + chords[n % len(chords)][0]) % 12, chords[n % len(chords)][1], bool(rng.random() < 0.2)) for n in range(count))
    return Score(PROGRESSION, played, (), 4, False, tonic, minor, float(count * each), (70.0, 150.0))


def play(score: Score, font: Path, seed: int) -> Played:
    rng = np.random.default_rng(seed)
    bpm = float(rng.uniform(*score.bpm))
    length = min(score.length, SECONDS * bpm / 60)
    score, clock = _cut(score, length), _wandering(bpm, rng)
    end = clock(length)
    chordal = [CHORDAL[i] for i in rng.permutation(len(CHORDAL))[: int(rng.choice([1, 2, 2]))]]
    strips, roles = [], []
    cents = float(rng.normal(0, 10))
    for role, programs, low in chordal:
        notes = _chords(rng, score, clock, low)
        if score.melody and rng.random() < 0.3:
            notes += [Note(clock(at), (clock(at + span) - clock(at)) * 0.9, pitch, 84) for at, span, pitch in score.melody]
        strips.append(_sound(notes, int(rng.choice(programs)), font, cents, end))
        roles.append(role)
    strips.append(_sound(_bass(rng, score, clock), int(rng.choice(BASSES)), font, cents, end))
    roles.append("bass")
    if rng.random() < 0.85:
        drums = _sound(_drums(rng, score, clock), int(rng.choice([0, 0, 8, 16])), font, 0.0, end, KITCHEN)
        strips = [s + drums * 10 ** (float(rng.uniform(-40, -24)) / 20) for s in strips] + [drums]
        roles.append("drums")
    made = np.stack([s * 10 ** (float(rng.uniform(-18, 0)) / 20) for s in strips], axis=1)
    made += rng.normal(0, 10 ** (-72 / 20), made.shape)
    beats = tuple(clock(b) for b in range(int(length)))
    return Played(score.title, made.astype(np.float32), tuple(roles), tuple((clock(at), root, minor) for at, root, minor, _ in score.chords), beats, bpm,
                  score.tonic, score.minor)


def _wandering(bpm: float, rng: Random) -> Clock:
    ahead, phase = float(rng.uniform(0, WANDER)), float(rng.uniform(0, 2 * np.pi))
    return lambda beat: max((beat + ahead * float(np.sin(2 * np.pi * beat / SWELL + phase) - np.sin(phase))) * 60 / bpm, 0.0)


def _cut(score: Score, length: float) -> Score:
    return Score(score.title, tuple(c for c in score.chords if c[0] < length - 0.01), tuple(n for n in score.melody if n[0] < length - 0.01), score.metre,
                 score.threes, score.tonic, score.minor, length, score.bpm)


def spans(score: Score) -> Iterator[tuple[float, float, int, bool, bool]]:
    for (at, root, minor, seventh), end in zip(score.chords, [c[0] for c in score.chords[1:]] + [score.length], strict=True):
        if end > at:
            yield at, end, root, minor, seventh


def _steps(score: Score, start: float, end: float, step: float) -> Iterator[float]:
    at = np.ceil(start / step - 1e-6) * step
    while at < end - 1e-6:
        yield float(at)
        at += step


def _chords(rng: Random, score: Score, clock: Clock, low: int) -> list[Note]:
    """Held, on beats, strummed in eighths, or taken apart."""
    manner = str(rng.choice(["held", "beats", "strum", "arpeggio"]))
    eighth = 1 / 3 if score.threes else 0.5
    notes = []
    for start, end, root, minor, seventh in spans(score):
        tones = [root, root + 3 + (not minor), root + 7] + ([root + 10] if seventh else []) + ([root + 14] if rng.random() < 0.1 else [])
        pitches = sorted({low + (tone - low) % 12 + 12 * (n > 3) for n, tone in enumerate(tones)} | {low + 12 + (root - low) % 12})
        times = [start] if manner == "held" else list(_steps(score, start, end, 1.0 if manner == "beats" else eighth)) or [start]
        if times[0] > start + 1e-6:
            times.insert(0, start)
        for n, (at, until) in enumerate(zip(times, [*times[1:], end], strict=True)):
            loud = int(rng.integers(64, 100))
            if manner == "arpeggio":
                notes.append(Note(clock(at), (clock(end) - clock(at)) * 0.9, pitches[n % len(pitches)], loud))
                continue
            if manner == "strum" and n and rng.random() < 0.25:
                continue
            for k, pitch in enumerate(pitches):
                late = k * 0.012 if manner == "strum" else rng.normal(0, 0.006)
                notes.append(Note(max(clock(at) + late, 0), (clock(until) - clock(at)) * rng.uniform(0.6, 0.98), pitch, loud))
    return notes


def _bass(rng: Random, score: Score, clock: Clock) -> list[Note]:
    """Roots; roots and fifths; eighths; or a walk through the chord."""
    manner = str(rng.choice(["root", "fifth", "eighths", "walk"]))
    notes = []
    for start, end, root, minor, _ in spans(score):
        low = 28 + (root - 28) % 12
        walk = [low, low + 3 + (not minor), low + 7, low + (9 if not minor else 10)]
        times = list(_steps(score, start, end, (1 / 3 if score.threes else 0.5) if manner == "eighths" else 1.0)) or [start]
        for n, (at, until) in enumerate(zip(times, [*times[1:], end], strict=True)):
            pitch = {"root": low, "eighths": low, "fifth": low + 7 * (n % 2), "walk": walk[n % 4]}[manner]
            notes.append(Note(max(clock(at) + rng.normal(0, 0.006), 0), (clock(until) - clock(at)) * 0.9, pitch, int(rng.integers(80, 110))))
    return notes


def _drums(rng: Random, score: Score, clock: Clock) -> list[Note]:
    groove, cymbal = GROOVES[int(rng.integers(len(GROOVES)))], int(rng.choice([HAT, HAT, RIDE]))
    notes = []
    for bar in range(int(np.ceil(score.length / score.metre))):
        for beat in range(score.metre):
            at = bar * score.metre + beat
            hits = [(HAT if cymbal == HAT else RIDE, part) for part in ((0, 1 / 3, 2 / 3) if score.threes else (0, 0.5))]
            if score.metre == 4 and not score.threes:
                hits += [(KICK if name == "kick" else SNARE, place / 4 - beat) for name, places in groove.items() for place in places if place // 4 == beat]
            else:
                hits += [(KICK if beat == 0 else SNARE, 0.0)]
            for drum, part in hits:
                if (when := clock(at + part) + rng.normal(0, 0.005)) < clock(score.length):
                    notes.append(Note(max(when, 0), 0.1, drum, int(rng.integers(70, 120))))
    return notes


def _sound(notes: list[Note], program: int, font: Path, cents: float, seconds: float, channel: int = 0) -> npt.NDArray[np.float32]:
    made = midi.play(midi.file(notes, program, channel, bend=[(0.0, round(cents / 200 * 8192))]), font)
    out = np.zeros(round(seconds * RATE), np.float32)
    out[: min(len(made), len(out))] = made[: len(out)]
    return out * (0.5 / max(float(np.abs(out).max()), 1e-6))
