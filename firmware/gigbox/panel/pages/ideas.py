"""Ideas: the chord that sounds, key and tempo, and what might come next. Chart: the last bars, and a push asks for other ideas."""

from __future__ import annotations

from typing import Any

from gigbox.panel.pages.page import Page, Scene
from gigbox.panel.pages.pieces import head, paragraph
from gigbox.panel.picture.canvas import WIDTH, Canvas
from gigbox.panel.picture.letters import LARGE
from gigbox.panel.sight.box import Box

ON, SEED, SEEDS = "box/ideas/on", "box/ideas/seed", 999
ROWS, COLUMNS = 3, 4


class Ideas(Page):
    name, title = "ideas", "Ideas"

    def served(self, box: Box) -> bool:
        return box.served(ON)

    def push(self, scene: Scene, encoder: int) -> None:
        """Listens, or leaves it."""
        scene.hands.set({ON: not scene.box.on(ON)})

    def draw(self, canvas: Canvas, scene: Scene) -> None:
        told = scene.box.ideas
        if _silent(canvas, self.title, scene.box):
            return
        key, tempo, chord = told.get("key") or {}, told.get("tempo", {}), told.get("chord", {})
        head(canvas, key.get("name") or "listening", f"{tempo.get('bpm', 0):.0f} bpm" if tempo.get("bpm") else "")
        canvas.write(chord.get("name") or "-", WIDTH // 2, 17, LARGE, align="middle")
        canvas.frame(24, 36, WIDTH - 48, 4)
        canvas.fill(24, 36, round((WIDTH - 48) * float(chord.get("sure", 0.0))), 4)
        coming = [f"{each['name']} {100 * each['share']:.0f}" for each in told.get("next", [])[:3]]
        canvas.write("next, in per cent:" if coming else "", 2, 43)
        for n, words in enumerate(coming):
            canvas.write(words, 2 + n * (WIDTH // 3), 54)


class SongChart(Page):
    name, title = "chart", "Chart"

    def served(self, box: Box) -> bool:
        return box.served(SEED)

    def push(self, scene: Scene, encoder: int) -> None:
        """Other ideas over the same bars."""
        scene.hands.set({SEED: float(scene.box.value(SEED) % SEEDS + 1)})

    def draw(self, canvas: Canvas, scene: Scene) -> None:
        if _silent(canvas, self.title, scene.box):
            return
        bars = scene.box.ideas.get("bars", [])[-ROWS * COLUMNS:]
        head(canvas, f"{scene.box.ideas.get('bar_count', 0)} bars", f"ideas {scene.box.value(SEED):.0f}")
        if not bars:
            paragraph(canvas, "A bar stands here as soon as one was played. Push: other ideas.", 14, 3)
        wide = WIDTH // COLUMNS
        for n, bar in enumerate(bars):
            x, y = n % COLUMNS * wide, 13 + n // COLUMNS * 17
            canvas.write(_bar(bar), x + 3, y + 3, room=wide - 4)
            canvas.fill(x, y, 1, 13)


def _silent(canvas: Canvas, title: str, box: Box) -> bool:
    """Why there is nothing, where there is nothing."""
    if box.ideas.get("on"):
        return False
    head(canvas, title, "")
    why = str(box.ideas.get("why", "the program that listens is away"))
    paragraph(canvas, f"Nothing here: {why}." + (" Push: listen." if "off" in why else ""), 14, 4)
    return True


def _bar(bar: list[Any]) -> str:
    """Its chords, each once."""
    return " ".join(dict.fromkeys(str(name or "-") for _, name in bar))
