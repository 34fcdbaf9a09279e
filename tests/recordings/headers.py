"""Files whose headers say what a test wants them to say, and what comes of reading them."""

from __future__ import annotations

import io
import signal
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
import soundfile

from gigbox.errors import SongError
from gigbox.recordings.folder import shown
from gigbox.recordings.recording import Recording

RATE = 48000
PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE
SOUND = 0.25 * np.sin(2 * np.pi * 220 * np.arange(4800) / RATE)
AS_16 = (SOUND * 32767).astype("<i2")
AS_24 = (SOUND * (2**23 - 1)).astype("<i4")        # low in their 32 bits
GUID = UUID("00000001-0000-0010-8000-00aa00389b71")


def chunk(name: bytes, content: bytes, size: int | None = None, order: str = "<") -> bytes:
    return name + struct.pack(f"{order}I", len(content) if size is None else size) + content + bytes(len(content) % 2)


def fmt(frame: int, bits: int, *, tag: int = PCM, channels: int = 1, rate: int = RATE, byte_rate: int | None = None, order: str = "<",
        more: bytes = b"") -> bytes:
    said = struct.pack(f"{order}HHIIHH", tag, channels, rate, (rate * frame & 0xFFFFFFFF) if byte_rate is None else byte_rate, frame, bits)
    return chunk(b"fmt ", said + more, order=order)


def extended(valid: int) -> bytes:
    """Behind the fmt of an EXTENSIBLE one."""
    return struct.pack("<HHI", 22, valid, 4) + GUID.bytes_le


def riff(*chunks: bytes, top: bytes = b"RIFF", size: int | None = None) -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return top + struct.pack(">I" if top == b"RIFX" else "<I", len(body) if size is None else size) + body


def wav(data: bytes = AS_16.tobytes(), size: int | None = None, behind: bytes = b"") -> bytes:
    """Of 16 bits; what its data chunk says of its size, and what comes after."""
    return riff(fmt(2, 16), chunk(b"data", data, size), behind)


def written(form: str, subtype: str, endian: str = "FILE", sound: np.ndarray = SOUND) -> bytes:
    """As libsndfile writes it."""
    memory = io.BytesIO()
    soundfile.write(memory, sound, RATE, subtype, endian, form)
    return memory.getvalue()


@contextmanager
def at_once() -> Iterator[None]:
    """Ends what would wait for ever."""
    def late(*_: object) -> None:
        raise AssertionError("is still waiting after 5 s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(5)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def heard(folder: Path, content: bytes, name: str = "a.wav") -> tuple[np.ndarray, tuple[str, ...]]:
    """All of its sound, (n, channels), and what was told of it, without its name."""
    path = folder / name
    path.write_bytes(content)
    with Recording(path, pytest.fail) as recording:
        sound = recording.whole()
        assert sound.shape == (recording.frames, recording.channels)
        assert all(note.startswith(f"{shown(path)}: ") for note in recording.notes)
        return sound, tuple(note.removeprefix(f"{shown(path)}: ") for note in recording.notes)


def refused(folder: Path, content: bytes, name: str = "a.wav") -> str:
    """The one line that it is refused with, without its name."""
    path = folder / name
    path.write_bytes(content)
    with pytest.raises(SongError) as error, Recording(path) as recording:
        recording.whole()
    assert "\n" not in str(error.value)
    assert str(error.value).startswith(f"{shown(path)}: ")
    return str(error.value).removeprefix(f"{shown(path)}: ")
