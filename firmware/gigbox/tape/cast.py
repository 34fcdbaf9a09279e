"""Who is on which strip, as the desk says: names of files, and what song.toml tells."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

from gigbox import params
from gigbox.desk.client import Change, Value
from gigbox.takes.take import Track, as_name

WATCHED = ["tape/record", "box/song", "box/mode", "strip/*/name", "strip/*/role", "strip/*/link"]
NAME = 40                 # characters of a file's name that are the strip's


class Cast:
    """What the desk told last; any thread may ask. `news` has what a listener may find a take by: songs, and the mode."""

    def __init__(self) -> None:
        self._values: dict[str, Value] = {}
        self._lock = threading.Lock()
        self.news: list[str] = []

    def hear(self, change: Change) -> None:
        with self._lock:
            known, self._values = self._values, self._values | change.values
        for path in ("box/song", "box/mode"):
            if path in change.values and path in known and (told := str(change.values[path].value)) not in ("", str(known[path].value)):
                self.news.append(told)

    @property
    def wanted(self) -> bool | None:
        """Whether a recording is; None before the desk has said anything."""
        return None if "tape/record" not in self._values else bool(self.said("tape/record"))

    def said(self, path: str) -> Any:
        value = self._values.get(path)
        return value.value if value else None

    def tracks(self, strips: int) -> list[Track]:
        """One for each strip. A role goes into the song only where somebody said it, or the box is sure."""
        return list(self._tracks(strips))

    def _tracks(self, strips: int) -> Iterator[Track]:
        pair = ""
        for n in range(1, strips + 1):
            name, role = str(self.said(f"strip/{n}/name") or ""), str(self.said(f"strip/{n}/role") or params.ROLES[0])
            role = role if role != params.ROLES[0] else ""
            called = as_name(name or role.replace("_", " "), NAME)
            right, linked = pair, bool(self.said(f"strip/{n}/link")) and not pair and n < strips
            pair = f"{n}" if linked else ""
            yield Track(f"{n:02d} {called}".strip() + ".wav", name or (role.replace("_", " ")), role, right or pair)
