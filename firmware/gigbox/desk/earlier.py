"""How the desk was at a time of day, read back from the journal: what every change since then took away."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from gigbox.desk import past
from gigbox.desk.events import Event, Setting
from gigbox.desk.records import Shorthand
from gigbox.errors import RequestError

Key = tuple[str, str]                # path, layer


@dataclass(frozen=True)
class Moment:
    """A time of day; `up`: the same by this boot's monotonic clock, where it was said as so long ago: then nobody who sets the clock moves it."""

    wall: float
    up: float | None = None

    def is_before(self, e: Event, this_boot: bool) -> bool:
        return e.at > self.up if this_boot and self.up is not None else e.time > self.wall


def earlier(folder: Path, then: Moment, now: float) -> dict[Key, Setting]:
    """What held `then`, of all that has changed since, by path and layer (hand, auto). RequestError where the journal does not reach back so far.

    Takes a while, and gives way to other threads.
    """
    if not 0 <= then.wall <= now:
        raise RequestError(f"past: {then.wall:.0f} is not a time between the journal's beginning and now")
    found: dict[Key, Setting] = {}
    this_boot = True
    for number in reversed(past.numbers(folder, "journal", "journal.gz")):
        boots = _boots(folder, number)
        for events in reversed(boots):
            found |= _taken_away(e for e in events if then.is_before(e, this_boot))
            if events and not then.is_before(events[0], this_boot):
                return found
            this_boot = this_boot and len(boots) == 1
    raise RequestError("past: nothing is known of that time, expected one that the journal holds")


def _boots(folder: Path, number: int) -> list[list[Event]]:
    """The events of a file, in a list for each start of the machine that is told in it, and one for what was before."""
    found: list[list[Event]] = [[]]
    shorthand = Shorthand()
    try:
        content = past.lines_of(folder, number)[0]
    except FileNotFoundError:        # it was the oldest, and is forgotten
        return found
    for count, (_, record) in enumerate(past.records(content)):
        if count % past.GIVE_WAY == 0:
            time.sleep(0.0005)
        if "boot" in record:
            found.append([])
            continue
        try:
            found[-1] += shorthand.events(record)
        except past.BROKEN:
            break
    return found


def _taken_away(events: Iterable[Event]) -> dict[Key, Setting]:
    """The first `old` of each; a step that was packed with its move has the move's."""
    found: dict[Key, Setting] = {}
    for e in events:
        if e.layer in ("hand", "auto"):
            found.setdefault((e.path, e.layer), e.old)
    return found
