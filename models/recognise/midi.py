"""Notes into a standard MIDI file (format 0), and that file through a sampler with a SoundFont, or through the patches of FreePats."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from models.recognise.scores import Note

RATE, TICKS = 48000, 480           # of a second, too: the tempo is 60
Sound = npt.NDArray[np.float32]


def _variable(number: int) -> bytes:
    out = [number & 127]
    while number := number >> 7:
        out.insert(0, number & 127 | 128)
    return bytes(out)


def file(notes: Iterable[Note], program: int, channel: int = 0, bank: int = 0, bend: Iterable[tuple[float, int]] = ()) -> bytes:
    """`bend`: (seconds, -8192..8191) of the pitch wheel."""
    events: list[tuple[int, int, bytes]] = [(0, 0, bytes([0xB0 | channel, 0, bank])), (0, 1, bytes([0xC0 | channel, program]))]
    events += [(round(at * TICKS), 2, bytes([0xE0 | channel, (b + 8192) & 127, (b + 8192) >> 7])) for at, b in bend]
    for note in notes:
        start, end = round(note.start * TICKS), round((note.start + max(note.length, 0.03)) * TICKS)
        events += [(start, 4, bytes([0x90 | channel, note.pitch, note.velocity])), (end, 3, bytes([0x80 | channel, note.pitch, 0]))]
    track, before = bytearray(b"\0\xff\x51\x03\x0f\x42\x40"), 0
    for at, _, event in sorted(events):
        track += _variable(at - before) + event
        before = at
    track += _variable(TICKS // 2) + b"\xff\x2f\0"
    return b"MThd\0\0\0\6\0\0\0\1" + TICKS.to_bytes(2, "big") + b"MTrk" + len(track).to_bytes(4, "big") + bytes(track)


def play(score: bytes, font: Path, *, reverb: bool = False) -> Sound:
    """(n,) float32 at 48 kHz, mean of the sides. `font`: a SoundFont for fluidsynth, or a timidity configuration (.cfg)."""
    with tempfile.TemporaryDirectory() as folder:
        song, out = Path(folder) / "a.mid", Path(folder) / "a.wav"
        song.write_bytes(score)
        if font.suffix == ".cfg":
            command = ["timidity", "-c", str(font), "-Ow1S", "-s", str(RATE), "--reverb=d", "-o", str(out), str(song)]
        else:
            command = ["fluidsynth", "-niq", "-r", str(RATE), "-g", "0.4", "-R", str(int(reverb)), "-C", "0", "-F", str(out), str(font), str(song)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
        if not out.exists():
            raise RuntimeError(f"{font.name}: {' '.join(command[:1])} made no sound ({done.stderr.strip()[-200:]})")
        sound, rate = soundfile.read(out, dtype="float32", always_2d=True)
    assert rate == RATE
    return np.asarray(sound.mean(axis=1), np.float32)
