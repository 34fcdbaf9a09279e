"""WAV and its kin: RIFF, big-endian RIFX, RF64 and BW64 beyond 4 GiB, and Sony's Wave64."""

from __future__ import annotations

import struct
from dataclasses import replace
from uuid import UUID

from gigbox.recordings.chunks import Chunk, Grammar, rest, sound_in, walk
from gigbox.recordings.samples import Coding, Look, laid_out
from gigbox.recordings.source import Fault, Source

KINDS = {1: "signed", 3: "float", 6: "alaw", 7: "ulaw"}
EXTENSIBLE = 0xFFFE
GUIDS = ("-0000-0010-8000-00aa00389b71", "-0721-11d3-8644-c8c1ca000000")      # behind the tag: Microsoft's, and of Ambisonics
WAVE64 = bytes.fromhex("2e91cf11a5d628db04c10000")              # behind "riff"
LIST64 = bytes.fromhex("6c6973742f91cf11a5d628db04c10000")
CHUNK64 = bytes.fromhex("f3acd3118cd100c04f8edb8a")             # behind other names
WIDE_TAILS = (LIST64, *(name + CHUNK64 for name in (b"fact", b"levl", b"bext", b"junk", b"mark", b"summ")))
TAILS = (b"LIST", b"id3 ", b"ID3 ", b"bext", b"iXML", b"cue ", b"smpl", b"inst", b"fact", b"PEAK", b"JUNK", b"junk", b"axml", b"chna", b"acid", b"cart",
         b"levl", b"DISP", b"_PMX", b"LGWV", b"afsp", b"plst", b"umid", b"minf", b"elm1", b"regn", b"AFAn", b"PAD ", b"FLLR")
BEYOND = 1 << 32        # bytes that 32-bit sizes cannot say: they begin at 0 again


def _unknown32(size: int) -> bool:
    """Sizes that SoX (0x7ffff000), arecord (0x80000000), ffmpeg (0xffffffff) and others write where they cannot come back to the header."""
    return 0x7FFF0000 <= size <= 0x80000000 or size >= 0xFFFF0000


LITTLE = Grammar(4, "<I", False, 2, _unknown32, TAILS)
BIG = replace(LITTLE, size=">I")
WIDE = Grammar(16, "<Q", True, 8, lambda size: size >= 1 << 62, WIDE_TAILS)
LONG = replace(LITTLE, unknown=lambda size: size == 0xFFFFFFFF or size >= 1 << 62)
FAMILY = {b"RIFF": (LITTLE, 12), b"RIFX": (BIG, 12), b"RF64": (LONG, 12), b"BW64": (LONG, 12), b"riff": (WIDE, 40)}


def look(source: Source) -> Look | None:
    """None where it is no file of this family. Compressed sound is left to libsndfile. Fault where it lies."""
    top = source.at(0, 40)
    grammar, first = FAMILY.get(top[:4], (LITTLE, 0))
    if not first or (top[8:12] != b"WAVE" and top[4:16] != WAVE64):
        return None
    form, sound = _chunks(source, grammar, first)
    big = grammar is BIG
    coding = _coding(source.at(form.start, min(form.size, 40)), big)
    start, size, note = sound_in(source, sound, grammar)
    if coding is None:
        if note:
            raise Fault("its header does not say how long it is, expected that of compressed sound")
        return Look()
    samples = laid_out(source, coding, start, size)
    note = note or rest(source, sound, grammar, samples.width * samples.channels * samples.rate)
    return Look(samples, notes=(note,) if note else ())


def _chunks(source: Source, grammar: Grammar, first: int) -> tuple[Chunk, Chunk]:
    """The two that count, wherever they are."""
    forms: list[Chunk] = []
    sounds: list[Chunk] = []
    long: dict[bytes, int] = {}
    for chunk in walk(source, first, grammar, long):
        if chunk.name[:4] == b"ds64" and chunk.size >= 16:
            long[b"data"] = int(struct.unpack("<Q", source.at(chunk.start + 8, 8).ljust(8, b"\0"))[0])
        elif chunk.name[:4] == b"fmt ":
            forms.append(chunk)
        elif chunk.name[:4] == b"data":
            sounds.append(chunk)
    if not forms or not sounds:
        raise Fault(f"no {'data' if forms else 'fmt'} chunk in it; is it cut off?")
    if len({source.at(form.start, form.size) for form in forms}) > 1:
        raise Fault(f"{len(forms)} fmt chunks that differ, expected one")
    sounds = [chunk for chunk in sounds if chunk.size] or sounds
    if len(sounds) > 1:
        raise Fault(f"{len(sounds)} data chunks, expected one")
    return forms[0], _unwrapped(source, sounds[0], grammar)


def _unwrapped(source: Source, sound: Chunk, grammar: Grammar) -> Chunk:
    """Of a file beyond 4 GiB that has 32 bits for it: as long as it must be to end where the file ends."""
    left = source.size - sound.start - sound.size
    return replace(sound, size=sound.size + left // BEYOND * BEYOND) if grammar in (LITTLE, BIG) and left >= BEYOND and left % BEYOND < 2 else sound


def _coding(form: bytes, big: bool) -> Coding | None:
    """What a fmt chunk says; None where it is not plain samples."""
    if len(form) < 16:
        raise Fault(f"a fmt chunk of {len(form)} bytes, expected 16 or more")
    order = ">" if big else "<"
    tag, channels, rate, byte_rate, frame, bits = struct.unpack(f"{order}HHIIHH", form[:16])
    resting = ""
    if tag == EXTENSIBLE and len(form) >= 40:
        guid = UUID(bytes=form[24:40]) if big else UUID(bytes_le=form[24:40])
        tag = guid.time_low if str(guid)[8:] in GUIDS else 0
        packed = byte_rate == -(-bits // 8) * channels * rate != frame * rate
        resting = "" if packed else "high"
    if tag not in KINDS:
        return None
    kind = "unsigned" if tag == 1 and bits <= 8 and frame <= channels else KINDS[tag]
    return Coding(rate, channels, kind, bits, frame, big, byte_rate, resting)
