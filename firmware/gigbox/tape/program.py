"""`gigbox tape`: records while the desk says so, and tells how it goes. One thread listens and does nothing else, so that neither the desk nor a disk makes
it miss a frame; this loop does the rest."""

from __future__ import annotations

import contextlib
import errno
import os
import threading
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from gigbox import places
from gigbox.desk.client import Change, Client, Value
from gigbox.errors import GigboxError
from gigbox.files import as_text
from gigbox.pulse import Pulse
from gigbox.stopping import Stopping
from gigbox.streams import say
from gigbox.takes.patience import Patience
from gigbox.takes.shelf import Place, places_of_takes
from gigbox.takes.take import repair
from gigbox.takes.wave_head import RATE
from gigbox.tape.cast import WATCHED, Cast
from gigbox.tape.recorder import EVERY_S, Recorder
from gigbox.tape.run import RESERVE, Run
from gigbox.tape.session import Session
from gigbox.tape.tap import Rack, Tap

BY = "tape"
REPORT = "tape"
DESK_S = 2.0              # a desk that takes longer is away
LOOP_S = 0.25
TELL_S = 5.0              # between two reports while it records: each is a file on the card
PLACE_S = 5.0             # between two looks for sticks
DISK_S = 1.0              # of this loop; what is mended takes longer at times, and goes on beside
LEAST_S = 10.0            # no recording begins where there is room for less
NEAR = 0.1                # part by which the time that is left changes before it is told anew


class Program:
    """Everything put together. `listen` and `round` are one turn of the two loops."""

    def __init__(self, desk: Client, rack: Callable[[], Rack], where: Callable[[], list[Place]] | None = None, reserve: int = RESERVE,
                 clock: Callable[[], float] = time.monotonic) -> None:
        self._patience = Patience()
        self._where = where or (lambda: places_of_takes(patience=self._patience))
        self._desk, self._reserve, self._clock = desk, reserve, clock
        self.cast = Cast()
        self.recorder = Recorder(Tap(rack), self._run)
        self._watching = False
        self._told: dict[str, Any] = {}
        self._mended: list[str] = []
        self._told_at = self._looked = -TELL_S
        self._place, self._left, self._trouble, self._lost, self._moved = Place(Path()), 0.0, "", 0, ""

    def round(self) -> None:
        """What the desk wants is done, and what happens is told."""
        if not self._watching:
            self._desk.watch(WATCHED, self.cast.hear)
            self._watching = True
        self._look()
        if trouble := self.recorder.trouble:
            self._give_up(trouble)
        elif (wanted := self.cast.wanted) is not None:
            if wanted and not self.recorder.wanted:
                self._trouble, self._lost = "", 0
            self.recorder.wanted = wanted
        while self.cast.news:
            self.recorder.mark(self.cast.news.pop(0))
        self._tell()

    def listen(self) -> None:
        self.recorder.listen()

    def close(self) -> None:
        self.recorder.close()

    def _run(self, strips: int) -> Run:
        song = str(self.cast.said("box/song") or "")
        return Run(lambda first, without: self._session(strips, song, first, without), self._reserve)

    def _session(self, strips: int, song: str, first: int, without: Collection[Place]) -> Session:
        """In the first place that has room and takes it, of those that have not failed yet; OSError where none does."""
        fault = OSError()
        for place in self._where():
            if place in without:
                continue
            try:
                if self._patience.ask(str(place.folder), place.made) - self._reserve > LEAST_S * _bytes_s(strips):
                    return Session(place, song, lambda: self.cast.tracks(strips), first)
                fault = OSError(errno.ENOSPC, "no space", str(place.folder))
            except OSError as e:
                fault = e
        raise fault

    def _give_up(self, trouble: str) -> None:
        """It ended by itself: the switch goes off, so that everybody sees it."""
        if trouble != self._trouble:
            say(f"tape: {trouble}")
        self._trouble = trouble
        if self.cast.wanted:
            self._desk.set({"tape/record": False}, why=trouble[:200])
            self.cast.hear(Change({"tape/record": Value(False, None, False)}))        # whatever of it comes first, it does not begin again
        self.recorder.trouble = ""

    def _look(self) -> None:
        """For sticks, and for what was broken off."""
        if self.recorder.run is not None or self._clock() - self._looked < PLACE_S:
            return
        self._looked = self._clock()
        places, before = self._where(), self._mended
        self._mended = [line for place in places for line in self._mend(place)]
        for line in self._mended:
            if line not in before:            # what cannot be repaired is tried again, and said once
                say(f"tape: {line}")
        self._place = places[0]
        with contextlib.suppress(OSError):
            self._left = max(self._patience.ask(str(self._place.folder), self._place.free, DISK_S) - self._reserve, 0) / _bytes_s(self.recorder.strips)

    def _mend(self, place: Place) -> list[str]:
        """A stick that hangs is left alone until it answers; no recording waits for what takes long."""
        try:
            return self._patience.ask(f"{place.folder}, mended", lambda: mended(place), DISK_S)
        except OSError:
            return []

    def _tell(self) -> None:
        """The report: at once where something else is going on, else from time to time."""
        on, state = self.recorder.run is not None, self.recorder.state
        left = state.left_s if on else self._left
        folder = state.folder if on else as_text(self._place.folder)
        told = {"on": on, "name": state.name, "folder": folder, "stick": state.stick if on else self._place.stick, "since": round(state.since),
                "seconds": round(state.seconds, 1), "bytes": state.bytes, "left_s": round(left), "lost_frames": state.lost, "gaps": state.gaps,
                "tracks": state.tracks, "trouble": self._trouble or state.trouble}
        if state.trouble != self._moved:
            self._moved = state.trouble
            if self._moved:
                say(f"tape: {self._moved}")
        if on and state.lost > self._lost:
            say(f"tape: {state.lost - self._lost} frames are lost, silence is in their place: the disk or this machine is too slow")
            self._lost = state.lost
        if self._is_news(told):
            self._told, self._told_at = told, self._clock()
            self._desk.post(REPORT, told)

    def _is_news(self, told: dict[str, Any]) -> bool:
        same = all(told[word] == self._told.get(word) for word in ("on", "name", "stick", "lost_frames", "trouble"))
        near = abs(told["left_s"] - self._told.get("left_s", -1)) <= NEAR * told["left_s"]
        return not same or (self._clock() - self._told_at >= TELL_S if told["on"] else not near)


