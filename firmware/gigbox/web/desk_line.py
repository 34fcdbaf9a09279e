"""The web program's one line to the desk: what it said last of every parameter, and in which order that came, so that any page can be told what it missed."""

from __future__ import annotations

import itertools
import json
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from gigbox.desk.client import Change, Client, Value
from gigbox.errors import MachineError
from gigbox.streams import say

BEAT_S = 0.5             # between two looks whether the desk answers
REASONS = 20
KEPT = 50                # messages that a page may be behind; then it gets what is new as one
TOLD_S = 30.0            # what is still being done for a reason is not told again


class DeskLine:
    """`alive`: the desk answers. Every message has a number, `seq`, that only grows while this program runs (`epoch`), whatever becomes of the desk.
    `news` is called, in any thread, where there is one more. Its thread is started once and ends with `close`."""

    def __init__(self, desk_factory: Callable[[], Client], now: Callable[[], float] = time.time) -> None:
        self._factory, self._now = desk_factory, now
        self._desk: Client | None = None
        self._lock = threading.Lock()
        self._state: dict[str, dict[str, Any]] = {}
        self._changed_at: dict[str, int] = {}
        self._messages: deque[tuple[int, str]] = deque(maxlen=KEPT)
        self._reasons: deque[dict[str, Any]] = deque(maxlen=REASONS)
        self._locks: list[str] = []
        self._look_at_locks = threading.Event()
        self._told: dict[str, float] = {}        # reasons of the box, and when they were last heard
        self._closed = threading.Event()
        self.seq, self.epoch = 0, secrets.token_hex(4)
        self.alive = False
        self.news: Callable[[], object] = lambda: None
        self._thread = threading.Thread(target=self._keep_in_touch, name="desk line", daemon=True)
        self._thread.start()

    def first(self, epoch: str = "", since: int = -1) -> dict[str, Any]:
        """What a page is told first: all that somebody set or, where it was here before, what is new since. Defaults are in THE table."""
        with self._lock:
            told: dict[str, Any] = {"seq": self.seq, "epoch": self.epoch, "reasons": list(self._reasons), "locks": self._locks}
            if epoch == self.epoch and 0 <= since <= self.seq:
                return {"delta": self._since(since), **told}
            return {"state": {path: value for path, value in self._state.items() if _made(value)}, **told}

    def missed(self, since: int) -> tuple[list[str], int]:
        """The messages after number `since`, and the number of the last; where they are too many, one with what is new."""
        with self._lock:
            if since >= self.seq:
                return [], self.seq
            if not self._messages or self._messages[0][0] > since + 1:
                news = {"changed": self._since(since), "seq": self.seq, "locks": self._locks, "reasons": list(self._reasons)}
                return [_written(news)], self.seq
            return [text for _, text in itertools.islice(self._messages, len(self._messages) - (self.seq - since), None)], self.seq

    def state(self) -> dict[str, dict[str, Any]]:
        """Every parameter that there is; MachineError while the desk is away."""
        self.answering()
        with self._lock:
            return dict(self._state)

    def ask(self, act: Callable[[Client], Any]) -> Any:
        """What the desk answers. The desk judges it: its errors come as GigboxError."""
        desk = self.answering()
        try:
            return act(desk)
        except MachineError:
            self._lost()
            raise

    def answering(self) -> Client:
        if self._desk is None or not self.alive:
            raise MachineError("desk: not running, nothing was changed")
        return self._desk

    def close(self) -> None:
        self._closed.set()
        self._look_at_locks.set()
        self._thread.join(5)

    def _keep_in_touch(self) -> None:
        watching, said = False, ""
        while not self._closed.is_set():
            try:
                self._desk = self._desk or self._factory()
                self._remember(self._desk.history(200 if not self._reasons else 1))
                if not watching:
                    self._desk.watch("*", self._hear)
                    watching = True
                self._tell_locks(self._desk.locks())
                self.alive = True
            except (MachineError, OSError):
                self._lost()
            except Exception as e:            # a machine that refuses threads, or a fault of ours: the pages find the desk again as soon as it can be had
                self._lost()
                if (line := f"web: desk: {e or type(e).__name__}") != said:
                    say(said := line)
            self._look_at_locks.wait(BEAT_S)
            self._look_at_locks.clear()
        if self._desk is not None:
            self._desk.close()

    def _lost(self) -> None:
        self.alive = False

    def _hear(self, change: Change) -> None:
        """In the client's thread. Without `by` it is the present state, at first and after the desk came back: what is the same as before is no news."""
        seen = {path: told(value) for path, value in change.values.items()}
        with self._lock:
            if not change.by:
                seen = {path: value for path, value in seen.items() if self._state.get(path) != value}
            self._state.update(seen)
            if not seen:
                return
            why = change.why if change.layer != "auto" or (change.why and self._is_new(change.why)) else ""
            about: dict[str, Any] = {"by": change.by, "layer": change.layer, **({"why": why} if why else {})} if change.by else {}
            if change.layer == "auto":
                about["time"] = round(self._now(), 3)       # of the box's clock: a phone's has another time of day
            if change.layer == "auto" and why:
                self._reasons.append({"why": why, "time": about["time"]})
            self._add({"changed": seen, **about}, seen)
        if change.layer == "lock":
            self._look_at_locks.set()
        self.news()

    def _tell_locks(self, locks: list[str]) -> None:
        if locks != self._locks:
            with self._lock:
                self._locks = locks
                self._add({"locks": locks}, ())
            self.news()

    def _add(self, message: dict[str, Any], paths: Iterable[str]) -> None:
        self.seq += 1
        self._changed_at.update(dict.fromkeys(paths, self.seq))
        self._messages.append((self.seq, _written({**message, "seq": self.seq})))

    def _since(self, since: int) -> dict[str, dict[str, Any]]:
        return {path: self._state[path] for path, at in self._changed_at.items() if at > since}

    def _is_new(self, why: str) -> bool:
        """Moves for several reasons go on side by side, and each is told once."""
        now = self._now()
        self._told = {told: at for told, at in self._told.items() if 0 <= now - at <= TOLD_S}
        known = why in self._told
        self._told[why] = now
        return not known

    def _remember(self, history: Iterable[Mapping[str, Any]]) -> None:
        if self._reasons:
            return
        moves = ({"why": e["why"], "time": e["time"]} for e in history if e["layer"] == "auto" and e["why"])
        with self._lock:
            self._reasons.extend(reversed(list(itertools.islice(moves, REASONS))))


def told(value: Value) -> dict[str, Any]:
    """As a page gets it."""
    layers = {"hand": value.hand, "auto": value.auto, "value": value.value}
    return {**layers, "locked": True} if value.locked else layers


def _made(value: Mapping[str, Any]) -> bool:
    """Whether anybody set it."""
    return value["hand"] is not None or value["auto"] is not None or "locked" in value


def _written(message: Mapping[str, Any]) -> str:
    return json.dumps(message, separators=(",", ":"))
