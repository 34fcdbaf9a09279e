"""A line check as the desk asks for it: `box/linecheck` says how many seconds, the brain hears so long, leaves its report and sets it back to 0.

The mode is never written: while a check goes on the brain works as in soundcheck, so that a brain which dies has nothing left to put back.
And one that begins, and finds that a check is said to go on, did not hear it: it breaks that off, rather than trim a show that has begun.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence

from gigbox.brain.linecheck.preamps import gains, with_gains
from gigbox.brain.linecheck.report import UNUSED, LineCheck, Recogniser
from gigbox.desk.client import Change, Client, Value
from gigbox.rack import Rack

PATH, REPORT, TRIMS = "box/linecheck", "linecheck", "strip/*/trim"
WATCHED = [PATH]              # besides role and name of the strips


class LineCheckOnDesk:
    """Tell it every change that the desk tells (`changed`, from any thread), and call `step` every 100 ms, before the mixing rules think."""

    def __init__(self, desk: Client, recogniser: Recogniser | None = None, role_of: Callable[[str], str] = lambda name: "",
                 unlike: Callable[[str, str], bool] = lambda role, name: False) -> None:
        """`recogniser`, `role_of` and `unlike` as for LineCheck, which lets the recogniser hear."""
        self._desk, self._recogniser, self._role_of, self._unlike = desk, recogniser, role_of, unlike
        self._lock = threading.Lock()
        self._check: LineCheck | None = None
        self._wanted, self._broken = 0.0, False

    @property
    def running(self) -> bool:
        return self._check is not None

    def mode(self, mode: str) -> str:
        """The mode to work in, where the desk says `mode`."""
        return "soundcheck" if self.running else mode

    def changed(self, change: Change) -> None:
        value = change.values.get(PATH)
        if value is None:
            return
        with self._lock:
            self._wanted = float(value.value or 0)
            self._broken = self._wanted > 0 and not change.by and not self.running       # told as the present, and nobody listens

    def step(self, rack: Rack, known: Mapping[str, Value]) -> bool:
        """One look; `known`: role and name of the strips by path. True once, when a check has ended: what was auto of trims is now the hand's."""
        with self._lock:
            wanted, broken = self._wanted, self._broken
        if broken:
            self._desk.set({PATH: 0}, "the line check was broken off: the brain has begun anew")
            return False
        if not wanted:
            self._check = None
            return False
        if self._check is None or self._check.seconds != wanted:
            self._check = LineCheck(*_strips(known, rack.channels), wanted, self._recogniser, self._role_of, self._unlike)
        if not self._check.done:
            self._check.hear(rack)
            return False
        return self._end(self._check)

    def _end(self, check: LineCheck) -> bool:
        """Where the desk goes away meanwhile the next step does it again: nothing of it harms if it is done twice."""
        report = check.report()
        self._desk.post(REPORT, with_gains(report.as_dict(), gains(self._desk)))
        self._desk.keep(TRIMS)
        self._desk.set({PATH: 0}, report.summary)
        with self._lock:
            self._check, self._wanted = None, 0.0
        return True


def _strips(known: Mapping[str, Value], channels: int) -> tuple[Sequence[str], Sequence[str]]:
    """Roles and names of the strips, as the desk has them."""
    said = [[str(known[path].value) if (path := f"strip/{n}/{word}") in known else "" for n in range(1, channels + 1)] for word in ("role", "name")]
    return [role or UNUSED for role in said[0]], [name or f"strip {n}" for n, name in enumerate(said[1], 1)]
