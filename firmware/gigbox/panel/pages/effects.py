"""The two effects: what each is, how long, how bright, how loud."""

from __future__ import annotations

from gigbox.panel.pages.items import Item, Items, served
from gigbox.panel.pages.page import Scene
from gigbox.panel.sight.box import Box

ROWS = (("level", "level"), ("type", "what"), ("mute", "mute"), ("decay", "how long"), ("time", "time"), ("division", "note"), ("tone", "tone"))


class Effects(Items):
    name, title = "effects", "Effects"

    def served(self, box: Box) -> bool:
        return box.served("fx/1/type")

    def items(self, scene: Scene) -> list[Item]:
        return [*(item for n in (1, 2) for item in served(scene.box, *((f"effect {n}: {said}", f"fx/{n}/{word}") for word, said in ROWS))),
                *served(scene.box, ("tempo", "box/tempo"))]
