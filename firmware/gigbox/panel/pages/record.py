"""The recorder: whether it runs, for how long, and a push that starts or ends it."""

from __future__ import annotations

from gigbox.panel.pages.page import Page, Scene
from gigbox.panel.pages.pieces import acts, head, title
from gigbox.panel.picture.canvas import WIDTH, Canvas
from gigbox.panel.sight.box import Box

PATH = "box/record"


class Record(Page):
    name, title = "record", "Record"

    def served(self, box: Box) -> bool:
        return box.served(PATH)

    def push(self, scene: Scene, encoder: int) -> None:
        scene.hands.set({PATH: 0.0 if scene.box.on(PATH) else 1.0})

    def draw(self, canvas: Canvas, scene: Scene) -> None:
        runs = scene.box.on(PATH)
        head(canvas, "Record", "● on" if runs else "")
        seconds = int(scene.box.reports.get("record", {}).get("told", {}).get("seconds", 0))
        if runs:
            canvas.number(f"{seconds // 60}:{seconds % 60:02d}", "", WIDTH // 2, 20)
        else:
            title(canvas, "off", 22)
        acts(canvas, ["stop" if runs else "start"], 0)
