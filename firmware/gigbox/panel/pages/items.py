"""A page that is a row of settings, one at a time: encoder 1 walks along them, encoder 2 changes the one that is shown, a push switches or does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gigbox import params
from gigbox.panel.pages.page import Page, Scene, stepped
from gigbox.panel.pages.pieces import acts, head, layers, title, value_words
from gigbox.panel.picture.canvas import WIDTH, Canvas
from gigbox.panel.sight.box import Box


@dataclass(frozen=True)
class Item:
    """A setting, or with `act` something to do; `says`: what it is now, where that is no value of the table."""

    label: str
    path: str = ""
    act: Callable[[Scene], None] | None = None
    says: str = ""


class Items(Page):
    """`items` are those that this box has."""

    def head(self, scene: Scene) -> str:
        return self.title

    def items(self, scene: Scene) -> list[Item]:
        raise NotImplementedError

    def walk(self, scene: Scene, steps: int) -> None:
        scene.where.cursor[self.name] = min(max(self._at(scene) + steps, 0), max(len(self.items(scene)) - 1, 0))

    def change(self, scene: Scene, steps: int) -> None:
        if (item := self._item(scene)) and item.path:
            scene.hands.set({item.path: stepped(item.path, scene.box.put(item.path), steps)})

    def push(self, scene: Scene, encoder: int) -> None:
        item = self._item(scene)
        if item is None:
            return
        if item.act is not None:
            item.act(scene)
        elif params.find(item.path).param.choices == params.SWITCH:
            scene.hands.set({item.path: 0.0 if scene.box.on(item.path) else 1.0})

    def draw(self, canvas: Canvas, scene: Scene) -> None:
        items, at, box = self.items(scene), self._at(scene), scene.box
        head(canvas, self.head(scene), f"{at + 1}/{len(items)}" if items else "")
        if not items:
            title(canvas, "nothing here", 26)
            return
        item = items[at]
        if item.act is not None:
            title(canvas, item.says or item.label, 20)
            acts(canvas, [item.label if item.says else "push"], 0)
            return
        canvas.write(item.label + (" (locked)" if box.locked(item.path) else ""), WIDTH // 2, 13, align="middle")
        canvas.number(*value_words(item.path, box.put(item.path)), WIDTH // 2, 24)
        param = params.find(item.path).param
        if param.choices:
            dots(canvas, len(param.choices), int(box.put(item.path)))
        else:
            layers(canvas, box, item.path, 4, 50, WIDTH - 8)

    def _at(self, scene: Scene) -> int:
        return min(scene.where.cursor.get(self.name, 0), max(len(self.items(scene)) - 1, 0))

    def _item(self, scene: Scene) -> Item | None:
        items = self.items(scene)
        return items[self._at(scene)] if items else None


def dots(canvas: Canvas, count: int, at: int) -> None:
    """Which of so many choices."""
    each = min(8, (WIDTH - 8) // count)
    left = (WIDTH - each * count) // 2
    for n in range(count):
        x = left + n * each + each // 2
        canvas.fill(x - 2, 54, 4, 4) if n == at else canvas.fill(x - 1, 55, 2, 2)


def served(box: Box, *rows: tuple[str, str]) -> list[Item]:
    """Of (label, path) those that this box has."""
    return [Item(label, path) for label, path in rows if box.served(path)]
