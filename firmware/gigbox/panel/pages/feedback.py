"""Feedback: what the guard holds down now, each cut to be kept or lifted; then the outputs, to be guarded, which ends a howl, or rung out."""

from __future__ import annotations

from dataclasses import dataclass

from gigbox.panel.pages.monitors import MONITORS
from gigbox.panel.pages.page import Page, Scene
from gigbox.panel.pages.pieces import acts, head, lines, paragraph, short
from gigbox.panel.picture.canvas import Canvas
from gigbox.panel.picture.letters import fitted
from gigbox.panel.sight.box import Box

OUTS = ("main", *(f"monitor/{n}" for n in range(1, MONITORS + 1)))
LIVE = range(9, 17)       # notches of the guard; those before are a hand's
THERE_DB = -0.5
UNGUARDED = "no guard"
NAME = 60                 # columns of an output's name in a sentence
ACTS = {"keep": "keep", "lift": "kill"}      # of a cut: what a person does, and the row that does it


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
        scene.where.asked, scene.where.card, scene.where.cursor[self.name] = "", "", 0
        self.settle(scene)

    def settle(self, scene: Scene) -> None:
        """The list grows by itself: what is under the finger stays there."""
        if found := rows(scene.box):
            at = scene.where.cursor[self.name] = self._at(scene)
            scene.where.card = found[at].key

    def walk(self, scene: Scene, steps: int) -> None:
        scene.where.asked = ""
        if found := rows(scene.box):
            at = scene.where.cursor[self.name] = min(max(self._at(scene) + steps, 0), len(found) - 1)
            scene.where.card = found[at].key

    def change(self, scene: Scene, steps: int) -> None:
        if scene.where.asked:
            scene.where.act[self.name] = min(max(scene.where.act.get(self.name, 0) + (1 if steps > 0 else -1), 0), 1)

    def push(self, scene: Scene, encoder: int) -> None:
        """Asks first, then does what encoder 2 chose. Where nobody guards, that comes first: a howl ends by two pushes."""
        where, found = scene.where, rows(scene.box)
        if not where.asked and found:
            at = found[self._at(scene)]
            where.asked, where.act[self.name] = at.key, int(at.right == UNGUARDED)
            return
        row = next((row for row in found if row.key == where.asked), None)      # None: it went by itself
        act, where.asked = where.act.get(self.name, 0), ""
        if row is None:
            return
        guard = f"{row.out}/guard"
        if row.notch:
            scene.hands.set({f"{guard}/{list(ACTS.values())[act]}": float(row.notch)})
        elif act == 0:
            scene.hands.set({f"{guard}/ringout": "off" if scene.box.value(f"{guard}/ringout") else "loud"})
        else:
            scene.hands.set({f"{guard}/on": 0.0 if scene.box.on(f"{guard}/on") else 1.0})

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
        row, act = next((row for row in found if row.key == scene.where.asked), found[at]), scene.where.act.get(self.name, 0)
        box, out = scene.box, fitted(said(scene.box, row.out), NAME)
        if row.notch:
            depth = -box.value(f"{row.out}/notch/{row.notch}/gain")
            paragraph(canvas, f"{row.left} howled in {out}, and is cut by {depth:.0f} dB: keep that for good, or lift it?", 13, 3)
            acts(canvas, list(ACTS), act)
            return
        going, guarded = box.value(f"{row.out}/guard/ringout") > 0, box.on(f"{row.out}/guard/on")
        words = ("The guard ends each howl" if guarded else "Guard on ends what howls") + f" in {out}. Ring out finds them before: it grows loud."
        paragraph(canvas, words, 13, 3)
        acts(canvas, ["stop" if going else "ring out", "guard off" if guarded else "guard on"], act)

    def _at(self, scene: Scene) -> int:
        found = rows(scene.box)
        return next((n for n, row in enumerate(found) if row.key == scene.where.card), min(scene.where.cursor.get(self.name, 0), len(found) - 1))


def rows(box: Box) -> list[Row]:
    found = []
    for out in OUTS:
        for notch in LIVE:
            at = f"{out}/notch/{notch}"
            if box.served(f"{at}/gain") and box.value(f"{at}/gain") < THERE_DB:
                found.append(Row(out, notch, short(f"{at}/frequency", box.value(f"{at}/frequency")), f"{box.value(f'{at}/gain'):.0f} dB {said(box, out)}"))
    for out in (out for out in OUTS if box.served(f"{out}/guard/on")):
        state = "rings out" if box.value(f"{out}/guard/ringout") else "guarded" if box.on(f"{out}/guard/on") else UNGUARDED
        found.append(Row(out, 0, said(box, out)[:1].upper() + said(box, out)[1:], state))
    return found


def said(box: Box, out: str) -> str:
    return "main" if out == "main" else box.monitor_name(int(out.split("/")[1]))
