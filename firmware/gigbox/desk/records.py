"""Events as lines of a file. The steps of one move of the box are short: the path and the new value, all else stands in the step before."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from gigbox.desk import plain_json
from gigbox.desk.choices import meant, said
from gigbox.desk.events import Event, Setting
from gigbox.desk.undo import MOVE_S

Events = tuple[Event, ...]


class Shorthand:
    """Between events and records, in the order of one file's lines: begin a new one with each file."""

    def __init__(self) -> None:
        self._auto: dict[str, tuple[Setting, str]] = {}       # what the file says last of auto: value and why

    def record(self, events: Events) -> dict[str, Any]:
        """The events of one request as one JSON object; what they share is written once."""
        first = events[0]
        head = {"time": first.time, "at": first.at, "by": first.by, "kind": first.kind, "action": first.action}
        return {**head, **({"undoes": first.undoes} if first.undoes else {}), "events": [self._row(e) for e in events]}

    def events(self, record: dict[str, Any]) -> Events:
        """Back again; ValueError, KeyError or TypeError where it is no such record. Older ones have no `at`: the wall clock stands in."""
        time, action, undoes, rows = record["time"], record["action"], record.get("undoes", 0), record["events"]
        at = record.get("at", time)
        if not all(isinstance(number, (int, float)) for number in (time, at, action, undoes)) or not isinstance(rows, list):
            raise TypeError("not a record of events")
        by, kind = str(record["by"]), str(record["kind"])
        return tuple(Event(float(time), by, *self._event(row), action, kind, undoes, float(at)) for row in rows)

    def _row(self, e: Event) -> list[Setting]:
        old, new = said(e.path, e.layer, e.old), said(e.path, e.layer, e.new)
        goes_on = e.kind == "auto" and self._auto.get(e.path) == (old, e.why)
        if e.layer == "auto":
            self._auto[e.path] = new, e.why
        return [e.path, new] if goes_on else [e.path, e.layer, old, new, e.why]

    def _event(self, row: list[Any]) -> tuple[str, str, Setting, Setting, str]:
        if len(row) == 2:
            path, layer, new = str(row[0]), "auto", row[1]
            old, why = self._auto[path]
        else:
            path, layer, old, new, why = row
        if layer == "auto":
            self._auto[path] = new, why
        return str(path), str(layer), meant(path, layer, old), meant(path, layer, new), str(why)


def compacted(requests: Iterable[Events]) -> Iterator[Events]:
    """The steps of one move as its last step alone, from where the move began: as the history tells it, and as `replay` needs it."""
    kept: list[list[Event | None]] = [list(events) for events in requests]
    running: dict[tuple[str, str, str], tuple[int, int, Event]] = {}
    for place, events in enumerate(kept):
        for row, e in enumerate(events):
            if e is None or e.kind != "auto":
                continue
            before = running.get(key := (e.path, e.by, e.why))
            if before is not None and 0 <= e.at - before[2].at <= MOVE_S and before[2].new == e.old:
                kept[before[0]][before[1]] = None
                events[row] = e = replace(e, old=before[2].old)
            running[key] = place, row, e
    for events in kept:
        if left := tuple(e for e in events if e is not None):
            yield left


def to_line(record: dict[str, Any]) -> bytes:
    """Checksum, blank, JSON, newline."""
    return _checked(plain_json.write(record))


def to_long_line(record: dict[str, Any]) -> bytes:
    """The same for a snapshot, written in a thread that gives way to the desk's between its rows."""
    return _checked(b"{%s}" % b",".join(b"%s:%s" % (plain_json.write(key), _rows(value)) for key, value in record.items()))


def _rows(value: object) -> bytes:
    return b"[%s]" % b",".join(map(plain_json.write, value)) if isinstance(value, list) else plain_json.write(value)


def _checked(content: bytes) -> bytes:
    return b"%08x %s\n" % (zlib.crc32(content), content)


def from_line(line: bytes) -> dict[str, Any]:
    """ValueError where the line is torn or not what was written."""
    content = line[9:-1]
    if not line.endswith(b"\n") or line[:9] != b"%08x " % zlib.crc32(content):
        raise ValueError("broken line")
    record = plain_json.read(content)
    if not isinstance(record, dict):
        raise ValueError("not a record")
    return record
