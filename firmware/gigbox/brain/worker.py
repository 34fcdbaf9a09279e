"""The brain process: reads the rack, asks the desk what is what, thinks every 100 ms, and tells the desk what it wants and why."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import numpy as np

from gigbox.brain.automix import Automix
from gigbox.brain.hearing import hear
from gigbox.brain.hum import HumFinder
from gigbox.brain.listening import Listening
from gigbox.desk.client import Change, Client, Value
from gigbox.errors import GigboxError, RackError
from gigbox.rack import Rack
from gigbox.stopping import Stopping

WATCHED = ["strip/*/role", "strip/*/name", "strip/*/link", "strip/*/trim", "strip/*/level", "strip/*/hpf", "strip/*/hum", "box/mode", "box/freeze"]
LOOK_S = 0.02             # how often to look for a new 100 ms of meters
SHAPE = ("role", "name", "link")


class Worker:
    """One brain on one desk. `step` does one look; everything it knows of the desk comes through `changed`."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._known: dict[str, Value] = {}
        self._lock = threading.Lock()
        self._stale = True
        self._block = -1
        self._automix = Automix([])
        self._hum = HumFinder()

    def changed(self, change: Change) -> None:
        """Of the desk, in its thread."""
        with self._lock:
            self._known.update(change.values)
            self._stale |= not change.by or any(path.rsplit("/", 1)[-1] in SHAPE for path in change.values)

    def step(self, rack: Rack) -> None:
        """Think once if the engine has published another 100 ms."""
        block = int(rack.c.meter_blocks)
        if block == self._block:
            return
        self._block = block
        with self._lock:
            known, stale, self._stale = dict(self._known), self._stale, False
        if stale:
            self._automix = _automix(known, rack.channels)
            for path in known:
                self._hum.take(path, _layer(known, path, "auto"))
        if _value(known, "box/freeze", False):
            return
        trims = np.array([_layer(known, f"strip/{n}/trim", "hand") for n in range(1, rack.channels + 1)])
        moves = self._automix.think(hear(rack, trims), str(_value(known, "box/mode", "show")))
        moves += self._hum.think(rack, self._automix.sources)
        if not moves:
            return
        for path in self._client.auto({m.path: m.value for m in moves}, {m.path: m.why for m in moves}):
            with self._lock:
                self._automix.take(path, _layer(self._known, path, "auto"))
                self._hum.take(path, _layer(self._known, path, "auto"))


def run(rack_path: Path, socket: Path, model: Path | None = None) -> None:
    """The program: listen and think until SIGTERM; wait for the engine and the desk, and for their return. `model`: another denoiser."""
    stopping = Stopping().watch_signals()
    _listen(rack_path, stopping, model)
    rack: Rack | None = None
    with Client(socket, by="brain") as client:
        worker = Worker(client)
        watching = False
        while not stopping.wait(LOOK_S):
            try:
                if rack is None or rack.replaced():
                    rack = Rack(rack_path)
                if not watching:
                    client.watch(WATCHED, worker.changed)
                    watching = True
                worker.step(rack)
            except RackError:
                rack = None
                stopping.wait(0.2)
            except GigboxError:        # the desk is away: it will be back, and tells everything anew
                stopping.wait(0.2)


def _listen(rack_path: Path, stopping: Stopping, model: Path | None) -> None:
    """Start the hop loop. Without a model the box mixes on: the engine's classical denoiser cleans."""
    try:
        Listening(rack_path, stopping, model, _say).start()
    except GigboxError as e:
        _say(f"{e}; the classical denoiser cleans")


def _say(line: str) -> None:
    print(f"gigbox: brain: {line}", file=sys.stderr, flush=True)


def _automix(known: dict[str, Value], channels: int) -> Automix:
    """A loop for the strips as the desk names them, going on from where `auto` stands."""
    strips = range(1, channels + 1)
    automix = Automix([str(_value(known, f"strip/{n}/role", "unused")) for n in strips],
                      [str(_value(known, f"strip/{n}/name", "") or f"strip {n}") for n in strips],
                      [n for n in strips if _value(known, f"strip/{n}/link", False)])
    for n in strips:
        for name in ("level", "trim"):
            automix.take(f"strip/{n}/{name}", _layer(known, f"strip/{n}/{name}", "auto"))
    return automix


def _value(known: dict[str, Value], path: str, missing: object) -> object:
    return known[path].value if path in known else missing


def _layer(known: dict[str, Value], path: str, layer: str) -> float:
    """What a layer (hand or auto) holds of a path; nothing counts as 0."""
    return float(getattr(known[path], layer) or 0) if path in known else 0.0
