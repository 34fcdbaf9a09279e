"""Line check: everybody plays for ten seconds, then a card a strip, those with a problem first."""

from __future__ import annotations

from typing import Any

from gigbox.panel.pages.page import Page, Scene
from gigbox.panel.pages.pieces import acts, head, paragraph, title
from gigbox.panel.picture.canvas import WIDTH, Canvas
from gigbox.panel.sight.box import Box

PATH, SECONDS = "box/linecheck", 10.0


class LineCheck(Page):
    name, title = "linecheck", "Line check"

    def __init__(self) -> None:
        self._going = False

    def settle(self, scene: Scene) -> None:
        """One that a phone started is counted down, too."""
        going = scene.box.value(PATH) > 0
        if going and not self._going:
            scene.where.since = scene.now
        self._going = going

    def enter(self, scene: Scene) -> None:
        scene.where.cursor[self.name] = 0

    def walk(self, scene: Scene, steps: int) -> None:
        scene.where.cursor[self.name] = min(max(self._at(scene) + steps, 0), max(len(cards(scene.box)), 0))

    def push(self, scene: Scene, encoder: int) -> None:
        """Starts one, or breaks off the one that goes on."""
        going = scene.box.value(PATH) > 0
        scene.where.since = scene.now
        scene.where.cursor[self.name] = 0
        scene.hands.set({PATH: 0.0 if going else SECONDS})

    def draw(self, canvas: Canvas, scene: Scene) -> None:
        box, found = scene.box, cards(scene.box)
        if (seconds := box.value(PATH)) > 0:
            left = max(seconds - (scene.now - scene.where.since), 0.0)
            head(canvas, "Line check", "push: stop")
            canvas.write("everybody plays", WIDTH // 2, 13, align="middle")
            canvas.number(f"{left:.0f}", "s", WIDTH // 2, 25)
            canvas.frame(4, 52, WIDTH - 8, 8)
            canvas.fill(6, 54, round((WIDTH - 12) * (1 - left / seconds)), 4)
            return
        at = self._at(scene)
        if not found or at == len(found):
            head(canvas, "Line check", "")
            paragraph(canvas, "Everybody plays for ten seconds; the box says what each line is worth.", 14, 3)
            acts(canvas, ["start"], 0)
            return
        card = found[at]
        head(canvas, f"{card['channel']} {card['name']}", f"{at + 1}/{len(found)}")
        title(canvas, verdict(card), 12)
        words = [each for each in card["sentences"] if each != card["advice"]] or card["sentences"]
        paragraph(canvas, "; ".join(words) or "nothing is wrong with it", 31, 3, 11)

    def _at(self, scene: Scene) -> int:
        return min(scene.where.cursor.get(self.name, 0), len(cards(scene.box)))


def verdict(card: dict[str, Any]) -> str:
    """In two words: how far to turn its preamp, else how it is."""
    if card["turn_db"]:
        return f"turn {card['turn_db']:+.0f} dB"
    return "good" if not card["problems"] and card["turn_db"] == 0 else str(card["state"])


def cards(box: Box) -> list[dict[str, Any]]:
    """The channels of the newest report, those with problems first."""
    told = box.reports.get("linecheck", {}).get("told", {})
    return sorted(told.get("channels", []), key=lambda card: (not card["problems"], not card["turn_db"], card["channel"]))
