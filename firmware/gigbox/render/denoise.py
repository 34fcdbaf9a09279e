"""Recordings through the real strip, all neutral but the denoiser: to hear and to measure what it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from threading import Event

import numpy as np

from gigbox import params
from gigbox.brain.denoise.denoiser import Denoiser
from gigbox.brain.who.casting import ROLE_OF
from gigbox.engine.core import Engine
from gigbox.engine.pieces import Counted, centred, cut, resampled
from gigbox.errors import GigboxError, MachineError, ModelError, SongError
from gigbox.rack import QUANTUM, RATE, Floats
from gigbox.recordings.folder import recordings, shown
from gigbox.recordings.recording import Recording, Tell, check
from gigbox.render.hops import play
from gigbox.render.outputs import SoundFile, whole_file, whole_folder
from gigbox.render.recognise import Watched, heard
from gigbox.streams import say

PIECE = 1 << 14      # frames written at a time: libsndfile's Vorbis encoder puts them on the stack, and long ones overflow it
HEARD = "heard"
FORMATS = {".wav": "FLOAT", ".flac": "PCM_24", ".ogg": "VORBIS"}


@dataclass(frozen=True)
class Options:
    """`floor_db`: how far noise may be taken down; `lookahead`: 0 (minimum phase) or 128 frames (mixed phase); `role`: what the recordings
    are, as strips have it, "unused" where nobody says, HEARD where the recogniser says it of each, as far as it is sure; `model`: another one than
    the released."""

    denoise: str = "model"
    floor_db: float = 18.0
    lookahead: int = 128
    role: str = HEARD
    model: Path | None = None


def denoise(source: Path, goal: Path, options: Options, tell: Tell = say) -> Iterator[Path]:
    """Each recording of `source` (a file or a folder) into `goal` (likewise); yields what is done. Aligned with the input, same rate and length."""
    if source.is_dir():
        files, notes = recordings(source)
        if goal.is_dir() and goal.samefile(source):
            raise GigboxError(f"{shown(goal)}: holds the recordings themselves, expected another folder")
        _check_names(files)
        for note in notes + tuple(note for file in files for note in check(file)[2]):
            tell(note)
        stopped = Event()
        with whole_folder(goal) as work, ThreadPoolExecutor(2) as pool:
            try:
                yield from pool.map(lambda file: _one(file, work / _named(file), options, tell, stopped), files)
            finally:
                stopped.set()
        return
    if not source.exists():
        raise SongError(f"{source}: no such file or folder, expected a recording or a folder of them")
    for note in check(source)[2]:
        tell(note)
    place = goal / _named(source) if goal.is_dir() else goal
    if place.suffix.lower() not in FORMATS:
        raise GigboxError(f"{goal}: '{place.suffix}' is not one of {', '.join(FORMATS)}")
    if goal.is_dir() and place.exists() and place.samefile(source):        # who names the file itself means it
        raise GigboxError(f"{shown(place)}: would be written over itself, expected another folder, or a file by its name")
    with whole_file(place) as part:
        _one(source, part, options, tell)
    yield place


def role_of(file: Path, watched: Watched = iter) -> str:
    """The role of a strip for what a recording sounds like; unused where the recogniser is not sure, or there is none."""
    try:
        return ROLE_OF.get(heard(file, tell=lambda note: None, watched=watched).name) or "unused"
    except (ModelError, MachineError):
        return "unused"


def clean(pieces: Iterable[Floats], sides: int, options: Options) -> Iterator[Floats]:
    """(n, sides) float32 at 48 kHz, in pieces, through one strip a side. The latency is taken off: as much comes out as went in. The model hears
    it without a constant, which it would take for the loudest sound."""
    values = {f"strip/{n}/{path}": value for n in range(1, sides + 1) for path, value in (("pan", -1.0), ("denoise/amount", options.floor_db))}
    role = "unused" if options.role == HEARD else options.role
    values |= {f"strip/{n}/role": float(params.ROLES.index(role)) for n in range(1, sides + 1)} | {"strip/1/link": float(sides == 2)}
    values |= {"box/denoise": float(params.DENOISERS.index(options.denoise)), "box/lookahead": float(options.lookahead > 0)}
    brain = Denoiser(options.model) if options.denoise == "model" else None
    came, at = Counted(pieces), -QUANTUM - options.lookahead        # a strip fades in over the first quantum: that is silence
    around = [np.zeros((n, sides), np.float32) for n in (QUANTUM, options.lookahead)]
    with Engine(sides, values) as engine:
        for piece in cut(chain(around[:1], centred(cut(came, PIECE), RATE) if brain else came, around[1:]), PIECE, QUANTUM):
            _, stems = play(engine, piece, brain.hear if brain else None, stems=True)
            assert stems is not None
            yield stems[max(-at, 0):max(came.frames - at, 0), :, 0]       # panned hard left, a strip's left contribution is the strip itself
            at += len(piece)


def _one(file: Path, place: Path, options: Options, tell: Tell, stopped: Event | None = None) -> Path:
    def watched(pieces: Iterable[Floats]) -> Iterator[Floats]:
        for piece in pieces:
            if stopped and stopped.is_set():
                raise MachineError(f"{place}: stopped before its end")
            yield piece

    with Recording(file, tell) as source, SoundFile(place, source.channels, source.rate, FORMATS[place.suffix.lower()]) as goal:
        if options.denoise == "model" and options.role == HEARD:
            options = replace(options, role=role_of(file, watched))
        came, gone = Counted(watched(source.blocks(PIECE))), 0
        at_48_khz = clean(resampled(came, source.rate, RATE), source.channels, options)
        for piece in cut(resampled(at_48_khz, RATE, source.rate), PIECE):
            goal.write(piece[: came.frames - gone])
            gone += len(piece)
        goal.write(np.zeros((max(came.frames - gone, 0), source.channels), np.float32))      # there and back a frame may be lost
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
