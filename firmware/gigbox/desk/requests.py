"""The protocol: one JSON object in, one out. No sockets and no disk here; desk/README.md is the reference."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from gigbox.desk import plain_json, scene_kinds
from gigbox.desk.access import Reader, greet, refusal
from gigbox.desk.choices import said
from gigbox.desk.earlier import Moment, earlier
from gigbox.desk.events import Setting
from gigbox.desk.paths import HELD, INDEX, matching_any
from gigbox.desk.reports import Reports
from gigbox.desk.scenes import Scenes
from gigbox.desk.state import Change, Desk, Outcome, meant_by
from gigbox.desk.telling import tell, tell_event
from gigbox.errors import DiskError, GigboxError, ParamError, RequestError
from gigbox.texts import printable

READS = ("hello", "get", "watch", "history", "scenes", "locks", "report", "preview", "export", "past")
WRITES = ("set", "auto", "lock", "unlock", "release", "keep", "undo", "scene", "import", "back", "post")
EXTRAS = {"id": (), "by": (), "why": WRITES[:-1], "scope": ("scene", "preview"), "kinds": ("scene", "preview"),
          "of": ("history", "undo", "past", "back")}     # which requests take which other keys; (): all
LONGEST = 200                 # characters of a `why`
PATTERNS = 256                # of one request
SCENE_VERBS = ("save", "recall", "delete")
OWN = ("desk", "health")      # the reports that the desk itself gives
NOTHING = Outcome()

Ok = tuple[object, Outcome]                  # what is answered, and what it changed
Answer = tuple[dict[str, object], Outcome]


@dataclass(frozen=True)
class Later:
    """An answer that waits for the card. `job` may run in any thread; when it is done, the desk's own asks `finish` for the answer.

    `named`: whether the request has an id, by which its answer is known even if it comes after those of later requests. `takes_long`: no other waits for it.
    """

    job: Callable[[], Any]
    finish: Callable[[Future[Any]], Answer]
    named: bool
    takes_long: bool = False


@dataclass(frozen=True)
class Disk:
    """What a request does on the card, and what follows from what that gave."""

    job: Callable[[], Any]
    then: Callable[[Any], Ok] = lambda _: ({"changed": 0}, NOTHING)
    takes_long: bool = False


class Requests:
    """Answers requests with the desk, its scenes and the reports left with it. `clock` gives the time of day in seconds, `journal` is the
    folder of the past; `own` are those of OWN that the desk gives."""

    def __init__(self, desk: Desk, scenes: Scenes, reports: Reports, clock: Callable[[], float],
                 own: Mapping[str, Callable[[], dict[str, Any]]] = MappingProxyType({"desk": dict}), journal: Path | None = None) -> None:
        self.desk = desk
        self.scenes = scenes
        self.reports = reports
        self.clock = clock
        self.journal = journal
        self.own = own
        self.session = secrets.token_hex(8)      # of this run of the desk
        self._answers: dict[str, Callable[[Any, Mapping[str, Any], Reader], Ok | Disk]] = {
            "hello": self._hello, "get": self._get, "watch": self._watch, "history": self._history, "scenes": self._scenes, "locks": self._locks,
            "set": self._set, "auto": self._auto, "undo": self._undo, "scene": self._scene,
            "lock": self._lock, "unlock": self._unlock, "release": self._release, "keep": self._keep,
            "report": self._report, "post": self._post, "preview": self._preview, "export": self._export, "import": self._import,
            "past": self._past, "back": self._back}

    def answer(self, line: bytes, reader: Reader) -> Answer | Later:
        """The answer to one line, and what it changed."""
        echo: dict[str, object] = {}
        try:
            echo, request = _parsed(line)
            if isinstance(request, GigboxError):
                raise request
            answered = self._answered(request, reader)
        except GigboxError as e:
            return _refused(echo, e)
        if isinstance(answered, Disk):
            then = answered.then
            return Later(answered.job, lambda job: _finished(echo, job, then), bool(echo), answered.takes_long)
        return {**echo, "ok": answered[0]}, answered[1]

    def _answered(self, request: dict[str, Any], reader: Reader) -> Ok | Disk:
        verb = _verb(request)
        if verb in WRITES and (refused := refusal(reader, verb, request[verb])):
            raise RequestError(refused)
        if verb in WRITES and not reader.has_read:
            raise RequestError(f"{verb}: this client has not read yet, expected get or watch first")
        for key, longest in (("by", 64), ("why", LONGEST)):
            if isinstance(text := request.get(key, ""), str):
                _checked_text(key, text, longest)
            elif not (key == "why" and verb == "auto"):
                raise RequestError(f"{key}: {_short(text)}, expected a text")
        return self._answers[verb](request[verb], {**request, "by": request.get("by") or reader.who or "somebody"}, reader)

    def _hello(self, hello: Any, _: Mapping[str, Any], reader: Reader) -> Ok:
        return {**greet(hello, reader), "boot": self.desk.boot, "session": self.session}, NOTHING

    def _get(self, patterns: Any, _: Mapping[str, Any], reader: Reader) -> Ok:
        return self._told(_patterns("get", patterns), reader), NOTHING

    def _watch(self, patterns: Any, _: Mapping[str, Any], reader: Reader) -> Ok:
        wanted = _patterns("watch", patterns)
        told = self._told(wanted, reader)
        reader.watched.update(matching_any(wanted))        # also what a card may have later
        return told, NOTHING

    def _told(self, patterns: list[str], reader: Reader) -> dict[str, object]:
        told: dict[str, object] = {path: tell(self.desk, path) for path in matching_any(patterns) if self.desk.serves(path)}
        if not told:
            raise ParamError(f"{patterns[0]}: the card has none")
        reader.has_read = True
        return told

    def _history(self, count: Any, request: Mapping[str, Any], _: Reader) -> Ok:
        if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= 500:
            raise RequestError(f"history: {_short(count)}, expected 1 to 500")
        return [tell_event(event) for event in self.desk.history.newest(count, meant_by(_of(request)))], NOTHING

    def _scenes(self, wanted: Any, _: Mapping[str, Any], __: Reader) -> Ok | Disk:
        _expect_true("scenes", wanted)
        return Disk(self.scenes.names, lambda names: (names, NOTHING))

    def _locks(self, wanted: Any, _: Mapping[str, Any], __: Reader) -> Ok:
        _expect_true("locks", wanted)
        return sorted(self.desk.locks), NOTHING

    def _report(self, name: Any, _: Mapping[str, Any], __: Reader) -> Ok | Disk:
        if not isinstance(name, str):
            raise RequestError(f"report: {_short(name)}, expected a report's name")
        if name in self.own:
            return {"name": name, "by": "desk", "time": self.clock(), "told": self.own[name]()}, NOTHING
        return Disk(lambda: self.reports.load(name), lambda report: (report, NOTHING))

    def _post(self, wanted: Any, request: Mapping[str, Any], _: Reader) -> Ok | Disk:
        if not isinstance(wanted, dict) or len(wanted) != 1 or not all(isinstance(told, dict) for told in wanted.values()):
            raise RequestError(f"post: {_short(wanted)}, expected a report's name and the report")
        (name, told), = wanted.items()
        if name in OWN:
            raise RequestError(f"report '{name}': is the desk's own, expected another name")
        by, now = request["by"], self.clock()
        return Disk(lambda: self.reports.save(name, told, by, now))

    def _set(self, values: Any, request: Mapping[str, Any], reader: Reader) -> Ok:
        outcome = self.desk.set(_values("set", values), request["by"], self.clock(), request.get("why", ""))
        for path in HELD.intersection(values):
            if self.desk.values[INDEX[path]]:
                reader.held[path] = None
            else:
                reader.held.pop(path, None)
        return _done(outcome)

    def _auto(self, values: Any, request: Mapping[str, Any], _: Reader) -> Ok:
        outcome = self.desk.move(_values("auto", values), _reasons(request.get("why", "")), request["by"], self.clock())
        ok, _outcome = _done(outcome)
        return {**ok, "ignored": dict(outcome.ignored)} if outcome.ignored else ok, outcome

    def _lock(self, pattern: Any, request: Mapping[str, Any], _: Reader) -> Ok:
        return _done(self.desk.lock(_pattern("lock", pattern), request["by"], self.clock(), request.get("why", "")))

    def _unlock(self, pattern: Any, request: Mapping[str, Any], _: Reader) -> Ok:
        return _done(self.desk.unlock(_pattern("unlock", pattern), request["by"], self.clock(), request.get("why", "")))

    def _release(self, patterns: Any, request: Mapping[str, Any], _: Reader) -> Ok:
        return _done(self.desk.release(_patterns("release", patterns), request["by"], self.clock(), request.get("why", "")))

    def _keep(self, patterns: Any, request: Mapping[str, Any], _: Reader) -> Ok:
        return _done(self.desk.keep(_patterns("keep", patterns), request["by"], self.clock(), request.get("why", "")))

    def _undo(self, whose: Any, request: Mapping[str, Any], _: Reader) -> Ok:
        if whose is not True and not isinstance(whose, str):
            raise RequestError(f"undo: {_short(whose)}, expected true, or whose action")
        return _done(self.desk.undo(request["by"], self.clock(), None if whose is True else whose, _of(request)))

    def _past(self, when: Any, request: Mapping[str, Any], _: Reader) -> Ok | Disk:
        """What was otherwise at a time."""
        now, scope = self.clock(), [_of(request) or "*"]
        then = self._when("past", when, now)
        matching_any(scope)
        return Disk(lambda: self._earlier(then, now), lambda held: (_layers(self.desk.otherwise(held, "", scope)), NOTHING), takes_long=True)

    def _earlier(self, then: Moment, now: float) -> Mapping[tuple[str, str], Setting]:
        if self.journal is None:
            raise RequestError("past: this desk keeps no journal")
        return earlier(self.journal, then, now)

    def _back(self, when: Any, request: Mapping[str, Any], _: Reader) -> Ok | Disk:
        now, scope = self.clock(), [_of(request) or "*"]
        then = self._when("back", when, now)
        matching_any(scope)
        why = f"as it was at {time.strftime('%H:%M:%S', time.localtime(then.wall))}"
        return Disk(lambda: self._earlier(then, now), lambda held: _done(self.desk.back(held, request["by"], self.clock(), why, scope)), takes_long=True)

    def _when(self, verb: str, when: Any, now: float) -> Moment:
        """By the box's own clocks: a phone's may be days off, and so may the box's time of day, which has no battery."""
        if not isinstance(when, (int, float)) or isinstance(when, bool) or not abs(when) < 1e11:
            raise RequestError(f"{verb}: {_short(when)}, expected a time of day in seconds, or how many seconds ago as a number below 0")
        return Moment(max(now + when, 0.0), self.desk.monotonic() + when) if when < 0 else Moment(float(when))

    def _scene(self, wanted: Any, request: Mapping[str, Any], _: Reader) -> Ok | Disk:
        if not isinstance(wanted, dict) or len(wanted) != 1 or not wanted.keys() <= set(SCENE_VERBS):
            raise RequestError(f"scene: {_short(wanted)}, expected one of {', '.join(SCENE_VERBS)} and a name")
        (verb, name), = wanted.items()
        if not isinstance(name, str):
            raise RequestError(f"scene: {_short(name)}, expected the scene's name")
        if verb == "recall":
            scope, kinds = _scope(request)
            return Disk(lambda: self.scenes.load(name),
                        lambda saved: _done(self.desk.recall(saved, request["by"], self.clock(), f"scene {name}", scope, kinds)))
        if verb == "delete":
            return Disk(lambda: self.scenes.delete(name))
        state, now = self.desk.scene(), self.clock()
        return Disk(lambda: self.scenes.save(name, state, now))

    def _preview(self, name: Any, request: Mapping[str, Any], _: Reader) -> Ok | Disk:
        scope, kinds = _scope(request)
        if not isinstance(name, str):
            raise RequestError(f"preview: {_short(name)}, expected a scene's name")
        return Disk(lambda: self.scenes.load(name), lambda saved: (self._would(*self.desk.preview(saved, "", scope, kinds)), NOTHING))

    def _would(self, changes: list[Change], safe: int) -> dict[str, object]:
        return {"changes": [{"path": path, "layer": layer, "old": said(path, layer, self.desk.layer(path, layer)), "new": said(path, layer, new)}
                            for path, layer, new, _ in changes], "safe": safe}

    def _export(self, name: Any, _: Mapping[str, Any], __: Reader) -> Ok | Disk:
        if not isinstance(name, str):
            raise RequestError(f"export: {_short(name)}, expected a scene's name")
        return Disk(lambda: self.scenes.exported(name), lambda text: (text, NOTHING))

    def _import(self, wanted: Any, _: Mapping[str, Any], __: Reader) -> Ok | Disk:
        if not isinstance(wanted, dict) or len(wanted) != 1 or not all(isinstance(text, str) for text in wanted.values()):
            raise RequestError(f"import: {_short(wanted)}, expected a scene's name and its text")
        (name, text), = wanted.items()
        now = self.clock()
        return Disk(lambda: self.scenes.take(name, text, now))


