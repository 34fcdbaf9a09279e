"""A song is a folder of recordings, one or two channels a file, with an optional song.toml that names them and their roles."""

from __future__ import annotations

import os
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from gigbox.errors import SongError
from gigbox.files import on_disk
from gigbox.params import ROLES
from gigbox.rack import CHANNELS
from gigbox.recordings.folder import plain, recordings, shown
from gigbox.recordings.recording import check
from gigbox.texts import read_text, reason

NEAR = 0.75               # roles, rolle, Role, stereopair; not number or kind
NAMED, HEARD = "named", "heard"      # for --roles: as channels are called, and as the box recognises them; or by their sound alone


@dataclass(frozen=True)
class Track:
    """One channel of the box: which file and side it comes from, and what it carries. `pair`: it is the left of a stereo source."""

    file: Path
    side: int
    name: str
    role: str
    role_source: str      # "song.toml", "given", "none": the box finds out by name and sound, or "heard": by sound alone, its name is not told
    pair: bool = False

    @property
    def said(self) -> bool:
        """Whether a person said what it carries."""
        return self.role_source not in ("none", HEARD)


@dataclass(frozen=True)
class Song:
    """A checked song: the files exist, can be read, and fit the box. `seconds` are of the longest file; `notes` what has to be told of them."""

    title: str
    folder: Path
    tracks: tuple[Track, ...]
    seconds: float
    notes: tuple[str, ...] = ()

    @classmethod
    def open(cls, folder: Path, roles: Mapping[int, str] | None = None) -> Song:
        """Read the folder; `roles` (1-based channel: role) come before song.toml. SongError names what is wrong."""
        if not folder.is_dir():
            what = "is no folder" if folder.exists() else "no such folder"
            raise SongError(f"{shown(folder)}: {what}, expected one with recordings")
        manifest = _manifest(folder)
        listed = manifest.get("channel", [])
        files, notes = ([_listed_file(folder, entry) for entry in listed], ()) if listed else recordings(folder)
        notes = (*_slips(shown(folder / "song.toml"), manifest), *notes)
        tracks: list[Track] = []
        pairs: list[object] = []
        seconds = 0.0
        for number, file in enumerate(files):
            entry = listed[number] if listed else {}
            sides, length, told = check(file)
            seconds, notes = max(seconds, length), notes + told
            tracks += _tracks(file, sides, entry, folder)
            pairs += [entry.get("stereo_pair")] if sides == 1 else [None] * sides
            if len(tracks) > CHANNELS:
                raise SongError(f"{shown(file)}: is channel {len(tracks)}, expected at most {CHANNELS}")
        tracks, alone = _paired(tracks, pairs)
        notes += tuple(f"{shown(folder / 'song.toml')}: stereo_pair '{name}' is of one mono file without a neighbour, expected two in a row" for name in alone)
        title = plain(str(manifest.get("title", folder.resolve().name)))
        return cls(title, folder, _with_roles(tracks, roles or {}), seconds, tuple(dict.fromkeys(notes)))

    def without_roles(self, names: bool = False) -> Song:
        """The same recordings, and nobody has said what they are; `names`: but for what they are called."""
        source = "none" if names else HEARD
        return replace(self, tracks=tuple(replace(track, role="unused", role_source=source) for track in self.tracks))


def open_song(folder: Path, roles: str) -> Song:
    """As `--roles` has it: `1=kick,...` before song.toml, or `named`, where names alone are told, or `heard`, where nobody is told anything."""
    told = roles not in (NAMED, HEARD)
    song = Song.open(folder, parse_roles(roles) if told else {})
    return song if told else song.without_roles(names=roles == NAMED)


