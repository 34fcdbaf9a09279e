"""The brain process: reads the rack, asks the desk what is what, thinks every 100 ms, and tells the desk what it wants and why."""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from gigbox import params, places
from gigbox.brain.auto import Move
from gigbox.brain.brain import Brain
from gigbox.brain.denoise.hop_loop import HopLoop
from gigbox.brain.desk_view import choice
from gigbox.brain.feedback.guard_on_desk import WATCHED as GUARDED
from gigbox.brain.feedback.guard_on_desk import GuardOnDesk
from gigbox.brain.hear.leak_paths import Leaks
from gigbox.brain.linecheck.on_desk import WATCHED as CHECKED
from gigbox.brain.linecheck.on_desk import LineCheckOnDesk
from gigbox.brain.mix import show_memory
from gigbox.brain.mix.balance import no_taste
from gigbox.brain.mix.noise_question import REPORT as QUESTIONS
from gigbox.brain.taste.corrections import WATCHED as TASTED
from gigbox.brain.taste.file import TasteFile, taste_path
from gigbox.brain.taste.on_desk import WATCHED as FORGOTTEN
from gigbox.brain.taste.on_desk import TasteOnDesk
from gigbox.brain.who.casting import ROLE_OF, unlike
from gigbox.brain.who.recogniser import Recogniser, Verdict
from gigbox.desk.client import Change, Client, Value
from gigbox.errors import GigboxError, MachineError, ParamError, RackError, RequestError
from gigbox.pulse import Pulse
from gigbox.rack import Rack
from gigbox.stopping import Stopping
from gigbox.streams import say

# What the brain reads of the desk, and every path of auto that it moves: it goes on from there when it is started again.
WATCHED = [*(f"strip/*/{name}" for name in ("name", "link", "trim", "hpf", "hum", "eq", "gate", "comp", "share", "duck", "send/*/level", "denoise", "colour",
                                       "fxsend", "bleed")), "fx/*/type", "monitor/*/follow", *TASTED, *CHECKED, *FORGOTTEN,
           *GUARDED]
LOOK_S = 0.02             # how often to look for a new 100 ms of meters
LEFT_BLOCKS = 100         # of 100 ms, from one memory of a show to the next
MISSED = 1000             # changes that may wait while no engine plays: then their steps are forgotten, and the present is all that counts
HELD = frozenset(("locked", "frozen", "touched"))     # why the desk leaves alone what is right
ANSWER_S = 1.0            # a desk that takes longer is away; the pulse must not wait for it