def _refused(echo: dict[str, object], error: GigboxError) -> Answer:
    return {**echo, "error": " ".join(str(error).split()), "cause": type(error).__name__}, NOTHING


def _finished(echo: dict[str, object], job: Future[Any], then: Callable[[Any], Ok]) -> Answer:
    try:
        ok, outcome = then(job.result())
    except GigboxError as e:
        return _refused(echo, e)
    except OSError as e:             # a bad card fails who asks, never the desk
        return _refused(echo, DiskError(f"card: {e.strerror or e}, expected one that can be read"))
    return {**echo, "ok": ok}, outcome


def _parsed(line: bytes) -> tuple[dict[str, object], dict[str, Any] | RequestError]:
    """What is given back with the answer, and the request, or what is wrong with it."""
    try:
        read, wrong = plain_json.read(line, finite=False), ""
    except plain_json.Unsound as e:
        read, wrong = e.value, str(e)
    except ValueError as e:
        read, wrong = None, f"{_short(line.decode())} is not JSON" if str(e) == plain_json.NOT_JSON else str(e)
    number = read.get("id") if isinstance(read, dict) else None
    echo: dict[str, object] = {"id": number} if isinstance(number, (int, str)) and len(str(number)) <= LONGEST and printable(str(number)) else {}
    if wrong:
        return echo, RequestError(f"request: {wrong}, expected one JSON object a line")
    return echo, read if isinstance(read, dict) else RequestError(f"request: {_short(read)}, expected a JSON object")


