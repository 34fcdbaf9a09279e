"""Drum kits played by the same drummer, and what each microphone before them hears: its own drum, and the others softer and duller."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from scipy import signal

from models.recognise import midi, scores, synths
from models.recognise.amps import level
from models.recognise.midi import RATE, Sound
from models.recognise.scores import DRUMS, Note, Random

# General MIDI drum sounds, by what `scores.groove` calls 0, 1, 2.
GENERAL = {"kick": ((36,), (35,)), "snare": ((38, 40, 38), (40, 37, 40), (38, 39, 38)), "hihat": ((42, 46, 44),),
           "cymbal": ((51, 53, 49), (59, 53, 57), (51, 59, 55)), "tom": ((50, 47, 43), (48, 45, 41))}
Play = Callable[[list[Note]], Sound]


@dataclass
class Kit:
    """Each drum as a way to play notes."""

    play: dict[str, Play]


def of_font(rng: Random, font: Path, program: int, channel: int = 9) -> Kit:
    """A kit of a SoundFont, on the drum channel where the font has one."""
    chosen = {drum: sounds[rng.integers(len(sounds))] for drum, sounds in GENERAL.items()}

    def player(drum: str) -> Play:
        def play(notes: list[Note]) -> Sound:
            return midi.play(midi.file([Note(n.start, n.length, chosen[drum][min(n.pitch, len(chosen[drum]) - 1)], n.velocity) for n in notes],
                                       program, channel), font)
        return play
    return Kit({drum: player(drum) for drum in DRUMS})


def of_hits(rng: Random, hits: dict[str, list[Sound]]) -> Kit:
    """A kit of single hits: one for each of a drum's sounds, higher or lower and softer or harder as a whole."""
    chosen = {drum: [sounds[i] for i in rng.integers(len(sounds), size=3)] for drum, sounds in hits.items() if sounds}
    for drum in chosen:
        if drum != "tom":
            chosen[drum][1:2] = [chosen[drum][0]] if rng.random() < 0.5 else chosen[drum][1:2]
    speed = 2 ** rng.uniform(-0.25, 0.25)
    tuned = {drum: [_faster(sound, speed * 2 ** (-n / 4 if drum == "tom" else 0)) for n, sound in enumerate(sounds)] for drum, sounds in chosen.items()}

    def player(drum: str) -> Play:
        return lambda notes: _placed(rng, tuned[drum], notes)
    return Kit({drum: player(drum) for drum in tuned})


def machine(rng: Random) -> Kit:
    """A drum machine that never was."""
    kinds = {"kick": "kick", "snare": "clap" if rng.random() < 0.25 else "snare", "hihat": "hihat", "cymbal": "cymbal", "tom": "tom"}
    return of_hits(rng, {drum: [synths.drum(rng, kind) for _ in range(3)] for drum, kind in kinds.items()})


def load_hits(files: dict[str, list[Path]]) -> dict[str, list[Sound]]:
    """Single hits at 48 kHz, up to 3 s, peak 1."""
    return {drum: [x for x in map(_load, paths) if len(x) > 400] for drum, paths in files.items()}


def _load(path: Path) -> Sound:
    """Empty where a file cannot be read: one of LMMS cannot."""
    try:
        sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError:
        return np.zeros(0, np.float32)
    mono = sound.mean(axis=1)[: 3 * rate]
    return level(np.asarray(soxr.resample(mono, rate, RATE) if rate != RATE else mono, np.float32), 1.0)


def _faster(sound: Sound, speed: float) -> Sound:
    return np.interp(np.arange(0, len(sound) - 1, speed), np.arange(len(sound)), sound).astype(np.float32)


def _placed(rng: Random, sounds: list[Sound], notes: list[Note]) -> Sound:
    out = np.zeros(int((max((n.start for n in notes), default=0) + 4) * RATE), np.float32)
    for note in notes:
        hit, at = sounds[min(note.pitch, len(sounds) - 1)], int(note.start * RATE)
        force = note.velocity / 127
        if force < 0.6:      # softer is duller
            hit = signal.lfilter([force + 0.3], [1, force - 0.7], hit).astype(np.float32)
        out[at:at + len(hit)] += hit * np.float32(force**1.5)
    return out


def microphones(rng: Random, kit: Kit, seconds: float) -> list[tuple[str, Sound]]:
    """(class, sound) of what a sound check and a song give: close microphones with bleed, overheads, the whole kit."""
    notes, count, out = scores.groove(rng, seconds), int(seconds * RATE), []
    if rng.random() < 0.5:
        notes["tom"] = scores.tom_part(rng, seconds)
    heard = {drum: level(_fitted(kit.play[drum](notes[drum]), count)) for drum in kit.play if notes[drum]}
    heard = {drum: sound for drum, sound in heard.items() if np.abs(sound).max() > 0.01}
    everything = _sum(heard, {drum: 0.0 for drum in heard})
    for drum, kind in (("kick", "kick"), ("snare", "snare"), ("tom", "tom"), ("hihat", "hihat_overhead")):
        if drum in heard:
            bleed = -rng.uniform(14, 45) if rng.random() < 0.65 else -99.0
            out.append((kind, heard[drum] + _dull(rng, everything - heard[drum], bleed)))
    if {"hihat", "cymbal"} & heard.keys():
        gains = {drum: rng.uniform(-16, -4) for drum in heard} | {"hihat": rng.uniform(-6, 0), "cymbal": rng.uniform(-3, 3), "kick": rng.uniform(-26, -10)}
        out.append(("hihat_overhead", _sum(heard, gains)))
    out.append(("drums", _sum(heard, {drum: rng.uniform(-5, 3) - (6 if drum in ("hihat", "cymbal") else 0) for drum in heard})))
    for drum, kind in (("kick", "kick"), ("snare", "snare"), ("tom", "tom"), ("hihat", "hihat_overhead")):
        if rng.random() < 0.35 and drum in heard:
            out.append((kind, _fitted(kit.play[drum](scores.hits(rng, seconds / 2)), count // 2)))
    return [(kind, level(sound)) for kind, sound in out]


def _sum(heard: dict[str, Sound], gains: dict[str, float]) -> Sound:
    return np.asarray(sum(sound * np.float32(10 ** (gains[drum] / 20)) for drum, sound in heard.items()), np.float32)


def _dull(rng: Random, sound: Sound, gain_db: float) -> Sound:
    low = signal.sosfilt(signal.butter(1, rng.uniform(1500, 12000), fs=RATE, output="sos"), sound)
    return np.asarray(low * 10 ** (gain_db / 20), np.float32)


def _fitted(sound: Sound, count: int) -> Sound:
    return np.pad(sound[:count], (0, max(count - len(sound), 0)))
