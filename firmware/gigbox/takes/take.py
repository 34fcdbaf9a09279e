"""One take: a folder with a WAV for every strip, `mix.wav` and a song.toml, so that it opens as a song. A mark says while it grows, or was broken off."""

from __future__ import annotations

import fcntl
import json
import os
import time
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unicodedata import normalize

from gigbox.errors import TakeError
from gigbox.files import as_text, sync_to_disk, write_whole
from gigbox.takes import wave_head
from gigbox.texts import read_text

MIX = "mix.wav"
SONG = "song.toml"
GROWS = ".growing"            # there from a take's begin until all of it is on the disk
LONGEST = 80                  # characters of a name: with 4 bytes each they are within what a file system takes
FORBIDDEN = frozenset('"*/:<>?\\|')      # of FAT and Windows, which a stick is read by


@dataclass(frozen=True)
class Track:
    """One strip's: the file, and who is heard on it. `pair`: the same word for left and right of one source."""

    file: str
    name: str = ""
    role: str = ""
    pair: str = ""


@dataclass(frozen=True)
class Take:
    """A take as it lay there when it was looked at. `lost`: frames that are silence because the card was too slow."""

    folder: Path
    seconds: float
    bytes: int
    tracks: int
    began: float
    lost: int = 0
    marks: tuple[tuple[float, str], ...] = ()
    grows: bool = False
    files: Mapping[str, Path] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """As a list, a page and a link can have it, whatever bytes another system made of it."""
        return as_text(self.folder.name)

    def file(self, name: str) -> Path:
        """One of its files; TakeError where there is none."""
        if (path := self.files.get(name)) is None:
            raise TakeError(f"{name[:80]}: no such file, in {self.name}")
        return path

    def told(self) -> dict[str, Any]:
        """For lists."""
        return {"name": self.name, "seconds": round(self.seconds, 1), "bytes": self.bytes, "tracks": self.tracks, "began": round(self.began),
                "lost": self.lost, "grows": self.grows, "marks": [[round(at, 1), what] for at, what in self.marks],
                "files": list(self.files), "folder": as_text(self.folder)}


def files(folder: Path) -> dict[str, Path]:
    """What of it can be taken home, by name: tracks in their order, then the mix and the song.toml."""
    found = {as_text(entry.name): Path(entry.path) for entry in os.scandir(folder) if entry.is_file(follow_symlinks=False) and not entry.name.startswith(".")}
    return {name: found[name] for name in sorted(found, key=lambda name: (name == SONG, name == MIX, name))}


def open_take(folder: Path) -> Take | None:
    """None where the folder is no take."""
    try:
        _, frames = wave_head.told(folder / MIX)
        if not frames and not (folder / GROWS).exists():
            return None
        found = files(folder)
        sizes = [path.stat().st_size for path in found.values()]
        return Take(folder, frames / wave_head.RATE, sum(sizes), max(len(sizes) - 2, 0), *_song(folder), is_held(folder), found)
    except OSError:
        return None


def write_song(folder: Path, tracks: Sequence[Track], began: float, lost: int, marks: Sequence[tuple[float, str]]) -> None:
    """The song.toml: names and roles as `gigbox render` and `gigbox run` read them; its title is the folder's name. OSError where the disk says no."""
    lines = [f"began = {began:.0f}", f"lost_frames = {lost}"]
    for track in tracks:
        said = {"file": track.file, "name": track.name, "role": track.role, "stereo_pair": track.pair}
        lines += ["", "[[channel]]", *(f"{key} = {_text(word)}" for key, word in said.items() if word)]
    for at, what in marks:
        lines += ["", "[[mark]]", f"at = {at:.1f}", f"what = {_text(what)}"]
    write_whole(folder / SONG, "\n".join([*lines, ""]).encode())


