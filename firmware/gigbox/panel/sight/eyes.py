"""What the panel asks the desk from time to time: history, scenes, locks and reports. In a thread of its own, so that no page waits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

from gigbox.desk.client import Client
from gigbox.errors import GigboxError, MachineError
from gigbox.panel.sight.box import REASONS, SHOWN, Box, Move

EVERY_S = 2.0             # and at once where something was done, or another page came up
REPORTS = ("linecheck", "health", "ringout", "tape")


class Eyes:
    """`also` is called each round, and looks at what is in files."""

    def __init__(self, desk: Client, box: Box, also: Callable[[], None] = lambda: None) -> None:
        self._desk, self._box, self._also = desk, box, also
        self._look = threading.Event()
        self._closed = False
        self._watching = False
        self._thread = threading.Thread(target=self._run, name="eyes", daemon=True)
        self._thread.start()

    def soon(self) -> None:
        """Something was done: look again."""
        self._look.set()

    def close(self) -> None:
        self._closed = True
        self._look.set()
        self._thread.join(2)

    def _run(self) -> None:
        while not self._closed:
            self._look.clear()
            try:
                self._read()
                self._box.desk = True
            except (MachineError, OSError):
                self._box.desk = False
            except GigboxError as e:          # a disk that cannot be read: the desk is there
                self._box.desk = True
                self._box.say(str(e))
            except Exception as e:            # a fault of ours: a thread that ended would show yesterday's for the rest of the evening
                self._box.say(f"panel: {type(e).__name__}: {e}")
            try:
                self._also()
            except Exception as e:
                self._box.say(f"panel: {type(e).__name__}: {e}")
            self._look.wait(EVERY_S if self._box.desk else EVERY_S / 8)

    def _read(self) -> None:
        if not self._watching:
            self._desk.watch(SHOWN, self._box.hear)
            self._watching = True
        self._box.events = self._desk.history(100)
        self._box.moves.clear()
        self._box.moves.extend(moves(self._box.events))
        self._box.locks = frozenset(self._desk.locks())
        for name in REPORTS:
            try:
                self._box.reports[name] = self._desk.report(name)
            except MachineError:
                raise
            except GigboxError:                # nobody has left one yet
                self._box.reports.pop(name, None)
        self._box.scenes = self._desk.scenes()


def moves(events: Iterable[dict[str, Any]]) -> list[Move]:
    """The box's moves among the desk's events, newest first; of several steps with one reason only the newest."""
    found: list[Move] = []
    for event in events:
        if event["layer"] == "auto" and event["why"] and not any((m.path, m.why) == (event["path"], event["why"]) for m in found):
            found.append(Move(event["path"], event["why"], _plain(event["old"]), _plain(event["new"]), event["time"]))
    return found[:REASONS]


def _plain(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None
