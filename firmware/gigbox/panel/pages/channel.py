"""One strip: what a hand wants of it at a gig, in the order in which it is wanted."""

from __future__ import annotations

from gigbox.desk.client import Client
from gigbox.panel.pages.items import Item, Items, served
from gigbox.panel.pages.page import Scene

ROWS = (("level", "level"), ("mute", "mute"), ("pan", "pan"), ("preamp", "input/gain"), ("48 V", "input/phantom"), ("trim", "trim"),
        ("noise taken", "denoise/amount"), ("others taken", "bleed"), ("low cut", "hpf/on"), ("low cut at", "hpf/frequency"),
        ("EQ 1: low", "eq/1/gain"), ("EQ 2: low mid", "eq/2/gain"), ("EQ 3: high mid", "eq/3/gain"), ("EQ 4: high", "eq/4/gain"),
        ("compressor", "comp/on"), ("compressor at", "comp/threshold"), ("gate", "gate/on"), ("gate at", "gate/threshold"),
        ("effect 1", "fxsend/1/level"), ("effect 2", "fxsend/2/level"), ("polarity", "polarity"), ("what it is", "role"))


class Channel(Items):
    name, title = "channel", "Channel"

    def head(self, scene: Scene) -> str:
        return f"{scene.where.strip} {scene.box.name(scene.where.strip)}"

    def items(self, scene: Scene) -> list[Item]:
        at = f"strip/{scene.where.strip}"
        locked = at in scene.box.locks
        return [*served(scene.box, *((said, f"{at}/{path}") for said, path in ROWS)),
                Item("unlock it" if locked else "lock it", act=lambda scene: lock(scene, at, locked), says="locked" if locked else "box moves it"),
                Item("give it back", act=lambda scene: release(scene, at), says="hands off")]


def lock(scene: Scene, at: str, locked: bool) -> None:
    """The box leaves it as it is, or moves it again."""
    def act(desk: Client) -> None:
        desk.unlock(at) if locked else desk.lock(at)

    scene.hands.ask("lock", act, f"{scene.box.name(int(at.split('/')[1]))}: {'the box moves it again' if locked else 'locked'}")


def release(scene: Scene, at: str) -> None:
    scene.hands.ask("release", lambda desk: desk.release(at), f"{scene.box.name(int(at.split('/')[1]))}: given back to the box")
