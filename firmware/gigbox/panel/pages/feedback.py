"""Feedback: what is held down now, each to kill or to keep; then the outputs, to ring out."""

from __future__ import annotations

from dataclasses import dataclass

from gigbox.panel.pages.monitors import MONITORS
from gigbox.panel.pages.page import Page, Scene
from gigbox.panel.pages.pieces import acts, head, lines, paragraph, short
from gigbox.panel.picture.canvas import Canvas
from gigbox.panel.sight.box import Box

OUTS = ("main", *(f"monitor/{n}" for n in range(1, MONITORS + 1)))
LIVE = range(9, 17)       # notches of the guard; those before are a hand's
THERE_DB = -0.5
ACTS = ("kill", "keep")


@dataclass(frozen=True)
class Row:
    """`notch` of an output; 0: the output itself."""

    out: str
    notch: int
    left: str
    right: str

    @property
    def key(self) -> str:
        return f"{self.out} {self.notch} {self.left}"


class Feedback(Page):
    name, title = "feedback", "Feedback"

    def served(self, box: Box) -> bool:
        return box.served("main/guard/on")

    def enter(self, scene: Scene) -> None:
        scene.where.asked, scene.where.cursor[self.name] = "", 0

    def walk(self, scene: Scene, steps: int) -> None:
        scene.where.asked = ""
        scene.where.cursor[self.name] = min(max(self._at(scene) + steps, 0), len(rows(scene.box)) - 1)

    def change(self, scene: Scene, steps: int) -> None:
        if scene.where.asked:
            scene.where.act[self.name] = min(max(scene.where.act.get(self.name, 0) + (1 if steps > 0 else -1), 0), 1)

    def push(self, scene: Scene, encoder: int) -> None:
        """A notch: kill it at once, or what encoder 2 chose. An output: asked first, for ringing out is loud."""
        where, found = scene.where, rows(scene.box)
        if not where.asked:
            where.asked, where.act[self.name] = found[self._at(scene)].key, 0
            return
        row = next((row for row in found if row.key == where.asked), None)
        act, where.asked = where.act.get(self.name, 0), ""
        if row is None:                     # it went by itself
            return
        if row.notch:
            scene.hands.set({f"{row.out}/guard/{ACTS[act]}": float(row.notch)})
        elif act == 0:
            scene.hands.set({f"{row.out}/guard/ringout": "off" if scene.box.value(f"{row.out}/guard/ringout") else "loud"})
        else:
            scene.hands.set({f"{row.out}/guard/on": 0.0 if scene.box.on(f"{row.out}/guard/on") else 1.0})

    def back(self, scene: Scene) -> bool:
        was, scene.where.asked = scene.where.asked, ""
        return bool(was)

    def draw(self, canvas: Canvas, scene: Scene) -> None:
        found, at = rows(scene.box), self._at(scene)
        live = sum(row.notch > 0 for row in found)
        head(canvas, "Feedback", f"{live} held" if live else "quiet")
        if not scene.where.asked:
            lines(canvas, [(row.left, row.right) for row in found], at)
            return
        row = next((row for row in found if row.key == scene.where.asked), found[at])
        if row.notch:
            paragraph(canvas, f"{row.left} in {said(scene.box, row.out)}: kill it, or keep it for good?", 14, 3)
            acts(canvas, ACTS, scene.where.act.get(self.name, 0))
            return
        going = scene.box.value(f"{row.out}/guard/ringout") > 0
        paragraph(canvas, f"Ring out {said(scene.box, row.out)}: it grows loud until it rings. Keep away from it.", 14, 3)
        acts(canvas, ["stop" if going else "start", "guard off" if scene.box.on(f"{row.out}/guard/on") else "guard on"], scene.where.act.get(self.name, 0))

    def _at(self, scene: Scene) -> int:
        return min(scene.where.cursor.get(self.name, 0), len(rows(scene.box)) - 1)


def rows(box: Box) -> list[Row]:
    found = []
    for out in OUTS:
        for notch in LIVE:
            at = f"{out}/notch/{notch}"
            if box.served(f"{at}/gain") and box.value(f"{at}/gain") < THERE_DB:
                found.append(Row(out, notch, short(f"{at}/frequency", box.value(f"{at}/frequency")), f"{box.value(f'{at}/gain'):.0f} dB {said(box, out)}"))
    for out in (out for out in OUTS if box.served(f"{out}/guard/on")):
        state = "rings out" if box.value(f"{out}/guard/ringout") else "guarded" if box.on(f"{out}/guard/on") else ""
        found.append(Row(out, 0, said(box, out).capitalize(), state))
    return found


def said(box: Box, out: str) -> str:
    return "main" if out == "main" else box.monitor_name(int(out.split("/")[1]))
