"""Recordings through the real strip, all neutral but the denoiser: to hear and to measure what it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np

from gigbox import params
from gigbox.brain.denoise import Denoiser
from gigbox.engine.core import Engine
from gigbox.engine.interim import Recording
from gigbox.engine.pieces import Counted, cut, resampled
from gigbox.engine.song import SOUNDS, check_recording
from gigbox.errors import GigboxError, MachineError, SongError
from gigbox.rack import QUANTUM, RATE, Floats
from gigbox.render.hops import play
from gigbox.render.outputs import SoundFile, machine_errors, whole_folder

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


def denoise(source: Path, goal: Path, options: Options) -> Iterator[Path]:
    """Each recording of `source` (a file or a folder) into `goal` (likewise); yields what is done. Aligned with the input, same rate and length."""
    if source.is_dir():
        files = sorted(p for p in source.iterdir() if p.suffix.lower() in SOUNDS and p.is_file())
        if not files:
            raise SongError(f"{source}: no recordings in it, expected files that end in {', '.join(sorted(SOUNDS))}")
        for file in files:
            check_recording(file)
        with whole_folder(goal) as work, ThreadPoolExecutor(2) as pool:
            yield from pool.map(lambda file: _one(file, work / _named(file), options), files)
        return
    if not source.exists():
        raise SongError(f"{source}: no such file or folder, expected a recording or a folder of them")
    check_recording(source)
    place = goal / _named(source) if goal.is_dir() else goal
    if place.suffix.lower() not in FORMATS:
        raise GigboxError(f"{goal}: '{place.suffix}' is not one of {', '.join(FORMATS)}")
    part = place.with_name(f".{place.stem}.part{place.suffix}")
    try:
        with machine_errors(place), _named_as(part, place):
            place.parent.mkdir(parents=True, exist_ok=True)
            _one(source, part, options)
            part.replace(place)
    finally:
        part.unlink(missing_ok=True)
    yield place


def clean(pieces: Iterable[Floats], sides: int, options: Options) -> Iterator[Floats]:
    """(n, sides) float32 at 48 kHz, in pieces, through one strip a side. The latency is taken off: as much comes out as went in."""
    values = {f"strip/{n}/{path}": value for n in range(1, sides + 1) for path, value in (("pan", -1.0), ("denoise/amount", options.floor_db))}
    values |= {f"strip/{n}/role": float(params.ROLES.index(options.role)) for n in range(1, sides + 1)} | {"strip/1/link": float(sides == 2)}
    values |= {"box/denoise": float(params.DENOISERS.index(options.denoise)), "box/lookahead": float(options.lookahead > 0)}
    brain = Denoiser(options.model) if options.denoise == "model" else None
    came, at = Counted(pieces), -QUANTUM - options.lookahead        # a strip fades in over the first quantum: that is silence
    around = [np.zeros((n, sides), np.float32) for n in (QUANTUM, options.lookahead)]
    with Engine(sides, values) as engine:
        for piece in cut(chain(around[:1], came, around[1:]), PIECE, QUANTUM):
            _, stems = play(engine, piece, brain.hear if brain else None, stems=True)
            assert stems is not None
            yield stems[max(-at, 0):max(came.frames - at, 0), :, 0]       # panned hard left, a strip's left contribution is the strip itself
            at += len(piece)


@contextmanager
def _named_as(part: Path, place: Path) -> Iterator[None]:
    """Errors name what was asked for, not the file that is written first."""
    try:
        yield
    except MachineError as e:
        raise MachineError(str(e).replace(str(part), str(place))) from None


def _one(file: Path, place: Path, options: Options) -> Path:
    with Recording(file) as source, SoundFile(place, source.channels, source.rate, FORMATS[place.suffix.lower()]) as goal:
        came, gone = Counted(source.blocks(PIECE)), 0
        at_48_khz = clean(resampled(came, source.rate, RATE), source.channels, options)
        for piece in cut(resampled(at_48_khz, RATE, source.rate), PIECE):
            goal.write(piece[: came.frames - gone])
            gone += len(piece)
        goal.write(np.zeros((max(came.frames - gone, 0), source.channels), np.float32))      # there and back a frame may be lost
    return place


def _named(file: Path) -> str:
    return file.name if file.suffix.lower() in FORMATS else f"{file.stem}.wav"