def _verb(request: dict[str, Any]) -> str:
    verbs = [key for key in request if key in READS or key in WRITES]
    for key in request:
        if key not in verbs and key not in EXTRAS:
            raise RequestError(f"request: {_short(key)} is not understood, expected one of {', '.join(READS + WRITES)}")
    if len(verbs) != 1:
        raise RequestError(f"request: {' and '.join(verbs) or 'nothing'} asked, expected one of {', '.join(READS + WRITES)}")
    for key in request:
        if EXTRAS.get(key) and verbs[0] not in EXTRAS[key]:
            raise RequestError(f"request: {key!r} has no meaning for {verbs[0]}")
    return verbs[0]


def _done(outcome: Outcome) -> Answer:
    """The answer to a write: how many settings it changed, and the action's number if any."""
    action = {"action": outcome.events[0].action} if outcome.events else {}
    return {"changed": len(outcome.events), **action}, outcome


def _values(verb: str, values: Any) -> dict[str, Any]:
    if not isinstance(values, dict) or not values:
        raise RequestError(f"{verb}: {_short(values)}, expected an object of paths and values")
    return values


def _scope(request: Mapping[str, Any]) -> tuple[list[str], object]:
    """The patterns and kinds of a recall; what makes no sense is told before the card is asked."""
    scope, kinds = _patterns("scope", request.get("scope", "*")), request.get("kinds")
    matching_any(scope)
    scene_kinds.checked(kinds)
    return scope, kinds


