"""Somebody at a phone wants to be let in: a push says yes or no."""

from __future__ import annotations

from gigbox.panel.pages.page import Page, Scene
from gigbox.panel.pages.pieces import acts, head, paragraph, title
from gigbox.panel.picture.canvas import Canvas
from gigbox.panel.picture.letters import fitted
from gigbox.panel.sight.box import Box

ACTS = ("let in", "look", "no")
READ_S = 0.8              # longer than a hold: a finger that was on its way as a name came up meant what was there before


class PairingPage(Page):
    name, title = "pairing", "People"

    def served(self, box: Box) -> bool:
        return bool(box.asking)

    def enter(self, scene: Scene) -> None:
        scene.where.card = ""
        self.settle(scene)

    def settle(self, scene: Scene) -> None:
        """Who is shown stays shown, whoever else comes or goes: nobody is let in by a push that was meant for another."""
        asking = scene.box.asking
        if asking and scene.where.card not in [str(who.id) for who in asking]:
            scene.where.card, scene.where.act[self.name], scene.where.since = str(asking[0].id), 0, scene.now

    def walk(self, scene: Scene, steps: int) -> None:
        self.change(scene, steps)

    def change(self, scene: Scene, steps: int) -> None:
        scene.where.act[self.name] = min(max(scene.where.act.get(self.name, 0) + (1 if steps > 0 else -1), 0), len(ACTS) - 1)

    def push(self, scene: Scene, encoder: int) -> None:
        who = next((who for who in scene.box.asking if str(who.id) == scene.where.card), None)
        if who is None or scene.now - scene.where.since < READ_S:
            return
        act, scene.where.act[self.name] = scene.where.act.get(self.name, 0), 0
        scene.hands.ask("answer", lambda _: scene.box.answer(who, ACTS[act]), f"{who.name}: {'not let in' if act == 2 else 'is in'}")

    def draw(self, canvas: Canvas, scene: Scene) -> None:
        asking = scene.box.asking
        head(canvas, "Who wants in", f"{len(asking)}" if len(asking) > 1 else "")
        if not asking:
            title(canvas, "nobody", 24)
            return
        who = next((who for who in asking if str(who.id) == scene.where.card), asking[0])
        title(canvas, who.name, 12)
        wants = who.role + (f" of {fitted(scene.box.monitor_name(who.monitor), 50)}" if who.monitor else "")
        paragraph(canvas, f"as {wants}, from {who.address}" if who.address else f"as {wants}", 30, 2, 10)
        acts(canvas, ACTS, scene.where.act.get(self.name, 0))
