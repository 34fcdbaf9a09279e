"""The desk's memory: one checksummed JSON line for each request that changed something, and a snapshot where a file of them begins.

`000017.snapshot` is the state before the first line of `000017.journal`. What a power cut or a bad card left unreadable is moved
into a `.broken` file beside it; all that lies before it is used.
"""

from __future__ import annotations

import contextlib
import json
import os
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from gigbox import places
from gigbox.desk.events import Event, from_record, to_record
from gigbox.desk.state import FORMAT, Desk
from gigbox.errors import MachineError
from gigbox.files import free_name, sync_folder, write_whole

SYNC_S = 0.1                  # a power cut costs no more than this
RETRY_S = 5.0                 # after the disk said no
SEGMENT = 2_000_000           # bytes of a file before the next begins: start-up reads one or two of them
KEPT = 32                     # files of the past that stay for the report after the gig


class Journal:
    """The journal in a folder. One process at a time may hold it; `warn` gets one line for each trouble."""

    def __init__(self, folder: Path, warn: Callable[[str], None], segment: int = SEGMENT) -> None:
        self.folder = folder
        self._warn = warn
        self._segment = segment
        self._number = 1
        self._file = -1
        self._size = 0
        self._synced = 0.0        # time of the last fsync
        self.dirty = False        # written, not yet synced
        self._failed: float | None = None      # since when the disk says no; changes are then in memory only
        self._desk = Desk()
        self._guard = _guard(folder)

    def load(self) -> Desk:
        """The desk as it was last; from now on `write` goes on from there."""
        try:
            self._number = self._load_snapshot()
            self._replay_from(self._number)
            self._open()
        except OSError as e:
            self._fail(e, -RETRY_S)
        return self._desk

    def write(self, events: tuple[Event, ...], now: float) -> None:
        """One request's events, at once. After a failure the desk goes on in memory and `tick` tries again."""
        if not events or self._failed is not None:
            return
        try:
            _write_all(self._file, line := to_line(to_record(events)))
        except OSError as e:
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, self._size)
            self._fail(e, now)
            return
        self._size += len(line)
        self.dirty = True
        if self._size >= self._segment:
            self._next_file(now)

    def tick(self, now: float) -> None:
        """Call often: syncs each 100 ms where there is something to sync, and tries a disk again that said no."""
        if self._failed is not None:
            if now - self._failed >= RETRY_S and self._next_file(now):
                self._warn("journal: writing again, nothing that is set now is lost")
        elif self.dirty and not 0 <= now - self._synced < SYNC_S:
            self._sync(now)

    def close(self, now: float) -> None:
        """All on disk; the folder is free for another desk."""
        if self.dirty and self._failed is None:
            self._sync(now)
        for handle in (self._file, self._guard):
            if handle >= 0:
                os.close(handle)
        self._file = self._guard = -1

    def _sync(self, now: float) -> None:
        try:
            os.fsync(self._file)
        except OSError as e:
            self._fail(e, now)
            return
        self.dirty, self._synced = False, now

    def _fail(self, error: OSError, now: float) -> None:
        if self._failed is None:
            self._warn(f"journal: {error.strerror}; the desk goes on, but what is set from now on is lost with the power")
        self._failed = now

    def _next_file(self, now: float) -> bool:
        """A snapshot of all that is, and an empty file behind it. False, and the disk is tried again later, where that fails."""
        number = max([self._number, *_numbers(self.folder, "snapshot"), *_numbers(self.folder, "journal")]) + 1
        try:
            if self._failed is None:
                os.fsync(self._file)
            write_whole(self._path(number, "snapshot"), to_line(self._desk.snapshot()))
            self._number = number
            self._open()
        except OSError as e:
            self._fail(e, now)
            return False
        self.dirty, self._failed, self._synced = False, None, now
        self._forget()
        return True

    def _open(self) -> None:
        path = self._path(self._number, "journal")
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        sync_folder(self.folder)
        if self._file >= 0:
            os.close(self._file)
        self._file, self._size = file, os.fstat(file).st_size

    def _forget(self) -> None:
        """The two newest snapshots stay, and some files of the past."""
        for kind, kept in (("snapshot", 1), ("journal", KEPT)):
            for number in _numbers(self.folder, kind):
                if number < self._number - kept:
                    self._path(number, kind).unlink(missing_ok=True)

    def _load_snapshot(self) -> int:
        """Restores the newest whole snapshot and tells its number; the first file's where there is none."""
        for number in reversed(_numbers(self.folder, "snapshot")):
            path = self._path(number, "snapshot")
            try:
                saved = from_line(path.read_bytes())
                if saved["format"] != FORMAT:
                    raise ValueError("another format")
                self._desk.restore(saved)
                return number
            except (OSError, ValueError, KeyError, TypeError):
                self._desk = Desk()
                self._set_aside(path)
        return min(_numbers(self.folder, "journal"), default=1)

    def _replay_from(self, first: int) -> None:
        """All files from the snapshot's on; what lies behind a broken place is set aside."""
        numbers = [n for n in _numbers(self.folder, "journal") if n >= first]
        for place, number in enumerate(numbers):
            self._number = number
            if not self._replay(self._path(number, "journal")):
                for later in numbers[place + 1:]:
                    self._set_aside(self._path(later, "journal"))
                return

    def _replay(self, path: Path) -> bool:
        """Brings the file's events back. What cannot be read, and all behind it, is set aside; then False."""
        content = path.read_bytes()
        good = 0
        for end, events in _whole(content):
            try:
                self._desk.replay(events)
            except (ValueError, TypeError):
                break
            good = end
        if good == len(content):
            return True
        broken = free_name(path)
        self._warn(f"journal: {path.name} is broken from byte {good} on; {len(content) - good} bytes set aside as {broken.name}")
        write_whole(broken, content[good:])
        os.truncate(path, good)
        return False

    def _set_aside(self, path: Path) -> None:
        broken = free_name(path)
        path.rename(broken)
        self._warn(f"journal: {path.name} cannot be used; set aside as {broken.name}")

    def _path(self, number: int, kind: str) -> Path:
        return self.folder / f"{number:06d}.{kind}"


