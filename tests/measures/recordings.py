"""Recordings that scenes are made of: found in folders with song.toml, or with index.csv or manifest.csv of single instruments and voices.

A role is a word of the box's own, or "noise". A recording is asked for as `role`, or `role PATTERN` for those whose name is like that
(`keys *piano*`), with what would do instead after a bar (`speech | backing_vocal`). Files of one speaker are one recording.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import lru_cache
from pathlib import Path
from zlib import crc32

import numpy as np

from gigbox.engine.player import Recording as Decoder
from gigbox.engine.song import Song
from tests.measures.loudness import CALIBRATION, HOP, RATE, active, decibels, k_power

SOURCE_LUFS, SOURCE_PEAK = -30.0, 0.9       # every recording comes at this loudness while it plays, or as near as its peaks allow
LONG_S = 12.0                               # who has so much goes before who must be looped more often
PAUSE_S = 1.5                               # longer ones are cut down to this
ROLE_OF = {"silence_noise": "noise", "noise": "noise", "singing": "lead_vocal", "rir": ""}        # of a class in a csv; others are roles


@dataclass(frozen=True)
class Recording:
    """`pieces`: files and sides that are played one after the other."""

    role: str
    name: str
    pieces: tuple[tuple[Path, int], ...]
    seconds: float

    def read(self, frames: int) -> np.ndarray:
        """So many at 48 kHz, float32, looped, and without its long pauses."""
        sound = _sound(self)
        return np.tile(sound, -(-frames // len(sound)))[:frames]


def find(folders: Sequence[Path]) -> list[Recording]:
    """All in these folders and below them, long ones first, in one order whatever the machine's."""
    found: dict[tuple[tuple[Path, int], ...], Recording] = {}
    for folder in folders:
        for file in sorted(p for name in ("song.toml", "index.csv", "manifest.csv") for p in folder.rglob(name)):
            found |= {r.pieces: r for r in (_of_song(file) if file.suffix == ".toml" else _of_list(file)) if r.role}
    return sorted(found.values(), key=lambda r: (r.seconds < LONG_S, r.role, r.name))


def choose(recordings: Sequence[Recording], wanted: str, scene: str, taken: Sequence[Recording]) -> Recording | None:
    """One that does, other than those that are `taken`; which one goes by the name of the scene, so that scenes differ in what they play."""
    for way in wanted.split("|"):
        role, _, pattern = way.strip().partition(" ")
        fit = [r for r in recordings if r.role == role and fnmatch(r.name, pattern.strip() or "*") and r not in taken]
        fit = [r for r in fit if r.seconds >= LONG_S] or fit
        if fit:
            return fit[crc32(scene.encode()) % len(fit)]
    return None


def _of_song(file: Path) -> Iterator[Recording]:
    song = Song.open(file.parent)
    for track in song.tracks:
        yield Recording(track.role if track.role != "unused" else "", f"{song.folder.name}/{track.name}", ((track.file, track.side),), song.seconds)


def _of_list(file: Path) -> Iterator[Recording]:
    """One a file; of voices one a speaker, whose files are a few words long each."""
    speakers: dict[tuple[str, str], list[tuple[Path, float]]] = defaultdict(list)
    with file.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            role = _role(row["class"], row["file"])
            who = row.get("speaker_or_recording", "") if role in ("speech", "lead_vocal", "backing_vocal") else ""
            speakers[role, who or row["file"]].append((file.parent / row["file"], float(row["seconds"])))
    for (role, who), files in speakers.items():
        yield Recording(role, f"{file.parent.name}/{who}", tuple((path, 0) for path, _ in files), sum(seconds for _, seconds in files))


def _role(kind: str, file: str) -> str:
    """Of a class in a list; voices are told apart by what their files are called."""
    if kind == "vocal":
        name = Path(file).name
        return "speech" if name.startswith(("speech", "fx")) else "backing_vocal" if name.startswith(("hum", "mercury")) or "bgvox" in name else "lead_vocal"
    return "backing_vocal" if kind == "singing" and "bgvox" in file else ROLE_OF.get(kind, kind)


@lru_cache(maxsize=64)
def _sound(recording: Recording) -> np.ndarray:
    """At most a minute of it, decoded, brought to its loudness."""
    sounds, left = [], 60 * RATE
    for file, side in recording.pieces:
        decoder = Decoder(file)
        sounds.append(decoder.read(min(decoder.frames, left))[:, side])
        decoder.close()
        left -= len(sounds[-1])
        if left <= 0:
            break
    sound = _without_pauses(np.concatenate(sounds))
    power = k_power(sound[:, None])
    on = active(power, -90.0)
    loudness = decibels(power[on].mean()) + CALIBRATION if on.any() else -60.0
    gain = min(10 ** ((SOURCE_LUFS - loudness) / 20), SOURCE_PEAK / max(float(np.abs(sound).max()), 1e-6))
    return (sound * gain).astype(np.float32)


def _without_pauses(sound: np.ndarray) -> np.ndarray:
    """Whole blocks of 100 ms; of a pause the first PAUSE_S."""
    sound = sound[:len(sound) // HOP * HOP]
    on = active(k_power(sound[:, None]), -90.0)
    since, kept = 0, np.ones(len(on), bool)
    for i, playing in enumerate(on):
        since = 0 if playing else since + 1
        kept[i] = since <= PAUSE_S * RATE / HOP
    return sound.reshape(-1, HOP)[kept].ravel() if kept.any() and on.any() else sound
