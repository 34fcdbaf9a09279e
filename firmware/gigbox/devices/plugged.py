"""Whether other sound cards are here than there were: for a box that began before its card was plugged in, or switched on."""

from __future__ import annotations

from pathlib import Path

LIST = Path("/proc/asound/cards")      # asks no card for anything


class Plugged:
    """What there is when it is made is what there was; make it before cards are looked at."""

    def __init__(self, path: Path = LIST) -> None:
        self._path = path
        self._begun = self._seen = self._read()

    def look(self) -> bool:
        """Whether there are others, and were at the look before: the system has handed them over by then."""
        before, self._seen = self._seen, self._read()
        return self._seen == before != self._begun

    def _read(self) -> bytes:
        try:
            return self._path.read_bytes()
        except OSError:              # no card was ever here
            return b""
