"""The recorder: how long it has run, what there is room for, and a push that starts or ends it."""

from __future__ import annotations

import time
from typing import Any

from gigbox.panel.pages.page import Page, Scene
from gigbox.panel.pages.pieces import acts, head, paragraph
from gigbox.panel.picture.canvas import WIDTH, Canvas
from gigbox.panel.sight.box import Box
from gigbox.takes.take import length

PATH = "tape/record"
REPORT = "tape"
RATE = 48000
LONGEST_S = 8.0           # a report comes each 5 s, and is looked for each 2 s


class Record(Page):
    name, title = "record", "Record"

    def served(self, box: Box) -> bool:
        return box.served(PATH)

    def push(self, scene: Scene, encoder: int) -> None:
        scene.hands.set({PATH: 0.0 if scene.box.on(PATH) else 1.0})

    def draw(self, canvas: Canvas, scene: Scene) -> None:
        report = scene.box.reports.get(REPORT, {"told": {}})
        told = report["told"]
        wanted = scene.box.on(PATH)
        runs = wanted and bool(told.get("on"))
        head(canvas, "Record", f"● {told['tracks']} + mix" if runs and told.get("tracks") else "● on" if wanted else "off")
        if (trouble := told.get("trouble")) and not wanted:
            paragraph(canvas, trouble, 13, 3)
        else:
            canvas.number(length(seconds(report, time.time()) if runs else 0.0), "", WIDTH // 2, 13)
            canvas.write(_hint(told), WIDTH // 2, 40, align="middle", room=WIDTH)
        acts(canvas, ["stop" if wanted else "start"], 0)


def seconds(report: dict[str, Any], wall: float) -> float:
    """Of sound so far, counted on since the report: not for long, for the time of day may have been set meanwhile."""
    since = wall - float(report.get("time", wall))
    return float(report["told"].get("seconds", 0.0)) + min(max(since, 0.0), LONGEST_S)


def _hint(told: dict[str, Any]) -> str:
    """What there is room for; before that what is lost."""
    if lost := told.get("lost_frames"):
        return f"{lost / RATE:.2f} s lost: slow disk"
    if "left_s" not in told:
        return "the recorder is away"
    hours, minutes = divmod(int(told["left_s"]) // 60, 60)
    return f"room: {hours} h {minutes:02d} min, {'stick' if told.get('stick') else 'box'}"
