"""Uncompressed sound as a header describes it, and what can be believed of that."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gigbox.recordings.source import Fault, Source

CODES = {("float", 4): "FLOAT", ("float", 8): "DOUBLE", ("ulaw", 1): "ULAW", ("alaw", 1): "ALAW", ("unsigned", 1): "PCM_U8",
         ("signed", 1): "PCM_S8", ("signed", 2): "PCM_16", ("signed", 3): "PCM_24", ("signed", 4): "PCM_32"}
SIDES = 2
PIECE = 1 << 16       # samples looked at in one go


@dataclass(frozen=True)
class Coding:
    """What a header says of each sample. `kind`: signed, unsigned, float, ulaw, alaw; `frame`: bytes of all channels together, 0 where it is not said;
    `resting`: the end of a wider container where the format has samples lie."""

    rate: float
    channels: int
    kind: str
    bits: int
    frame: int
    big: bool
    byte_rate: int = 0
    resting: str = ""


@dataclass(frozen=True)
class Samples:
    """Where the samples lie: `code` as libsndfile names it, each `width` bytes wide, to be lifted by `lift` bytes; `size` bytes of whole frames."""

    rate: float
    channels: int
    code: str
    width: int
    lift: int
    big: bool
    start: int
    size: int

    @property
    def frames(self) -> int:
        return self.size // (self.width * self.channels)


@dataclass(frozen=True)
class Look:
    """What a look at a header tells: how to read the file without libsndfile's own reading of it (`samples`, or none: it knows better), bytes in
    which the header has to be put right before it reads them (`head`), and what a person is told."""

    samples: Samples | None = None
    head: bytes = b""
    notes: tuple[str, ...] = ()


def laid_out(source: Source, coding: Coding, start: int, size: int) -> Samples:
    """Fault where the coding contradicts itself and the samples do not show which half of it is true."""
    if not 1 <= coding.channels <= SIDES:
        raise Fault(f"{coding.channels} channels, expected 1 or 2")
    if (coding.kind, -(-coding.bits // 8)) not in CODES:
        raise Fault(f"{coding.bits}-bit {coding.kind} samples, expected up to 32 bits, or float of 32 or 64")
    width, lift = _width(source, coding, start, size)
    code = CODES[coding.kind, width]
    frame = width * coding.channels
    return Samples(coding.rate, coding.channels, code, width, lift, coding.big, start, size // frame * frame)


def _width(source: Source, coding: Coding, start: int, size: int) -> tuple[int, int]:
    """Bytes a sample takes, and how many it has to be lifted."""
    packed = -(-coding.bits // 8)
    needed, width = packed * coding.channels, coding.frame // coding.channels
    if coding.frame in (0, needed) or (coding.frame < needed and coding.byte_rate == needed * coding.rate):
        return packed, 0
    where = ""
    if width * coding.channels == coding.frame and packed < width <= 4 and coding.kind == "signed":
        where = resting(source, start, size // width * width, packed, width, coding.big)
        where = where if where in ("high", "low") else coding.resting
    if not where:
        raise Fault(f"{coding.channels} x {coding.bits} bits in {coding.frame} bytes a frame, expected {needed}")
    return width, width - packed if where == "low" else 0


def resting(source: Source, start: int, size: int, packed: int, width: int, big: bool) -> str:
    """Whether samples of `packed` bytes lie at the "high" or the "low" end of containers of `width`; "either" or "neither" where they do not tell.

    High: the lowest byte is always 0. Low: the bytes above the sample repeat its sign, or are always 0. Silence is high.
    """
    silent = low_zero = high_zero = high_sign = True
    for at in range(start, start + size, PIECE * width):
        raw = source.at(at, min(PIECE * width, start + size - at))
        samples = np.frombuffer(raw[: len(raw) // width * width], np.uint8).reshape(-1, width)[:, :: -1 if big else 1]
        sign = np.where(samples[:, packed - 1] & 0x80, 0xFF, 0)[:, None]
        silent &= not samples.any()
        low_zero &= not samples[:, 0].any()
        high_zero &= not samples[:, packed:].any()
        high_sign &= bool((samples[:, packed:] == sign).all())
        if not (high_zero or high_sign):
            return "high" if low_zero else "neither"
    if silent:
        return "high"
    return "either" if low_zero else "low"
