"""All pages that this box has something for: encoder 1 walks, a push opens."""

from __future__ import annotations

from collections.abc import Sequence

from gigbox.panel.pages.page import Page, Scene
from gigbox.panel.pages.pieces import chosen
from gigbox.panel.picture.canvas import WIDTH, Canvas
from gigbox.panel.picture.letters import LARGE
from gigbox.panel.sight.box import Box


class Menu(Page):
    """Nothing is under the pots but the mix, as ever."""

    name, title = "menu", "Menu"

    def __init__(self, pages: Sequence[Page]) -> None:
        self._pages = pages

    def walk(self, scene: Scene, steps: int) -> None:
        scene.where.cursor[self.name] = min(max(self._at(scene) + steps, 0), len(self.open(scene.box)) - 1)

    change = walk

    def chosen(self, scene: Scene) -> Page:
        return self.open(scene.box)[self._at(scene)]

    def open(self, box: Box) -> list[Page]:
        return [page for page in self._pages if page.served(box)]

    def draw(self, canvas: Canvas, scene: Scene) -> None:
        pages, at = self.open(scene.box), self._at(scene)
        canvas.write(pages[at].title, WIDTH // 2 - 2, 24, LARGE, align="middle")
        chosen(canvas, 0, 20, WIDTH - 4, 23)
        for n, y in ((at - 1, 8), (at + 1, 48)):
            if 0 <= n < len(pages):
                canvas.write(pages[n].title, WIDTH // 2 - 2, y, align="middle")
        canvas.dots(WIDTH - 1, 0, 1, 64, 4)
        canvas.fill(WIDTH - 2, round(at * 56 / max(len(pages) - 1, 1)), 2, 8)

    def _at(self, scene: Scene) -> int:
        return min(scene.where.cursor.get(self.name, 0), len(self.open(scene.box)) - 1)
