"""Which files of a folder are recordings, and in which order people mean them."""

from __future__ import annotations

import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from gigbox.errors import SongError

SOUNDS = {".wav", ".flac", ".ogg", ".oga", ".aiff", ".aif", ".aifc", ".w64", ".rf64", ".bwf", ".caf"}
OTHERS = {".mp3", ".opus", ".m4a", ".aac", ".wma", ".au", ".snd", ".wv", ".ape", ".alac", ".mp4", ".ac3"}     # sound, but a mix more often than a channel
BETWEEN = " _-."        # between words and numbers: `Track 2` and `track_3` come before `Track10`
PILES = {"__macosx", "$recycle.bin", "recycler", "system volume information", "lost+found"}       # folders that systems fill, and no person
EXPECTED = f"expected files that end in {', '.join(sorted(SOUNDS))}"


def natural(name: str) -> tuple[object, ...]:
    """A key that sorts as people count: 2 before 10, whatever the case and what is between; `02` after `2`; a name before the names that go on behind it."""
    stem, suffix = os.path.splitext(name)
    stem = stem if suffix.lower() in SOUNDS | OTHERS else name
    parts = re.split(r"(\d+)", unicodedata.normalize("NFC", stem).casefold())
    counted = [(int(part), "") if n % 2 else (-1, part.strip(BETWEEN)) for n, part in enumerate(parts)]
    return counted, [len(part) for part in parts[1::2]], suffix.casefold(), name


def recordings(folder: Path, deep: bool = False) -> tuple[list[Path], tuple[str, ...]]:
    """Files of a folder (`deep`: and of all below it) that are recordings by their name, in natural order, and what has to be told of others.

    Hidden files (`._kick.wav`), piles of systems, folders, pipes and links to nothing are passed over. SongError where there is none, or no reading.
    """
    found: list[Path] = []
    left: list[Path] = []
    try:
        for path in _files(folder, deep):
            suffix = path.suffix.lower()
            if suffix in SOUNDS | OTHERS and path.is_file():
                (found if suffix in SOUNDS else left).append(path)
    except OSError as e:
        raise SongError(f"{shown(e.filename or folder)}: cannot be read ({e.strerror})") from None
    if not found:
        raise SongError(f"{shown(folder)}: no recordings in it, {EXPECTED}")
    return in_order(found, folder), tuple(f"{shown(path)}: left out, {EXPECTED}" for path in in_order(left, folder)) + _twins(in_order(found, folder))


def in_order(paths: Iterable[Path], folder: Path) -> list[Path]:
    return sorted(paths, key=lambda path: [natural(part) for part in path.relative_to(folder).parts])


def plain(text: str) -> str:
    """A name that any display and file can hold: what cannot be printed is a question mark."""
    return "".join(c if c.isprintable() else "?" for c in text)


def shown(path: Path | str) -> str:
    """A path as lines for people have it."""
    return plain(str(path))


def _files(folder: Path, deep: bool) -> Iterator[Path]:
    """All that is not hidden."""
    for place, folders, names in os.walk(folder, onerror=_raise):
        folders[:] = [name for name in folders if deep and not name.startswith(".") and name.lower() not in PILES]
        yield from (Path(place, name) for name in names if not name.startswith("."))


def _twins(found: list[Path]) -> tuple[str, ...]:
    """One recording in two formats would be heard twice."""
    names: dict[Path, list[Path]] = defaultdict(list)
    for path in found:
        names[path.with_suffix("")].append(path)
    many = (same for same in names.values() if len(same) > 1)
    return tuple(f"{shown(first)}: its name is also that of {shown(', '.join(p.name for p in others))}; each is taken" for first, *others in many)


def _raise(error: OSError) -> None:
    raise error
