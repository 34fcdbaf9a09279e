"""Files that are whole or not there: what a power cut leaves is the old one or the new one."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def write_whole(path: Path, content: bytes, private: bool = False) -> None:
    """Temporary file, fsync, rename, fsync of the folder. OSError where the disk says no; the old file then stays. `private`: for this user alone."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            if private:
                os.fchmod(file.fileno(), 0o600)
            give_to_owner(file.fileno(), path.parent)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    sync_to_disk(path.parent)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Between reading and writing a file nobody else does who asks so: a lock beside it, for whoever has the folder. OSError where there can be none."""
    handle = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        give_to_owner(handle, path.parent)
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def give_to_owner(handle: int, folder: Path) -> None:
    """What root writes, in a shell on the box, belongs to whoever has the folder: else the box's own programs could not read it any longer."""
    if os.geteuid() == 0:
        with suppress(PermissionError):       # a disk that knows no owners
            owner = folder.stat()
            os.fchown(handle, owner.st_uid, owner.st_gid)


def sync_to_disk(path: Path) -> None:
    """Makes what is in a file, or the names in a folder, outlast a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def on_disk(name: str) -> str:
    """A name as the system takes it, so that it is UTF-8 on the disk whatever the locale is."""
    return os.fsdecode(name.encode())


def as_text(path: str | Path) -> str:
    """A path as UTF-8 text, whatever the locale is; bytes that are none as `\\xe9`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def free_name(path: Path) -> Path:
    """Where a broken file is kept aside: `000017.journal.broken`, or with a number behind it where that is taken."""
    names = (path.with_name(f"{path.name}.broken{n or ''}") for n in range(1_000_000))
    return next(name for name in names if not name.exists())
