"""What can be taken back, and what happened lately. Both are read from events alone, so that a replay brings them back."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from gigbox.desk.choices import meant, said
from gigbox.desk.events import LONG_AGO, Event, Setting, from_row
from gigbox.desk.paths import PASSING

GESTURE_S = 1.0       # sets of the same parameters by the same hand, closer than this, are one action: a fader being drawn
ACTIONS = 200         # actions that can be taken back,
CHANGES = 10_000      # and how many changes they may hold together
HISTORY = 500
MOVE_S = 2.0          # steps of one move that are told as one

Key = tuple[str, str]                             # path, layer
Look = Callable[[Key], Setting]


@dataclass
class Done:
    """One action of a hand: per path and layer what was before and what it left."""

    action: int
    by: str
    kind: str
    at: float             # when its newest set was, by the monotonic clock
    changes: dict[Key, tuple[Setting, Setting]] = field(default_factory=dict)


class Undo:
    """The hand-side actions, oldest first; moves of auto, and what a card did, are not among them."""

    def __init__(self) -> None:
        self._done: dict[int, Done] = {}

    def note(self, events: tuple[Event, ...]) -> None:
        first = events[0]
        if first.kind == "undo":
            self._done.pop(first.undoes, None)
        elif first.kind not in ("auto", "card"):
            done = self._done.pop(first.action, None) or Done(first.action, first.by, first.kind, first.at)
            done.at = first.at
            for e in (e for e in events if e.path not in PASSING):
                before = done.changes.get((e.path, e.layer), (e.old, None))[0]
                done.changes[e.path, e.layer] = before, e.new
            if done.changes:
                self._done[first.action] = done
            self._forget()

    def gesture(self, by: str, keys: Iterable[Key], now: float) -> int | None:
        """The action that a set of `keys` goes on with, if that hand is still drawing them and nobody came between."""
        wanted = set(keys)
        newer: list[Done] = []
        for done in reversed(self._done.values()):
            if done.by == by and done.kind == "set" and 0 <= now - done.at <= GESTURE_S and done.changes.keys() == wanted:
                clash = any(not done.changes.keys().isdisjoint(other.changes) for other in newer)
                return None if clash else done.action
            newer.append(done)
        return None

    def last(self, by: str | None, look: Look) -> tuple[Done, dict[Key, Setting]] | None:
        """The newest action (of `by`, None: of anybody) that can be taken back, and the settings to go back to.

        What somebody changed after it stays as they left it.
        """
        newer: list[Done] = []
        for done in reversed(self._done.values()):
            if by is None or done.by == by:
                back = {key: old for key, (old, new) in done.changes.items()
                        if old != new and look(key) == new and not any(key in other.changes for other in newer)}
                if back:
                    return done, back
            newer.append(done)
        return None

    def _forget(self) -> None:
        changes = sum(len(done.changes) for done in self._done.values())
        while len(self._done) > 1 and (len(self._done) > ACTIONS or changes > CHANGES):
            changes -= len(self._done.pop(next(iter(self._done))).changes)

    def still(self) -> Undo:
        """A copy that stays as it is."""
        still = Undo()
        still._done = {action: replace(done, changes=dict(done.changes)) for action, done in self._done.items()}
        return still

    def rest(self) -> None:
        """Another boot began: no gesture goes on."""
        for done in self._done.values():
            done.at = LONG_AGO

    def saved(self) -> list[object]:
        return [[d.action, d.by, d.kind, d.at if d.at > LONG_AGO else None,
                 [[*key, said(*key, old), said(*key, new)] for key, (old, new) in d.changes.items()]] for d in self._done.values()]

    def restore(self, saved: list[list[Any]]) -> None:
        self._done = {action: Done(action, by, kind, LONG_AGO if at is None else at,
                                   {(path, layer): (meant(path, layer, old), meant(path, layer, new)) for path, layer, old, new in changes})
                      for action, by, kind, at, changes in saved}


class History:
    """The newest events. Steps of one move (same path, by and reason) are told as one, from first to last."""

    def __init__(self) -> None:
        self._events: dict[int, Event] = {}
        self._running: dict[tuple[str, ...], int] = {}
        self._next = 0

    def note(self, events: Iterable[Event]) -> None:
        for e in events:
            key = (e.path, e.layer, e.by, e.kind, e.why)
            before = self._events.get(self._running.get(key, -1))
            if before is not None and 0 <= e.at - before.at <= MOVE_S:
                del self._events[self._running[key]]
                e = replace(e, old=before.old)
            self._running[key] = self._next
            self._events[self._next] = e
            self._next += 1
        while len(self._events) > HISTORY:
            del self._events[next(iter(self._events))]
        if len(self._running) > 4 * HISTORY:
            self._running = {key: n for key, n in self._running.items() if n in self._events}

    def newest(self, count: int) -> list[Event]:
        """Newest first."""
        return list(itertools.islice(reversed(self._events.values()), count))

    def still(self) -> History:
        """A copy that stays as it is."""
        still = History()
        still._events, still._running, still._next = dict(self._events), dict(self._running), self._next
        return still

    def rest(self) -> None:
        """Another boot began: no move goes on."""
        self._events = {n: replace(e, at=LONG_AGO) for n, e in self._events.items()}

    def saved(self) -> list[object]:
        return [replace(e, old=said(e.path, e.layer, e.old), new=said(e.path, e.layer, e.new)).row() for e in self._events.values()]

    def restore(self, saved: list[list[Any]]) -> None:
        events = map(from_row, saved)
        self._events = {n: replace(e, old=meant(e.path, e.layer, e.old), new=meant(e.path, e.layer, e.new)) for n, e in enumerate(events)}
        self._running = {(e.path, e.layer, e.by, e.kind, e.why): n for n, e in self._events.items()}
        self._next = len(saved)
