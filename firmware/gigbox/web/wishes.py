"""What people ask of the desk, by page or by script: read, held against the access table, and done in their name."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gigbox import params
from gigbox.desk.client import Client
from gigbox.errors import GigboxError, ParamError, RequestError
from gigbox.web.access import Refused, Visitor, refusal
from gigbox.web.desk_line import DeskLine

LONGEST = 64 << 10       # characters of a message; a longer one gets an error, far longer ones end the connection
LONGEST_ID = 64
LAST_S = 99_999_999_999      # the last time of day that the desk takes
EXTRAS = {"scope": ("preview", "scene"), "kinds": ("preview", "scene"), "of": ("undo", "history", "past", "back")}      # which verbs take which other words
SCENE = {"recall": ("POST", "/recall"), "save": ("PUT", ""), "delete": ("DELETE", "")}

Request = tuple[str, str]                    # method and path, as access.TABLE has them


class NotAllowed(GigboxError):
    """What this person may not do."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.why)
        self.refused = refused


@dataclass(frozen=True)
class Wish:
    """One verb and what it is about; `scope`, `kinds` and `of` where it takes them."""

    verb: str
    what: Any
    scope: Any = "*"
    kinds: Any = None
    of: Any = None


@dataclass(frozen=True)
class Verb:
    """`asks`: as which requests it counts; `do`: what the desk is asked, in whose name."""

    asks: Callable[[Wish, Visitor], Iterator[Request]]
    do: Callable[[Client, Wish, Visitor], Any]
    changes: bool = True


def wish(message: str | bytes) -> tuple[Wish, int | str | None]:
    """A page's message, and the id by which it knows the answer; RequestError where it is none."""
    if len(message) > LONGEST:
        raise RequestError(f"message: {len(message)} characters, expected {LONGEST} at most")
    try:
        found = json.loads(message)
    except (ValueError, RecursionError):
        raise RequestError("message: not JSON") from None
    words = dict(found) if isinstance(found, dict) else {}
    number = words.pop("id", None)
    extras = {name: words.pop(name) for name in EXTRAS if name in words and len(words) > 1}
    if len(words) != 1 or not words.keys() <= VERBS.keys() or not (number is None or _is_id(number)):
        raise RequestError(f"message: expected an object with one of {', '.join(VERBS)}")
    (verb, what), = words.items()
    for name in extras:
        if verb not in EXTRAS[name]:
            raise RequestError(f"{verb}: '{name}' has no meaning for it")
    return Wish(verb, what, **extras), number


def grant(wanted: Wish, visitor: Visitor) -> None:
    """NotAllowed, or RequestError where nobody can mean that."""
    if wanted.of is not None and not isinstance(wanted.of, str):
        raise RequestError(f"of: {_short(wanted.of)}, expected a path such as strip/3")
    for name, texts in (("scope", wanted.scope), ("kinds", wanted.kinds or [])):
        if not all(isinstance(text, str) for text in (texts if isinstance(texts, list) else [texts])):
            raise RequestError(f"{name}: {_short(texts)}, expected a text or a list of texts")
    for method, path in VERBS[wanted.verb].asks(wanted, visitor):
        if refused := refusal(visitor, method, path):
            raise NotAllowed(refused)


def do(desk: DeskLine, wanted: Wish, visitor: Visitor) -> Any:
    """What came of it. Waits for the desk."""
    grant(wanted, visitor)
    return desk.ask(lambda client: VERBS[wanted.verb].do(client, wanted, visitor))


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


def _each(method: str, root: str) -> Callable[[Wish, Visitor], Iterator[Request]]:
    """One request for each path or pattern that it names."""
    def asks(wanted: Wish, _: Visitor) -> Iterator[Request]:
        what = wanted.what
        if wanted.verb == "set" and (not isinstance(what, dict) or not what):
            raise RequestError("set: expected an object of paths and values")
        if wanted.verb != "set" and isinstance(what, dict):
            raise RequestError(f"{wanted.verb}: an object, expected a path such as strip/3/level")
        for path in what if isinstance(what, (dict, list)) else [what]:
            if not isinstance(path, str) or not path:
                raise RequestError(f"{wanted.verb}: {_short(path)}, expected a path such as strip/3/level")
            yield method, f"{root}/{path}"
    return asks


def _once(method: str, path: str, expected: str = "") -> Callable[[Wish, Visitor], Iterator[Request]]:
    def asks(wanted: Wish, _: Visitor) -> Iterator[Request]:
        if expected and wanted.what is not True:
            raise RequestError(f"{wanted.verb}: expected true{expected}")
        yield method, path
    return asks


def _counted(method: str, path: str) -> Callable[[Wish, Visitor], Iterator[Request]]:
    def asks(wanted: Wish, _: Visitor) -> Iterator[Request]:
        if not isinstance(wanted.what, int) or isinstance(wanted.what, bool):
            raise RequestError(f"{wanted.verb}: {_short(wanted.what)}, expected a whole number")
        yield method, path
    return asks


