"""General MIDI instruments by class, each within its range and in its own manner; amplifiers for the electric ones."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.recognise import amps, midi, scores
from models.recognise.midi import RATE, Sound
from models.recognise.scores import Note, Random


@dataclass(frozen=True)
class Player:
    """`programs`: General MIDI numbers from 0; `low`, `high`: pitches; `manners`: what is played."""

    kind: str
    programs: tuple[int, ...]
    low: int
    high: int
    manners: tuple[str, ...]


PLAYERS = (
    Player("keys", (0, 0, 1, 2, 3), 33, 92, ("chords", "melody", "chords", "both", "arpeggio")),
    Player("keys", (4, 5), 36, 84, ("chords", "melody", "both")),
    Player("keys", (6, 7), 36, 80, ("melody", "chords")),
    Player("keys", (16, 17, 18, 19, 20, 21), 36, 84, ("chords", "melody", "both")),
    Player("acoustic_guitar", (24, 25), 40, 78, ("strum", "melody", "chords", "strum", "arpeggio")),
    Player("electric_guitar", (26, 27, 28), 40, 80, ("strum", "melody", "chords", "arpeggio")),
    Player("electric_guitar", (29, 30), 38, 82, ("power", "melody", "power", "strum")),
    Player("electric_guitar", (27, 28, 26, 29, 30, 25), 31, 76, ("metal", "metal", "melody")),
    Player("bass", (32, 33, 33, 34, 35, 36, 37), 26, 52, ("bass",)),
    Player("bass", (38, 39), 26, 48, ("bass",)),
    Player("brass_sax", (56, 59), 52, 84, ("melody",)),
    Player("brass_sax", (57, 60), 38, 72, ("melody",)),
    Player("brass_sax", (58,), 26, 55, ("melody", "bass")),
    Player("brass_sax", (61,), 43, 79, ("chords", "melody")),
    Player("brass_sax", (64, 65), 49, 86, ("melody",)),
    Player("brass_sax", (66, 67), 37, 74, ("melody",)),
    Player("strings", (40, 41, 45), 48, 94, ("melody",)),
    Player("strings", (42, 43), 28, 72, ("melody",)),
    Player("strings", (44, 48, 48, 49, 49), 36, 88, ("chords", "melody")),
    Player("synth", (80, 81, 84, 86, 87), 36, 88, ("melody", "bass", "chords", "arpeggio")),
    Player("synth", (62, 63, 50, 88, 89, 90, 92, 93, 94, 95), 40, 84, ("chords", "melody")),
    Player("synth", (82, 83, 96, 98, 99, 100, 102), 48, 90, ("melody", "chords", "arpeggio")),
    Player("singing", (52, 53), 45, 76, ("chords", "melody")),
)
SILENT_DBFS = -50.0          # what is no louder was played on an instrument that the font does not have
BENT = ("brass_sax", "strings", "electric_guitar", "synth", "singing")


def of(kind: str, program: int) -> tuple[Player, ...]:
    """Who of this class plays that program."""
    return tuple(player for player in PLAYERS if player.kind == kind and program in player.programs)


def part(rng: Random, player: Player, seconds: float) -> list[Note]:
    """What this player plays for so long."""
    low = int(rng.integers(player.low, max(player.high - 20, player.low + 1)))
    high = int(min(low + rng.integers(14, 37), player.high))
    manner = str(rng.choice(player.manners))
    if manner == "bass":
        return scores.bass_line(rng, seconds, player.low, min(player.low + int(rng.integers(10, 22)), player.high))
    if manner == "melody":
        return scores.melody(rng, seconds, low, high)
    if manner == "arpeggio":
        return scores.arpeggio(rng, seconds, low, high)
    if manner in ("power", "metal"):
        return scores.power_chords(rng, seconds, player.low, player.low + 20)
    if manner == "both":
        state = rng.spawn(1)[0]
        return scores.chords(rng, seconds, player.low, player.low + 24) + scores.melody(state, seconds, player.low + 26, player.high)
    return scores.chords(rng, seconds, low, high, rng.uniform(0.006, 0.035) if manner == "strum" else rng.choice([0.0, 0.0, 0.01]))


def recording(rng: Random, player: Player, program: int, font: Path, seconds: float) -> Sound:
    """One part as sampled instruments play it; empty where the font does not have the instrument."""
    notes = part(rng, player, seconds)
    sound = midi.play(midi.file(notes, program, bend=_bends(rng, notes) if player.kind in BENT else ()), font, reverb=rng.random() < 0.25)
    sound = sound[: int(seconds * RATE)]
    return staged(rng, player, sound) if np.abs(sound).max(initial=0) > 10 ** (SILENT_DBFS / 20) else sound[:0]


def staged(rng: Random, player: Player, sound: Sound) -> Sound:
    """Through an amplifier where that is usual."""
    if player.kind == "electric_guitar":
        sound = amps.guitar(rng, sound, str(rng.choice(_styles(player))))
    elif player.kind == "bass" and rng.random() < 0.35:
        sound = amps.amplified(rng, sound, rng.uniform(0, 18))
    elif player.kind in ("keys", "synth") and rng.random() < 0.12:
        sound = amps.amplified(rng, sound, rng.uniform(0, 15))
    return amps.level(sound)


def _styles(player: Player) -> tuple[str, ...]:
    """Amplifiers that such parts are played through."""
    if "metal" in player.manners:
        return ("metal", "metal", "crunch", "fuzz")
    return ("crunch", "lead", "fuzz", "metal", "edge") if "power" in player.manners else ("direct", "clean", "clean", "edge", "crunch", "lead")


def _bends(rng: Random, notes: list[Note]) -> list[tuple[float, int]]:
    """Vibrato and slides into notes."""
    if rng.random() < 0.4:
        return []
    depth, rate, slides, out = rng.uniform(100, 900), rng.uniform(4, 7), rng.uniform(0, 0.5), []
    for note in notes:
        if rng.random() < slides:
            out += [(note.start + t, int(-2500 * (1 - t / 0.1))) for t in np.arange(0, 0.1, 0.02)] + [(note.start + 0.1, 0)]
        out += [(note.start + t, int(depth * min((t - 0.2) / 0.4, 1) * np.sin(2 * np.pi * rate * t))) for t in np.arange(0.2, note.length, 0.025)]
        out.append((note.start + note.length, 0))
    return out
