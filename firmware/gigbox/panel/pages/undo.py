"""What hands did last, and a push that takes it back."""

from __future__ import annotations

from typing import Any

from gigbox import params
from gigbox.errors import ParamError
from gigbox.panel.pages.page import Page, Scene
from gigbox.panel.pages.pieces import acts, head, short, title, what
from gigbox.panel.picture.canvas import WIDTH, Canvas
from gigbox.panel.sight.box import Box


class Undo(Page):
    name, title = "undo", "Undo"

    def push(self, scene: Scene, encoder: int) -> None:
        scene.hands.ask("undo", lambda desk: desk.undo(), "taken back")

    def draw(self, canvas: Canvas, scene: Scene) -> None:
        last = newest(scene.box)
        head(canvas, "Undo", str(last["by"])[:16] if last else "")
        if last is None:
            title(canvas, "nothing yet", 24)
            return
        canvas.write(what(scene.box, last["path"], WIDTH - 4), 2, 13)
        title(canvas, way_back(said(last["path"], last["new"]), said(last["path"], last["old"])), 28)
        acts(canvas, ["take back"], 0)


def newest(box: Box) -> dict[str, Any] | None:
    """The newest action of a hand that was not taken back since: of each undo the action that it took back is passed over."""
    passed = 0
    done: set[int] = set()
    for event in box.events:
        if event["layer"] == "auto" or event["action"] in done:
            continue
        done.add(event["action"])
        if event["kind"] == "undo":
            passed += 1
        elif passed:
            passed -= 1
        else:
            return event
    return None


def way_back(now: str, then: str) -> str:
    """`-3.0 → 0.0 dB`: a unit that both have is said once."""
    (number, _, unit), (_, _, other) = now.rpartition(" "), then.rpartition(" ")
    return f"{number if number and unit == other else now} → {then}"


def said(path: str, value: Any) -> str:
    """A setting of the history as a person reads it."""
    if value is None:
        return "as the box has it"
    if isinstance(value, (str, bool)):
        return {True: "on", False: "off"}.get(value, "") if isinstance(value, bool) else value.replace("_", " ") or "nothing"
    try:
        params.find(path)
    except ParamError:
        return str(value)
    return short(path, float(value))