def _named(method: str, root: str, tail: str = "") -> Callable[[Wish, Visitor], Iterator[Request]]:
    def asks(wanted: Wish, _: Visitor) -> Iterator[Request]:
        yield method, f"{root}/{_name(wanted.verb, wanted.what)}{tail}"
    return asks


def _scene(wanted: Wish, _: Visitor) -> Iterator[Request]:
    if not isinstance(wanted.what, dict) or len(wanted.what) != 1 or not wanted.what.keys() <= SCENE.keys():
        raise RequestError(f"scene: {_short(wanted.what)}, expected one of {', '.join(SCENE)} and a name")
    (act, name), = wanted.what.items()
    method, tail = SCENE[act]
    yield method, f"/api/scenes/{_name('scene', name)}{tail}"


def _undo(wanted: Wish, visitor: Visitor) -> Iterator[Request]:
    """An engineer takes back anybody's action on a channel, everybody else only their own."""
    if wanted.what is not True:
        raise RequestError("undo: expected true; a page takes back its own last action")
    yield "POST", "/api/undo/anybody" if _anybodys(wanted, visitor) else "/api/undo"


def _anybodys(wanted: Wish, visitor: Visitor) -> bool:
    return wanted.of is not None and visitor.role == "engineer"


def _name(verb: str, name: Any) -> str:
    """A name as one word of a path: what a slash in it would mean is for the desk to refuse."""
    if not isinstance(name, str) or not name:
        raise RequestError(f"{verb}: {_short(name)}, expected a name")
    return name.replace("/", "|")


def _take_back(client: Client, wanted: Wish, visitor: Visitor) -> dict[str, Any]:
    by = visitor.by
    client.undo(None if _anybodys(wanted, visitor) else by, by=by, of=wanted.of)
    mine = [e for e in client.history(100) if e["kind"].startswith("undo") and e["by"] == by]
    return {"undone": [[e["path"], said(e["path"], e["old"]), said(e["path"], e["new"])] for e in mine if e["action"] == mine[0]["action"]]}


def _change_scene(client: Client, wanted: Wish, visitor: Visitor) -> Any:
    by = visitor.by
    (act, name), = wanted.what.items()
    if act == "recall":
        return client.recall(name, wanted.scope, by=by, kinds=wanted.kinds)
    return client.save(name, by=by) if act == "save" else client.delete(name, by=by)


def _time(wanted: Wish) -> float:
    """As the desk takes it: of the time of day, or below 0 so long ago."""
    said = wanted.what if isinstance(wanted.what, dict) else {}
    at, ago = _seconds(said.get("at")), _seconds(said.get("ago"))
    if at >= 0 > ago or ago > 0 > at:
        return at if at >= 0 else -ago
    raise RequestError(f'{wanted.verb}: expected an object such as {{"at": 1700000000}}, seconds of the time of day, or {{"ago": 600}}')


def _seconds(value: object) -> float:
    """Below 0 where it is no time."""
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= LAST_S else -1.0


def _short(value: object) -> str:
    """Of what somebody sent, however deep it is."""
    try:
        return json.dumps(value)[:40]
    except RecursionError:
        return "something deep"


def _is_id(number: object) -> bool:
    return isinstance(number, int) or (isinstance(number, str) and len(number) <= LONGEST_ID)


VERBS: Mapping[str, Verb] = {
    "set": Verb(_each("PUT", "/api/values"), lambda client, wanted, who: client.set(wanted.what, by=who.by)),
    "release": Verb(_each("DELETE", "/api/values"), lambda client, wanted, who: client.release(wanted.what, by=who.by)),
    "lock": Verb(_each("PUT", "/api/locks"), lambda client, wanted, who: client.lock(wanted.what, by=who.by)),
    "unlock": Verb(_each("DELETE", "/api/locks"), lambda client, wanted, who: client.unlock(wanted.what, by=who.by)),
    "keep": Verb(_once("POST", "/api/keep"), lambda client, wanted, who: client.keep(wanted.what, by=who.by)),
    "undo": Verb(_undo, _take_back),
    "scene": Verb(_scene, _change_scene),
    "preview": Verb(_named("GET", "/api/scenes", "/preview"), lambda client, wanted, who: client.preview(wanted.what, wanted.scope, wanted.kinds),
                    changes=False),
    "scenes": Verb(_once("GET", "/api/scenes", ""), lambda client, wanted, who: client.scenes(), changes=False),
    "history": Verb(_counted("GET", "/api/history"), lambda client, wanted, who: client.history(wanted.what, wanted.of), changes=False),
    "past": Verb(_once("GET", "/api/past"), lambda client, wanted, who: client.past(_time(wanted), wanted.of or "*"), changes=False),
    "back": Verb(_once("POST", "/api/past"), lambda client, wanted, who: client.back(_time(wanted), wanted.of or "*", by=who.by)),
    "report": Verb(_named("GET", "/api/reports"), lambda client, wanted, who: client.report(wanted.what), changes=False),
    "want": Verb(_once("GET", "/live"), lambda client, wanted, who: None, changes=False),
}
