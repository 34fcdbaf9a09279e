"""The program: hears the dry strips in the rack, writes its notebook into memory for page and panel. It sets nothing and makes no sound.

With `box/ideas/on` off, or at depth 0, it does not listen at all, and forgets what it heard.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from gigbox import params, places
from gigbox.desk.client import Change, Client, Value
from gigbox.errors import GigboxError, RackError
from gigbox.files import write_whole
from gigbox.ideas.hear.listener import Listener
from gigbox.ideas.hear.mixdown import PIECE
from gigbox.ideas.notebook import Notebook
from gigbox.pulse import Pulse
from gigbox.rack import TAP_FRAMES, Floats, Rack
from gigbox.stopping import Stopping

WATCHED = ["strip/*/role", "box/ideas", "box/depth", "box/song"]
LOOK_S = 0.04
ANSWER_S = 1.0
WRITES = 3                 # pieces of 100 ms from one page to the next
LATE = TAP_FRAMES // 2     # frames: who is further behind goes on with the newest


class Worker:
    """`step` hears what has come since the last; what it knows of the desk comes through `changed`."""

    def __init__(self, file: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._file, self._clock = file, clock
        self._known: dict[str, Value] = {}
        self._lock = threading.Lock()
        self._notebook, self._silent = Notebook(), ""
        self._frame: int | None = None
        self._forget("")

    def changed(self, change: Change) -> None:
        """Of the desk, in its thread."""
        with self._lock:
            self._known.update(change.values)

    def step(self, rack: Rack) -> bool:
        """Whether there was another piece."""
        known = self._now()
        if why := silenced(known):
            self._rest(why)
            return False
        if (song := str(_value(known, "box/song") or "")) != self._song or self._silent:
            self._forget(song)
        end = rack.frames
        if self._frame is None or not self._frame <= end <= self._frame + LATE:
            self._frame = end
        if end - self._frame < PIECE:
            return False
        self.listener.hear(piece(rack, self._frame), roles(known, rack.channels))
        self._frame += PIECE
        self._pieces += 1
        if self._pieces % WRITES == 0:
            self._write({"on": True, **self._notebook.page(self.listener, int(_number(known, "box/ideas/seed")), song or "what is played")})
        return True

    def _now(self) -> dict[str, Value]:
        with self._lock:
            return dict(self._known)

    def _forget(self, song: str) -> None:
        self.listener, self._pieces, self._song = Listener(), 0, song
        self._frame, self._silent = None, ""
        self._notebook.forget()

    def _rest(self, why: str) -> None:
        """Says once that nothing is heard, and why."""
        if self._silent != why:
            self._forget(self._song)
            self._silent = why
            self._write({"on": False, "why": why})

    def _write(self, page: dict[str, Any]) -> None:
        with suppress(OSError):            # the folder is memory; where that is full, the next page may find room
            write_whole(self._file, json.dumps({"at": round(self._clock(), 2), **page}, separators=(",", ":")).encode(), private=True)


def piece(rack: Rack, frame: int) -> Floats:
    """PIECE frames of all dry strips from `frame` on."""
    return np.array(rack.view("tap_in")[np.arange(frame, frame + PIECE) % TAP_FRAMES, : rack.channels])


def roles(known: dict[str, Value], strips: int) -> Sequence[str]:
    """As a hand says, else as the box heard, whatever the depth."""
    found = []
    for strip in range(1, strips + 1):
        told = known.get(f"strip/{strip}/role")
        index = None if told is None else told.auto if told.hand is None else told.hand
        found.append(str(index or "unused") if isinstance(index, str) or index is None else params.ROLES[int(index)])
    return found


def silenced(known: dict[str, Value]) -> str:
    """Why nothing is offered, or nothing."""
    if not _number(known, "box/ideas/on"):
        return "ideas are off"
    return "" if _number(known, "box/depth") > 0 else "depth is 0"


def _value(known: dict[str, Value], path: str) -> object:
    told = known.get(path)
    return told.value if told else None


def _number(known: dict[str, Value], path: str) -> float:
    address, value = params.find(path), _value(known, path)
    return address.default if value is None else address.param.check(value, path)


def run(rack_path: Path, socket: Path, file: Path) -> None:
    """Until SIGTERM; waits for the engine and the desk, and for their return."""
    lock = places.only_one(rack_path.with_name("ideas.lock"), f"ideas: already running on {rack_path}; what it hears: gigbox ideas --json")
    stopping, beat = Stopping().watch_signals(), Pulse().part()
    worker, rack, watching = Worker(file), None, False
    with Client(socket, by="ideas", timeout=ANSWER_S) as client:
        while not stopping.wait(LOOK_S):
            beat()
            try:
                if not watching:
                    client.watch(WATCHED, worker.changed)
                    watching = True
                if rack is None or rack.replaced():
                    rack = Rack(rack_path)
                while worker.step(rack) and not stopping.is_set():
                    beat()
            except RackError:
                rack = None
                stopping.wait(0.2)
            except GigboxError:            # the desk is away: it will be back, and tells everything anew
                stopping.wait(0.2)
    with suppress(OSError):
        file.unlink()
    os.close(lock)
