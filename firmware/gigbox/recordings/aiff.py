"""AIFF and AIFF-C."""

from __future__ import annotations

import math
import struct

from gigbox.recordings.chunks import Chunk, Grammar, rest, sound_in, walk
from gigbox.recordings.samples import Coding, Look, laid_out
from gigbox.recordings.source import Fault, Source

TAILS = (b"NAME", b"AUTH", b"(c) ", b"ANNO", b"COMT", b"MARK", b"INST", b"APPL", b"ID3 ", b"MIDI", b"AESD", b"FVER", b"COMM", b"PEAK", b"CHAN", b"basc")
GRAMMAR = Grammar(4, ">I", False, 2, lambda size: size >= 0x7F000000, TAILS)      # SoX says 0x7f000000 into a pipe
SAID = 0        # bits: as COMM has them
CODINGS = {     # AIFF-C's compression: kind, bits, little-endian
    b"NONE": ("signed", SAID, False), b"twos": ("signed", SAID, False), b"sowt": ("signed", SAID, True), b"raw ": ("unsigned", 8, False),
    b"in24": ("signed", 24, False), b"in32": ("signed", 32, False), b"42ni": ("signed", 24, True), b"23ni": ("signed", 32, True),
    b"fl32": ("float", 32, False), b"FL32": ("float", 32, False), b"fl64": ("float", 64, False), b"FL64": ("float", 64, False),
    b"ulaw": ("ulaw", 8, False), b"ULAW": ("ulaw", 8, False), b"alaw": ("alaw", 8, False), b"ALAW": ("alaw", 8, False),
}


def look(source: Source) -> Look | None:
    """None where it is no AIFF. Compressed sound is left to libsndfile. Fault where it lies."""
    top = source.at(0, 12)
    if top[:4] != b"FORM" or top[8:] not in (b"AIFF", b"AIFC"):
        return None
    found: dict[bytes, Chunk] = {}
    for chunk in walk(source, 12, GRAMMAR):
        if chunk.name in found and chunk.name in (b"COMM", b"SSND"):
            raise Fault(f"two {chunk.name.decode()} chunks, expected one")
        found[chunk.name] = chunk
    for name in (b"COMM", b"SSND"):
        if name not in found:
            raise Fault(f"no {name.decode()} chunk in it; is it cut off?")
    sound = found[b"SSND"]
    coding, frames = _coding(source.at(found[b"COMM"].start, min(found[b"COMM"].size, 22)), top[8:] == b"AIFC")
    offset = int.from_bytes(source.at(sound.start, 4), "big")
    start, size, note = sound_in(source, sound, GRAMMAR, 8 + offset)
    if coding is None:
        return Look(notes=(note,) if note else ())
    samples = laid_out(source, coding, start, size)
    if not note and samples.frames < frames:
        raise Fault(f"{samples.frames} frames, expected {frames}; is it cut off?")
    note = note or rest(source, sound, GRAMMAR, samples.width * samples.channels * samples.rate)
    return Look(samples, notes=(note,) if note else ())


def _coding(common: bytes, extended: bool) -> tuple[Coding | None, int]:
    """What COMM says of samples (None where they are compressed), and how many frames there are."""
    if len(common) < 18:
        raise Fault(f"a COMM chunk of {len(common)} bytes, expected 18 or more")
    channels, frames, bits = struct.unpack(">HIH", common[:8])
    kind, width, little = CODINGS.get(common[18:22], ("", 0, False)) if extended else CODINGS[b"NONE"]
    return (Coding(_rate(common[8:18]), channels, kind, width or bits, 0, not little) if kind else None), frames


def _rate(raw: bytes) -> float:
    """Hz as 80-bit float."""
    exponent, mantissa = struct.unpack(">HQ", raw)
    if exponent & 0x7FFF == 0x7FFF:
        return math.nan
    try:
        return math.ldexp(-mantissa if exponent & 0x8000 else mantissa, (exponent & 0x7FFF) - 16383 - 63)
    except OverflowError:
        return math.inf
