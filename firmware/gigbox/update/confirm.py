"""Whether the slot that runs has earned its place: sound for half a minute, and a page that answers."""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Callable
from http.client import HTTPException

from gigbox import ports
from gigbox.commands import Run
from gigbox.errors import MachineError, RackError
from gigbox.rack import RATE, Rack

SOUND_S, PATIENCE_S, LOOK_S = 30.0, 240.0, 1.0
PAGE = f"http://127.0.0.1:{ports.PAGE}/"


def earned(rack: Callable[[], Rack], page: Callable[[], bool], now: Callable[[], float] = time.monotonic, wait: Callable[[float], None] = time.sleep) -> str:
    """Empty once `SOUND_S` of sound went by and the page answered; why not, where that took longer than `PATIENCE_S`.

    An engine that begins anew begins its half minute anew, too.
    """
    end, begun, frames, answered = now() + PATIENCE_S, -1, -1, False
    while now() < end:
        try:
            seen = int(rack().frames)
        except RackError:
            seen = -1
        if seen < frames or begun < 0:
            begun = seen
        frames = seen
        answered = answered or page()
        if begun >= 0 and frames - begun >= SOUND_S * RATE and answered:
            return ""
        wait(LOOK_S)
    heard = max(frames - begun, 0) / RATE if begun >= 0 else 0.0
    return f"{heard:.0f} s of sound in {PATIENCE_S:.0f} s, expected {SOUND_S:.0f}" if heard < SOUND_S else f"{PAGE} does not answer"


def page_answers() -> bool:
    try:
        with urllib.request.urlopen(PAGE, timeout=LOOK_S) as answer:
            return bool(answer.status == 200)
    except (OSError, HTTPException):
        return False


def on_trial(run: Run) -> bool:
    """Whether this slot runs though another is the one to start."""
    return run(["/usr/lib/gigbox/slots", "get-current"]) != run(["/usr/lib/gigbox/slots", "get-lasting"])


def settle(why_not: str, run: Run) -> str:
    """Keeps the slot, or gives it up; what was done, for the log. MachineError where a slot that is nobody's trial did not earn its place: it stays."""
    if not why_not:
        run(["rauc", "status", "mark-good"])
        return "this slot is kept"
    if on_trial(run):
        run(["systemctl", "reboot"])
        return f"{why_not}: back to the other slot"
    raise MachineError(f"{why_not}; this slot stays, as there is none on trial")
