"""The brain process: reads the rack, asks the desk what is what, thinks every 100 ms, and tells the desk what it wants and why."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from gigbox import params
from gigbox.brain.balance import no_taste
from gigbox.brain.brain import Brain
from gigbox.brain.casting import ROLE_OF
from gigbox.brain.checking import WATCHED as CHECKED
from gigbox.brain.checking import Checking
from gigbox.brain.listening import Listening
from gigbox.brain.recognise import Recogniser, Verdict
from gigbox.brain.taste_desk import WATCHED as FORGOTTEN
from gigbox.brain.taste_desk import TasteDesk
from gigbox.brain.taste_file import TasteFile, taste_path
from gigbox.brain.touches import WATCHED as TASTED
from gigbox.brain.view import choice
from gigbox.desk.client import Change, Client, Value
from gigbox.errors import GigboxError, RackError
from gigbox.pulse import Pulse
from gigbox.rack import Rack
from gigbox.saying import say
from gigbox.stopping import Stopping

# What the brain reads of the desk, and every path of auto that it moves: it goes on from there when it is started again.
WATCHED = [*(f"strip/*/{name}" for name in ("name", "link", "trim", "hpf", "hum", "eq", "gate", "comp", "share", "duck", "send/*/level", "denoise", "colour")),
           "monitor/*/follow", *TASTED, *CHECKED, *FORGOTTEN]
LOOK_S = 0.02             # how often to look for a new 100 ms of meters
ANSWER_S = 1.0            # a desk that takes longer is away; the pulse must not wait for it


class Worker:
    """One brain on one desk. `step` does one look; everything it knows of the desk comes through `changed`."""

    def __init__(self, client: Client, recogniser: Recogniser | None = None, taste: TasteFile | None = None) -> None:
        self._client, self._taste = client, taste
        self._brain = Brain(recogniser, taste.taste.offset if taste else no_taste)
        self._checking = Checking(client, Listened(recogniser) if recogniser else None, lambda name: ROLE_OF.get(name, ""))
        self._taste_desk = TasteDesk(client, taste) if taste else None
        self._known: dict[str, Value] = {}
        self._changes: list[tuple[float, Change]] = []
        self._others: list[tuple[str, Value, Value]] = []      # what others changed: before and now
        self._lock = threading.Lock()
        self._stale = True
        self._block = -1

    def changed(self, change: Change) -> None:
        """Of the desk, in its thread."""
        self._checking.changed(change)
        if self._taste_desk:
            self._taste_desk.changed(change)
        with self._lock:
            if change.by and (change.by, change.layer) != ("brain", "auto"):
                self._others += [(path, self._known.get(path, Value(None, None, None)), now) for path, now in change.values.items()]
            self._known.update(change.values)
            self._stale |= not change.by
            if self._taste:
                self._changes.append((time.time(), change))

    def step(self, rack: Rack) -> None:
        """Think once if the engine has published another 100 ms."""
        block = int(rack.c.meter_blocks)
        if block == self._block:
            return
        self._block = block
        with self._lock:
            known, stale, self._stale = Known(dict(self._known)), self._stale, False
            changes, self._changes = self._changes, []
            others, self._others = self._others, []
        if stale:
            self._brain.begin(known, known.values)
        else:
            for path, before, now in others:
                self._brain.changed(path, before, now)
        self._learn(changes, rack.channels)
        self._checking.step(rack, known.values)
        if not known.value("box/freeze"):
            self._move(rack, known)

    def _learn(self, changes: list[tuple[float, Change]], channels: int) -> None:
        if self._taste is None or self._taste_desk is None:
            return
        for at, change in changes:
            self._taste.hear(change, at)
        self._taste.tick(time.time(), self._brain.automix.playing(channels))
        self._taste_desk.step()

    def _move(self, rack: Rack, known: Known) -> None:
        moves = self._brain.think(rack, known, self._checking.mode(choice(known, "box/mode")))
        if not moves:
            return
        for path in self._client.auto({m.path: m.value for m in moves}, {m.path: m.why for m in moves}):
            with self._lock:
                value = self._known.get(path)
            self._brain.take(path, Known({path: value}).auto(path) if value else None)


class Listened:
    """A recogniser that hears already: whoever looks at its verdicts need not let it hear again."""

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser

    def hear(self, rack: Rack) -> None:
        """Done elsewhere."""

    def verdicts(self) -> Sequence[Verdict]:
        return self._recogniser.verdicts()


class Known:
    """The desk as it was last told of (see view.py); a path that it never told of reads its default."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self.values = values

    def hand(self, path: str) -> float | None:
        return self._layer(path, "hand")

    def auto(self, path: str) -> float | None:
        return self._layer(path, "auto")

    def value(self, path: str) -> float:
        told = self.values.get(path)
        return params.find(path).default if told is None else _number(path, told.value)

    def text(self, path: str) -> str:
        told = self.values.get(path)
        return str(told.value or "") if told else ""

    def _layer(self, path: str, layer: str) -> float | None:
        told = self.values.get(path)
        held = getattr(told, layer) if told else None
        return None if held is None else _number(path, held)


def _number(path: str, value: object) -> float:
    """Choices are told by name."""
    return params.find(path).param.check(value, path)


def run(rack_path: Path, socket: Path, model: Path | None = None) -> None:
    """The program: listen and think until SIGTERM; wait for the engine and the desk, and for their return. `model`: another denoiser."""
    stopping, pulse = Stopping().watch_signals(), Pulse()
    _listen(rack_path, stopping, model, pulse)
    beat = pulse.part()
    rack: Rack | None = None
    with Client(socket, by="brain", timeout=ANSWER_S) as client:
        worker = Worker(client, _recogniser(), TasteFile(taste_path(), _say))
        watching = False
        while not stopping.wait(LOOK_S):
            beat()
            try:
                if rack is None or rack.replaced():
                    rack = Rack(rack_path, write=True)
                if not watching:
                    client.watch(WATCHED, worker.changed)
                    watching = True
                worker.step(rack)
            except RackError:
                rack = None
                stopping.wait(0.2)
            except GigboxError:        # the desk is away: it will be back, and tells everything anew
                stopping.wait(0.2)


def _listen(rack_path: Path, stopping: Stopping, model: Path | None, pulse: Pulse) -> None:
    """Start the hop loop. Without a model the box mixes on: the engine's classical denoiser cleans."""
    try:
        Listening(rack_path, stopping, model, _say, pulse).start()
    except GigboxError as e:
        _say(f"{e}; the classical denoiser cleans")


def _recogniser() -> Recogniser | None:
    """Without a model the box mixes on: people say what their strips carry."""
    try:
        return Recogniser()
    except GigboxError as e:
        _say(f"{e}; roles are only what hands say")
        return None


def _say(line: str) -> None:
    say(f"gigbox: brain: {line}")
