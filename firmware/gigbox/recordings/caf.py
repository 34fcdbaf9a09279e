"""Apple's Core Audio Format."""

from __future__ import annotations

import struct

from gigbox.recordings.chunks import Chunk, Grammar, rest, sound_in, walk
from gigbox.recordings.samples import Coding, Look, laid_out
from gigbox.recordings.source import Fault, Source

GRAMMAR = Grammar(4, ">Q", False, 1, lambda size: size >= 1 << 62, (b"info", b"pakt", b"strg", b"mark", b"regn", b"free", b"uuid", b"chan", b"midi"))
EDITS = 4       # bytes of a counter before the sound
KINDS = {b"ulaw": "ulaw", b"alaw": "alaw"}


def look(source: Source) -> Look | None:
    """None where it is no CAF. Compressed sound is left to libsndfile. Fault where it lies."""
    if source.at(0, 4) != b"caff":
        return None
    found: dict[bytes, Chunk] = {}
    for chunk in walk(source, 8, GRAMMAR):
        found.setdefault(chunk.name, chunk)
    for name in (b"desc", b"data"):
        if name not in found:
            raise Fault(f"no {name.decode()} chunk in it; is it cut off?")
    coding = _coding(source.at(found[b"desc"].start, min(found[b"desc"].size, 32)))
    start, size, note = sound_in(source, found[b"data"], GRAMMAR, EDITS)
    if coding is None:
        return Look(notes=(note,) if note else ())
    samples = laid_out(source, coding, start, size)
    note = note or rest(source, found[b"data"], GRAMMAR, samples.width * samples.channels * samples.rate)
    return Look(samples, notes=(note,) if note else ())


def _coding(described: bytes) -> Coding | None:
    """What desc says; None where the sound is compressed."""
    if len(described) < 32:
        raise Fault(f"a desc chunk of {len(described)} bytes, expected 32")
    rate, name, flags, frame, _, channels, bits = struct.unpack(">d4sIIIII", described)
    if name in KINDS:
        return Coding(rate, channels, KINDS[name], 8, frame, True)
    return Coding(rate, channels, "float" if flags & 1 else "signed", bits, frame, not flags & 2) if name == b"lpcm" else None
