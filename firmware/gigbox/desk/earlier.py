"""How the desk was at a time of day, read back from the journal: what every change since then took away."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

from gigbox.desk import past
from gigbox.desk.events import Event, Setting
from gigbox.desk.records import Shorthand
from gigbox.errors import RequestError

Key = tuple[str, str]                # path, layer


def earlier(folder: Path, at: float, now: float) -> dict[Key, Setting]:
    """What held at `at`, of all that has changed since, by path and layer (hand, auto). RequestError where the journal does not reach back so far.

    Takes a while, and gives way to other threads.
    """
    if not 0 <= at <= now:
        raise RequestError(f"past: {at:.0f} is not a time between the journal's beginning and now")
    found: dict[Key, Setting] = {}
    for number in reversed(past.numbers(folder, "journal", "journal.gz")):
        events = list(_events(folder, number))
        found |= _taken_away(e for e in events if e.time > at)
        if events and events[0].time <= at:
            return found
    raise RequestError("past: nothing is known of that time, expected one that the journal holds")


def _events(folder: Path, number: int) -> Iterable[Event]:
    shorthand = Shorthand()
    try:
        content = past.lines_of(folder, number)[0]
    except FileNotFoundError:        # it was the oldest, and is forgotten
        return
    for count, (_, record) in enumerate(past.records(content)):
        if count % past.GIVE_WAY == 0:
            time.sleep(0.0005)
        if "boot" not in record:
            try:
                yield from shorthand.events(record)
            except past.BROKEN:
                return


def _taken_away(events: Iterable[Event]) -> dict[Key, Setting]:
    """The first `old` of each; a step that was packed with its move has the move's."""
    found: dict[Key, Setting] = {}
    for e in events:
        if e.layer in ("hand", "auto"):
            found.setdefault((e.path, e.layer), e.old)
    return found
