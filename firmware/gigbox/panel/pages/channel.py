"""One strip: what a hand wants of it at a gig, in the order in which it is wanted."""

from __future__ import annotations

from gigbox.desk.client import Client
from gigbox.panel.pages.items import Item, Items, served
from gigbox.panel.pages.page import Scene


class Channel(Items):
    name, title = "channel", "Channel"

    def head(self, scene: Scene) -> str:
        return f"{scene.where.strip} {scene.box.name(scene.where.strip)}"

    def items(self, scene: Scene) -> list[Item]:
        at = f"strip/{scene.where.strip}"
        locked = at in scene.box.locks
        return [*served(scene.box, ("level", f"{at}/level"), ("mute", f"{at}/mute"), ("pan", f"{at}/pan"), ("preamp", f"{at}/input/gain"), ("48 V", f"{at}/input/phantom"),
                        ("trim", f"{at}/trim"), ("noise taken", f"{at}/denoise/amount"), ("low cut", f"{at}/hpf/on"), ("low cut at", f"{at}/hpf/frequency"),
                        *((f"EQ {n}: {said}", f"{at}/eq/{n}/gain") for n, said in enumerate(("low", "low mid", "high mid", "high"), 1)),
                        ("compressor", f"{at}/comp/on"), ("compressor at", f"{at}/comp/threshold"), ("gate", f"{at}/gate/on"), ("gate at", f"{at}/gate/threshold"),
                        *((f"effect {n}", f"{at}/fxsend/{n}/level") for n in (1, 2)), ("polarity", f"{at}/polarity"), ("what it is", f"{at}/role")),
                Item("unlock it" if locked else "lock it", act=lambda scene: lock(scene, at, locked), says="locked" if locked else "box moves it"),
                Item("give it back", act=lambda scene: release(scene, at), says="hands off")]


def lock(scene: Scene, at: str, locked: bool) -> None:
    """The box leaves it as it is, or moves it again."""
    def act(desk: Client) -> None:
        desk.unlock(at) if locked else desk.lock(at)

    scene.hands.ask("lock", act, f"{scene.box.name(int(at.split('/')[1]))}: {'the box moves it again' if locked else 'locked'}")


def release(scene: Scene, at: str) -> None:
    scene.hands.ask("release", lambda desk: desk.release(at), f"{scene.box.name(int(at.split('/')[1]))}: given back to the box")
