"""What was refused or is amiss, the newest first, in the words that every other surface has."""

from __future__ import annotations

from gigbox.panel.pages.page import Page, Scene
from gigbox.panel.pages.pieces import head, paragraph, title
from gigbox.panel.picture.canvas import Canvas


class Messages(Page):
    name, title = "messages", "Messages"

    def enter(self, scene: Scene) -> None:
        scene.where.cursor[self.name] = 0

    def walk(self, scene: Scene, steps: int) -> None:
        scene.where.cursor[self.name] = min(max(scene.where.cursor.get(self.name, 0) + steps, 0), max(len(scene.box.messages) - 1, 0))

    def draw(self, canvas: Canvas, scene: Scene) -> None:
        said = list(scene.box.messages)
        at = min(scene.where.cursor.get(self.name, 0), max(len(said) - 1, 0))
        head(canvas, "Messages", f"{at + 1}/{len(said)}" if said else "")
        if said:
            paragraph(canvas, said[at], 14, 4)
        else:
            title(canvas, "none", 26)
