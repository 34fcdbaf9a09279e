"""How much of the box is heard: one number, and whether it moves at all."""

from __future__ import annotations

from gigbox.panel.pages.page import Page, Scene, stepped
from gigbox.panel.pages.pieces import head
from gigbox.panel.picture.canvas import WIDTH, Canvas

PATH, FREEZE = "box/depth", "box/freeze"


class Depth(Page):
    name, title = "depth", "Depth"

    def walk(self, scene: Scene, steps: int) -> None:
        self.change(scene, 5 * steps)

    def change(self, scene: Scene, steps: int) -> None:
        scene.hands.set({PATH: stepped(PATH, scene.box.put(PATH), steps)})

    def push(self, scene: Scene, encoder: int) -> None:
        scene.hands.set({FREEZE: 0.0 if scene.box.on(FREEZE) else 1.0})

    def draw(self, canvas: Canvas, scene: Scene) -> None:
        depth = scene.box.put(PATH)
        head(canvas, "How much of the box", "frozen" if scene.box.on(FREEZE) else "")
        canvas.number(f"{depth:.0f}", "%", WIDTH // 2, 16)
        wide = WIDTH - 8
        canvas.frame(4, 43, wide, 8)
        canvas.fill(6, 45, round((wide - 4) * depth / 100), 4)
        canvas.write("plain mixer", 4, 55)
        canvas.write("all of it", WIDTH - 4, 55, align="right")
