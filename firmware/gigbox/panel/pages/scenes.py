"""Scenes: the list, and recall, save or delete; each is asked twice, because each is heard or lost."""

from __future__ import annotations

from gigbox.panel.pages.page import Page, Scene
from gigbox.panel.pages.pieces import acts, head, lines, paragraph
from gigbox.panel.picture.canvas import Canvas

ACTS = ("recall", "save", "delete")
DONE = {"recall": "is back", "save": "is saved", "delete": "is gone"}


class Scenes(Page):
    name, title = "scenes", "Scenes"

    def enter(self, scene: Scene) -> None:
        scene.where.asked = ""

    def walk(self, scene: Scene, steps: int) -> None:
        scene.where.asked = ""
        scene.where.cursor[self.name] = min(max(self._at(scene) + steps, 0), len(scene.box.scenes))

    def change(self, scene: Scene, steps: int) -> None:
        if scene.where.asked:
            scene.where.act[self.name] = min(max(scene.where.act.get(self.name, 0) + (1 if steps > 0 else -1), 0), len(ACTS) - 1)

    def push(self, scene: Scene, encoder: int) -> None:
        name, where = self._name(scene), scene.where
        if name == "" and not where.asked:
            fresh = free_name(scene.box.scenes)
            scene.hands.ask("save", lambda desk: desk.save(fresh), f"{fresh} is saved")
        elif not where.asked:
            where.asked, where.act[self.name] = name, 0
        else:
            act = ACTS[where.act.get(self.name, 0)]
            asked, where.asked = where.asked, ""
            scene.hands.ask(act, lambda desk: getattr(desk, act)(asked), f"{asked} {DONE[act]}")

    def back(self, scene: Scene) -> bool:
        was, scene.where.asked = scene.where.asked, ""
        return bool(was)

    def draw(self, canvas: Canvas, scene: Scene) -> None:
        head(canvas, "Scenes", str(len(scene.box.scenes)) if scene.box.scenes else "")
        if asked := scene.where.asked:
            act = ACTS[scene.where.act.get(self.name, 0)]
            paragraph(canvas, f"{act.capitalize()} {asked}?", 14, 2)
            canvas.write("Encoder 2 chooses", 2, 38)
            acts(canvas, ACTS, scene.where.act.get(self.name, 0))
            return
        lines(canvas, [(name, "") for name in scene.box.scenes] + [("+ save as " + free_name(scene.box.scenes), "")], self._at(scene))

    def _at(self, scene: Scene) -> int:
        return min(scene.where.cursor.get(self.name, 0), len(scene.box.scenes))

    def _name(self, scene: Scene) -> str:
        """The scene at the cursor; empty at the last line, which saves a new one."""
        return scene.box.scenes[self._at(scene)] if self._at(scene) < len(scene.box.scenes) else ""


def free_name(scenes: list[str]) -> str:
    return next(name for name in (f"scene {n}" for n in range(1, len(scenes) + 2)) if name not in scenes)
