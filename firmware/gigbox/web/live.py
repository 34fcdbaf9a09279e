"""One open page: relays the desk's changes to it and its hand to the desk, and tells the meters 20 times a second."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from gigbox.errors import GigboxError, RequestError
from gigbox.web.desk_line import KINDS, DeskLine
from gigbox.web.meters import Meters

PERIOD_S = 0.05
HEALTH_S = 1.0
LONGEST = 64 << 10       # characters of a message
WAITING = 256            # messages of one page that may wait; a page that sends faster is cut off
STRIPS = 8               # shown while no engine has told how many there are


class Page:
    """`by` is whose hand it is. One thread does it all: requests at once, the rest every PERIOD_S."""

    def __init__(self, ws: Any, desk: DeskLine, meters: Meters, clock: Callable[[], float], by: str) -> None:
        self._ws, self._desk, self._meters, self._clock, self._by = ws, desk, meters, clock, by
        self._desk_told: bool | None = None
        self._health: dict[str, Any] = {}
        self._health_due = clock()

    def serve(self) -> None:
        """Until the page goes; simple_websocket.ConnectionClosed ends it."""
        post, due = self._desk.open_post(), self._clock()
        try:
            while len(self._ws.input_buffer) < WAITING:
                message = self._ws.receive(timeout=max(due - self._clock(), 0))
                if message is not None:
                    self._take(message)
                if self._clock() >= due:
                    self._relay(post)
                    self._measure()
                    due = self._clock() + PERIOD_S
        finally:
            self._desk.close_post(post)

    def _send(self, message: Mapping[str, Any]) -> None:
        self._ws.send(json.dumps(message, separators=(",", ":")))

    def _take(self, message: str | bytes) -> None:
        try:
            kind, what = wish(message)
            if kind == "undo":
                self._send({"undone": self._desk.undo(self._by)})
            else:
                self._desk.ask(kind, what, self._by)
        except GigboxError as e:
            self._send({"error": str(e)})

    def _relay(self, post: Any) -> None:
        if not self._desk.alive:
            if self._desk_told is not False:
                self._send({"desk": False, "channels": self._meters.channels() or STRIPS})
            self._desk_told, post.everything = False, True
            return
        self._desk_told = True
        whole, changes = self._desk.collect(post)
        if whole is not None:
            self._send({**whole, "by": self._by, "channels": self._meters.channels() or STRIPS})
        for change in changes:
            self._send(change)

    def _measure(self) -> None:
        reading, now = self._meters.reading(), self._clock()
        message: dict[str, Any] = {} if reading is None else {"meters": reading}
        if now >= self._health_due or (reading is not None) != self._health.get("engine"):
            self._health, self._health_due = self._meters.health(), now + HEALTH_S
            message["health"] = self._health
            if channels := self._meters.channels():
                message["channels"] = channels
        if message:
            self._send(message)


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
