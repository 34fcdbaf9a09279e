"""Files that appear whole or not at all: written into a hidden folder beside the goal, moved when all are done and safe from a power cut."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import soundfile

from gigbox.errors import GigboxError, MachineError
from gigbox.files import sync_to_disk
from gigbox.rack import RATE, Floats

OURS = "stems/[0-9][0-9]_*.flac"      # of an earlier render of perhaps another song: they would no longer add up
BEHIND = 8      # pieces a writer may lag before the render waits for it


@contextmanager
def whole_folder(goal: Path) -> Iterator[Path]:
    """A folder to write in; its files replace those of `goal` at the end, or vanish where something failed."""
    if goal.exists() and not goal.is_dir():
        raise GigboxError(f"{goal}: is a file, expected a folder to write into")
    with _beside(goal) as work, _told_as(work, goal):
        yield work
        files = sorted(p for p in work.rglob("*") if p.is_file())
        for file in files:
            sync_to_disk(file)
        goal.mkdir(parents=True, exist_ok=True)
        for old in goal.glob(OURS):
            old.unlink()
        for file in files:
            place = goal / file.relative_to(work)
            place.parent.mkdir(exist_ok=True)
            file.replace(place)
        for folder in dict.fromkeys((*((goal / file.relative_to(work)).parent for file in files), goal, goal.parent)):
            sync_to_disk(folder)


@contextmanager
def whole_file(goal: Path) -> Iterator[Path]:
    """A file to write; it is `goal` at the end, or vanishes where something failed."""
    with _beside(goal) as work, _told_as(work / goal.name, goal):
        yield work / goal.name
        sync_to_disk(work / goal.name)
        (work / goal.name).replace(goal)
        sync_to_disk(goal.parent)


@contextmanager
def _beside(goal: Path) -> Iterator[Path]:
    """A hidden folder on the same disk. It is gone at the end, and so is every folder on the way that was made for nothing."""
    made = [folder for folder in reversed(goal.parents) if not folder.exists()]
    work: Path | None = None
    try:
        with machine_errors(goal):
            goal.parent.mkdir(parents=True, exist_ok=True)
            work = Path(tempfile.mkdtemp(".part", f".{goal.name[:20]}.", goal.parent))      # a name has 255 bytes at most
            yield work
    finally:
        if work is not None:
            shutil.rmtree(work, ignore_errors=True)
        for folder in reversed(made):
            with suppress(OSError):        # what is not empty stays
                folder.rmdir()


@contextmanager
def _told_as(part: Path, goal: Path) -> Iterator[None]:
    """Errors name what was asked for, not what is written first."""
    try:
        yield
    except MachineError as e:
        raise MachineError(str(e).replace(str(part), str(goal))) from None


@contextmanager
def machine_errors(goal: Path) -> Iterator[None]:
    """A full disk or a missing right as one line."""
    try:
        yield
    except OSError as e:
        what = "the disk is full" if e.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) else e.strerror or str(e)
        raise MachineError(f"{goal}: cannot be written ({what})") from None


class SoundFile:
    """A recording that is encoded in its own thread and checked when closed; FLAC, WAV or OGG, as its name ends."""

    def __init__(self, file: Path, channels: int, rate: int = RATE, subtype: str = "PCM_24", *, skip: int = 0, frames: int | None = None,
                 quick: bool = False) -> None:
        """`skip`: frames of latency that are dropped from the beginning; `frames`: how many are kept after them (None: all). `quick`: a FLAC
        is a few per cent larger, and made three times as fast."""
        self.file, self._skip, self._most = file, skip, frames
        self._kept = 0
        self._pool = ThreadPoolExecutor(1, "encode")
        self._waiting: list[Future[None]] = []
        with machine_errors(file):
            try:
                self._sound = soundfile.SoundFile(os.fsencode(file), "w", rate, channels, subtype, **{"compression_level": 0.0} if quick else {})
            except soundfile.LibsndfileError as e:
                raise MachineError(f"{file}: cannot be written ({e.error_string})") from None

    def write(self, frames: Floats) -> None:
        """(n, channels) float32; samples beyond full scale are held at it."""
        kept = frames[self._skip:][: None if self._most is None else self._most - self._kept]
        self._skip = max(self._skip - len(frames), 0)
        self._kept += len(kept)
        if len(kept):
            self._waiting.append(self._pool.submit(self._encode, np.ascontiguousarray(kept)))
        while len(self._waiting) > BEHIND:
            self._waiting.pop(0).result()

    def close(self) -> None:
        """MachineError where not all of it is in the file."""
        try:
            for job in self._waiting:
                job.result()
            self._sound.close()
            if soundfile.info(os.fsencode(self.file)).frames != (self._kept if self._most is None else self._most):
                raise AssertionError
        except (soundfile.LibsndfileError, AssertionError):
            raise MachineError(f"{self.file}: cannot be written (the disk is full?)") from None
        finally:
            self._pool.shutdown(cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self.close()
        else:       # what is half written is cleared away by who began it
            self._pool.shutdown(cancel_futures=True)

    def _encode(self, frames: Floats) -> None:
        try:
            self._sound.write(frames)
        except soundfile.LibsndfileError:
            raise MachineError(f"{self.file}: cannot be written (the disk is full?)") from None
