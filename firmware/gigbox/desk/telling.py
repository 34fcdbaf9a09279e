"""How the desk tells a parameter: `{"hand": -3.0, "auto": -1.2, "value": -4.2}`, switches as true and false, choices by name."""

from __future__ import annotations

from gigbox.desk.choices import said
from gigbox.desk.events import Event
from gigbox.desk.paths import INDEX, TEXTS
from gigbox.desk.state import Desk


def tell(desk: Desk, path: str) -> dict[str, object]:
    """Both layers (null: never set), what is heard, and `"locked": true` only where a lock holds."""
    if path in TEXTS:
        text = desk.texts.get(path)
        return {"hand": text, "auto": None, "value": text or ""}
    index = INDEX[path]
    told: dict[str, object] = {name: said(path, "hand", layer[index]) for name, layer in (("hand", desk.hand), ("auto", desk.auto), ("value", desk.values))}
    return {**told, "locked": True} if desk.locked(path) else told


def tell_event(e: Event) -> dict[str, object]:
    """As the history tells it."""
    return {"time": e.time, "by": e.by, "path": e.path, "layer": e.layer, "old": said(e.path, e.layer, e.old), "new": said(e.path, e.layer, e.new),
            "why": e.why, "action": e.action, "kind": e.kind}
