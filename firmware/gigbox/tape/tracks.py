"""The files of one take, all of the same length: sound goes to its place by the number of its frame, so that what was lost is silence in all of them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from gigbox.files import sync_to_disk
from gigbox.takes import wave_head
from gigbox.takes.take import MIX
from gigbox.tape.tap import Floats

LOUDEST = 2 ** 23        # of 24 bit
EVEN = 2                 # frames: bytes of a chunk are even


class Tracks:
    """`frames`: how many are in every file. A head tells of a sound only once that outlasts a power cut."""

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        """OSError where the disk says no. `names`: of the strips' files."""
        self.folder, self.frames = folder, 0
        self.channels = [*[1] * len(names), 2]
        self._files: list[int] = []
        try:
            for name, channels in zip([*names, MIX], self.channels, strict=True):
                self._files.append(os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644))
                os.pwrite(self._files[-1], wave_head.head(channels, 0), 0)
            self.sync()
            sync_to_disk(folder)
        except OSError:
            self.shut()
            raise

    @property
    def bytes_a_frame(self) -> int:
        return sum(self.channels) * wave_head.WIDTH

    @property
    def bytes(self) -> int:
        return self.frames * self.bytes_a_frame + len(self._files) * wave_head.BYTES

    @property
    def longest(self) -> int:
        """Frames that they may have: the longest file is the mix."""
        return (wave_head.MOST - wave_head.BYTES) // (2 * wave_head.WIDTH) // EVEN * EVEN

    def write(self, first: int, sound: Floats) -> None:
        """(n, strips + 2) float32 from frame `first` on. OSError where the disk is full: then nothing counts that is not in all of them."""
        if not len(sound):
            return
        for n, (file, channels) in enumerate(zip(self._files, self.channels, strict=True)):
            _write_all(file, packed(sound[:, n:n + channels]), wave_head.BYTES + first * channels * wave_head.WIDTH)
        self.frames = first + len(sound)

    def sync(self) -> None:
        """What is written outlasts a power cut; and then the heads say so."""
        frames = self.frames // EVEN * EVEN
        for file in self._files:         # all of them on their way at once, and out of the machine's memory
            os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        for file in self._files:
            os.fdatasync(file)
        for file, channels in zip(self._files, self.channels, strict=True):
            os.pwrite(file, wave_head.head(channels, frames), 0)

    def close(self) -> None:
        """All files are as long as their heads say. OSError where the disk says no."""
        try:
            self.frames = self.frames // EVEN * EVEN
            for file, channels in zip(self._files, self.channels, strict=True):
                os.ftruncate(file, wave_head.BYTES + self.frames * channels * wave_head.WIDTH)
            self.sync()
            for file in self._files:
                os.fsync(file)
        finally:
            self.shut()

    def shut(self) -> None:
        """As they are."""
        for file in self._files:
            os.close(file)
        self._files = []


def packed(sound: Floats) -> npt.NDArray[np.uint8]:
    """(n, channels) float32, 1 = full scale, as interleaved 24 bit, little-endian; what is no number is silence, and what is louder is held at full scale."""
    whole = np.rint(np.clip(np.nan_to_num(sound, nan=0.0, posinf=1.0, neginf=-1.0) * np.float32(LOUDEST), -LOUDEST, LOUDEST - 1)).astype("<i4")
    return np.ascontiguousarray(whole.view(np.uint8).reshape(-1, 4)[:, :wave_head.WIDTH])


def _write_all(file: int, content: npt.NDArray[np.uint8], at: int) -> None:
    left = content.data.cast("B")
    while left:
        done = os.pwrite(file, left, at)
        left, at = left[done:], at + done
