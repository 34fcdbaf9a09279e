"""A song is a folder of recordings, one or two channels a file, with an optional song.toml that names them and their roles."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import soundfile

from gigbox.errors import SongError
from gigbox.params import ROLES
from gigbox.rack import CHANNELS

SOUNDS = {".wav", ".flac", ".ogg", ".oga", ".aiff", ".aif", ".w64", ".rf64", ".caf"}
LOW_HZ, HIGH_HZ = 8000, 192000
PAGE = 27 + 255 + 255 * 255     # bytes of the longest Ogg page
HEARD = "heard"                 # for --roles: as the box recognises them
STREAMED = 0xFFFFF000       # a WAV that says it is this long or longer was written to a pipe, and says nothing


@dataclass(frozen=True)
class Track:
    """One channel of the box: which file and side it comes from, and what it carries. `pair`: it is the left of a stereo source."""

    file: Path
    side: int
    name: str
    role: str
    role_source: str      # "song.toml", "given" or "none": the box finds out
    pair: bool = False


@dataclass(frozen=True)
class Song:
    """A checked song: the files exist, can be read, and fit the box. `frames` are of 48 kHz, of the longest file."""

    title: str
    folder: Path
    tracks: tuple[Track, ...]
    seconds: float

    @classmethod
    def open(cls, folder: Path, roles: Mapping[int, str] | None = None) -> Song:
        """Read the folder; `roles` (1-based channel: role) come before song.toml. SongError names what is wrong."""
        if not folder.is_dir():
            raise SongError(f"{folder}: no such folder, expected one with recordings ({', '.join(sorted(SOUNDS))})")
        manifest = _manifest(folder)
        listed = manifest.get("channel", [])
        files = [_listed_file(folder, entry) for entry in listed] if listed else _found_files(folder)
        if not files:
            raise SongError(f"{folder}: no recordings in it, expected files that end in {', '.join(sorted(SOUNDS))}")
        tracks: list[Track] = []
        seconds = 0.0
        for number, file in enumerate(files):
            entry = listed[number] if listed else {}
            sides, length = check_recording(file)
            seconds = max(seconds, length)
            tracks += _tracks(file, sides, entry, folder)
            if len(tracks) > CHANNELS:
                raise SongError(f"{file}: is channel {len(tracks)}, expected at most {CHANNELS}")
        return cls(plain(str(manifest.get("title", folder.resolve().name))), folder, _with_roles(_paired(tracks, listed), roles or {}), seconds)

    def without_roles(self) -> Song:
        """The same recordings, and nobody has said what they are."""
        return replace(self, tracks=tuple(replace(track, role="unused", role_source="none") for track in self.tracks))


def open_song(folder: Path, roles: str) -> Song:
    """As `--roles` has it: `1=kick,...` before song.toml, or `heard`, where nobody is told anything."""
    song = Song.open(folder, {} if roles == HEARD else parse_roles(roles))
    return song.without_roles() if roles == HEARD else song


def check_recording(file: Path) -> tuple[int, float]:
    """Channels (1 or 2) and seconds of a recording that can be mixed; SongError otherwise."""
    try:
        with file.open("rb") as raw:        # the system's reason is better than libsndfile's
            if not raw.read(1):
                raise SongError(f"{file}: is empty, expected sound")
        with soundfile.SoundFile(file) as sound:
            _check_length(file, sound)
            if not sound.frames:
                raise SongError(f"{file}: is empty, expected sound")
            if sound.channels > 2:
                raise SongError(f"{file}: {sound.channels} channels, expected 1 or 2")
            if not LOW_HZ <= sound.samplerate <= HIGH_HZ:
                raise SongError(f"{file}: {sound.samplerate} Hz, expected {LOW_HZ} to {HIGH_HZ}")
            _check_end(file, sound)
            return sound.channels, sound.frames / sound.samplerate
    except (soundfile.LibsndfileError, OSError) as e:
        raise SongError(f"{file}: cannot be read as sound ({_reason(e)})") from None


def plain(text: str) -> str:
    """A name that any display and file can hold: what cannot be printed is a question mark."""
    return "".join(c if c.isprintable() else "?" for c in text)


def parse_roles(text: str) -> dict[int, str]:
    """`1=kick,3=lead_vocal` as {1: "kick", 3: "lead_vocal"}."""
    roles: dict[int, str] = {}
    for part in filter(None, (p.strip() for p in text.split(","))):
        number, _, role = part.partition("=")
        if not number.strip().isdecimal() or not 1 <= int(number) <= CHANNELS:
            raise SongError(f"--roles: '{part}' is not CHANNEL=ROLE with a channel in 1..{CHANNELS}")
        roles[int(number)] = _known_role(role.strip(), "--roles")
    return roles


def _check_end(file: Path, sound: soundfile.SoundFile) -> None:
    """The last frame can be decoded."""
    if not sound.seekable():
        return
    try:
        sound.seek(sound.frames - 1)
        whole = len(sound.read(1)) == 1
    except soundfile.LibsndfileError:
        whole = False
    if not whole:
        raise SongError(f"{file}: ends before its {sound.frames} frames; is it cut off?")


def _check_length(file: Path, sound: soundfile.SoundFile) -> None:
    """A WAV whose header promises more than the file holds, or an Ogg without its last page, was cut off: libsndfile shortens it silently."""
    if sound.format == "OGG" and not _ends_as_ogg(file):
        raise SongError(f"{file}: ends without the last page of an Ogg file; is it cut off?")
    if sound.format not in ("WAV", "WAVEX"):
        return
    size = file.stat().st_size
    with file.open("rb") as raw:
        at, name, promised = 12, b"", 0
        while name != b"data" and at + 8 <= size:
            at += 8 + promised + promised % 2 if name else 0
            raw.seek(at)
            name, promised = raw.read(4), int.from_bytes(raw.read(4), "little")
    if name == b"data" and promised < STREAMED and at + 8 + promised > size:
        raise SongError(f"{file}: {size} bytes, expected {at + 8 + promised}; is it cut off?")


def _ends_as_ogg(file: Path) -> bool:
    """Whether the last page (RFC 3533) says that it is the last, and is all there."""
    with file.open("rb") as raw:
        raw.seek(max(file.stat().st_size - PAGE, 0))
        tail = raw.read()
    page = tail[max(tail.rfind(b"OggS"), 0):]
    return len(page) > 27 and bool(page[5] & 4) and len(page) >= 27 + page[26] + sum(page[27:27 + page[26]])


def _reason(error: Exception) -> str:
    if isinstance(error, soundfile.LibsndfileError):
        return str(error.error_string).rstrip(".").replace("\n", " ")
    return str(getattr(error, "strerror", None) or error)


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / "song.toml"
    if not path.exists():
        return {}
    try:
        manifest = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as e:
        raise SongError(f"{path}: cannot be read ({e})") from None
    channels = manifest.get("channel", [])
    if not isinstance(channels, list) or not all(isinstance(c, dict) and isinstance(c.get("file"), str) for c in channels):
        raise SongError(f"{path}: expected [[channel]] tables that each name a file")
    return manifest


def _listed_file(folder: Path, entry: Mapping[str, Any]) -> Path:
    file = folder / str(entry["file"])
    if not file.is_file():
        raise SongError(f"{folder / 'song.toml'}: names '{entry['file']}', expected a file in {folder}")
    return file


def _found_files(folder: Path) -> list[Path]:
    try:
        return sorted(p for p in folder.iterdir() if p.suffix.lower() in SOUNDS and p.is_file())
    except OSError as e:
        raise SongError(f"{folder}: cannot be read ({e.strerror})") from None


def _tracks(file: Path, sides: int, entry: Mapping[str, Any], folder: Path) -> list[Track]:
    role = _known_role(str(entry["role"]), str(folder / "song.toml")) if "role" in entry else "unused"
    name = plain(str(entry.get("name", file.stem)))
    source = "song.toml" if "role" in entry else "none"
    return [Track(file, side, name if sides == 1 else f"{name} {'LR'[side]}", role, source, pair=sides == 2 and side == 0) for side in range(sides)]


def _paired(tracks: list[Track], listed: list[Mapping[str, Any]]) -> list[Track]:
    """Mono neighbours that name the same stereo_pair in song.toml are left and right too."""
    if len(listed) != len(tracks):
        return tracks
    pairs = [entry.get("stereo_pair") for entry in listed]
    left = {i for i in range(len(pairs) - 1) if pairs[i] is not None and pairs[i] == pairs[i + 1] and (i == 0 or pairs[i - 1] != pairs[i])}
    return [replace(track, pair=True) if i in left else track for i, track in enumerate(tracks)]


def _with_roles(tracks: list[Track], roles: Mapping[int, str]) -> tuple[Track, ...]:
    for number in roles:
        if number > len(tracks):
            raise SongError(f"--roles: channel {number} does not exist, the song has {len(tracks)}")
    return tuple(replace(t, role=roles[n], role_source="given") if n in roles else t for n, t in enumerate(tracks, 1))


def _known_role(role: str, where: str) -> str:
    if role not in ROLES:
        raise SongError(f"{where}: role '{role}' is unknown, expected one of {', '.join(ROLES)}")
    return role
