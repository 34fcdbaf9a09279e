"""Who runs: a note in the runtime folder, so that a `gigbox run` after a killed one finds what that left, and takes nobody else for it.

A process is its number, the time it started at and the boot that it lives in: numbers are given again.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

BOOT = Path("/proc/sys/kernel/random/boot_id")
BYTES = 4096                  # of the file, taken when it is made: a disk that fills up later cannot spoil it
GRACE_S, LOOK_S = 3.0, 0.02


@dataclass(frozen=True)
class Process:
    """`started`: clock ticks since boot."""

    pid: int
    started: int

    def runs(self) -> bool:
        """Whether that very process is there, and not yet dead."""
        return started(self.pid) == self.started

    def signal(self, number: int) -> None:
        with contextlib.suppress(OSError):
            if self.runs():
                os.kill(self.pid, number)


def started(pid: int) -> int:
    """When the process began, in clock ticks since boot; -1 where it is dead or was never there."""
    try:
        words = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()      # behind the name, which may hold anything
        return -1 if words[0] in b"ZX" else int(words[19])
    except (OSError, IndexError, ValueError):
        return -1


class Note:
    """The runner's. `write` raises OSError where the disk is full and no note could be made yet; call it again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1
        self._written: list[int] | None = None
        self._started: dict[int, int] = {}

    def write(self, pids: Sequence[int]) -> None:
        """These programs run now."""
        if list(pids) == self._written:
            return
        self._started = {pid: self._started.get(pid) or started(pid) for pid in pids}
        note = {"run": os.getpid(), "programs": list(pids), "started": list(self._started.values()), "boot": _boot()}
        if self._file < 0:
            self._file = _reserved(self._path)
        os.pwrite(self._file, json.dumps(note).encode().ljust(BYTES - 1) + b"\n", 0)
        self._written = list(pids)

    def close(self) -> None:
        """Nobody runs any longer."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
            self._path.unlink(missing_ok=True)


def runner(path: Path) -> int:
    """Who wrote the note; 0 where there is none."""
    pid = _read(path).get("run")
    return pid if isinstance(pid, int) else 0


def left(path: Path) -> list[Process]:
    """The programs of the note that still run."""
    note = _read(path)
    pids, starts = note.get("programs"), note.get("started")
    if note.get("boot") != _boot() or not isinstance(pids, list) or not isinstance(starts, list):
        return []
    found = [Process(pid, start) for pid, start in zip(pids, starts, strict=False) if isinstance(pid, int) and isinstance(start, int) and pid > 1]
    return [process for process in found if process.started >= 0 and process.runs()]


def end(processes: Sequence[Process]) -> None:
    """Politely, and after GRACE_S not so."""
    for process in processes:
        process.signal(signal.SIGTERM)
    until = time.monotonic() + GRACE_S
    while any(process.runs() for process in processes) and time.monotonic() < until:
        time.sleep(LOOK_S)
    for process in processes:
        process.signal(signal.SIGKILL)


def _read(path: Path) -> dict[str, object]:
    try:
        note = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return note if isinstance(note, dict) else {}


def _reserved(path: Path) -> int:
    """A new file in place of any old one, with room for a note."""
    path.unlink(missing_ok=True)
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        os.posix_fallocate(file, 0, BYTES)
    except OSError:
        os.close(file)
        path.unlink(missing_ok=True)
        raise
    return file


def _boot() -> str:
    try:
        return BOOT.read_text().strip()
    except OSError:
        return ""
