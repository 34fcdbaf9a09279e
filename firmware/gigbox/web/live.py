"""One open page: what it is told of the desk's changes and the meters, and what its hand asks of the desk."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gigbox.errors import GigboxError, RequestError
from gigbox.web.desk_line import KINDS, DeskLine
from gigbox.web.meters import Meters

HEALTH_S = 1.0
LONGEST = 64 << 10       # characters of a message; a longer one gets an error, far longer ones end the connection
STRIPS = 8               # shown while no engine has told how many there are


@dataclass(frozen=True)
class Vitals:
    """What every page is told of the rack at one moment: `meters` is the message, or empty while no engine runs."""

    meters: str = ""
    health: dict[str, Any] = field(default_factory=dict)
    channels: int = 0


class Nurse:
    """Looks at the rack once for all pages."""

    def __init__(self, meters: Meters, clock: Callable[[], float]) -> None:
        self._meters, self._clock = meters, clock
        self._health: dict[str, Any] = {}
        self._due = clock()

    def look(self) -> Vitals:
        """`health` is a new object each HEALTH_S, and as soon as the engine comes or goes."""
        reading, now = self._meters.reading(), self._clock()
        if now >= self._due or (reading is not None) != self._health.get("engine"):
            self._health, self._due = self._meters.health(), now + HEALTH_S
        return Vitals("" if reading is None else written({"meters": reading}), self._health, self._meters.channels())


class Page:
    """`by` is whose hand it is."""

    def __init__(self, desk: DeskLine, by: str) -> None:
        self._desk, self._by = desk, by
        self._post = desk.open_post()
        self._desk_told: bool | None = None
        self._health: dict[str, Any] = {}

    def close(self) -> None:
        self._desk.close_post(self._post)

    def news(self, vitals: Vitals) -> Iterator[str]:
        """The messages that this page has not been told yet."""
        yield from self._changes(vitals.channels or STRIPS)
        if vitals.meters:
            yield vitals.meters
        if vitals.health is not self._health:
            self._health = vitals.health
            yield written({"health": vitals.health, **({"channels": vitals.channels} if vitals.channels else {})})

    def take(self, message: str | bytes) -> str:
        """The hand's wish; the answer, or nothing where the change itself will tell. Waits for the desk."""
        try:
            kind, what = wish(message)
            if kind == "undo":
                return written({"undone": self._desk.undo(self._by)})
            self._desk.ask(kind, what, self._by)
        except GigboxError as e:
            return written({"error": str(e)})
        return ""

    def _changes(self, channels: int) -> Iterator[str]:
        if not self._desk.alive:
            if self._desk_told is not False:
                yield written({"desk": False, "channels": channels})
            self._desk_told, self._post.everything = False, True
            return
        self._desk_told = True
        whole, changes = self._desk.collect(self._post)
        if whole is not None:
            yield written({**whole, "by": self._by, "channels": channels})
        yield from map(written, changes)


def written(message: Mapping[str, Any]) -> str:
    return json.dumps(message, separators=(",", ":"))


def wish(message: str | bytes) -> tuple[str, Any]:
    """A page's message as the kind of request and what it is about; RequestError where it is none."""
    if len(message) > LONGEST:
        raise RequestError(f"message: {len(message)} characters, expected {LONGEST} at most")
    try:
        found = json.loads(message)
    except (ValueError, RecursionError):
        raise RequestError("message: not JSON") from None
    if not isinstance(found, dict) or len(found) != 1 or not found.keys() <= set(KINDS):
        raise RequestError(f"message: expected an object with one of {', '.join(KINDS)}")
    kind, what = next(iter(found.items()))
    if kind == "undo" and what is not True:
        raise RequestError("undo: expected true; a page takes back its own last action")
    return kind, what
