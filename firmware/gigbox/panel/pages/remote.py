"""Whether apps and surfaces that people own may mix: nobody needs a password for that, so a hand at the box says it."""

from __future__ import annotations

from gigbox.panel.pages.items import Item, Items, served
from gigbox.panel.pages.page import Scene
from gigbox.panel.sight.box import Box


class Remote(Items):
    name, title = "remote", "Apps"

    def served(self, box: Box) -> bool:
        return box.served("box/osc")

    def items(self, scene: Scene) -> list[Item]:
        return served(scene.box, ("apps mix, by network", "box/osc"), ("surfaces mix, by USB", "box/midi"))
