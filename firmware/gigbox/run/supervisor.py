"""Keeps the programs running until it is told to end: whatever fails is told and tried again, and nobody is stopped because a neighbour failed."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from gigbox.pulse import Pulse
from gigbox.run import note
from gigbox.run.beats import Beats
from gigbox.run.child import Child, Process
from gigbox.run.programs import Program, cores
from gigbox.stopping import Stopping
from gigbox.streams import say

LOOK_S = 0.05
PATIENT_S = 0.25              # a look that comes late counts for so much at most: who did not watch, because it was stopped or starved, accuses nobody

T = TypeVar("T")
Spawn = Callable[[Program], Process]


class Supervisor:
    """`look` does one round. The programs survive it: who starts another one ends them."""

    def __init__(self, programs: Sequence[Program], beats: Beats, noted: note.Note, begin: Callable[[], None], spawn: Spawn | None = None) -> None:
        """`begin` is called until it comes back without an error."""
        self._children = [Child(program, spawn or (lambda program: start(program, beats.address))) for program in programs]
        self._beats, self._note, self._begin = beats, noted, begin
        self._beat = Pulse().part()
        self._looked: float | None = None
        self._troubles: dict[str, str] = {}

    def run(self, stopping: Stopping) -> None:
        try:
            while not stopping.is_set():
                self.look(time.monotonic())
                stopping.wait(LOOK_S)
        finally:
            self.stop()

    def look(self, now: float) -> None:
        passed = 0.0 if self._looked is None else min(now - self._looked, PATIENT_S)
        self._looked = now
        beaten = self._try("pulses", self._beats.senders)
        if beaten is None:               # who cannot hear accuses nobody
            beaten, passed = set(), 0.0
        for child in self._children:
            line = self._try(child.program.name, lambda child=child: child.look(now, passed, child.pid in beaten))     # type: ignore[misc]
            if line:
                _tell(line)
        self._try("run note", lambda: self._note.write([child.pid for child in self._children if child.pid]))
        self._try("introduction", self._begin)
        self._beat()

    def stop(self) -> None:
        """All of them, the engine last, so that nothing is heard of it."""
        pids = [child.pid for child in reversed(self._children) if child.pid]
        running = [note.Process(pid, note.started(pid)) for pid in pids]
        note.end([process for process in running if process.started >= 0])
        self._try("run note", self._note.close)

    def _try(self, what: str, act: Callable[[], T]) -> T | None:
        """What came of it; None where it failed, which is told once."""
        try:
            done = act()
        except Exception as e:           # whatever it is: nothing ends the others
            line = f"{what}: {(isinstance(e, OSError) and e.strerror) or e or type(e).__name__}; it is tried again"
            if line != self._troubles.get(what):
                self._troubles[what] = line
                _tell(line)
            return None
        self._troubles.pop(what, None)
        return done


def start(program: Program, pulse: str) -> subprocess.Popen[bytes]:
    """The program's process, which sends its beats to `pulse`; it lives on when this one dies."""
    process = subprocess.Popen([sys.executable, "-m", "gigbox.cli", *program.arguments], stdin=subprocess.DEVNULL, start_new_session=True,
                               env=os.environ | {"NOTIFY_SOCKET": pulse})
    with contextlib.suppress(OSError):           # it is dead already, or the processors are not ours: it runs where it may
        os.sched_setaffinity(process.pid, cores(program, os.cpu_count() or 1))
    return process


def _tell(line: str) -> None:
    say(line)
