"""The web program's one line to the desk: what the page shows, kept up to date, and a post box for every open page."""

from __future__ import annotations

import itertools
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from gigbox import params
from gigbox.desk.client import Change, Client, Value
from gigbox.errors import MachineError, ParamError, RequestError

BEAT_S = 0.5             # between two looks whether the desk answers
REASONS = 20
TOLD_S = 30.0            # what is still being done for a reason is not told again
POST = 500               # changes that may wait for a slow page; then it gets the whole state instead
SHOWN = ("strip/*/role", "strip/*/colour", "strip/*/mute", "strip/*/level", "strip/*/denoise/amount", "main/level", "main/mute", "box/depth", "box/freeze",
         "box/mode", "box/taste")
WANTED = frozenset((*SHOWN, "strip/*/name", "box/forget"))
KINDS = ("set", "release", "lock", "unlock", "keep", "undo")


class Post:
    """What one page has not been told yet."""

    def __init__(self) -> None:
        self.everything = True                   # the whole state first
        self.changes: list[dict[str, Any]] = []


class DeskLine:
    """`alive`: the desk answers. Its thread is started once and ends with `close`."""

    def __init__(self, desk_factory: Callable[[], Client], now: Callable[[], float] = time.time) -> None:
        self._factory, self._now = desk_factory, now
        self._desk: Client | None = None
        self._lock = threading.Lock()
        self._posts: list[Post] = []
        self._state: dict[str, dict[str, Any]] = {}
        self._reasons: deque[dict[str, Any]] = deque(maxlen=REASONS)
        self._told: dict[str, float] = {}        # reasons of the box, and when they were last heard
        self._closed = threading.Event()
        self.alive = False
        self._thread = threading.Thread(target=self._keep_in_touch, name="desk line", daemon=True)
        self._thread.start()

    def open_post(self) -> Post:
        with self._lock:
            self._posts.append(post := Post())
        return post

    def close_post(self, post: Post) -> None:
        with self._lock:
            self._posts.remove(post)

    def collect(self, post: Post) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
        """The whole state if the page must begin anew, and the changes since."""
        with self._lock:
            whole = {"state": dict(self._state), "reasons": list(self._reasons)} if post.everything else None
            changes, post.changes, post.everything = post.changes, [], False
        return whole, changes

    def state(self) -> dict[str, Any]:
        """All that the page shows; MachineError while the desk is away."""
        self._answering()
        with self._lock:
            return dict(self._state)

    def ask(self, kind: str, what: Any, by: str) -> None:
        """One request of the hand `by`. The desk judges it: its errors come as GigboxError."""
        desk = self._answering()
        if kind == "set" and not isinstance(what, dict):
            raise RequestError("set: expected an object of paths and values")
        try:
            desk.set(what, by=by) if kind == "set" else getattr(desk, kind)(what, by=by)
        except MachineError:
            self._lost()
            raise

    def undo(self, by: str) -> list[list[str]]:
        """Takes back the hand's own last action; path, from, to of each setting, as people read it."""
        desk = self._answering()
        desk.undo(by, by=by)
        mine = [e for e in desk.history(100) if e["kind"] == "undo" and e["by"] == by]
        return [[e["path"], said(e["path"], e["old"]), said(e["path"], e["new"])] for e in mine if e["action"] == mine[0]["action"]]

    def report(self, name: str) -> dict[str, Any]:
        """What was told in the newest report of that name; RequestError where there is none, MachineError while the desk is away."""
        return dict(self._answering().report(name)["told"])

    def close(self) -> None:
        self._closed.set()
        self._thread.join(5)

    def _answering(self) -> Client:
        if self._desk is None or not self.alive:
            raise MachineError("desk: not running, nothing was changed")
        return self._desk

    def _keep_in_touch(self) -> None:
        watching = False
        while not self._closed.is_set():
            try:
                self._desk = self._desk or self._factory()
                self._remember(self._desk.history(200 if not self._reasons else 1))
                if not watching:
                    self._desk.watch("*", self._hear)        # reasons come with moves of anything
                    watching = True
                self._found()
            except (MachineError, OSError):
                self._lost()
            self._closed.wait(BEAT_S)
        if self._desk is not None:
            self._desk.close()

    def _found(self) -> None:
        with self._lock:
            if not self.alive:
                self._start_anew()
            self.alive = True

    def _lost(self) -> None:
        self.alive = False

    def _hear(self, change: Change) -> None:
        """In the client's thread. Without `by` it is the present state: at first, and after the desk came back."""
        seen = {path: told(value) for path, value in change.values.items() if _row(path) in WANTED}
        with self._lock:
            self._state.update(seen)
            if not change.by:
                self._start_anew()
                return
            message: dict[str, Any] = {"changed": seen, "by": change.by, "layer": change.layer}
            if change.layer != "auto" and change.why:
                message["why"] = change.why
            if change.layer == "auto" and change.why and self._is_new(change.why):
                self._reasons.append({"why": change.why, "time": self._now()})
                message["why"] = change.why
            elif not seen:
                return
            for post in self._posts:
                post.changes.append(message)
                if len(post.changes) > POST:
                    post.changes, post.everything = [], True

    def _is_new(self, why: str) -> bool:
        """Moves for several reasons go on side by side, and each is told once."""
        now = self._now()
        self._told = {told: at for told, at in self._told.items() if 0 <= now - at <= TOLD_S}
        known = why in self._told
        self._told[why] = now
        return not known

    def _start_anew(self) -> None:
        for post in self._posts:
            post.changes, post.everything = [], True

    def _remember(self, history: Iterable[Mapping[str, Any]]) -> None:
        if self._reasons:
            return
        moves = ({"why": e["why"], "time": e["time"]} for e in history if e["layer"] == "auto" and e["why"])
        with self._lock:
            self._reasons.extend(reversed(list(itertools.islice(moves, REASONS))))


def told(value: Value) -> dict[str, Any]:
    """As the page gets it."""
    layers = {"hand": value.hand, "auto": value.auto, "value": value.value}
    return {**layers, "locked": True} if value.locked else layers


def said(path: str, value: Any) -> str:
    """A setting of the history as a person reads it."""
    if isinstance(value, str):
        return value
    if params.find_text(path) is not None:
        return "no name"
    try:
        address = params.find(path)
    except ParamError:                       # a lock's place, such as strip/3
        return "locked" if value else "unlocked"
    return address.param.text(address.default if value is None else float(value))


def _row(path: str) -> str:
    return "/".join("*" if word.isdecimal() else word for word in path.split("/"))
