"""The box's scenes as the console's 64 snapshots.

A scene whose name begins with a number (`07 Ballad`) is that one; the others fill the places that are left, by name, and stay there while the program runs.
Nobody needs a password here: a scene that is there is never overwritten, and none is deleted; of one that is recalled comes what an app may set, no more;
and there are no more new ones than places.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable

from gigbox.desk.client import Client
from gigbox.errors import RequestError
from gigbox.remote.mirror import Mirror
from gigbox.remote.osc import rights
from gigbox.remote.osc.laws import Text, Wire
from gigbox.remote.osc.wire import Arg

PLACES = 64
OLD_S = 2.0                   # names are asked for anew
_NUMBERED = re.compile(r"(\d\d?)(?: +(.*))?")
NAME = Text()

Refused = Callable[[str], None]


class Snapshots:
    """`told` is called with the addresses that are new, in another thread."""

    def __init__(self, mirror: Mirror, told: Callable[[Iterable[str]], None], clock: Callable[[], float]) -> None:
        self._mirror, self._told, self._clock = mirror, told, clock
        self._lock = threading.Lock()
        self._scenes: dict[int, str] = {}         # by place
        self._names: dict[int, str] = {}          # for places that are still empty
        self._now, self._asked = 0, clock() - OLD_S
        self._refresh()

    def look(self, address: str) -> Wire | None:
        """What is under `/-snap/`; None where nothing is."""
        self._refresh()
        what = address.removeprefix("/-snap/")
        if what == "index":
            return self._now
        if what == "name":
            return self._name(self._now)
        place = self._place(what.partition("/")[0])
        return self._name(place) if place and what.endswith("/name") else 0 if place and what.endswith("/scope") else None

    def set(self, address: str, arg: Arg, by: str) -> bool:
        """Whether there is such an address; ValueError where the argument means nothing to it."""
        what = address.removeprefix("/-snap/")
        if what in ("load", "index"):
            place = self._place(arg)
            self._mirror.ask(lambda desk: self._load(desk, place, by), _nobody)
        elif what == "save":
            place = self._place(arg)
            self._mirror.ask(lambda desk: self._save_at(desk, place, by), _nobody)
        elif what == "name" or what.endswith("/name"):
            place = self._now if what == "name" else self._place(what.partition("/")[0])
            if place not in self._scenes:
                self._names[place] = NAME.wired(arg)
        else:
            return what in ("delete",) or what.endswith("/scope")
        return True

    def recall(self, scene: str, by: str, refused: Refused) -> None:
        """Undo takes it back. `refused` hears why not, in another thread."""
        self._mirror.ask(lambda desk: self._recall(desk, scene, by), refused)

    def save(self, scene: str, by: str, refused: Refused) -> None:
        """As a new scene: one that is there stays as it is."""
        self._mirror.ask(lambda desk: self._save(desk, scene, by), refused)

    def names(self, then: Callable[[list[str]], None], refused: Refused) -> None:
        """All there are by now, by place; told in another thread."""
        def tell(desk: Client) -> None:
            self._take(desk.scenes())
            then([self._scenes[place] for place in sorted(self._scenes)])

        self._mirror.ask(tell, refused)

    def _load(self, desk: Client, place: int, by: str) -> None:
        """The scene that is there by now, whoever saved it."""
        self._take(desk.scenes())
        if scene := self._scenes.get(place):
            self._recall(desk, scene, by)

    def _recall(self, desk: Client, scene: str, by: str) -> None:
        desk.recall(scene, list(rights.MAY), by=by)
        self._take(desk.scenes())
        self._now = next((each for each, name in self._scenes.items() if name == scene), 0)
        self._told(("/-snap/index", "/-snap/name"))

    def _save_at(self, desk: Client, place: int, by: str) -> None:
        self._take(desk.scenes())
        if place not in self._scenes:
            self._save(desk, f"{place:02} {self._names.get(place) or f'Snapshot {place}'}", by)

    def _save(self, desk: Client, scene: str, by: str) -> None:
        if scene in (there := desk.scenes()):
            raise RequestError(f"scene '{scene}': is there already, expected a new name")
        if len(there) >= PLACES:
            raise RequestError(f"scene '{scene}': {len(there)} are there already, expected fewer than {PLACES}")
        desk.save(scene, by=by)
        self._take(desk.scenes())

    def _refresh(self) -> None:
        if self._clock() - self._asked >= OLD_S:
            self._asked = self._clock()
            self._mirror.ask(lambda desk: self._take(desk.scenes()), _nobody)

    def _take(self, scenes: list[str]) -> None:
        """Who has a number is there, the others stay where they were, or find a place that is free."""
        with self._lock:
            before, places = {name: place for place, name in self._scenes.items()}, {}
            for name in scenes:
                numbered = _NUMBERED.fullmatch(name)
                if numbered and 1 <= (place := int(numbered[1])) <= PLACES and place not in places:
                    places[place] = name
            for name in sorted(set(scenes) - set(places.values()), key=lambda name: (name not in before, name)):
                free = next((place for place in (before.get(name, 0), *range(1, PLACES + 1)) if place and place not in places), 0)
                if free:
                    places[free] = name
            changed = [place for place in range(1, PLACES + 1) if places.get(place) != self._scenes.get(place)]
            self._scenes = places
        if changed:
            self._told(f"/-snap/{place:02}/name" for place in changed)

    def _name(self, place: int) -> str:
        scene = self._scenes.get(place, "")
        numbered = _NUMBERED.fullmatch(scene)
        return (numbered[2] or scene) if numbered and int(numbered[1]) == place else scene or self._names.get(place, "")

    @staticmethod
    def _place(arg: Arg) -> int:
        """1 to 64, also said as a text; ValueError elsewhere."""
        if arg is None or isinstance(arg, bytes) or not 1 <= (place := int(float(arg))) <= PLACES:
            raise ValueError(f"expected a snapshot, 1 to {PLACES}")
        return place


def _nobody(why: str) -> None:
    """A console says nothing either."""
