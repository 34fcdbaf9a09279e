"""The box as the panel sees it: both layers of every parameter, levels, reports, and what the panel itself has just asked for."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from gigbox import params
from gigbox.desk.client import Change, Value
from gigbox.errors import ParamError
from gigbox.panel.sight.levels import Levels

AIM_S = 0.4               # so long what this panel asked for counts, before the desk's answer does: a hand that turns is not pulled back by its own echo
REASONS, MESSAGES = 30, 20
SHOWN = ["*"]
NOBODY = Value(None, None, None)

T = TypeVar("T")


@dataclass(frozen=True)
class Move:
    """A move of the box: its reason is the desk's word, with numbers."""

    path: str
    why: str
    old: float | None
    new: float | None
    time: float


class Box:
    """Filled by the desk's thread and the panel's loop; any thread may look. `desk`: it answers."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self._values: dict[str, Value] = {}
        self._aims: dict[str, tuple[float | str, float]] = {}
        self._aimed = 0.0                                       # till when one of them counts
        self._told = 0                                          # how often anything became otherwise
        self._known: tuple[tuple[int, float], dict[Hashable, Any]] = ((-1, 0.0), {})
        self.levels = Levels()
        self.desk = False
        self.moves: deque[Move] = deque(maxlen=REASONS)         # newest first
        self.events: list[dict[str, Any]] = []                  # the newest first, of anybody
        self.reports: dict[str, dict[str, Any]] = {}
        self.ideas: dict[str, Any] = {}                         # the notebook, while one of its pages is up
        self.scenes: list[str] = []
        self.locks: frozenset[str] = frozenset()
        self.messages: deque[str] = deque(maxlen=MESSAGES)      # newest first
        self.address = ""
        self.asking: list[Any] = []                             # who wants to be let in
        self.answer: Callable[[Any, str], None] = lambda who, act: None
        self.link = ""                                          # where a phone finds the box
        self.code = ""                                          # and what it types, where it has no camera

    @property
    def strips(self) -> int:
        return len(self.levels.strips) or 8

    def hear(self, change: Change) -> None:
        """What the desk tells. Without `by` it is the present of all that is watched."""
        with self._lock:
            if change.by:
                self._values.update(change.values)       # at once, and there are thousands: no copy of them for each move of the box
            else:
                self._values = dict(change.values)       # whole at any moment: most look without the lock
            self._told += 1

    def known(self, what: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives of parameters, made anew only when one was told or aimed at since: pictures are many, news are rare. For one thread."""
        state = (self._told, min(self._clock(), self._aimed))
        if state != self._known[0]:
            self._known = (state, {})
        made = self._known[1]
        if what not in made:
            made[what] = make()
        found: T = made[what]
        return found

    def served(self, path: str) -> bool:
        """Whether this box has it, now."""
        return path in self._values

    def hand(self, path: str) -> float | None:
        """As the hand set it, or is setting it; None: nobody has."""
        with self._lock:
            aim = self._aims.get(path)
            if aim and self._clock() < aim[1]:
                return _number(path, aim[0])
            return _number(path, self._values.get(path, NOBODY).hand)

    def auto(self, path: str) -> float | None:
        return _number(path, self._values.get(path, NOBODY).auto)

    def value(self, path: str) -> float:
        """What is heard."""
        address = params.find(path)
        if path in self._aims and self._clock() < self._aims[path][1]:
            depth = (_number("box/depth", self._values.get("box/depth", NOBODY).value) or 0.0) / 100 if path != "box/depth" else 1.0
            return address.param.effective(self.hand(path), self.auto(path), depth, address.default)
        told = _number(path, self._values.get(path, NOBODY).value)
        return address.default if told is None else told

    def put(self, path: str) -> float:
        """Where the hand stands: what it set, else the default of what adds, and what is heard of the rest."""
        if (hand := self.hand(path)) is not None:
            return hand
        address = params.find(path)
        return address.default if address.param.blend == "add" else self.value(path)

    def on(self, path: str) -> bool:
        return self.value(path) > 0.5

    @property
    def muted(self) -> str:
        """What is silent whatever the strips do: all that leaves the box, or main; nothing."""
        return "all" if self.served("box/mute_all") and self.on("box/mute_all") else "main" if self.on("main/mute") else ""

    def choice(self, path: str) -> str:
        return params.find(path).param.text(self.value(path))

    def text(self, path: str) -> str:
        with self._lock:
            aim = self._aims.get(path)
            if aim and self._clock() < aim[1]:
                return str(aim[0])
        said = self._values.get(path, NOBODY).value
        return said if isinstance(said, str) else ""

    def locked(self, path: str) -> bool:
        return self._values.get(path, NOBODY).locked

    def name(self, strip: int) -> str:
        """As people call it, else what it carries, else its number."""
        if said := self.text(f"strip/{strip}/name"):
            return said
        role = self.choice(f"strip/{strip}/role")
        return role.replace("_", " ").capitalize() if role != "unused" else f"Strip {strip}"

    def monitor_name(self, monitor: int) -> str:
        return self.text(f"monitor/{monitor}/name") or f"Monitor {monitor}"

    def group_name(self, group: int) -> str:
        return self.text(f"group/{group}/name") or f"Group {group}"

    def aim(self, values: Mapping[str, float | str]) -> None:
        """What this panel asks for from now on."""
        until = self._clock() + AIM_S
        with self._lock:
            self._aims.update({path: (value, until) for path, value in values.items()})
            self._aimed = until
            self._told += 1

    def unaim(self, paths: Mapping[str, Any]) -> None:
        """It was refused."""
        with self._lock:
            for path in paths:
                self._aims.pop(path, None)
            self._told += 1

    def say(self, message: str) -> None:
        """Once, while it is the newest."""
        if message and (not self.messages or self.messages[0] != message):
            self.messages.appendleft(message)


def _number(path: str, told: Any) -> float | None:
    """A value as the desk tells it, as a number."""
    if told is None or isinstance(told, (int, float)):
        return None if told is None else float(told)
    try:
        return params.find(path).param.check(told, path)
    except ParamError:               # a choice of a newer desk
        return None
