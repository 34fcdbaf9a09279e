"""Home: eight strips with their meters, the hand's mark and what the box makes of it; the value that moves, large."""

from __future__ import annotations

from gigbox.panel.pages.page import FLASH_S, POTS, Moving, Page, Scene, stepped, way
from gigbox.panel.pages.pieces import head, layers, short, title, value_words, what
from gigbox.panel.picture.canvas import WIDTH, Canvas
from gigbox.panel.picture.letters import LARGE
from gigbox.panel.sight.box import Box

TOP, HIGH = 11, 43        # of meters and faders
EACH = 15                 # columns a strip
LOW_DB = -60.0


class Mix(Page):
    name, title = "mix", "Mix"

    def walk(self, scene: Scene, steps: int) -> None:
        scene.where.strip = min(max(scene.where.strip + (1 if steps > 0 else -1) * min(abs(steps), 2), 1), scene.box.strips)
        scene.where.moving = None

    def change(self, scene: Scene, steps: int) -> None:
        path = f"strip/{scene.where.strip}/level"
        scene.hands.set({path: stepped(path, scene.box.put(path), steps)})
        scene.where.moving = Moving(path, scene.now + FLASH_S)

    def draw(self, canvas: Canvas, scene: Scene) -> None:
        box, where = scene.box, scene.where
        if (moving := where.moving) and scene.now < moving.until:
            moved(canvas, box, moving)
            return
        path = f"strip/{where.strip}/level"
        head(canvas, f"{where.strip} {box.name(where.strip)}", "muted" if box.on(f"strip/{where.strip}/mute") else short(path, box.value(path)))
        for n in range(POTS):
            if (strip := where.bank + n) <= box.strips:
                column(canvas, box, strip, f"strip/{strip}/level", n * EACH, strip == where.strip)
        for side in range(2):
            meter(canvas, float(box.levels.outputs[side]), 122 + side * 3, 2)
        if box.on("main/mute"):
            canvas.fill(120, TOP + 12, 8, 19, ink=False)
            for n, letter in enumerate("off"):
                canvas.write(letter, 122, TOP + 13 + n * 6)


def column(canvas: Canvas, box: Box, strip: int, path: str, x: int, selected: bool) -> None:
    """A strip: its meter, and beside it the fader, the hand's cap with the box's part hanging from it."""
    levels = box.levels.strips
    meter(canvas, float(levels[strip - 1]) if strip <= len(levels) else LOW_DB, x + 1, 4)
    hand, heard = row(way(path, box.put(path))), row(way(path, box.value(path)))
    canvas.dots(x + 9, TOP, 1, HIGH)
    if box.auto(path) and hand != heard:
        canvas.fill(x + 8, min(hand, heard), 3, abs(hand - heard) + 1)
    canvas.fill(x + 6, hand - 1, 7, 3)
    canvas.fill(x + 7, hand, 5, 1, ink=False)
    number = str(strip)
    if box.on(f"strip/{strip}/mute"):
        canvas.fill(x, TOP + 14, 6, 12, ink=False)
        canvas.write("M", x, TOP + 17)
    canvas.write(number, x + 7, 56, align="middle")
    if selected:
        canvas.flip(x, 55, 14, 9)


def meter(canvas: Canvas, db: float, x: int, wide: int) -> None:
    """A bar, with a gap below the top 6 dB, so that loud is seen from afar."""
    high = round(min(max((db - LOW_DB) / -LOW_DB, 0.0), 1.0) * HIGH)
    canvas.fill(x, TOP + HIGH - high, wide, high)
    canvas.fill(x, TOP + HIGH, wide, 1)
    canvas.fill(x, TOP + 4, wide, 1, ink=False)


def row(position: float) -> int:
    return TOP + HIGH - 2 - round(position * (HIGH - 3))


def moved(canvas: Canvas, box: Box, moving: Moving) -> None:
    """The value that moves, at arm's length: whose, how much of it is the hand's, and where the box has it."""
    path = moving.path
    title(canvas, box.name(int(path.split("/")[1])) if path.endswith("/level") and path.startswith("strip/") and "/send/" not in path else what(box, path), 0)
    canvas.number(*value_words(path, box.put(path)), WIDTH // 2, 18)
    if moving.pot is not None:
        right = moving.pot < way(path, box.put(path))
        canvas.write("→" if right else "←", WIDTH - 1 if right else 1, 22, LARGE, align="right" if right else "left")
        canvas.write(f"turn {'right' if right else 'left'} to take hold", WIDTH // 2, 43, align="middle")
    elif box.auto(path):
        auto = f"box {short(path, box.value(path) - box.put(path))}" if path.endswith("level") else "box"
        canvas.write(f"{auto} = {short(path, box.value(path))}", WIDTH // 2, 43, align="middle")
    layers(canvas, box, path, 4, 51, WIDTH - 8, moving.pot)
