"""Groups of strips: a fader and a mute each; their faders lie under the first pots."""

from __future__ import annotations

from gigbox.panel.pages.items import Item, Items, served
from gigbox.panel.pages.mix import moved
from gigbox.panel.pages.page import POTS, Scene, Where
from gigbox.panel.pages.pieces import both
from gigbox.panel.picture.canvas import WIDTH, Canvas
from gigbox.panel.sight.box import Box

GROUPS = 4


class Groups(Items):
    name, title = "groups", "Groups"

    def served(self, box: Box) -> bool:
        return box.served("group/1/level")

    def pots(self, box: Box, where: Where) -> list[str]:
        return [f"group/{n}/level" for n in range(1, GROUPS + 1)] + [""] * (POTS - GROUPS)

    def walk(self, scene: Scene, steps: int) -> None:
        scene.where.moving = None
        super().walk(scene, steps)

    def change(self, scene: Scene, steps: int) -> None:
        scene.where.moving = None
        super().change(scene, steps)

    def draw(self, canvas: Canvas, scene: Scene) -> None:
        if (moving := scene.where.moving) and scene.now < moving.until:
            moved(canvas, scene.box, moving)
        else:
            super().draw(canvas, scene)

    def items(self, scene: Scene) -> list[Item]:
        names = {n: scene.box.group_name(n) for n in range(1, GROUPS + 1)}
        return [item for n, name in names.items() for item in
                served(scene.box, (name, f"group/{n}/level"), (f"{name}: mute", f"group/{n}/mute"),
                       (both(scene.box.name(scene.where.strip), " in ", name, WIDTH - 8), f"strip/{scene.where.strip}/group/{n}/on"))]
