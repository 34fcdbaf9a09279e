"""Recordings through the real strip, all neutral but the denoiser: to hear and to measure what it does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr

from gigbox import params
from gigbox.brain.denoise import Denoiser
from gigbox.engine.core import Engine
from gigbox.errors import GigboxError, MachineError, SongError
from gigbox.rack import QUANTUM, RATE, Floats
from gigbox.recordings.folder import recordings, shown
from gigbox.recordings.recording import Recording, Tell, check, say
from gigbox.render.hops import play
from gigbox.render.outputs import machine_errors, whole_folder

PIECE = 1 << 14      # frames written at a time: libsndfile's Vorbis encoder puts them on the stack, and long ones overflow it
FORMATS = {".wav": "FLOAT", ".flac": "PCM_24", ".ogg": "VORBIS"}


@dataclass(frozen=True)
class Options:
    """`floor_db`: how far noise may be taken down; `lookahead`: 0 (minimum phase) or 128 frames (linear phase); `role`: what the recordings
    are, as strips have it, "unused" where nobody says; `model`: another one than the released."""

    denoise: str = "model"
    floor_db: float = 18.0
    lookahead: int = 128
    role: str = "unused"
    model: Path | None = None


def denoise(source: Path, goal: Path, options: Options, tell: Tell = say) -> Iterator[Path]:
    """Each recording of `source` (a file or a folder) into `goal` (likewise); yields what is done. Aligned with the input, same rate and length."""
    if source.is_dir():
        files, notes = recordings(source)
        _check_names(files)
        for note in notes + tuple(note for file in files for note in check(file)[2]):
            tell(note)
        with whole_folder(goal) as work, ThreadPoolExecutor(2) as pool:
            yield from pool.map(lambda file: _one(file, work / _named(file), options, tell), files)
        return
    if not source.exists():
        raise SongError(f"{source}: no such file or folder, expected a recording or a folder of them")
    for note in check(source)[2]:
        tell(note)
    place = goal / _named(source) if goal.is_dir() else goal
    if place.suffix.lower() not in FORMATS:
        raise GigboxError(f"{goal}: '{place.suffix}' is not one of {', '.join(FORMATS)}")
    part = place.with_name(f".{place.stem}.part{place.suffix}")
    try:
        with machine_errors(place), _named_as(part, place):
            place.parent.mkdir(parents=True, exist_ok=True)
            _one(source, part, options, tell)
            part.replace(place)
    finally:
        part.unlink(missing_ok=True)
    yield place


def clean(sound: Floats, options: Options) -> Floats:
    """(n, sides) float32 at 48 kHz through one strip a side; the latency is taken off."""
    sides = sound.shape[1]
    values = {f"strip/{n}/{path}": value for n in range(1, sides + 1) for path, value in (("pan", -1.0), ("denoise/amount", options.floor_db))}
    values |= {f"strip/{n}/role": float(params.ROLES.index(options.role)) for n in range(1, sides + 1)} | {"strip/1/link": float(sides == 2)}
    values |= {"box/denoise": float(params.DENOISERS.index(options.denoise)), "box/lookahead": float(options.lookahead > 0)}
    with Engine(sides, values) as engine:
        late = QUANTUM + options.lookahead      # a strip fades in over the first quantum: that is silence
        padded = np.zeros((-(-(len(sound) + late) // QUANTUM) * QUANTUM, sides), np.float32)
        padded[QUANTUM:QUANTUM + len(sound)] = sound
        brain = Denoiser(options.model) if options.denoise == "model" else None
        _, stems = play(engine, padded, brain.hear if brain else None, stems=True)
    assert stems is not None
    return stems[late:late + len(sound), :, 0]       # panned hard left, a strip's left contribution is the strip itself


@contextmanager
def _named_as(part: Path, place: Path) -> Iterator[None]:
    """Errors name what was asked for, not the file that is written first."""
    try:
        yield
    except MachineError as e:
        raise MachineError(str(e).replace(str(part), str(place))) from None


def _one(file: Path, place: Path, options: Options, tell: Tell) -> Path:
    with Recording(file, tell) as recording:
        sound, rate = recording.whole(), recording.rate
    done = clean(np.asarray(soxr.resample(sound, rate, RATE, "VHQ"), np.float32) if rate != RATE else sound, options)
    if rate != RATE:
        done = np.asarray(soxr.resample(done, RATE, rate, "VHQ"), np.float32)
    fitted = np.zeros_like(sound)
    fitted[: len(done)] = done[: len(sound)]
    try:
        with soundfile.SoundFile(os.fsencode(place), "w", rate, fitted.shape[1], FORMATS[place.suffix.lower()]) as sound_out:
            for at in range(0, len(fitted), PIECE):
                sound_out.write(fitted[at:at + PIECE])
        whole = soundfile.info(os.fsencode(place)).frames == len(fitted)
    except (soundfile.LibsndfileError, AssertionError):
        whole = False
    if not whole:
        raise MachineError(f"{place}: cannot be written (the disk is full?)")
    return place


def _check_names(files: list[Path]) -> None:
    """No two may be written under one name."""
    written: dict[str, Path] = {}
    for file in files:
        other = written.setdefault(_named(file), file)
        if other != file:
            raise SongError(f"{shown(file)}: would be written as {shown(_named(file))}, and so would {shown(other.name)}")


def _named(file: Path) -> str:
    return file.name if file.suffix.lower() in FORMATS else f"{file.stem}.wav"
