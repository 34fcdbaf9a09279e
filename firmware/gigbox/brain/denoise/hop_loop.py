"""The hop loop: a thread of the brain that answers every hop of the engine with gains, in real time where it is permitted."""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from gigbox.brain.denoise.denoiser import Denoiser
from gigbox.brain.denoise.door import Door
from gigbox.brain.denoise.unbleed import Unbleed
from gigbox.brain.denoise.voice import Voice
from gigbox.brain.hear.leak_paths import Leaks
from gigbox.errors import GigboxError, RackError
from gigbox.pulse import Pulse
from gigbox.rack import HOP, RATE, Rack
from gigbox.stopping import Stopping

PRIORITY = 60               # SCHED_FIFO, below the engine's 80
HOP_S = HOP / RATE
EARLY_S = 0.0003            # wakes so long before a hop is due, and looks again every
LOOK_S = 0.0002
IDLE_S = 0.02               # between two looks for an engine that stands still
GIVE_WAY_S = 0.0005         # the other threads hold Python's lock no longer


class HopLoop(threading.Thread):
    """Runs until `stopping`. It needs the rack alone: who wants to be cleaned stands in the values."""

    def __init__(self, rack_path: Path, stopping: Stopping, model: Path | None = None, say: Callable[[str], None] = lambda line: None,
                 pulse: Pulse | None = None, leaks: Leaks | None = None) -> None:
        """Where the model cannot run the engine's classical denoiser cleans. `leaks`: as the thinking half learns them."""
        super().__init__(name="listening", daemon=True)
        self._path, self._stopping, self._say, self._pulse = rack_path, stopping, say, pulse or Pulse()
        self._door = Door(*self._model(model), Unbleed(leaks or Leaks()), Voice())
        self._rack: Rack | None = None

    def _model(self, path: Path | None) -> list[Denoiser]:
        try:
            return [Denoiser(path)]
        except GigboxError as e:
            self._say(f"{e}; the classical denoiser cleans")
            return []

    def run(self) -> None:
        if not be_real_time(PRIORITY):
            self._say("no right to real-time priority; gains may come late when the machine is busy (limits.conf: rtprio)")
        sys.setswitchinterval(GIVE_WAY_S)
        gc.collect()
        gc.freeze()
        due, beat = time.monotonic(), self._pulse.part()
        while not self._stopping.is_set():
            due = self._look(due)
            beat()

    def _look(self, due: float) -> float:
        """Sleeps until shortly before the next hop, waits for it, answers. Returns when the one after that is due."""
        time.sleep(max(due - EARLY_S - time.monotonic(), LOOK_S))
        try:
            if self._rack is None or self._rack.replaced():
                self._rack = Rack(self._path, owner="brain")
            for _ in range(int(2 * HOP_S / LOOK_S)):
                if self._door.hear(self._rack):
                    return time.monotonic() + HOP_S
                time.sleep(LOOK_S)
        except RackError:
            self._rack = None
        except GigboxError as e:
            self._say(str(e))
        return time.monotonic() + IDLE_S


def be_real_time(priority: int) -> bool:
    """This thread to SCHED_FIFO; False where the system does not grant it."""
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(priority))
    except (PermissionError, OSError):
        return False
    return True
