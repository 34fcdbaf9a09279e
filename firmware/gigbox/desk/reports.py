"""What a program wants everybody to be able to read, a JSON object by name: the desk keeps it, and knows nothing of what is in it.

A report is no parameter: it is longer than a text, nobody sets it, and no undo, scene or journal should carry it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from gigbox.desk import plain_json
from gigbox.errors import RequestError
from gigbox.files import write_whole

NAME = re.compile(r"[a-z][a-z_]{0,31}")
BIGGEST = 1 << 18             # bytes; a line check of 32 channels has some 20 000
MOST = 32                     # reports; each name is a file on the card


class Reports:
    """The newest report of each name, in a folder; what the disk does not take is kept in memory, for who tells of a full disk is to be heard."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._unwritten: dict[str, bytes] = {}

    def save(self, name: str, told: Mapping[str, Any], by: str, now: float) -> None:
        """Replaces the one before. RequestError where it is too much."""
        path = self._path(name)
        try:
            content = plain_json.write({"name": name, "by": by, "time": now, "told": told})
            plain_json.read(content)
        except ValueError as e:
            raise RequestError(f"report '{name}': {e}, expected a plain JSON object") from None
        if len(content) > BIGGEST:
            raise RequestError(f"report '{name}': {len(content)} bytes, expected {BIGGEST} at most")
        known = self._names()
        if name not in known and len(known) >= MOST:
            raise RequestError(f"report '{name}': {MOST} others are kept already, expected a name of theirs")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(path, content)
            self._unwritten.pop(name, None)
        except OSError:                  # the health of the box says so
            self._unwritten[name] = content

    def load(self, name: str) -> dict[str, Any]:
        """`{"name", "by", "time", "told"}`; RequestError where there is none that can be read."""
        path = self._path(name)
        try:
            report = plain_json.read(self._unwritten[name] if name in self._unwritten else path.read_bytes())
        except FileNotFoundError:
            raise RequestError(f"report '{name}': none so far") from None
        except OSError as e:
            raise RequestError(f"report '{name}': not readable: {e.strerror}, expected another one to be left") from None
        except ValueError:
            report = None
        if not isinstance(report, dict) or not isinstance(report.get("told"), dict):
            raise RequestError(f"report '{name}': broken, expected a whole JSON file")
        return report

    def _names(self) -> set[str]:
        names = set(self._unwritten)
        with suppress(OSError):
            names |= {path.stem for path in self.folder.glob("*.json")}
        return names

    def _path(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise RequestError(f"report {name[:32]!r}: a name has 1 to 32 small letters")
        return self.folder / f"{name}.json"
