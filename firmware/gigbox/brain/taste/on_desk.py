"""Taste on the desk: the report of what was learnt, for whoever shows it, and the one wish about it, to forget: `box/forget` says what.

The report `taste` is what the file holds. The wish is set back to nothing when it was done, with what came of it as the reason.
"""

from __future__ import annotations

import textwrap
import threading

from gigbox.brain.taste.file import TasteFile, told
from gigbox.desk.client import Change, Client
from gigbox.errors import MachineError, TasteError

PATH, REPORT, EVERYTHING = "box/forget", "taste", "all"
WATCHED = [PATH]
LONGEST = 200                 # characters of a reason
WISHES = 20                   # that may wait while no engine plays: older ones are forgotten


class TasteOnDesk:
    """Tell it every change that the desk tells (`changed`, from any thread), and call `step` every 100 ms, after what is learnt then."""

    def __init__(self, desk: Client, file: TasteFile) -> None:
        self._desk, self._file = desk, file
        self._lock = threading.Lock()
        self._wishes: list[str] = []
        self._posted: object = None

    def changed(self, change: Change) -> None:
        """A wish that was made while no brain listened is found in the present, and still holds."""
        with self._lock:
            if not change.by:
                self._posted = None            # perhaps another desk
            if (value := change.values.get(PATH)) and value.value and str(value.value) not in self._wishes[-1:]:
                self._wishes = [*self._wishes, str(value.value)][-WISHES:]

    def step(self) -> None:
        """Where the desk goes away meanwhile the next step does it again: to forget twice does no harm."""
        with self._lock:
            wishes = list(self._wishes)
        done = [self._forget(wish) for wish in wishes]
        beliefs = self._file.taste.beliefs
        if beliefs != self._posted:
            self._desk.post(REPORT, told(self._file.taste))
            self._posted = dict(beliefs)
        if done:
            self._desk.set({PATH: ""}, textwrap.shorten("; ".join(done), LONGEST, placeholder=" ..."))
            with self._lock:
                del self._wishes[:len(done)]

    def _forget(self, wish: str) -> str:
        try:
            gone = self._file.forget("" if wish == EVERYTHING else wish)
        except (TasteError, MachineError) as e:
            return f"forget: {e}"
        return f"forgot {wish}" if gone else f"forget: nothing was learnt of {wish}"