def parse_roles(text: str) -> dict[int, str]:
    """`1=kick,3=lead_vocal` as {1: "kick", 3: "lead_vocal"}."""
    roles: dict[int, str] = {}
    for part in filter(None, (p.strip() for p in text.split(","))):
        number, _, role = part.partition("=")
        if not number.strip().isdecimal() or len(number) > 9 or not 1 <= int(number) <= CHANNELS:
            raise SongError(f"--roles: '{part[:40]}' is not CHANNEL=ROLE with a channel in 1..{CHANNELS}")
        if int(number) in roles:
            raise SongError(f"--roles: channel {int(number)} is said twice, expected one role for each")
        roles[int(number)] = _known_role(role.strip(), "--roles")
    return roles


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / "song.toml"
    if not os.path.lexists(path):
        return {}
    if path.exists() and not path.is_file():
        raise SongError(f"{shown(path)}: is no file, expected text")
    try:
        manifest = tomllib.loads(read_text(path))
    except (ValueError, OSError, RecursionError) as e:
        raise SongError(f"{shown(path)}: cannot be read ({reason(e)})") from None
    channels = manifest.get("channel", [])
    if not isinstance(channels, list) or not all(isinstance(c, dict) and isinstance(c.get("file"), str) for c in channels):
        raise SongError(f"{shown(path)}: expected [[channel]] tables that each name a file")
    return manifest


def _listed_file(folder: Path, entry: Mapping[str, Any]) -> Path:
    file = folder / on_disk(str(entry["file"]))
    if file.is_file():
        return file
    with suppress(OSError, ValueError):     # a Mac takes letters apart from their accents in names of files, and nobody does when writing
        for other in file.parent.iterdir():
            if unicodedata.normalize("NFC", other.name) == unicodedata.normalize("NFC", file.name) and other.is_file():
                return other
    raise SongError(f"{shown(folder / 'song.toml')}: names '{shown(entry['file'])}', expected a file in {shown(folder)}")


def _tracks(file: Path, sides: int, entry: Mapping[str, Any], folder: Path) -> list[Track]:
    role = _known_role(str(entry["role"]), shown(folder / "song.toml")) if "role" in entry else "unused"
    name = plain(str(entry.get("name", file.stem)))
    source = "song.toml" if "role" in entry else "none"
    return [Track(file, side, name if sides == 1 else f"{name} {'LR'[side]}", role, source, pair=sides == 2 and side == 0) for side in range(sides)]


def _paired(tracks: list[Track], pairs: list[object]) -> tuple[list[Track], list[str]]:
    """Mono neighbours that name the same stereo_pair in song.toml are left and right too; and which names no two neighbours have."""
    left = {i for i in range(len(pairs) - 1) if pairs[i] is not None and pairs[i] == pairs[i + 1] and (i == 0 or pairs[i - 1] != pairs[i])}
    alone = [plain(str(name)) for name in dict.fromkeys(map(str, filter(None, pairs))) if name not in {str(pairs[i]) for i in left}]
    return [replace(track, pair=True) if i in left else track for i, track in enumerate(tracks)], alone


def _slips(where: str, manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Words in song.toml that are nearly those that are read, and hold what those do; whatever else a person notes there is theirs."""
    found = list(_nearly(manifest, {"title": str, "channel": list}))
    for entry in manifest.get("channel", []):
        found += _nearly(entry, dict.fromkeys(("file", "name", "role", "stereo_pair"), str))
    return tuple(f"{where}: '{plain(key)}' is not read, '{meant}' is" for key, meant in found)


def _nearly(said: Mapping[str, Any], known: Mapping[str, type]) -> Iterator[tuple[str, str]]:
    for key in (key for key in said if key not in known):
        meant: list[str] = get_close_matches(key.lower(), [*known], 1, NEAR)
        if meant and meant[0] not in said and isinstance(said[key], known[meant[0]]):
            yield key, meant[0]


def _with_roles(tracks: list[Track], roles: Mapping[int, str]) -> tuple[Track, ...]:
    for number in roles:
        if number > len(tracks):
            raise SongError(f"--roles: channel {number} does not exist, the song has {len(tracks)}")
    return tuple(replace(t, role=roles[n], role_source="given") if n in roles else t for n, t in enumerate(tracks, 1))


def _known_role(role: str, where: str) -> str:
    if role not in ROLES:
        raise SongError(f"{where}: role '{role}' is unknown, expected one of {', '.join(ROLES)}")
    return role
