"""FLAC (RFC 9639) whose header does not know how many frames follow: the last of its blocks does."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from itertools import islice

from gigbox.recordings.samples import Look
from gigbox.recordings.source import Fault, Source

INFO = 8                # STREAMINFO begins here: magic, header
TOTAL = INFO + 13       # the low four bits there and four bytes more: how many frames
METADATA = 1000         # pieces of it before the first block
LONGEST = 1 << 20       # bytes of a block of one or two channels, and more
TRIES = 4               # blocks from the end on, of which one must end there


def look(source: Source) -> Look | None:
    """None where it is no FLAC. Fault where it was cut off and its header does not know how long it was; where it does, whoever decodes it will see."""
    top = source.at(0, INFO + 34)
    if top[:4] != b"fLaC" or len(top) < INFO + 34 or top[4] & 0x7F:
        return None
    if top[TOTAL] & 15 or any(top[TOTAL + 1:TOTAL + 5]):
        return Look()
    alike = int.from_bytes(top[INFO:INFO + 2], "big")
    frames = _last(source, alike) - _first(source, alike)
    if not 0 < frames < 1 << 36:
        raise Fault("its blocks are not in order; is it damaged?")
    total = bytes([top[TOTAL] & 0xF0 | frames >> 32, *(frames & 0xFFFFFFFF).to_bytes(4, "big")])
    return Look(head=top[:TOTAL] + total)


def _first(source: Source, alike: int) -> int:
    """Number of the first frame: not 0 in what was cut into segments. `alike`: frames of each block where all have as many."""
    at = 4
    for _ in range(METADATA):
        head = source.at(at, 4)
        at += 4 + int.from_bytes(head[1:], "big")
        if len(head) < 4 or head[0] & 0x80:
            break
    return _block(source.at(at, 16), alike)[0]


def _last(source: Source, alike: int) -> int:
    """Number of the frame behind the last block."""
    end = source.size - (128 if source.at(source.size - 128, 3) == b"TAG" else 0)      # ID3v1
    base = max(end - LONGEST, INFO + 34)
    tail = source.at(base, end - base)
    for at, number, length in islice(_blocks(tail, alike), TRIES):
        if crc16(tail[at:-2]) == int.from_bytes(tail[-2:], "big"):
            return number + length
    raise Fault("ends in the middle of a FLAC block; is it cut off?")


def _blocks(tail: bytes, alike: int) -> Iterator[tuple[int, int, int]]:
    """Where blocks seem to begin, from the last on, each with its number and length in frames."""
    at = len(tail)
    while (at := tail.rfind(b"\xff", 0, at)) >= 0:
        number, length = _block(tail[at:at + 16], alike)
        if length:
            yield at, number, length


def _block(header: bytes, alike: int) -> tuple[int, int]:
    """Number of the first frame of a block, and how many it has, by its header (section 9.1); (0, 0) where this is none."""
    header = header.ljust(16, b"\0")
    if header[1] not in (0xF8, 0xF9):
        return 0, 0
    ones = 8 - (header[4] ^ 0xFF).bit_length()        # a number as UTF-8 writes it, of up to 36 bits
    at = 4 + max(ones, 1)
    if ones in (1, 8):
        return 0, 0
    number = reduce(lambda value, byte: value << 6 | byte & 0x3F, header[5:at], header[4] & 0x7F >> ones)
    size, rate = header[2] >> 4, header[2] & 15
    more = {6: 1, 7: 2}.get(size, 0)
    frames = int.from_bytes(header[at:at + more], "big") + 1 if more else 192 if size == 1 else 576 << max(size - 2, 0) if size < 6 else 256 << size - 8
    at += more + {12: 1, 13: 2, 14: 2}.get(rate, 0)
    if not size or rate == 15 or crc8(header[:at]) != header[at]:
        return 0, 0
    return (number if header[1] & 1 else number * alike), frames


def crc16(content: bytes) -> int:
    """Polynomial 0x8005, from 0."""
    return reduce(lambda crc, byte: (crc << 8 & 0xFF00) ^ CRC16[crc >> 8 ^ byte], content, 0)


def _table(polynomial: int, bits: int) -> tuple[int, ...]:
    top, mask = 1 << (bits - 1), (1 << bits) - 1

    def shifted(value: int) -> int:
        return (value << 1 ^ (polynomial if value & top else 0)) & mask

    return tuple(reduce(lambda value, _: shifted(value), range(8), byte << (bits - 8)) for byte in range(256))


def crc8(content: bytes) -> int:
    """Polynomial 0x07, from 0."""
    return reduce(lambda crc, byte: CRC8[crc ^ byte], content, 0)


CRC16 = _table(0x8005, 16)
CRC8 = _table(0x07, 8)
