"""Songs with a known voice, kept apart from all that is learnt from: choices are made on one fold, figures are told of the other.

Their parts are mixed to stereo as records are: lead, kick, snare and bass in the middle, other voices and instruments beside it, a room around the voices,
the voice as loud as the band. `--stems FOLDER` adds records whose stems are known, vocals.wav and backing.wav in a folder each, as they are: told of,
not chosen by.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from scipy import signal

from gigbox.engine.song import Song as Multitrack
from gigbox.rack import HOP
from models.split.recordings import RATE, Sound

SECONDS = 24.0
CHOOSE, JUDGE = "choose", "judge"
VOICES = ("lead_vocal", "backing_vocal", "speech")
MIDDLE = ("lead_vocal", "speech", "kick", "snare", "bass")
BESIDE = (-0.5, 0.6, -0.8, 0.8, 0.3, -0.3)
# A song of shared recordings: fold, folder of the multitrack set or files of the instruments, and a singer in place of its own.
SONGS = {
    "lithium": (CHOOSE, "lithium", ()),
    "rubidium-live": (CHOOSE, "rubidium-live", ()),
    "potassium with a funk band": (CHOOSE, "outfoxing", ("vocal/potassium_vox_lead",)),
    "caesium": (JUDGE, "caesium", ()),
    "announcer over a hymn": (JUDGE, "amazing-grace", ()),
    "sodium with a jazz band": (JUDGE, "amazing-grace", ("vocal/sodium_vox_lead", "vocal/sodium_bgvox_ooh")),
    "francium with a metal band": (JUDGE, ("playback/muldjord_armygeddon_backing", "electric_guitar/muldjord*"), ("vocal/francium_vox_lead",)),
}


@dataclass(frozen=True)
class Song:
    """`voice`, `backing`: (frames, 2), at 48 kHz; the record is their sum."""

    name: str
    voice: Sound
    backing: Sound


def songs(data: Path, fold: str, stems: Path | None = None) -> Iterator[Song]:
    """All of a fold, always the same."""
    for name, (of, band, singers) in SONGS.items():
        if of == fold:
            yield _mixed(name, _parts(data, band, singers))
    for folder in sorted(stems.iterdir()) if stems and fold == JUDGE else ():
        voice, backing = (_read(folder / f"{part}.wav") for part in ("vocals", "backing"))
        whole = min(len(voice), len(backing)) // HOP * HOP
        yield Song(folder.name, voice[:whole], backing[:whole])


def _parts(data: Path, band: str | tuple[str, ...], singers: tuple[str, ...]) -> list[tuple[str, Sound]]:
    """(role, (frames, sides)) of each."""
    if isinstance(band, str):
        song = Multitrack.open(data / "multitrack" / band)
        found = [(track.role, _read(track.file)) for track in song.tracks]
    else:
        found = [("playback", _read(path)) for pattern in band for path in sorted((data / "instruments").glob(f"{pattern}.flac"))]
    if singers:
        found = [(role, x) for role, x in found if role not in VOICES]
        found += [("lead_vocal" if n == 0 else "backing_vocal", _read(data / "instruments" / f"{name}.flac")) for n, name in enumerate(singers)]
    return found


def _mixed(name: str, parts: list[tuple[str, Sound]]) -> Song:
    frames = min(int(SECONDS * RATE), *(len(x) for role, x in parts if role not in VOICES)) // HOP * HOP
    voice, backing = np.zeros((frames, 2)), np.zeros((frames, 2))
    beside = {kind: iter(BESIDE * 9) for kind in (True, False)}
    for n, (role, x) in enumerate(parts):
        place = 0.0 if role in MIDDLE or (role == "playback" and n == 0) else next(beside[role in VOICES])
        angle, mono = (place + 1) * np.pi / 4, np.resize(x.mean(axis=1), frames) if role in VOICES else x.mean(axis=1)[:frames]
        (voice if role in VOICES else backing)[:len(mono)] += mono[:, None] * [np.cos(angle), np.sin(angle)]
    voice += 0.25 * _room(voice.mean(axis=1))
    voice *= np.sqrt(np.mean(backing ** 2) / np.mean(voice ** 2))
    level = 0.1 / np.sqrt(np.mean((voice + backing) ** 2))
    return Song(name, np.asarray(voice * level, np.float32), np.asarray(backing * level, np.float32))


def _room(mono: np.ndarray) -> np.ndarray:
    """A made one of 0.9 s, other on each side, of the power of what is played in it."""
    rng, t = np.random.default_rng(3), np.arange(RATE) / RATE
    tail = rng.standard_normal((RATE, 2)) * 10 ** (-3 * t / 0.9)[:, None] * (t > 0.012)[:, None]
    wet = np.stack([signal.fftconvolve(mono, side)[:len(mono)] for side in tail.T], axis=1)
    return np.asarray(wet * np.sqrt(np.mean(mono ** 2) / max(float(np.mean(wet ** 2)), 1e-12)))


def _read(path: Path) -> Sound:
    x, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return np.asarray(soxr.resample(x, rate, RATE) if rate != RATE else x, np.float32)
