"""The protocol: one JSON object in, one out. No sockets here; desk/README.md is the reference."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gigbox.desk.paths import matching_any
from gigbox.desk.reports import Reports
from gigbox.desk.scenes import Scenes
from gigbox.desk.state import Desk, Outcome
from gigbox.desk.telling import tell
from gigbox.errors import GigboxError, RequestError

READS = ("get", "watch", "history", "scenes", "locks", "report")
WRITES = ("set", "auto", "lock", "unlock", "release", "keep", "undo", "scene", "post")
EXTRAS = {"id": (), "by": (), "why": WRITES[:-1], "scope": ("scene",)}     # which requests take which other keys; (): all
LONGEST = 200                 # characters of a `why`
SCENE_VERBS = ("save", "recall", "delete")
HALF = re.compile(rb"\\u[dD][89a-fA-F]")      # of a pair, as JSON writes what lies beyond 16 bits
NOTHING = Outcome()


@dataclass
class Reader:
    """What the desk knows of one client: whether it has read yet, and the paths it watches."""

    has_read: bool = False
    watched: dict[str, None] = field(default_factory=dict)


class Requests:
    """Answers requests with the desk, its scenes and the reports left with it. `clock` gives the time of day in seconds."""

    def __init__(self, desk: Desk, scenes: Scenes, reports: Reports, clock: Callable[[], float]) -> None:
        self.desk = desk
        self.scenes = scenes
        self.reports = reports
        self.clock = clock
        self._answers: dict[str, Callable[[Any, Mapping[str, Any], Reader], tuple[object, Outcome]]] = {
            "get": self._get, "watch": self._watch, "history": self._history, "scenes": self._scenes, "locks": self._locks,
            "set": self._set, "auto": self._auto, "undo": self._undo, "scene": self._scene,
            "lock": self._lock, "unlock": self._unlock, "release": self._release, "keep": self._keep,
            "report": self._report, "post": self._post}

    def answer(self, line: bytes, reader: Reader) -> tuple[dict[str, object], Outcome]:
        """The answer to one line, and what it changed."""
        echo: dict[str, object] = {}
        try:
            request = _parsed(line)
            if isinstance(number := request.get("id"), (int, str)) and len(str(number)) <= LONGEST:
                echo = {"id": number}
            if HALF.search(line):
                _check_whole(request)
            ok, outcome = self._answered(request, reader)
        except GigboxError as e:
            return {**echo, "error": " ".join(str(e).split()), "cause": type(e).__name__}, NOTHING
        except RecursionError:
            return {**echo, "error": "request: nested too deep, expected one plain JSON object", "cause": "RequestError"}, NOTHING
        return {**echo, "ok": ok}, outcome

    def _answered(self, request: dict[str, Any], reader: Reader) -> tuple[object, Outcome]:
        verb = _verb(request)
        if verb in WRITES and not reader.has_read:
            raise RequestError(f"{verb}: this client has not read yet, expected get or watch first")
        for key, longest in (("by", 64), ("why", LONGEST)):
            if isinstance(text := request.get(key, ""), str):
                _checked_text(key, text, longest)
            elif not (key == "why" and verb == "auto"):
                raise RequestError(f"{key}: {_short(text)}, expected a text")
        return self._answers[verb](request[verb], request, reader)

    def _get(self, patterns: Any, _: Mapping[str, Any], reader: Reader) -> tuple[object, Outcome]:
        return self._told(matching_any(_patterns("get", patterns)), reader), NOTHING

    def _watch(self, patterns: Any, _: Mapping[str, Any], reader: Reader) -> tuple[object, Outcome]:
        paths = matching_any(_patterns("watch", patterns))
        reader.watched.update(paths)
        return self._told(paths, reader), NOTHING

    def _told(self, paths: Iterable[str], reader: Reader) -> dict[str, object]:
        reader.has_read = True
        return {path: tell(self.desk, path) for path in paths}

    def _history(self, count: Any, _: Mapping[str, Any], __: Reader) -> tuple[object, Outcome]:
        if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= 500:
            raise RequestError(f"history: {_short(count)}, expected 1 to 500")
        return [event.told() for event in self.desk.history.newest(count)], NOTHING

    def _scenes(self, wanted: Any, _: Mapping[str, Any], __: Reader) -> tuple[object, Outcome]:
        _expect_true("scenes", wanted)
        return self.scenes.names(), NOTHING

    def _locks(self, wanted: Any, _: Mapping[str, Any], __: Reader) -> tuple[object, Outcome]:
        _expect_true("locks", wanted)
        return sorted(self.desk.locks), NOTHING

    def _report(self, name: Any, _: Mapping[str, Any], __: Reader) -> tuple[object, Outcome]:
        if not isinstance(name, str):
            raise RequestError(f"report: {_short(name)}, expected a report's name")
        return self.reports.load(name), NOTHING

    def _post(self, wanted: Any, request: Mapping[str, Any], _: Reader) -> tuple[object, Outcome]:
        if not isinstance(wanted, dict) or len(wanted) != 1 or not all(isinstance(told, dict) for told in wanted.values()):
            raise RequestError(f"post: {_short(wanted)}, expected a report's name and the report")
        (name, told), = wanted.items()
        self.reports.save(name, told, _by(request), self.clock())
        return {"changed": 0}, NOTHING

    def _set(self, values: Any, request: Mapping[str, Any], _: Reader) -> tuple[object, Outcome]:
        outcome = self.desk.set(_values("set", values), _by(request), self.clock(), request.get("why", ""))
        return _done(outcome)

    def _auto(self, values: Any, request: Mapping[str, Any], _: Reader) -> tuple[object, Outcome]:
        outcome = self.desk.move(_values("auto", values), _reasons(request.get("why", "")), _by(request), self.clock())
        ok, _outcome = _done(outcome)
        return {**ok, "ignored": dict(outcome.ignored)} if outcome.ignored else ok, outcome

    def _lock(self, pattern: Any, request: Mapping[str, Any], _: Reader) -> tuple[object, Outcome]:
        return _done(self.desk.lock(_pattern("lock", pattern), _by(request), self.clock(), request.get("why", "")))

    def _unlock(self, pattern: Any, request: Mapping[str, Any], _: Reader) -> tuple[object, Outcome]:
        return _done(self.desk.unlock(_pattern("unlock", pattern), _by(request), self.clock(), request.get("why", "")))

    def _release(self, patterns: Any, request: Mapping[str, Any], _: Reader) -> tuple[object, Outcome]:
        return _done(self.desk.release(_patterns("release", patterns), _by(request), self.clock(), request.get("why", "")))

    def _keep(self, patterns: Any, request: Mapping[str, Any], _: Reader) -> tuple[object, Outcome]:
        return _done(self.desk.keep(_patterns("keep", patterns), _by(request), self.clock(), request.get("why", "")))

    def _undo(self, whose: Any, request: Mapping[str, Any], _: Reader) -> tuple[object, Outcome]:
        if whose is not True and not isinstance(whose, str):
            raise RequestError(f"undo: {_short(whose)}, expected true, or whose action")
        return _done(self.desk.undo(_by(request), self.clock(), None if whose is True else whose))

    def _scene(self, wanted: Any, request: Mapping[str, Any], _: Reader) -> tuple[object, Outcome]:
        if not isinstance(wanted, dict) or len(wanted) != 1 or not wanted.keys() <= set(SCENE_VERBS):
            raise RequestError(f"scene: {_short(wanted)}, expected one of {', '.join(SCENE_VERBS)} and a name")
        (verb, name), = wanted.items()
        if not isinstance(name, str):
            raise RequestError(f"scene: {_short(name)}, expected the scene's name")
        if verb == "recall":
            scope = _patterns("scope", request.get("scope", "*"))
            return _done(self.desk.recall(self.scenes.load(name), _by(request), self.clock(), f"scene {name}", scope))
        if verb == "save":
            self.scenes.save(name, self.desk.scene(), self.clock())
        else:
            self.scenes.delete(name)
        return {"changed": 0}, NOTHING


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        request = json.loads(line.decode())
    except UnicodeDecodeError:
        raise RequestError("request: not UTF-8, expected one JSON object a line") from None
    except (ValueError, RecursionError):
        raise RequestError(f"request: {_short(line.decode())} is not JSON, expected one JSON object a line") from None
    if not isinstance(request, dict):
        raise RequestError(f"request: {_short(request)}, expected a JSON object")
    return request


def _check_whole(request: dict[str, Any]) -> None:
    """It can be written down: then so can what is kept of it, in journal, scenes, reports and pages."""
    try:
        json.dumps(request, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise RequestError(f"request: {_short(request)} has half a character (a lone surrogate), expected whole text") from None


def _verb(request: dict[str, Any]) -> str:
    verbs = [key for key in request if key in READS or key in WRITES]
    for key in request:
        if key not in verbs and key not in EXTRAS:
            raise RequestError(f"request: {_short(key)} is not understood, expected one of {', '.join(READS + WRITES)}")
    if len(verbs) != 1:
        raise RequestError(f"request: {' and '.join(verbs) or 'nothing'} asked, expected one of {', '.join(READS + WRITES)}")
    for key in request:
        if EXTRAS.get(key) and verbs[0] not in EXTRAS[key]:
            raise RequestError(f"request: '{key}' has no meaning for {verbs[0]}")
    return verbs[0]


def _done(outcome: Outcome) -> tuple[dict[str, object], Outcome]:
    """The answer to a write: how many settings it changed, and the action's number if any."""
    action = {"action": outcome.events[0].action} if outcome.events else {}
    return {"changed": len(outcome.events), **action}, outcome


