"""The way in for panel, web, brain, remote and scripts: a desk behind plain calls, which finds it again after it died."""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import socket
import struct
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from gigbox import __version__, errors, places
from gigbox.desk import plain_json
from gigbox.desk.access import TABLE
from gigbox.desk.changes import Change as Change
from gigbox.desk.changes import Unread
from gigbox.desk.changes import Value as Value
from gigbox.errors import GigboxError, MachineError, RequestError
from gigbox.streams import say

RETRY_S = 0.05
_LONG = re.compile(rb"\d{%d}" % (plain_json.LONGEST_INT + 1))
Patterns = str | list[str]


@dataclass
class _Watch:
    patterns: list[str]
    callback: Callable[[Change], None]
    paths: frozenset[str] = frozenset()


@dataclass
class _Question:
    """An answer that a thread waits for; still None when the desk went away."""

    watch: _Watch | None = None
    done: threading.Event = field(default_factory=threading.Event)
    answer: dict[str, Any] | None = None


class Client:
    """Talks to the desk as `by`; every call waits `timeout` seconds at most. Errors of the desk come back as their own class.

    `desk` is what the desk says of itself at each connection: version, table, boot, session; a `warning` where it is of another version.
    Any thread may ask. Callbacks run in the one reader thread, so they may not ask themselves.
    """

    def __init__(self, path: Path | None = None, by: str = "script", timeout: float = 5.0, role: str = "engineer") -> None:
        self._path = places.check_socket(path or places.socket_path())
        self._hello = {"hello": {"version": __version__, "table": TABLE, "who": by, "role": role}}
        self.desk: dict[str, Any] = {}
        self._refused = ""
        self._by = by
        self._timeout = timeout
        self._numbers = itertools.count(1)
        self._questions: dict[int, _Question] = {}
        self._watches: list[_Watch] = []
        self._sock: socket.socket | None = None
        self._state = threading.Condition()          # guards the four above
        self._sending = threading.Lock()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._read, name="desk client", daemon=True)
        self._thread.start()

    def get(self, *patterns: str) -> dict[str, Value]:
        """The parameters of all patterns, by path."""
        return _values(self._ask({"get": list(patterns)}))

    def watch(self, patterns: Patterns, callback: Callable[[Change], None]) -> dict[str, Value]:
        """Calls back with the present state, then with each change, and with the present state whenever the desk comes back."""
        watch = _watch(patterns, callback)
        return _values(self._ask({"watch": watch.patterns}, watch=watch))

    def changes(self, patterns: Patterns) -> Iterator[Change]:
        """The same as an endless iterator, for a loop in a thread of one's own; it ends when the client is closed."""
        unread = Unread()
        watch = _watch(patterns, unread.put)
        self._ask({"watch": watch.patterns}, watch=watch)
        try:
            while not self._closed.is_set():
                if change := unread.get(timeout=0.1):
                    yield change
        finally:
            with self._state:
                self._watches = [other for other in self._watches if other is not watch]

    def set(self, values: Mapping[str, object], why: str = "", by: str = "") -> None:
        """A hand sets values: all or none. Here and below, `by` is whose hand, where one client serves many."""
        self._ask({"set": dict(values), "why": why}, by)

    def auto(self, values: Mapping[str, object], why: str | Mapping[str, str]) -> dict[str, str]:
        """The box wants values, with one reason or one for each path. Tells what was left alone: locked, frozen or touched."""
        answer = self._ask({"auto": dict(values), "why": why if isinstance(why, str) else dict(why)})
        return dict(answer.get("ignored", {}))

    def lock(self, pattern: str, by: str = "") -> None:
        self._ask({"lock": pattern}, by)

    def unlock(self, pattern: str, by: str = "") -> None:
        self._ask({"unlock": pattern}, by)

    def release(self, patterns: Patterns, by: str = "") -> int:
        """How many settings went back to the box."""
        return int(self._ask({"release": patterns}, by)["changed"])

    def keep(self, patterns: Patterns, by: str = "") -> int:
        """How many settings changed: what was the box's is the hand's."""
        return int(self._ask({"keep": patterns}, by)["changed"])

    def undo(self, whose: str | None = None, by: str = "", of: str | None = None) -> None:
        """Takes back the newest action of `whose` hand, or of anybody's; or what of it lies within `of`."""
        self._ask({"undo": whose or True, **_given(of=of)}, by, again=False)

    def history(self, count: int = 20, of: str | None = None) -> list[dict[str, Any]]:
        """The newest events first, of a pattern: time, by, path, layer, old, new, why, action, kind."""
        return list(self._ask({"history": count, **_given(of=of)}))

    def past(self, at: float, of: str | None = None) -> dict[str, dict[str, Any]]:
        """What was otherwise at a time of day, in seconds, or below 0 so many seconds ago: by path, hand and auto of then."""
        return dict(self._ask({"past": at, **_given(of=of)}))

    def back(self, at: float, of: str | None = None, by: str = "") -> int:
        """Goes back to a time, said as for `past`; how many settings changed. Undo takes it back."""
        return int(self._ask({"back": at, **_given(of=of)}, by, again=False)["changed"])

    def locks(self) -> list[str]:
        """The places that are locked."""
        return list(self._ask({"locks": True}))

    def scenes(self) -> list[str]:
        return list(self._ask({"scenes": True}))

    def save(self, scene: str, by: str = "") -> None:
        self._ask({"scene": {"save": scene}}, by)

    def recall(self, scene: str, scope: Patterns = "*", by: str = "", kinds: list[str] | None = None) -> int:
        """As it was saved, within `scope` and `kinds`; how many settings changed. Undo takes it back."""
        return int(self._ask({"scene": {"recall": scene}, "scope": scope, **_given(kinds=kinds)}, by)["changed"])

    def preview(self, scene: str, scope: Patterns = "*", kinds: list[str] | None = None) -> dict[str, Any]:
        """What that would change: a list of path, layer, old and new; and how many changes safes keep it from."""
        return dict(self._ask({"preview": scene, "scope": scope, **_given(kinds=kinds)}))

    def export_scene(self, scene: str) -> str:
        """As a text that a person reads and keeps."""
        return str(self._ask({"export": scene}))

    def import_scene(self, scene: str, text: str, by: str = "") -> None:
        """Saves such a text as a scene."""
        self._ask({"import": {scene: text}}, by)

    def delete(self, scene: str, by: str = "") -> None:
        self._ask({"scene": {"delete": scene}}, by, again=False)

    def report(self, name: str) -> dict[str, Any]:
        """The newest report of that name: by, time, and what was told. RequestError where there is none."""
        return dict(self._ask({"report": name}))

    def post(self, name: str, told: Mapping[str, Any]) -> None:
        """Leaves a report for everybody to read; it replaces the one before."""
        self._ask({"post": {name: dict(told)}})

    def close(self) -> None:
        self._closed.set()
        self._lose()
        if threading.current_thread() is not self._thread:
            self._thread.join(self._timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, request: dict[str, Any], by: str = "", watch: _Watch | None = None, again: bool = True) -> Any:
        """The desk's answer. Where the desk dies before it answers, it is asked `again` when it is back."""
        if threading.current_thread() is self._thread:
            raise RequestError("client: asked in a watch's callback, expected any other thread")
        until = time.monotonic() + self._timeout
        while True:
            number, question = next(self._numbers), _Question(watch)
            line = _line({**request, "by": by or self._by, "id": number})
            sock = self._connected(until)
            with self._state:
                self._questions[number] = question
            sent = self._send(sock, line)
            if sent and not question.done.wait(max(until - time.monotonic(), 0)):
                self._forget(number)
                raise MachineError(f"desk: no answer within {self._timeout:g} s")
            self._forget(number)
            if question.answer is not None:
                return _ok(question.answer)
            if not again and sent:
                raise MachineError("desk: went away while it was asked; look whether it was done")

    def _connected(self, until: float) -> socket.socket:
        with self._state:
            self._state.wait_for(lambda: self._sock or self._closed.is_set(), max(until - time.monotonic(), 0))
            if self._closed.is_set():
                raise MachineError("desk: this client is closed")
            if self._sock is None:
                raise MachineError(self._refused or f"desk: not there at {self._path} within {self._timeout:g} s, expected it to run")
            return self._sock

    def _send(self, sock: socket.socket, line: bytes) -> bool:
        try:
            with self._sending:
                sock.sendall(line)
        except OSError:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)      # wakes the reader, which connects again
            return False
        return True

    def _forget(self, number: int) -> None:
        with self._state:
            self._questions.pop(number, None)

    def _read(self) -> None:
        """The reader thread: connect, say what is watched, then hand out what comes."""
        while not self._closed.is_set():
            # Whatever it is, also where there is no socket to be had now, or a desk of another version says what nobody understands: it is tried again.
            with contextlib.suppress(Exception), socket.socket(socket.AF_UNIX) as sock:
                seconds = int(self._timeout)
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", seconds, int((self._timeout - seconds) * 1e6)))
                sock.connect(str(self._path))
                with sock.makefile("rb") as lines:
                    self._greet(sock, lines)
                    for line in lines:
                        self._take(json.loads(line))
            self._lose()
            self._closed.wait(RETRY_S)

    def _greet(self, sock: socket.socket, lines: Iterator[bytes]) -> None:
        """Says who it is, and reads before anybody writes: all that is watched, or a little."""
        self._know(self._greeted(sock, lines, self._hello))
        with self._state:
            watches = tuple(self._watches)
        for watch in watches or (_Watch(["box/depth"], lambda _: None),):
            self._present(watch, self._greeted(sock, lines, {"watch": watch.patterns} if watches else {"get": watch.patterns}))
        with self._state:
            if self._closed.is_set():
                return
            self._sock = sock
            self._state.notify_all()

    def _greeted(self, sock: socket.socket, lines: Iterator[bytes], request: dict[str, Any]) -> dict[str, Any]:
        """The answer to one request before others may ask."""
        sock.sendall(_line(request))
        for line in lines:
            answer: dict[str, Any] = json.loads(line)
            if "changed" not in answer:
                return answer
            self._take(answer)
        raise OSError("desk went away")

    def _know(self, answer: dict[str, Any]) -> None:
        """Which desk this is; one that does not know of a hello says nothing."""
        before, self.desk = self.desk.get("warning"), dict(answer.get("ok", {}))
        self._refused = str(answer.get("error", ""))
        if (warning := self.desk.get("warning")) and warning != before:
            say(warning)

    def _take(self, line: dict[str, Any]) -> None:
        if "changed" in line:
            values = _values(line["changed"])
            for watch in tuple(self._watches):
                mine = {path: value for path, value in values.items() if path in watch.paths}
                if mine:
                    _call(watch, Change(mine, line["by"], line["layer"], line["why"]))
            return
        with self._state:
            question = self._questions.get(line.get("id", 0))
        if question is None:
            return
        if question.watch and "ok" in line:
            with self._state:
                self._watches.append(question.watch)
            self._present(question.watch, line)
        question.answer = line
        question.done.set()

    def _present(self, watch: _Watch, answer: dict[str, Any]) -> None:
        values = _values(answer.get("ok", {}))
        watch.paths = frozenset(values)
        _call(watch, Change(values))

    def _lose(self) -> None:
        """The connection is gone: nobody waits for it any longer."""
        with self._state:
            if self._sock is not None:
                with contextlib.suppress(OSError):
                    self._sock.shutdown(socket.SHUT_RDWR)
            self._sock = None
            for question in self._questions.values():
                question.done.set()
            self._state.notify_all()