def read(folder: Path) -> Iterator[tuple[Event, ...]]:
    """All requests that are still on disk, oldest first: for the report after the gig."""
    for number in _numbers(folder, "journal"):
        for _, events in _whole((folder / f"{number:06d}.journal").read_bytes()):
            yield events


def to_line(record: dict[str, Any]) -> bytes:
    """Checksum, blank, JSON, newline."""
    content = json.dumps(record, separators=(",", ":")).encode()
    return b"%08x %s\n" % (zlib.crc32(content), content)


def from_line(line: bytes) -> dict[str, Any]:
    """ValueError where the line is torn or not what was written."""
    content = line[9:-1]
    if not line.endswith(b"\n") or line[:9] != b"%08x " % zlib.crc32(content):
        raise ValueError("broken line")
    record: dict[str, Any] = json.loads(content)
    return record


def _whole(content: bytes) -> Iterator[tuple[int, tuple[Event, ...]]]:
    """The requests up to the first that cannot be read, each with the byte where it ends."""
    end = 0
    for line in content.splitlines(keepends=True):
        end += len(line)
        try:
            yield end, from_record(from_line(line))
        except (ValueError, KeyError, TypeError):
            return


def _write_all(file: int, content: bytes) -> None:
    while content:
        content = content[os.write(file, content):]


def _numbers(folder: Path, kind: str) -> list[int]:
    return sorted(int(path.stem) for path in folder.glob(f"*.{kind}") if path.stem.isdecimal())


def _guard(folder: Path) -> int:
    """Holds the folder for this process; the kernel lets go of it however the process ends."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as e:
        raise MachineError(f"desk: {folder}: {e.strerror}, expected a folder that can be written") from None
    return places.hold(handle, f"desk: already running at {folder}")
