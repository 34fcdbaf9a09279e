"""Nobody has turned anything for long: the level of main, drifting, so that no pixel is lit for good."""

from __future__ import annotations

from gigbox.panel.pages.page import Page, Scene
from gigbox.panel.picture.canvas import HEIGHT, WIDTH, Canvas

LOW_DB = -60.0
DRIFT_S = 7.0             # a pixel each
WIDE, HIGH = 96, 26


class Saver(Page):
    name = "saver"

    def draw(self, canvas: Canvas, scene: Scene) -> None:
        step = int(scene.now / DRIFT_S)
        x, y = _to_and_fro(step, WIDTH - WIDE), _to_and_fro(step // 3, HEIGHT - HIGH)
        for side in range(2):
            db = scene.box.levels.outputs[side]
            lit = round(min(max((db - LOW_DB) / -LOW_DB, 0.0), 1.0) * WIDE / 4)
            for n in range(WIDE // 4):
                canvas.fill(x + 4 * n, y + 8 * side, 3, 5) if n < lit else canvas.fill(x + 4 * n + 1, y + 8 * side + 2, 1, 1)
        if muted := scene.box.muted:
            canvas.write(f"{muted} muted", x, y + 18)


def _to_and_fro(step: int, room: int) -> int:
    at = step % (2 * room)
    return at if at < room else 2 * room - at