def _values(verb: str, values: Any) -> dict[str, Any]:
    if not isinstance(values, dict) or not values:
        raise RequestError(f"{verb}: {_short(values)}, expected an object of paths and values")
    return values


def _pattern(verb: str, pattern: Any) -> str:
    if not isinstance(pattern, str) or not pattern:
        raise RequestError(f"{verb}: {_short(pattern)}, expected a path such as strip/3")
    return pattern


def _patterns(verb: str, patterns: Any) -> list[str]:
    if isinstance(patterns, list) and not patterns:
        raise RequestError(f"{verb}: an empty list, expected a path or pattern such as strip/3")
    return [_pattern(verb, pattern) for pattern in (patterns if isinstance(patterns, list) else [patterns])]


def _reasons(why: Any) -> str | dict[str, str]:
    if not isinstance(why, (str, dict)) or (isinstance(why, dict) and not all(isinstance(reason, str) for reason in why.values())):
        raise RequestError(f"why: {_short(why)}, expected a text, or one for each path")
    for reason in why.values() if isinstance(why, dict) else (why,):
        _checked_text("why", reason, LONGEST)
    return why


def _by(request: Mapping[str, Any]) -> str:
    return request.get("by") or "somebody"


def _checked_text(key: str, text: str, longest: int) -> None:
    if len(text) > longest or not text.isprintable():
        raise RequestError(f"{key}: {_short(text)}, expected at most {longest} printable characters")


def _expect_true(verb: str, wanted: Any) -> None:
    if wanted is not True:
        raise RequestError(f"{verb}: {_short(wanted)}, expected true")


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= 40 else text[:40] + "..."
