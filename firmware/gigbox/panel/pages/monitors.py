"""Monitor mixes, "more me": whose first, then eight sends under the pots and the encoders."""

from __future__ import annotations

from gigbox.panel.pages.mix import columns, meters, moved
from gigbox.panel.pages.page import FLASH_S, POTS, Moving, Page, Scene, Where, stepped
from gigbox.panel.pages.pieces import both, head, lines, short
from gigbox.panel.picture.canvas import WIDTH, Canvas
from gigbox.panel.picture.letters import width
from gigbox.panel.sight.box import Box

MONITORS = 6


class Monitors(Page):
    name, title = "monitors", "Monitors"

    def enter(self, scene: Scene) -> None:
        scene.where.inside = False

    def walk(self, scene: Scene, steps: int) -> None:
        where = scene.where
        if where.inside:
            where.strip = min(max(where.strip + steps, 1), scene.box.strips)
            where.moving = None
        else:
            where.monitor = min(max(where.monitor + steps, 1), MONITORS)

    def change(self, scene: Scene, steps: int) -> None:
        """Inside the send of the selected strip, outside the whole monitor."""
        where = scene.where
        path = f"strip/{where.strip}/send/{where.monitor}/level" if where.inside else f"monitor/{where.monitor}/level"
        scene.hands.set({path: stepped(path, scene.box.put(path), steps)})
        where.moves(Moving(path, scene.now + FLASH_S))

    def push(self, scene: Scene, encoder: int) -> None:
        where = scene.where
        if not where.inside:
            where.inside = True
        elif encoder == 2:
            path = f"monitor/{where.monitor}/mute"
            scene.hands.set({path: 0.0 if scene.box.on(path) else 1.0})

    def back(self, scene: Scene) -> bool:
        was, scene.where.inside = scene.where.inside, False
        return was

    def pots(self, box: Box, where: Where) -> list[str]:
        if not where.inside:
            return super().pots(box, where)
        return [f"strip/{n}/send/{where.monitor}/level" if n <= box.strips else "" for n in range(where.bank, where.bank + POTS)]

    def draw(self, canvas: Canvas, scene: Scene) -> None:
        box, where = scene.box, scene.where
        if (moving := where.moving) and scene.now < moving.until:
            moved(canvas, box, moving)
            return
        if not where.inside:
            head(canvas, "Whose monitor?", short(f"monitor/{where.monitor}/level", box.value(f"monitor/{where.monitor}/level")))
            lines(canvas, [(f"{n} {box.monitor_name(n)}", "muted" if box.on(f"monitor/{n}/mute") else "") for n in range(1, MONITORS + 1)], where.monitor - 1)
            return
        send = f"strip/{where.strip}/send/{where.monitor}/level"
        right = short(send, box.value(send))
        head(canvas, both(box.monitor_name(where.monitor), ": ", box.name(where.strip), WIDTH - 6 - width(right)), right)
        columns(canvas, box, where, self.pots(box, where))
        meters(canvas, box.levels.outputs[1 + where.monitor: 2 + where.monitor], WIDTH - 5, 4, 4)
