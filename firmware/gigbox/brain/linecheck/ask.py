"""A line check as somebody else asks for it: tells the desk, waits until the brain is done, and reads the report."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gigbox import params
from gigbox.brain.linecheck.on_desk import PATH, REPORT
from gigbox.brain.linecheck.preamps import turn
from gigbox.desk.client import Change, Client
from gigbox.errors import GigboxError, MachineError

LOOK_S = 0.1
GRACE_S = 5.0                 # longer than asked for: a brain that is not there


def check_seconds(seconds: float, name: str = PATH) -> float:
    """The length of a check as the table has it, at least a second; ParamError, GigboxError otherwise."""
    checked = params.find(PATH).param.check(seconds, name)
    if checked < 1:
        raise GigboxError(f"{name}: {seconds:g} s is below 1 s")
    return checked


def line_check(socket: Path, seconds: float, progress: Callable[[float], None] = lambda seconds: None) -> dict[str, Any]:
    """`Report.as_dict()` of a check of the box behind this desk; `progress` is told the seconds that have passed. MachineError where it fails.

    However the waiting ends, no check is left going on.
    """
    changes: queue.SimpleQueue[Change] = queue.SimpleQueue()
    with Client(socket, by="linecheck") as desk:
        if desk.watch(PATH, changes.put)[PATH].value:
            raise MachineError("linecheck: one goes on already, expected none")
        changes.get()                                   # the present
        begin = time.monotonic()
        desk.set({PATH: seconds})
        try:
            _wait(changes, lambda: progress(min(time.monotonic() - begin, seconds)), begin + seconds + GRACE_S)
        except BaseException:
            desk.set({PATH: 0}, "nobody waits for it any longer")
            raise
        return dict(desk.report(REPORT)["told"])


def turn_preamps(socket: Path) -> list[str]:
    """As the newest line check says; what was done, a line a strip."""
    with Client(socket, by="linecheck") as desk:
        return turn(desk, desk.report(REPORT)["told"])


def _wait(changes: queue.SimpleQueue[Change], look: Callable[[], None], until: float) -> None:
    """Returns when the brain has told that it is done."""
    while time.monotonic() < until:
        look()
        try:
            change = changes.get(timeout=LOOK_S)
        except queue.Empty:
            continue
        if not change.values[PATH].value:
            if change.by == "brain" and "broken off" not in change.why:
                return
            raise MachineError(f"linecheck: broken off by {change.by or 'the desk, which has begun anew'}{f' ({change.why})' if change.why else ''}")
    raise MachineError("linecheck: the brain does not answer, expected it and the engine to run")
