"""Ogg: libsndfile plays a cut one up to where it ends, and says nothing."""

from __future__ import annotations

from gigbox.recordings.samples import Look
from gigbox.recordings.source import Fault, Source

PAGE = 27 + 255 + 255 * 255     # bytes of the longest page
LAST = 4                        # flag of the page that ends a stream


def look(source: Source) -> Look | None:
    """None where it is no Ogg; Fault where the last page (RFC 3533) does not say that it is the last, or is not all there."""
    if source.at(0, 4) != b"OggS":
        return None
    tail = source.at(max(source.size - PAGE, 0), PAGE)
    page = tail[max(tail.rfind(b"OggS"), 0):]
    if len(page) > 27 and page[5] & LAST and len(page) >= 27 + page[26] + sum(page[27:27 + page[26]]):
        others = page[14:18] != source.at(14, 4)
        return Look(notes=("more than one stream is in it, only the first is taken",) if others else ())
    raise Fault("ends without the last page of an Ogg file; is it cut off?")
