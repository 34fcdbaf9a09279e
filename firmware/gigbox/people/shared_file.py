"""A small JSON file that several programs of this user read and change: whole or not there, one writer at a time, read again only when it is another one."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gigbox.errors import MachineError
from gigbox.files import alone, free_name, write_whole

Content = dict[str, Any]


def rows(content: Content, name: str) -> list[Any]:
    """A list in it; none where that is something else."""
    found = content.get(name)
    return found if isinstance(found, list) else []


class SharedFile:
    """`content` is what the file says now; whatever is no JSON object is put aside and counts as nothing. One that cannot be read counts as nothing, too,
    but stays where it is, and nothing is written over it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock, self._writing = threading.Lock(), threading.RLock()       # who reads never waits for a disk that is written to
        self._seen: tuple[int, int, int] | None = None
        self._content: Content = {}

    def content(self) -> Content:
        """Not to be changed by who reads it."""
        with self._lock:
            try:
                return self._newest()
            except OSError:
                return {}

    @contextlib.contextmanager
    def changing(self) -> Iterator[Content]:
        """What it says, to be changed and then written; MachineError where the disk says no. What raises within leaves the file as it was."""
        try:
            with self._writing, alone(self.path):
                with self._lock:
                    before = self._newest()
                content: Content = json.loads(json.dumps(before))
                yield content
                if content != before:
                    write_whole(self.path, json.dumps(content, indent=1).encode(), private=True)
                    with self._lock:
                        self._seen = None
        except OSError as e:
            raise MachineError(f"{self.path}: {e.strerror or e}, nothing was changed") from None

    def _identity(self) -> tuple[int, int, int] | None:
        try:
            stat = self.path.stat()
        except OSError:
            return None
        return stat.st_ino, stat.st_mtime_ns, stat.st_size

    def _newest(self) -> Content:
        seen = self._identity()
        if seen != self._seen:
            self._content, self._seen = self._read(), seen
        return self._content

    def _read(self) -> Content:
        try:
            found = json.loads(self.path.read_bytes())
        except FileNotFoundError:
            return {}
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict):
            return found
        with contextlib.suppress(OSError):
            self.path.rename(free_name(self.path))
        return {}