class Worker:
    """One brain on one desk. `step` does one look; everything it knows of the desk comes through `changed`."""

    def __init__(self, client: Client, recogniser: Recogniser | None = None, taste: TasteFile | None = None,
                 clock: Callable[[], float] = time.monotonic, say: Callable[[str], None] = lambda line: None, leaks: Leaks | None = None) -> None:
        self._client, self._taste, self._clock, self._say = client, taste, clock, say
        self._refused: set[str] = set()
        self._brain = Brain(recogniser, taste.taste.offset if taste else no_taste, leaks)
        self._checking = LineCheckOnDesk(client, Listened(recogniser) if recogniser else None, lambda name: ROLE_OF.get(name, ""), unlike)
        self._guard = GuardOnDesk(client)
        self._taste_desk = TasteOnDesk(client, taste) if taste else None
        self._known: dict[str, Value] = {}
        self._changes: list[tuple[float, Change]] = []
        self._others: list[tuple[str, Value, Value]] = []      # what others changed: before and now
        self._lock = threading.Lock()
        self._stale = True
        self._block = -1
        self._asked: list[dict[str, Any]] = []
        self._left: dict[str, Any] | None = None               # what was left for a brain that begins again; None: nobody has looked yet

    def changed(self, change: Change) -> None:
        """Of the desk, in its thread."""
        self._checking.changed(change)
        self._guard.changed(change)
        if self._taste_desk:
            self._taste_desk.changed(change)
        with self._lock:
            if change.by and (change.by, change.layer) != ("brain", "auto"):
                self._others += [(path, self._known.get(path, Value(None, None, None)), now) for path, now in change.values.items()]
            self._known.update(change.values)
            self._stale |= not change.by
            if self._taste:
                self._changes.append((self._clock(), change))
            if len(self._changes) + len(self._others) > MISSED:
                self._stale, self._others, self._changes = True, [], [(self._clock(), Change(dict(self._known)))]

    def step(self, rack: Rack) -> None:
        """Think once if the engine has published another 100 ms."""
        block = rack.meter_blocks
        if block == self._block:
            return
        self._block = block
        with self._lock:
            known, stale, self._stale = Known(dict(self._known)), self._stale, False
            changes, self._changes = self._changes, []
            others, self._others = self._others, []
        if self._left is None:
            self._brain.recall(self._found())
        if stale:
            self._brain.begin(known, known.values)
        else:
            for path, before, now in others:
                self._brain.changed(path, before, now)
        self._learn(changes, rack.channels)
        self._checking.step(rack, known.values)
        frozen = known.value("box/freeze") > 0
        self._guard.step(rack, frozen)
        if not frozen:
            self._move(rack, known)
        if block % LEFT_BLOCKS == 0:
            self._leave()

    def _found(self) -> dict[str, Any]:
        """What an earlier brain left of its show; nothing where it left nothing."""
        try:
            self._left = dict(self._client.report(show_memory.REPORT)["told"])
        except RequestError:
            self._left = {}
        return self._left

    def _leave(self) -> None:
        """For a brain that must begin again. Where the desk goes away meanwhile the next time does as well."""
        if (now := self._brain.remember()) != self._left:
            self._client.post(show_memory.REPORT, now)
            self._left = now

    def _learn(self, changes: list[tuple[float, Change]], channels: int) -> None:
        if self._taste is None or self._taste_desk is None:
            return
        for at, change in changes:
            self._taste.take(change, at)
        self._taste.tick(self._clock(), self._brain.automix.playing(channels))
        self._taste_desk.step()

    def _move(self, rack: Rack, known: Known) -> None:
        moves = self._brain.think(rack, known, self._checking.mode(choice(known, "box/mode")))
        for line in self._brain.remarks():
            self._say(line)
        try:
            for path, why in self._wish(moves).items():
                self._believe(path)
                if why not in HELD and why not in self._refused:
                    self._refused.add(why)
                    self._say(f"{why}; that move is left out")
        except MachineError:               # nobody knows what of it was done: what the desk last told is true
            for move in moves:
                self._believe(move.path)
            raise
        if (asked := self._brain.questions) != self._asked:
            self._client.post(QUESTIONS, {"questions": asked})
            self._asked = asked

    def _wish(self, moves: Sequence[Move]) -> dict[str, str]:
        """Asks the desk for all of them, or for each alone where it takes not all; what it left alone, and why."""
        sound = [move for move in moves if math.isfinite(move.value)]
        refused = {move.path: f"{move.path}: {move.value} is no number" for move in moves if move not in sound}
        try:
            return {**refused, **self._ask(sound)}
        except (ParamError, RequestError) as e:
            if len(sound) == 1:
                return {**refused, sound[0].path: str(e)}
        for move in sound:
            refused |= self._wish([move])
        return refused

    def _ask(self, moves: Sequence[Move]) -> dict[str, str]:
        return self._client.auto({m.path: m.value for m in moves}, {m.path: m.why for m in moves}) if moves else {}

    def _believe(self, path: str) -> None:
        """Puts the brain's picture back to what the desk holds."""
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
    """The desk as it was last told of (see desk_view.py); a path that it never told of reads its default."""

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
    lock = places.only_one(rack_path.with_name("brain.lock"), f"brain: already running on {rack_path}")
    stopping, pulse, leaks = Stopping().watch_signals(), Pulse(), Leaks()
    HopLoop(rack_path, stopping, model, _say, pulse, leaks).start()
    beat = pulse.part()
    rack: Rack | None = None
    with Client(socket, by="brain", timeout=ANSWER_S) as client:
        worker = Worker(client, _recogniser(), TasteFile(taste_path(), _say), say=_say, leaks=leaks)
        watching = False
        while not stopping.wait(LOOK_S):
            beat()
            try:
                if rack is None or rack.replaced():
                    rack = Rack(rack_path, owner="brain")
                if not watching:
                    client.watch(WATCHED, worker.changed)
                    watching = True
                worker.step(rack)
            except RackError:
                rack = None
                stopping.wait(0.2)
            except GigboxError:        # the desk is away: it will be back, and tells everything anew
                stopping.wait(0.2)
    os.close(lock)


def _recogniser() -> Recogniser | None:
    """Without a model the box mixes on: people say what their strips carry."""
    try:
        return Recogniser()
    except GigboxError as e:
        _say(f"{e}; roles are only what hands say")
        return None


def _say(line: str) -> None:
    say(f"brain: {line}")
