"""AU, of Sun and NeXT."""

from __future__ import annotations

import struct

from gigbox.recordings.chunks import Chunk, Grammar, sound_in
from gigbox.recordings.samples import Coding, Look, laid_out
from gigbox.recordings.source import Fault, Source

GRAMMAR = Grammar(4, ">I", False, 1, lambda size: size == 0xFFFFFFFF, ())
CODINGS = {1: ("ulaw", 8), 2: ("signed", 8), 3: ("signed", 16), 4: ("signed", 24), 5: ("signed", 32), 6: ("float", 32), 7: ("float", 64), 27: ("alaw", 8)}


def look(source: Source) -> Look | None:
    """None where it is no AU. Compressed sound is left to libsndfile. Fault where it lies."""
    top = source.at(0, 24)
    if top[:4] not in (b".snd", b"dns."):
        return None
    if len(top) < 24:
        raise Fault(f"{source.size} bytes, expected a header of 24; is it cut off?")
    big = top[:4] == b".snd"
    start, size, code, rate, channels = struct.unpack(">5I" if big else "<5I", top[4:])
    start, size, note = sound_in(source, Chunk(b"", start, size), GRAMMAR)
    notes = (note,) if note else ()
    if code not in CODINGS:
        return Look(notes=notes)
    kind, bits = CODINGS[code]
    return Look(laid_out(source, Coding(rate, channels, kind, bits, 0, big), start, size), notes=notes)
