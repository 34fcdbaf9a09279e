"""Files that appear whole or not at all: written into a hidden folder beside the goal, moved when all are done."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import soundfile

from gigbox.errors import GigboxError, MachineError
from gigbox.rack import RATE, Floats

OURS = "stems/[0-9][0-9]_*.flac"      # of an earlier render of perhaps another song: they would no longer add up
BEHIND = 8      # pieces a writer may lag before the render waits for it


@contextmanager
def whole_folder(goal: Path) -> Iterator[Path]:
    """A folder to write in; its files replace those of `goal` at the end, or vanish where something failed."""
    if goal.exists() and not goal.is_dir():
        raise GigboxError(f"{goal}: is a file, expected a folder to write into")
    made = [folder for folder in reversed(goal.parents) if not folder.exists()]
    work: Path | None = None
    try:
        with machine_errors(goal):
            goal.parent.mkdir(parents=True, exist_ok=True)
            work = Path(tempfile.mkdtemp(".part", f".{goal.name}.", goal.parent))
            yield work
            goal.mkdir(parents=True, exist_ok=True)
            for old in goal.glob(OURS):
                old.unlink()
            for file in sorted(p for p in work.rglob("*") if p.is_file()):
                place = goal / file.relative_to(work)
                place.parent.mkdir(exist_ok=True)
                file.replace(place)
    except MachineError as e:
        raise MachineError(str(e).replace(str(work), str(goal))) from None
    finally:
        if work is not None:
            shutil.rmtree(work, ignore_errors=True)
        for folder in reversed(made):
            with suppress(OSError):        # what is not empty stays
                folder.rmdir()


@contextmanager
def machine_errors(goal: Path) -> Iterator[None]:
    """A full disk or a missing right as one line."""
    try:
        yield
    except OSError as e:
        what = "the disk is full" if e.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) else e.strerror or str(e)
        raise MachineError(f"{goal}: cannot be written ({what})") from None


class SoundFile:
    """A 24-bit FLAC (or 24-bit WAV by its name) that is encoded in its own thread and checked when closed."""

    def __init__(self, file: Path, channels: int, skip: int, frames: int) -> None:
        """`skip`: frames of latency that are dropped from the beginning; `frames`: how many are kept after them."""
        self.file, self._skip, self._left = file, skip, frames
        self._frames = frames
        self._pool = ThreadPoolExecutor(1, "encode")
        self._waiting: list[Future[None]] = []
        fast = {"compression_level": 0.0} if file.suffix == ".flac" else {}      # a few per cent larger, three times as fast
        with machine_errors(file):
            try:
                self._sound = soundfile.SoundFile(os.fsencode(file), "w", RATE, channels, "PCM_24", **fast)
            except soundfile.LibsndfileError as e:
                raise MachineError(f"{file}: cannot be written ({e.error_string})") from None

    def write(self, frames: Floats) -> None:
        """(n, channels) float32; samples beyond full scale are held at it."""
        kept = frames[self._skip:][: self._left]
        self._skip = max(self._skip - len(frames), 0)
        self._left -= len(kept)
        if len(kept):
            self._waiting.append(self._pool.submit(self._encode, np.ascontiguousarray(kept)))
        while len(self._waiting) > BEHIND:
            self._waiting.pop(0).result()

    def close(self) -> None:
        try:
            for job in self._waiting:
                job.result()
            self._sound.close()
            if soundfile.info(os.fsencode(self.file)).frames != self._frames:
                raise AssertionError
        except (soundfile.LibsndfileError, AssertionError):
            raise MachineError(f"{self.file}: cannot be written (the disk is full?)") from None
        finally:
            self._pool.shutdown(cancel_futures=True)

    def _encode(self, frames: Floats) -> None:
        try:
            self._sound.write(frames)
        except soundfile.LibsndfileError:
            raise MachineError(f"{self.file}: cannot be written (the disk is full?)") from None