def _of(request: Mapping[str, Any]) -> str | None:
    return _pattern("of", request["of"]) if request.get("of") is not None else None


def _layers(changes: list[Change]) -> dict[str, dict[str, object]]:
    told: dict[str, dict[str, object]] = {}
    for path, layer, value, _ in changes:
        told.setdefault(path, {})[layer] = said(path, layer, value)
    return told


def _pattern(verb: str, pattern: Any) -> str:
    if not isinstance(pattern, str) or not pattern:
        raise RequestError(f"{verb}: {_short(pattern)}, expected a path such as strip/3")
    return pattern


def _patterns(verb: str, patterns: Any) -> list[str]:
    if isinstance(patterns, list) and not patterns:
        raise RequestError(f"{verb}: an empty list, expected a path or pattern such as strip/3")
    if isinstance(patterns, list) and len(patterns) > PATTERNS:
        raise RequestError(f"{verb}: {len(patterns)} patterns, expected {PATTERNS} at most")
    return [_pattern(verb, pattern) for pattern in (patterns if isinstance(patterns, list) else [patterns])]


def _reasons(why: Any) -> str | dict[str, str]:
    if not isinstance(why, (str, dict)) or (isinstance(why, dict) and not all(isinstance(reason, str) for reason in why.values())):
        raise RequestError(f"why: {_short(why)}, expected a text, or one for each path")
    for reason in why.values() if isinstance(why, dict) else (why,):
        _checked_text("why", reason, LONGEST)
    return why


def _checked_text(key: str, text: str, longest: int) -> None:
    if len(text) > longest or not printable(text):
        raise RequestError(f"{key}: {_short(text)}, expected at most {longest} printable characters")


def _expect_true(verb: str, wanted: Any) -> None:
    if wanted is not True:
        raise RequestError(f"{verb}: {_short(wanted)}, expected true")


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= 40 else text[:40] + "..."
