"""Home: eight strips with their meters, the hand's mark and what the box makes of it; the value that moves, large."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from gigbox.panel.pages.page import FLASH_S, Moving, Page, Scene, Where, stepped, way
from gigbox.panel.pages.pieces import head, layers, short, value_words, whose
from gigbox.panel.picture.canvas import WIDTH, Canvas
from gigbox.panel.picture.letters import LARGE, Bits
from gigbox.panel.sight.box import Box

TOP, HIGH = 11, 43        # of meters and faders
EACH = 15                 # columns a strip
LOW_DB = -60.0
BARS = np.arange(HIGH + 1) >= HIGH - np.arange(HIGH + 1)[:, None]        # a column for each height of a bar, which stands on a line
BARS[HIGH], BARS[4] = True, False


class Mix(Page):
    name, title = "mix", "Mix"

    def walk(self, scene: Scene, steps: int) -> None:
        scene.where.strip = min(max(scene.where.strip + (1 if steps > 0 else -1) * min(abs(steps), 2), 1), scene.box.strips)
        scene.where.moving = None

    def change(self, scene: Scene, steps: int) -> None:
        path = f"strip/{scene.where.strip}/level"
        scene.hands.set({path: stepped(path, scene.box.put(path), steps)})
        scene.where.moves(Moving(path, scene.now + FLASH_S))

    def draw(self, canvas: Canvas, scene: Scene) -> None:
        box, where = scene.box, scene.where
        if (moving := where.moving) and scene.now < moving.until:
            moved(canvas, box, moving)
            return
        canvas.put(box.known(("mix", where.strip, box.strips), lambda: self._still(box, where)), 0, 0)
        columns(canvas, box, where, self.pots(box, where))
        meters(canvas, box.levels.outputs[:2], 122, 3, 2)
        if box.known("muted", lambda: box.muted):
            canvas.fill(120, TOP + 14, 8, 12, ink=False)
            canvas.write("M", 122, TOP + 17)

    def _still(self, box: Box, where: Where) -> Bits:
        """What does not move with the meters."""
        canvas, path = Canvas(), f"strip/{where.strip}/level"
        silent = f"{box.muted} muted" if box.muted else "muted" if box.on(f"strip/{where.strip}/mute") else ""
        head(canvas, f"{where.strip} {box.name(where.strip)}", silent or short(path, box.value(path)))
        return canvas.bits


class Fader(NamedTuple):
    """What is seen of one beside its meter: rows of the hand's cap and of what is heard."""

    strip: int
    hand: int
    heard: int
    muted: bool
    selected: bool


def columns(canvas: Canvas, box: Box, where: Where, paths: Sequence[str]) -> None:
    """The strips under the pots: a meter each, and beside it the fader, the hand's cap with the box's part hanging from it."""
    shown = [(where.bank + n, path) for n, path in enumerate(paths) if path]
    levels = box.levels.strips[where.bank - 1:][: len(shown)]
    meters(canvas, levels + (LOW_DB,) * (len(shown) - len(levels)), 1, EACH, 4)
    seen = box.known((where.strip, *paths), lambda: tuple(fader(box, strip, path, strip == where.strip) for strip, path in shown))
    for n, each in enumerate(seen):
        if each.muted:
            canvas.fill(n * EACH, TOP + 14, 6, 12, ink=False)
    canvas.put(faders(seen), 0, 0)


def fader(box: Box, strip: int, path: str, selected: bool) -> Fader:
    put, value = box.put(path), box.value(path)
    hand = row(way(path, put))
    return Fader(strip, hand, row(way(path, value)) if value != put and box.auto(path) else hand, box.on(f"strip/{strip}/mute"), selected)


@functools.lru_cache(maxsize=16)
def faders(seen: tuple[Fader, ...]) -> Bits:
    """All of them, from the left: they are drawn anew as one moves, and not with each picture of the meters."""
    canvas = Canvas()
    for n, each in enumerate(seen):
        x = n * EACH
        canvas.dots(x + 9, TOP, 1, HIGH)
        if each.hand != each.heard:
            canvas.fill(x + 8, min(each.hand, each.heard), 3, abs(each.hand - each.heard) + 1)
        canvas.fill(x + 6, each.hand - 1, 7, 3)
        canvas.fill(x + 7, each.hand, 5, 1, ink=False)
        if each.muted:
            canvas.write("M", x, TOP + 17)
        canvas.write(str(each.strip), x + 7, 56, align="middle")
        if each.selected:
            canvas.flip(x, 55, 14, 9)
    return canvas.bits


def meters(canvas: Canvas, db: Sequence[float], left: int, each: int, wide: int) -> None:
    """Bars side by side, one `each` so many columns, with a gap below the top 6 dB, so that loud is seen from afar."""
    bars = BARS[:, [round(min(max((level - LOW_DB) / -LOW_DB, 0.0), 1.0) * HIGH) for level in db]]
    for n in range(wide):
        canvas.bits[TOP: TOP + HIGH + 1, left + n: left + n + each * len(db): each] = bars


def row(position: float) -> int:
    return TOP + HIGH - 2 - round(position * (HIGH - 3))


def moved(canvas: Canvas, box: Box, moving: Moving) -> None:
    """The value that moves, at arm's length: whose, how much of it is the hand's, and where the box has it."""
    path = moving.path
    whose(canvas, box, path, 0)
    canvas.number(*value_words(path, box.put(path)), WIDTH // 2, 18)
    if moving.pot is not None:
        right = moving.pot < way(path, box.put(path))
        canvas.write("→" if right else "←", WIDTH - 1 if right else 1, 22, LARGE, align="right" if right else "left")
        canvas.write(f"turn {'right' if right else 'left'} to take hold", WIDTH // 2, 42, align="middle")
    elif box.auto(path):
        auto = f"box {short(path, box.value(path) - box.put(path))}" if path.endswith("level") else "box"
        canvas.write(f"{auto} = {short(path, box.value(path))}", WIDTH // 2, 42, align="middle")
    layers(canvas, box, path, 4, 51, WIDTH - 8, moving.pot)
