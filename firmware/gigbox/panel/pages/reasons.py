"""Each move of the box as a card: what and why in its own words; a push keeps it, takes it back, or locks the place."""

from __future__ import annotations

from gigbox import params
from gigbox.desk.client import Client
from gigbox.errors import ParamError
from gigbox.panel.pages.page import Page, Scene, rounded
from gigbox.panel.pages.pieces import acts, head, paragraph, title, what
from gigbox.panel.picture.canvas import Canvas
from gigbox.panel.sight.box import Box, Move

ACTS = ("keep", "undo", "lock")


class Reasons(Page):
    name, title = "reasons", "Reasons"

    def enter(self, scene: Scene) -> None:
        scene.where.card = ""
        self.settle(scene)

    def settle(self, scene: Scene) -> None:
        cards = [card(move) for move in scene.box.moves]
        if cards and scene.where.card not in cards:
            scene.where.card, scene.where.act[self.name] = cards[0], 0

    def walk(self, scene: Scene, steps: int) -> None:
        cards = [card(move) for move in scene.box.moves]
        if cards:
            scene.where.card = cards[min(max(self._at(scene) + steps, 0), len(cards) - 1)]

    def change(self, scene: Scene, steps: int) -> None:
        scene.where.act[self.name] = min(max(scene.where.act.get(self.name, 0) + (1 if steps > 0 else -1), 0), len(ACTS) - 1)

    def push(self, scene: Scene, encoder: int) -> None:
        move = next((move for move in list(scene.box.moves) if card(move) == scene.where.card), None)
        if move is None:
            return
        act = ACTS[scene.where.act.get(self.name, 0)]
        said = f"{what(scene.box, move.path)}: {dict(keep='kept', undo='taken back', lock='locked')[act]}"
        if act == "keep":
            scene.hands.ask("keep", lambda desk: desk.keep(move.path), said)
        elif act == "lock":
            scene.hands.ask("lock", lambda desk: desk.lock(move.path), said)
        else:
            scene.hands.ask("take back", lambda desk: take_back(desk, scene.box, move), said)

    def draw(self, canvas: Canvas, scene: Scene) -> None:
        moves = list(scene.box.moves)
        head(canvas, "Why", f"{self._at(scene) + 1}/{len(moves)}" if moves else "")
        if not moves:
            title(canvas, "no moves yet", 24)
            return
        paragraph(canvas, moves[self._at(scene)].why, 12, 4, 10)
        acts(canvas, ACTS, scene.where.act.get(self.name, 0))

    def _at(self, scene: Scene) -> int:
        return next((n for n, move in enumerate(list(scene.box.moves)) if card(move) == scene.where.card), 0)


def card(move: Move) -> str:
    return f"{move.path} {move.why}"


def take_back(desk: Client, box: Box, move: Move) -> None:
    """The hand says what was heard before the move. The box then leaves it alone for a while, and what it did is a card still."""
    try:
        address = params.find(move.path)
    except ParamError:
        return
    if address.param.blend == "add":
        before = box.put(move.path) - box.value("box/depth") / 100 * ((move.new or 0.0) - (move.old or 0.0))
    else:
        before = address.default if move.old is None else move.old
    desk.set({move.path: rounded(move.path, address.param.clamp(before))}, why="taken back: " + move.why[:150])
