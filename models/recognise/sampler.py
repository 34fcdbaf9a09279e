"""Single recorded notes as an instrument: the nearest one, faster or slower."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr

from models.recognise.midi import RATE, Sound
from models.recognise.scores import Note

RELEASE_S = 0.12


@dataclass(frozen=True)
class Sampler:
    """`notes`: MIDI pitch to sound; `held`: whether a note ends when the finger leaves."""

    notes: dict[int, Sound]
    held: bool = True

    def note(self, note: Note) -> Sound:
        root = min(self.notes, key=lambda pitch: abs(pitch - note.pitch))
        sound = self.notes[root]
        speed = 2 ** ((note.pitch - root) / 12)
        count = min(int(len(sound) / speed), int((note.length + RELEASE_S) * RATE)) if self.held else int(len(sound) / speed)
        out = np.interp(np.arange(count) * speed, np.arange(len(sound)), sound)
        if self.held:
            end = int(note.length * RATE)
            out[end:] *= np.linspace(1, 0, max(count - end, 0))
        return np.asarray(out * (note.velocity / 127) ** 1.5, np.float32)


def of_files(files: dict[int, Path], *, held: bool = True) -> Sampler:
    return Sampler({pitch: load(path) for pitch, path in files.items()}, held)


def load(path: Path, seconds: float | None = None, start: float = 0.0) -> Sound:
    """Mean of the sides at 48 kHz."""
    with soundfile.SoundFile(path) as file:
        file.seek(min(int(start * file.samplerate), max(file.frames - 1, 0)))
        sound = file.read(int(seconds * file.samplerate) if seconds else -1, dtype="float32", always_2d=True)
        rate = file.samplerate
    mono = sound.mean(axis=1)
    return np.asarray(soxr.resample(mono, rate, RATE) if rate != RATE else mono, np.float32)
