"""The program: each kind of remote control is a part of it, with a loop in a thread of its own, and lives while its switch is on. A part that fails begins
anew, and takes no other with it."""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from gigbox import places
from gigbox.desk.client import Client
from gigbox.pulse import Pulse
from gigbox.remote.midi import part as midi
from gigbox.remote.mirror import Mirror
from gigbox.remote.osc.part import Osc
from gigbox.stopping import Stopping
from gigbox.streams import say

DESK_S = 2.0              # a desk that takes longer to answer is away
AGAIN_S, LOOK_S = 0.5, 0.2


class Part(Protocol):
    """`turn` waits for something to do, a quarter of a second at most, and does it; `close` lets go of all that it holds."""

    name: str

    def turn(self) -> None: ...
    def close(self) -> None: ...


Make = Callable[[Mirror, Path], Part]          # with the rack's path, for meters
PARTS: tuple[tuple[str, Make], ...] = (("box/osc", Osc), ("box/midi", midi.make))       # by the switch that each goes by


class Loop:
    """One part's thread. It is made while `wanted`, and again after a fault; a fault is told once, until it is another."""

    def __init__(self, make: Callable[[], Part], wanted: Callable[[], bool], stopping: Stopping, beat: Callable[[], None],
                 tell: Callable[[str], None] = say) -> None:
        self._make, self._wanted, self._stopping, self._beat, self._tell = make, wanted, stopping, beat, tell
        self._fault = ""
        self._thread = threading.Thread(target=self._run, name="remote", daemon=True)
        self._thread.start()

    def join(self) -> None:
        self._thread.join(2)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._beat()
            try:
                if self._wanted():
                    self._live()
                else:
                    self._stopping.wait(LOOK_S)
            except Exception as e:            # whatever it is, the others go on
                if (fault := f"remote: {type(e).__name__}: {e}") != self._fault:
                    self._fault = fault
                    self._tell(fault)
                self._stopping.wait(AGAIN_S)

    def _live(self) -> None:
        part = self._make()
        try:
            while self._wanted() and not self._stopping.is_set():
                part.turn()
                self._beat()
        finally:
            part.close()


def wanted(mirror: Mirror, switch: str) -> bool:
    """Nothing may be heard of the network before the desk said that it may."""
    return mirror.known and mirror.value(switch) > 0


def run(rack: Path, socket: Path) -> None:
    """Until SIGTERM. Waits for the desk and the engine, and for their return."""
    lock = places.only_one(rack.with_name("remote.lock"), f"remote: already running on {rack}, expected one")
    stopping, pulse = Stopping().watch_signals(), Pulse()
    beat = pulse.part()
    with Client(socket, by="remote", timeout=DESK_S) as desk:
        mirror = Mirror(desk, say)
        loops = [Loop(functools.partial(make, mirror, rack), functools.partial(wanted, mirror, switch), stopping, pulse.part()) for switch, make in PARTS]
        while not stopping.wait(LOOK_S):
            beat()
        for loop in loops:
            loop.join()
        mirror.close()
    os.close(lock)
