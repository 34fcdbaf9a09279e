"""One change of one parameter: what the journal holds, and what undo, history and crash recovery are read from."""

from __future__ import annotations

from dataclasses import dataclass

Setting = float | str | bool | None      # a parameter's number, a text, whether a lock holds; None: never set


@dataclass(frozen=True, slots=True)
class Event:
    """`layer` is hand, auto or lock; `kind` the request that made it; `action` groups one request, or one gesture of a hand.

    `path` is a parameter or text, for layer lock the locked strip, bus or kind. `undoes` is the action taken back by an undo.
    """

    time: float
    by: str
    path: str
    layer: str
    old: Setting
    new: Setting
    why: str
    action: int
    kind: str = "set"
    undoes: int = 0

    def told(self) -> dict[str, object]:
        """As the history tells it."""
        return {"time": self.time, "by": self.by, "path": self.path, "layer": self.layer, "old": self.old, "new": self.new,
                "why": self.why, "action": self.action, "kind": self.kind}


def to_record(events: tuple[Event, ...]) -> dict[str, object]:
    """The events of one request as one JSON object; what they share is written once."""
    first = events[0]
    return {"time": first.time, "by": first.by, "kind": first.kind, "action": first.action, "undoes": first.undoes,
            "events": [[e.path, e.layer, e.old, e.new, e.why] for e in events]}


def from_record(record: dict[str, object]) -> tuple[Event, ...]:
    """Back again; ValueError, KeyError or TypeError where it is no such record."""
    time, action, undoes, rows = record["time"], record["action"], record["undoes"], record["events"]
    if not isinstance(time, (int, float)) or not isinstance(action, int) or not isinstance(undoes, int) or not isinstance(rows, list):
        raise TypeError("not a record of events")
    return tuple(Event(float(time), str(record["by"]), str(path), str(layer), old, new, str(why), action, str(record["kind"]), undoes)
                 for path, layer, old, new, why in rows)
