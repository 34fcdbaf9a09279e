"""`gigbox split`: piece by piece, each on disk when it is done, so that a machine that was switched off goes on where it was."""

from __future__ import annotations

import glob
import hashlib
import io
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from gigbox import __version__
from gigbox.engine.pieces import cut, resampled
from gigbox.errors import SongError
from gigbox.files import write_whole
from gigbox.rack import RATE, Floats
from gigbox.recordings.folder import plain, shown
from gigbox.recordings.recording import Recording
from gigbox.render.outputs import SoundFile, machine_errors, whole_folder
from gigbox.render.split.engines import STEMS, Engine

PIECE_S, AROUND_S, FADE_S = 20.0, 2.0, 0.1      # of a piece; what the engine hears before and behind it; from one to the next
ROLES = {"voice": "lead_vocal", "drums": "drums", "bass": "bass", "other": "playback"}


def split(recording: Path, goal: Path, by: Engine, progress: Callable[[float], None] = lambda seconds: None) -> Path:
    """`goal`: a folder that opens as a song, with a stereo file a stem. What is half done lies beside it, hidden, and is gone on with.

    `progress` is told how many seconds of the recording are done. SongError, MachineError.
    """
    with Recording(recording) as source, machine_errors(goal):
        if goal.exists() and not goal.is_dir():
            raise SongError(f"{goal}: is a file, expected a folder to write into")
        if not _may_replace(goal):
            raise SongError(f"{goal}: holds a song that was not split, expected an empty folder or an earlier split")
        work = _work(recording, goal, by)
        done = 0
        for number, (piece, before) in enumerate(_pieces(source, by.rate)):
            place = work / f"{number:05d}.npy"
            if not place.exists():
                stems = by.split(piece)[:, before:]
                _keep(place, stems[:, :_frames(PIECE_S + FADE_S, by.rate)])
            done = number + 1
            progress(min(done * PIECE_S, source.seconds))
        _join(work, goal, done, by, recording, round(source.frames * RATE / source.rate))
        shutil.rmtree(work)
    return goal


def _may_replace(goal: Path) -> bool:
    """Nobody's song.toml and recordings are written over."""
    told, stems = goal / "song.toml", [goal / f"{name}.flac" for name in STEMS]
    return "\n[split]\n" in told.read_text("utf-8", "replace") if told.exists() else not any(stem.exists() for stem in stems)


def _frames(seconds: float, rate: int) -> int:
    return round(seconds * rate)


def _pieces(source: Recording, rate: int) -> Iterator[tuple[Floats, int]]:
    """Each with what is around it, as stereo; and how many frames of that come before it."""
    around, length = _frames(AROUND_S, rate), _frames(PIECE_S, rate)
    sound, begun = np.zeros((0, 2), np.float32), False
    for part in cut(resampled(source.blocks(1 << 16), source.rate, rate), length):
        sound = np.concatenate([sound, np.repeat(part, 2, axis=1) if part.shape[1] == 1 else part])
        before = around if begun else 0
        while len(sound) >= before + length + around:
            yield sound[:before + length + around], before
            sound, before, begun = sound[before + length - around:], around, True
    before = around if begun else 0
    while len(sound) > before:
        yield sound[:before + length + around], before
        sound, before = sound[before + length - around:] if len(sound) > before + length else sound[:0], around


def _work(recording: Path, goal: Path, by: Engine) -> Path:
    """The hidden folder of this very job; what an other one left there is thrown away."""
    stat = recording.stat()
    job = json.dumps({"recording": shown(recording.resolve()), "bytes": stat.st_size, "changed": stat.st_mtime_ns, "engine": by.name, "gigbox": __version__})
    work = goal.parent / f".{goal.name[:40]}.{hashlib.sha256(job.encode()).hexdigest()[:8]}.split"
    for other in goal.parent.glob(f".{glob.escape(goal.name[:40])}.{8 * '?'}.split") if goal.parent.is_dir() else ():
        if other != work:
            shutil.rmtree(other)
    work.mkdir(parents=True, exist_ok=True)
    return work


def _keep(place: Path, stems: Floats) -> None:
    memory = io.BytesIO()
    np.save(memory, stems.astype(np.float32))
    write_whole(place, memory.getvalue())


def _join(work: Path, goal: Path, count: int, by: Engine, recording: Path, frames: int) -> None:
    with whole_folder(goal) as whole:
        for n, name in enumerate(STEMS):
            left = frames
            with SoundFile(whole / f"{name}.flac", 2, frames=frames) as file:
                for part in resampled(_faded(work, count, n, by.rate), by.rate, RATE):
                    file.write(part)
                    left -= len(part)
                file.write(np.zeros((max(left, 0), 2), np.float32))      # there and back a frame may be lost
        (whole / "song.toml").write_text(_manifest(recording, by), "utf-8")


def _faded(work: Path, count: int, stem: int, rate: int) -> Iterator[Floats]:
    """One stem, each piece faded into the next."""
    length, fade = _frames(PIECE_S, rate), _frames(FADE_S, rate)
    rise = (np.arange(1, fade + 1, dtype=np.float32) / (fade + 1))[:, None]
    tail = np.zeros((0, 2), np.float32)
    for number in range(count):
        part = np.array(np.load(work / f"{number:05d}.npy", mmap_mode="r")[stem])
        over = min(len(tail), len(part))
        part[:over] = part[:over] * rise[:over] + tail[:over] * (1 - rise[:over])
        yield part[:length]
        tail = part[length:]
    yield tail[:0]


def _manifest(recording: Path, by: Engine) -> str:
    """song.toml: what the stems are, and who made them."""
    head = {"title": f"{plain(recording.stem)}, split"}, {"engine": by.name, "gigbox": __version__, "recording": plain(recording.name)}
    tables = [_lines(head[0]), "[split]\n" + _lines(head[1])]
    tables += ["[[channel]]\n" + _lines({"file": f"{name}.flac", "name": name, "role": ROLES[name]}) for name in STEMS]
    return "\n".join(tables)


def _lines(values: dict[str, str]) -> str:
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())