def _given(**words: Any) -> dict[str, Any]:
    return {name: word for name, word in words.items() if word is not None}


def _watch(patterns: Patterns, callback: Callable[[Change], None]) -> _Watch:
    return _Watch([patterns] if isinstance(patterns, str) else list(patterns), callback)


def _line(request: Mapping[str, Any]) -> bytes:
    """What the desk cannot read it cannot answer: it would not even know who asks."""
    try:
        line = json.dumps(request).encode()
        if _LONG.search(line) or line.count(b"[") + line.count(b"{") > plain_json.DEEPEST:
            with contextlib.suppress(plain_json.Unsound):       # of that it says what is wrong
                plain_json.read(line, finite=False)
    except (TypeError, ValueError, RecursionError) as e:
        raise RequestError(f"client: {e}, expected a plain JSON object") from None
    return line + b"\n"


def _call(watch: _Watch, change: Change) -> None:
    try:
        watch.callback(change)
    except Exception:         # whatever a callback does, the others are still told
        traceback.print_exc()


def _values(told: dict[str, dict[str, Any]]) -> dict[str, Value]:
    return {path: Value(**value) for path, value in told.items()}


def _ok(answer: dict[str, Any]) -> Any:
    """What the desk answered; its error as the class it had there."""
    if "ok" in answer:
        return answer["ok"]
    cause = getattr(errors, answer.get("cause", ""), RequestError)
    raise (cause if isinstance(cause, type) and issubclass(cause, GigboxError) else RequestError)(answer["error"])
