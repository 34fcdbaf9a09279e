"""How the box does: four figures, and before them what is wrong."""

from __future__ import annotations

from typing import Any

from gigbox.panel.pages.page import Page, Scene
from gigbox.panel.pages.pieces import head, lines, paragraph, title
from gigbox.panel.picture.canvas import Canvas
from gigbox.panel.sight.box import Box


class Health(Page):
    name, title = "health", "Health"

    def enter(self, scene: Scene) -> None:
        scene.where.cursor[self.name] = 0

    def walk(self, scene: Scene, steps: int) -> None:
        scene.where.cursor[self.name] = min(max(scene.where.cursor.get(self.name, 0) + steps, 0), len(troubles(scene.box)))

    def draw(self, canvas: Canvas, scene: Scene) -> None:
        wrong = troubles(scene.box)
        at = min(scene.where.cursor.get(self.name, 0), len(wrong))
        if at < len(wrong):
            head(canvas, "Wrong", f"{at + 1}/{len(wrong)}")
            paragraph(canvas, wrong[at], 14, 4)
            return
        head(canvas, "Health", "" if wrong else "all is well")
        told = scene.box.reports.get("health", {}).get("told")
        if not told:
            title(canvas, "not told yet", 26)
            return
        lines(canvas, figures(told), -1)


def troubles(box: Box) -> list[str]:
    """What is wrong now, each with its remedy."""
    if not box.desk:
        return ["desk: does not answer; the sound stays as it is"]
    return list(box.reports.get("health", {}).get("told", {}).get("troubles", []))


def figures(told: dict[str, Any]) -> list[tuple[str, str]]:
    sound, machine = told.get("sound"), told["machine"]
    heat = machine.get("temperature_c")
    heat_row = ("temperature", "not told" if heat is None else f"{heat:.0f} °C")
    if sound is None:
        return [("sound", "none"), heat_row]
    return [("in to main", f"{sound['latency_ms']['main']:.1f} ms"), ("load", f"{sound['load']['mean']:.0f} %, most {sound['load']['worst']:.0f} %"),
            ("missed periods", str(sound["xruns"])), heat_row]
