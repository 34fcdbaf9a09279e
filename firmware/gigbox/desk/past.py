"""The journal's files: what they are called, how they are read, and what becomes of those that are full.

`000017.snapshot` is the state before the first line of `000017.journal`. A file that is full is packed in time: the steps of each move of
the box as one, `000017.journal.gz`. All of it together is bounded in bytes, oldest first to go.
"""

from __future__ import annotations

import gzip
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gigbox.desk.events import Event
from gigbox.desk.records import Shorthand, compacted, from_line, to_line
from gigbox.desk.state import FORMATS, Desk
from gigbox.files import write_whole

KEPT = 256_000_000            # bytes of the past: more than a week of 16 channels, day and night; see README
GIVE_WAY = 20                 # lines read and packed at a stretch: the desk's thread waits no longer than these take
BROKEN = (ValueError, KeyError, TypeError, AttributeError)       # of a line or snapshot that is none


def path_of(folder: Path, number: int, kind: str) -> Path:
    return folder / f"{number:06d}.{kind}"


def numbers(folder: Path, *kinds: str) -> list[int]:
    """Of the files of these kinds that are called as ours are, in order."""
    return sorted({number for kind in kinds for path in folder.glob(f"*.{kind}") if path == path_of(folder, number := _number(path), kind)})


def _number(path: Path) -> int:
    """0 where it has none, as what people put there."""
    word = path.name.split(".")[0]
    return int(word) if word.isdecimal() else 0


def journal_of(folder: Path, number: int) -> Path:
    """The file of lines: packed where that is done."""
    packed = path_of(folder, number, "journal.gz")
    return packed if packed.exists() else path_of(folder, number, "journal")


def lines_of(folder: Path, number: int) -> tuple[bytes, bool]:
    """Of a file that may be packed at this very moment; FileNotFoundError where it is forgotten."""
    try:
        return content_of(journal_of(folder, number))
    except FileNotFoundError:
        return content_of(journal_of(folder, number))


def content_of(path: Path) -> tuple[bytes, bool]:
    """The lines, and whether that is all; of a packed file that is broken as many as can be read."""
    content = path.read_bytes()
    if path.suffix != ".gz":
        return content, True
    unpack, parts = zlib.decompressobj(zlib.MAX_WBITS | 16), []
    try:
        for place in range(0, len(content), 4096):
            parts.append(unpack.decompress(content[place:place + 4096]))
    except zlib.error:
        return b"".join(parts), False
    return b"".join(parts), unpack.eof


def records(content: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
    """The records up to the first that cannot be read, each with the byte where it ends."""
    end = 0
    for line in content.splitlines(keepends=True):
        end += len(line)
        try:
            yield end, from_line(line)
        except ValueError:
            return


def restore(desk: Desk, folder: Path, number: int) -> None:
    """Becomes that snapshot. OSError, or one of BROKEN, where it cannot be used; the desk is then anything."""
    saved = from_line(path_of(folder, number, "snapshot").read_bytes())
    if saved["format"] not in FORMATS:
        raise ValueError("another format")
    desk.restore(saved)


def replay(desk: Desk, content: bytes) -> int:
    """Brings the lines of one file back, up to the first that is none; the byte where that begins."""
    good, shorthand = 0, Shorthand()
    for end, record in records(content):
        try:
            if "boot" in record:
                desk.begin(str(record["boot"]), float(record["at"]))
            else:
                desk.replay(shorthand.events(record))
        except BROKEN:
            break
        good = end
    return good


def read(folder: Path) -> Iterator[tuple[Event, ...]]:
    """All requests that are still on disk, oldest first: for the report after the gig."""
    for number in numbers(folder, "journal", "journal.gz"):
        shorthand = Shorthand()
        for _, record in records(lines_of(folder, number)[0]):
            if "boot" in record:
                continue
            try:
                yield shorthand.events(record)
            except BROKEN:
                break


def tidy(folder: Path, current: int) -> None:
    """Packs what is full, and forgets what is too much. Takes a while; may be broken off at any time."""
    for number in numbers(folder, "journal"):
        if number < current:
            pack(folder, number)
    for number in numbers(folder, "snapshot"):
        if number < current - 1:                 # the two newest stay: one may be broken
            path_of(folder, number, "snapshot").unlink(missing_ok=True)
    for part in folder.glob(".[0-9]*.part"):     # what a power cut left of one
        if 0 < _number(part.with_name(part.name[1:])) < current - 1:
            part.unlink(missing_ok=True)
    held = sorted(folder.glob("[0-9]*.*"), reverse=True)
    total = 0
    for path in held:
        total += path.stat().st_size
        if total > KEPT and 0 < _number(path) < current - 1:
            path.unlink(missing_ok=True)


def pack(folder: Path, number: int) -> None:
    """One full file, packed; left as it is where it cannot be read to its end."""
    path, packed = path_of(folder, number, "journal"), path_of(folder, number, "journal.gz")
    content = b"" if packed.exists() else _packed(path.read_bytes())
    if content is None:
        return
    if content:
        write_whole(packed, content)
    path.unlink()


def _packed(content: bytes) -> bytes | None:
    lines: list[bytes] = []
    part: list[tuple[Event, ...]] = []
    shorthand, good = Shorthand(), 0
    for count, (end, record) in enumerate(records(content)):
        if "boot" in record:
            lines += [*_lines(part), to_line(record)]
            part = []
        else:
            try:
                part.append(shorthand.events(record))
            except BROKEN:
                return None
        good = end
        if count % GIVE_WAY == 0:
            time.sleep(0.0005)
    return gzip.compress(b"".join(lines + _lines(part)), mtime=0) if good == len(content) else None


def _lines(part: list[tuple[Event, ...]]) -> list[bytes]:
    """Written in full: another process reads them whole, and gzip takes care of what repeats itself."""
    made: list[bytes] = []
    for count, events in enumerate(compacted(part)):
        made.append(to_line(Shorthand().record(events)))
        if count % GIVE_WAY == 0:
            time.sleep(0.0005)
    return made