def is_held(folder: Path) -> bool:
    """Whether a recorder is at it: its lock goes with its process. Who looks shares, so that two who look do not take each other for one."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return False
    except OSError:
        return True
    finally:
        os.close(handle)


def repair(folder: Path) -> str:
    """A take that was left growing: every track as long as the longest, and heads that say so. What was done, in one line, or nothing."""
    if not (folder / GROWS).exists() or is_held(folder):
        return ""
    tracks = _tracks(folder)
    frames = max(((path.stat().st_size - wave_head.BYTES) // (channels * wave_head.WIDTH) for path, channels in tracks.items()), default=0) // 2 * 2
    if frames <= 0:
        return _ended_before_sound(folder, tracks)
    for path, channels in tracks.items():
        wave_head.mend(path, channels, frames)
    (folder / GROWS).unlink()
    sync_to_disk(folder)
    return f"{folder.name}: was broken off, is whole again: {frames / wave_head.RATE:.1f} s"


def _tracks(folder: Path) -> dict[Path, int]:
    """Its own files of sound, as its song.toml names them, and how many channels each has. What a person puts beside them, or a Mac (`._01 Kick.wav`), is no
    track, whatever it is called; nor is one that is gone."""
    with suppress(OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError):
        named = {normalize("NFC", str(channel["file"])) for channel in tomllib.loads(read_text(folder / SONG))["channel"]}
        return {path: 2 if name == MIX else 1 for name, path in files(folder).items() if name == MIX or normalize("NFC", name) in named}
    heads = {path: wave_head.told(path)[0] for path in files(folder).values() if path.suffix == ".wav" and wave_head.may_be(path)}
    return {path: channels or (2 if path.name == MIX else 1) for path, channels in heads.items()}       # the power took its head


def _ended_before_sound(folder: Path, tracks: Iterable[Path]) -> str:
    """What is a recorder's goes; where somebody has put something beside it, the folder stays."""
    for path in (*tracks, folder / SONG, folder / f".{SONG}.part", folder / GROWS):
        path.unlink(missing_ok=True)
    with suppress(OSError):
        folder.rmdir()
    return f"{folder.name}: ended before there was sound, is gone"


def checked_name(name: object) -> str:
    """A name that every file system takes; TakeError says why not."""
    if not isinstance(name, str) or not name.strip():
        raise TakeError(f"take: {json.dumps(name)[:40]}, expected a name")
    name = name.strip()
    if len(name) > LONGEST or len(name.encode("utf-8", "replace")) > 240:
        raise TakeError(f"take: a name of {len(name)} characters, expected {LONGEST} at most")
    if wrong := next((c for c in name if c in FORBIDDEN or not c.isprintable()), None):
        raise TakeError(f"take: {wrong!r} in a name, expected none of {' '.join(sorted(FORBIDDEN))} and nothing that cannot be printed")
    if name.startswith(".") or name.endswith("."):
        raise TakeError(f"take: {name!r} begins or ends with a dot, expected a name that every system shows")
    return name


def as_name(text: str, longest: int = LONGEST) -> str:
    """Of what somebody is called, as much as can be a file's name; may be nothing."""
    return "".join(" " if c in FORBIDDEN or not c.isprintable() else c for c in text)[:longest].strip(" .")


def length(seconds: float) -> str:
    """As people read it: 4:05, 1:04:05."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def _song(folder: Path) -> tuple[float, int, tuple[tuple[float, str], ...]]:
    """When it began, what is lost, and its marks, as far as its song.toml can be followed: who edits that loses no take by it."""
    with suppress(OSError, ValueError, RecursionError, KeyError, TypeError, ArithmeticError, AttributeError):
        song = tomllib.loads(read_text(folder / SONG))
        began = float(song.get("began", 0))
        time.localtime(began)            # a day that there is
        return began, int(song.get("lost_frames", 0)), tuple((float(mark["at"]), str(mark["what"])) for mark in song.get("mark", []))
    return 0.0, 0, ()


def _text(words: str) -> str:
    """As TOML writes it; its escapes are those of JSON, but for the one that JSON leaves as it is."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")


