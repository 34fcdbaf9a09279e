"""Files made of chunks (RIFF and its kin, AIFF, Wave64, CAF): walked by what is there, not only by what their sizes say."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from gigbox.recordings.source import TOPS, Fault, Source

MOST = 10_000           # chunks of a file; more are damage
TAIL = 16 << 20         # bytes in which chunks behind sound of unknown length are looked for
UNKNOWN = "its header does not say how long it is (written to a pipe, or by what crashed?), all sound in it is taken"
NONE: Mapping[bytes, int] = MappingProxyType({})
MUCH_S = 0.1            # bytes behind the sound that are no chunks and would last longer than this are told


@dataclass(frozen=True)
class Grammar:
    """How chunks of a kind begin: a name, a size (`whole`: of the header too), and where the next one begins. `tails`: what may lie behind the sound."""

    names: int                  # bytes of a name
    size: str                   # as struct has it
    whole: bool
    step: int                   # what is in one is filled up to a multiple of it
    unknown: Callable[[int], bool]
    tails: tuple[bytes, ...]

    @property
    def header(self) -> int:
        return self.names + struct.calcsize(self.size)


@dataclass(frozen=True)
class Chunk:
    """One of them: `start` and declared `size` of what is in it."""

    name: bytes
    start: int
    size: int


def head(source: Source, at: int, grammar: Grammar) -> Chunk | None:
    """The chunk that begins there, if one does."""
    raw = source.at(at, grammar.header)
    if len(raw) < grammar.header or raw[:4] in TOPS or not all(32 <= b < 127 for b in raw[: min(grammar.names, 4)]):
        return None
    size = int(struct.unpack(grammar.size, raw[grammar.names:])[0])
    return Chunk(raw[: grammar.names], at + grammar.header, size - grammar.header if grammar.whole else size)


def walk(source: Source, at: int, grammar: Grammar, long: Mapping[bytes, int] = NONE) -> Iterator[Chunk]:
    """Chunks from there on, until what follows is none or lies beyond the end. An odd one whose pad byte was forgotten does not end it.

    `long`: sizes of chunks that say -1 (RF64); they may come to be known on the way.
    """
    for _ in range(MOST):
        chunk = head(source, at, grammar)
        if chunk is None:
            return
        if chunk.size == 0xFFFFFFFF and chunk.name in long:
            chunk = replace(chunk, size=long[chunk.name])
        yield chunk
        end = chunk.start + chunk.size
        if chunk.size < 0 or end > source.size:
            return
        at = end + -chunk.size % grammar.step
        if at != end and head(source, at, grammar) is None and head(source, end, grammar) is not None:
            at = end
    raise Fault(f"more than {MOST} chunks; is it damaged?")


def sound_in(source: Source, chunk: Chunk, grammar: Grammar, skip: int = 0) -> tuple[int, int, str]:
    """First byte of the sound in a chunk (behind `skip` bytes), how many there are, and what has to be told of that. Fault where it was cut off."""
    start, end = chunk.start + skip, chunk.start + chunk.size
    unwritten = chunk.size <= skip and start < source.size and not _chunks_only(source, start, grammar)
    if unwritten or (end > source.size and grammar.unknown(chunk.size)):
        return start, _tail(source, start, grammar) - start, UNKNOWN
    if end > source.size:
        raise Fault(f"{source.size} bytes, expected {end}; is it cut off?")
    return start, max(chunk.size - skip, 0), ""


def rest(source: Source, chunk: Chunk, grammar: Grammar, bytes_a_second: float) -> str:
    """What has to be told of bytes behind the sound that no chunk accounts for: a recorder may have died before it wrote how long it was."""
    end = chunk.start + chunk.size
    for last in walk(source, end + -chunk.size % grammar.step, grammar):
        end = max(end, last.start + last.size) if last.start + last.size <= source.size else end
    left = source.size - end
    return f"{left} bytes behind the sound are left out, its header does not say what they are" if left > MUCH_S * bytes_a_second else ""


def _chunks_only(source: Source, at: int, grammar: Grammar) -> bool:
    """Whether chunks, and nothing else, lie between there and the end."""
    end, pad = at, 0
    for chunk in walk(source, at, grammar):
        end = chunk.start + chunk.size
        pad = -chunk.size % grammar.step
    return at < end <= source.size <= end + pad


def _tail(source: Source, start: int, grammar: Grammar) -> int:
    """Where the sound ends: at the first chunk behind it from which chunks reach the end of the file, or there."""
    end = source.size - (128 if source.at(source.size - 128, 3) == b"TAG" else 0)      # ID3v1
    base = max(start, end - TAIL)
    raw = source.at(base, end - base)
    places = sorted(at for name in grammar.tails for at in _all(raw, name))
    return next((base + at for at in places if _chunks_only(source, base + at, grammar)), end)


def _all(raw: bytes, name: bytes) -> Iterator[int]:
    at = raw.find(name)
    while at >= 0:
        yield at
        at = raw.find(name, at + 1)