def mended(place: Place) -> list[str]:
    """What was done for takes that a power cut broke off."""
    try:
        folders = sorted(path for path in place.folder.iterdir() if path.is_dir())
    except OSError:
        return []
    lines = []
    for folder in folders:
        try:
            lines.append(repair(folder))
        except OSError as e:
            lines.append(f"{folder.name}: cannot be repaired: {e.strerror}")
    return [line for line in lines if line]


def run(rack: Path, socket: Path) -> None:
    """The program: until it is told to end."""
    from gigbox.rack import Rack as MappedRack  # here, because it needs the built core

    lock = places.only_one(rack.with_name("tape.lock"), f"tape: already running on {rack}; what it recorded: gigbox tape list")
    stopping, pulse = Stopping().watch_signals(), Pulse()
    program = Program(Client(socket, by=BY, timeout=DESK_S), lambda: MappedRack(rack))
    threading.Thread(target=_listen, args=(program, pulse.part(), stopping), name="listen", daemon=True).start()
    beat, told = pulse.part(), ""
    while not stopping.wait(LOOP_S):
        beat()
        try:
            program.round()
        except Exception as e:           # a desk that is away, or a fault of ours: the sound is listened to meanwhile
            told = _said(e, told)
    program.close()
    os.close(lock)


def _listen(program: Program, beat: Callable[[], None], stopping: Stopping) -> None:
    told = ""
    while not stopping.wait(EVERY_S):
        beat()
        try:
            program.listen()
        except Exception as e:           # a machine that refuses threads: it is tried again
            told = _said(e, told)


def _said(fault: Exception, told: str) -> str:
    """Told, unless it is the last one again."""
    line = f"tape: {fault}" if isinstance(fault, (GigboxError, OSError)) else f"tape: {type(fault).__name__}: {fault}"
    if line != told:
        say(line)
    return line


def _bytes_s(strips: int) -> int:
    return (strips + 2) * 3 * RATE
