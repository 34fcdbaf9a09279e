"""The bytes of a recording: a regular file by its descriptor, and windows of it that look like the file that it should have been."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import numpy as np

TOPS = {b"RIFF", b"RIFX", b"RF64", b"BW64", b"riff", b"FORM", b"caff"}      # files of chunks begin so, and never a chunk in one
TAGGED = TOPS | {b"fLaC", b"OggS"}      # what some programs put an ID3v2 tag in front of


class Fault(Exception):
    """Why a file cannot be read as sound: a line without its name."""


class Source:
    """An open file, whatever its name is made of, from where its own format begins. Fault where it holds no bytes, OSError where the system says no."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)      # a pipe that nobody writes into must not hold us up
        state = os.fstat(self._handle)
        self.size, self._first = state.st_size, 0
        if not stat.S_ISREG(state.st_mode):
            self.close()
            raise Fault(f"is a {_kind(state.st_mode)}, expected a file with sound")
        tag = self.at(0, 10)
        behind = 10 + sum((b & 0x7F) << 7 * n for n, b in enumerate(reversed(tag[6:])))
        if tag[:3] == b"ID3" and self.at(behind, 4) in TAGGED:
            self.size, self._first = self.size - behind, behind

    def at(self, offset: int, count: int) -> bytes:
        """Up to `count` bytes from there: fewer at the end of the file, none outside of it."""
        return os.pread(self._handle, min(count, self.size - offset), self._first + offset) if 0 <= offset < self.size else b""

    def into(self, buffer: memoryview, offset: int) -> int:
        return os.preadv(self._handle, [buffer], self._first + offset)

    def close(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
        self._handle = -1


class Window:
    """`length` bytes of a source from `start` on, as libsndfile reads them (soundfile's virtual files).

    `head` stands for as many bytes at the beginning. Of samples of `width` bytes, `lift` bytes move up, the sign above them is dropped and zeros follow.
    It runs in a callback that cannot raise: what the system says is kept in `fault`.
    """

    def __init__(self, source: Source, start: int, length: int, *, head: bytes = b"", width: int = 1, lift: int = 0, big: bool = False) -> None:
        self._source, self._start, self.length = source, start, length
        self._head, self._width, self._lift, self._big = head, width, lift, big
        self._at = 0
        self.fault: OSError | None = None

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = max(offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.length}[whence], 0)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: memoryview) -> int:
        count = min(len(buffer), max(self.length - self._at, 0))
        try:
            with memoryview(buffer) as whole, whole[:count] as wanted:
                done = self._lifted(wanted) if self._lift else self._plain(wanted)
        except OSError as e:
            self.fault = e
            return 0
        self._at += done
        return done

    def _plain(self, wanted: memoryview) -> int:
        done = self._source.into(wanted, self._start + self._at)
        head = self._head[self._at:self._at + done]
        wanted[: len(head)] = head
        return done

    def _lifted(self, wanted: memoryview) -> int:
        first = self._at // self._width * self._width
        last = -(-(self._at + len(wanted)) // self._width) * self._width
        raw = self._source.at(self._start + first, last - first)
        samples = np.frombuffer(raw[: len(raw) // self._width * self._width], np.uint8).reshape(-1, self._width)
        lifted = np.zeros_like(samples)
        if self._big:
            lifted[:, : -self._lift] = samples[:, self._lift:]
        else:
            lifted[:, self._lift:] = samples[:, : -self._lift]
        done = lifted.reshape(-1)[self._at - first:][: len(wanted)].tobytes()
        wanted[: len(done)] = done
        return len(done)


def _kind(mode: int) -> str:
    kinds = {stat.S_IFDIR: "folder", stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket"}
    return kinds.get(stat.S_IFMT(mode), "device")
