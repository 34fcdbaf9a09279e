"""The head of a track's file: 44 bytes of a WAV of 24 bit at 48 kHz, and how much sound it owns to."""

from __future__ import annotations

import os
import struct
from pathlib import Path

RATE = 48000            # frames a second, everywhere in the box
WIDTH = 3               # bytes of a sample
BYTES = 44
MOST = 2 ** 32 - 2 ** 20      # bytes of a file: FAT takes no longer one, and no head of a WAV tells of more
_HEAD = struct.Struct("<4sI4s4sIHHIIHH4sI")


def head(channels: int, frames: int) -> bytes:
    """Of a file with so much sound behind it. `frames` is even, so that no pad byte is needed."""
    size, frame = frames * channels * WIDTH, channels * WIDTH
    return _HEAD.pack(b"RIFF", BYTES - 8 + size, b"WAVE", b"fmt ", 16, 1, channels, RATE, RATE * frame, frame, 8 * WIDTH, b"data", size)


def told(path: Path) -> tuple[int, int]:
    """Channels, and the frames that the head owns to; (0, 0) where it is none of ours. OSError where it cannot be read."""
    with path.open("rb") as file:
        content = file.read(BYTES)
    if len(content) < BYTES:
        return 0, 0
    riff, _, wave, fmt, _, kind, channels, rate, _, frame, bits, data, size = _HEAD.unpack(content)
    ours = (riff, wave, fmt, kind, rate, bits, data) == (b"RIFF", b"WAVE", b"fmt ", 1, RATE, 8 * WIDTH, b"data") and frame == channels * WIDTH > 0
    return (channels, size // frame) if ours else (0, 0)


def may_be(path: Path) -> bool:
    """Whether it is a file of ours, or was before the power took its head: what has another head is somebody else's. OSError where it cannot be read."""
    with path.open("rb") as file:
        return told(path) != (0, 0) or not any(file.read(BYTES))


def mend(path: Path, channels: int, frames: int) -> None:
    """The file has so many frames from now on, silent where there was nothing, and its head says so."""
    with path.open("r+b") as file:
        file.truncate(BYTES + frames * channels * WIDTH)
        file.write(head(channels, frames))
        file.flush()
        os.fsync(file.fileno())
