"""The document of the REST interface (OpenAPI 3.1): values are made from THE table, the other paths listed here; who may do what is the access table's."""

from __future__ import annotations

import functools
from typing import Any

from gigbox import __version__, params
from gigbox.params import COUNTS, Param, Text
from gigbox.people.person import LONGEST as NAME_LONGEST
from gigbox.people.person import ROLES
from gigbox.texts import UNSEEN
from gigbox.web.wishes import LAST_S

Schema = dict[str, Any]

NAMED = {"eq": "band", "notch": "notch", "send": "monitor", "fxsend": "effect", "fx": "effect", "out": "output"}       # what a number of the path stands for
TEXT: Schema = {"type": "string"}
OBJECT: Schema = {"type": "object"}
LIST: Schema = {"type": "array"}
TEXTS: Schema = {"type": "array", "items": TEXT}
PLACES: Schema = {"type": "string", "minLength": 1, "pattern": r"^[^\u0000]*$"}       # a path of the table, or a pattern of such
PATTERN: Schema = {"anyOf": [PLACES, {"type": "array", "items": PLACES, "minItems": 1}]}
KINDS: Schema = {"type": "array", "items": {"enum": list(params.SCENE_KINDS)}, "minItems": 1}
STRIPS: Schema = {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": COUNTS["strip"]}}
MONITOR: Schema = {"type": "integer", "minimum": 1, "maximum": COUNTS["monitor"]}
MINE: Schema = {"monitor": MONITOR, "strips": STRIPS}
OTHERS: Schema = {"monitor": {**MONITOR, "minimum": 0}, "strips": STRIPS}      # of those who are no musicians: allowed, and forgotten
LOOKERS = [role for role in ROLES if role != "musician"]
SCENE_LONGEST = 48
SCENE: Schema = {"name": "name", "in": "path", "required": True, "schema": {"$ref": f"#/components/schemas/Scene{SCENE_LONGEST}"}}
REPORT: Schema = {"name": "name", "in": "path", "required": True, "schema": {"type": "string", "pattern": "^[a-z]{1,32}$"}}
TAKE: Schema = {"name": "name", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1, "maxLength": 80}}
FILE: Schema = {**TAKE, "name": "file"}
BINARY: Schema = {"type": "string", "format": "binary"}
WHO: Schema = {"name": "who", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
OF: Schema = {"name": "of", "in": "query", "schema": PLACES}


@functools.lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    paths: dict[str, dict[str, Any]] = {}
    for row in params.TABLE:
        path, numbers = _numbered(row.path)
        paths[f"/api/values/{path}"] = _value(row.about, _of(row), numbers)
    for text in params.TEXTS:
        path, numbers = _numbered(text.path)
        paths[f"/api/values/{path}"] = _value(text.about, _of_text(text), numbers)
    for path, method, operation in _others():
        paths.setdefault(path, {})[method] = operation
    return {"openapi": "3.1.0", "info": {"title": "gigbox", "version": __version__, "description": "A mixing box. Errors are one line in `error`."},
            "security": [{"token": []}, {}], "paths": paths,
            "components": {"schemas": {**_texts(), "Error": _object({"error": TEXT}, ["error"]), "Value": _object(
                {"hand": {}, "auto": {}, "value": {}, "locked": {"const": True}}, ["hand", "auto", "value"])},
                "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}}}


def _value(about: str, schema: Schema, numbers: list[Schema]) -> dict[str, Any]:
    """Get, put and delete of one parameter."""
    both = [*numbers]
    return {"get": _operation(f"{about}: both layers, and what is heard", {"$ref": "#/components/schemas/Value"}, both),
            "put": _operation(f"a hand sets: {about}", _object({"changed": {"const": True}}, ["changed"]), both, schema),
            "delete": _operation(f"hands off: {about}", _object({"released": {"type": "integer"}}, ["released"]), both)}


def _of(row: Param) -> Schema:
    """What may be put there."""
    if row.choices:
        names: list[Schema] = [{"enum": list(row.choices)}, {"type": "integer", "minimum": 0, "maximum": len(row.choices) - 1}]
        return {"anyOf": [*names, {"type": "boolean"}] if row.choices == params.SWITCH else names}
    unit = {"description": row.unit} if row.unit else {}
    return {"type": "integer" if row.taper == "step" else "number", "minimum": row.low, "maximum": row.high, **unit}


def _of_text(text: Text) -> Schema:
    return {"$ref": f"#/components/schemas/Text{text.longest}"}


def _texts() -> Schema:
    """The desk's own rule, said once each."""
    bad, slash = UNSEEN, "/\\\\"
    ends = {("Text", text.longest): f"[^{bad}]*" for text in params.TEXTS}
    ends |= {("Name", NAME_LONGEST): f"[^ {bad}]([^{bad}]*[^ {bad}])?", ("Scene", SCENE_LONGEST): f"[^. {slash}{bad}]([^{slash}{bad}]*[^ {slash}{bad}])?"}
    return {f"{name}{longest}": {"type": "string", "maxLength": longest, "pattern": f"^{inner}$"} for (name, longest), inner in ends.items()}


def _who(name: Schema) -> Schema:
    """Somebody's rights: a musician has a monitor."""
    return {"anyOf": [_object({"role": {"const": "musician"}, **MINE, **name}, ["role", "monitor"]),
                      _object({"role": {"enum": LOOKERS}, **OTHERS, **name}, ["role"])]}


def _numbered(pattern: str) -> tuple[str, list[Schema]]:
    """`strip/*/eq/*/gain` as `strip/{strip}/eq/{band}/gain`, and what the numbers are."""
    words = pattern.split("/")
    numbers: list[Schema] = []
    for i, word in enumerate(words):
        if word == "*":
            name = NAMED.get(words[i - 1], words[i - 1])
            name = name if all(name != other["name"] for other in numbers) else f"{name}_{i}"
            words[i] = f"{{{name}}}"
            numbers.append({"name": name, "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1, "maximum": COUNTS[words[i - 1]]}})
    return "/".join(words), numbers


def _others() -> list[tuple[str, str, dict[str, Any]]]:
    scope, name = _object({"scope": PATTERN, "kinds": KINDS}), {"name": {"$ref": f"#/components/schemas/Name{NAME_LONGEST}"}}
    count = {"name": "count", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 500}}
    at = {"name": "at", "in": "query", "required": True, "schema": {"type": "integer", "minimum": 0, "maximum": LAST_S}}
    place = {"name": "place", "in": "path", "required": True, "schema": {**TEXT, "minLength": 1}}
    query = [{"name": "scope", "in": "query", "schema": {"type": "array", "items": PLACES}}, {"name": "kinds", "in": "query", "schema": KINDS}]
    country = {"type": "string", "pattern": "^[A-Za-z]{2}$"}
    said = {"anyOf": [*_who(name)["anyOf"], _object(name, ["name"])]}
    asked = {"anyOf": [*_who(name)["anyOf"], _object(name)]}
    toml = {"type": "string", "minLength": 1, "description": "TOML"}
    return [
        ("/api/table", "get", _operation("THE table of parameters", OBJECT)),
        ("/api/openapi.json", "get", _operation("this document", OBJECT)),
        ("/api/values", "get", _operation("every parameter", OBJECT)),
        ("/api/locks", "get", _operation("what is locked", TEXTS)),
        ("/api/locks/{place}", "put", _operation("the box leaves it alone", OBJECT, [place])),
        ("/api/locks/{place}", "delete", _operation("the box may move it again", OBJECT, [place])),
        ("/api/keep", "post", _operation("what the box does becomes the hand's", OBJECT, body=_object({"of": PATTERN}), optional=True)),
        ("/api/undo", "post", _operation("takes back one's own last action, or the last one of a channel", OBJECT,
                                          body=_object({"of": PLACES}), optional=True)),
        ("/api/history", "get", _operation("the newest events", LIST, [count, OF])),
        ("/api/past", "get", _operation("what was otherwise at a time", OBJECT, [at, OF])),
        ("/api/past", "post", _operation("goes back to a time", OBJECT,
                                          body=_object({"at": {"type": "number", "minimum": 0, "maximum": LAST_S}, "of": PLACES}, ["at"]))),
        ("/api/reports/{name}", "get", _operation("a program's newest report", OBJECT, [REPORT])),
        ("/api/ideas", "get", _operation("what is heard of tempo, key and chords, and what might come next", OBJECT)),
        ("/api/ideas/chart", "get", _operation("the song as it was heard, as ChordPro", TEXT, kind="text/plain")),
        ("/api/ideas/midi", "get", _operation("the same and the ideas, as a Standard MIDI File", {"type": "string", "format": "binary"}, kind="audio/midi")),
        ("/api/scenes", "get", _operation("the scenes", TEXTS)),
        ("/api/scenes/{name}", "put", _operation("saves what is", OBJECT, [SCENE])),
        ("/api/scenes/{name}", "delete", _operation("deletes it", OBJECT, [SCENE])),
        ("/api/scenes/{name}/recall", "post", _operation("as it was saved", OBJECT, [SCENE], scope, optional=True)),
        ("/api/scenes/{name}/preview", "get", _operation("what a recall would change", OBJECT, [SCENE, *query])),
        ("/api/scenes/{name}/file", "get", _operation("as a file to read and to keep", toml, [SCENE], kind="application/toml")),
        ("/api/scenes/{name}/file", "put", _operation("a scene from such a file", OBJECT, [SCENE], toml, body_kind="text/plain")),
        ("/api/takes", "get", _operation("what was recorded, the newest first", LIST)),
        ("/api/takes/{name}", "put", _operation("is called otherwise from now on", OBJECT, [TAKE], _object({"name": TEXT}, ["name"]))),
        ("/api/takes/{name}", "delete", _operation("deletes it", OBJECT, [TAKE])),
        ("/api/takes/{name}/zip", "get", _operation("all its files", BINARY, [TAKE], kind="application/octet-stream")),
        ("/api/takes/{name}/files/{file}", "get", _operation("one of its files", BINARY, [TAKE, FILE], kind="application/octet-stream")),
        ("/api/me", "get", _operation("who one is", OBJECT)),
        ("/api/me", "delete", _operation("signs out: the token is worth nothing any longer", OBJECT)),
        ("/api/network", "get", _operation("the box's hotspot, and whether it asks for its country", OBJECT)),
        ("/api/network", "put", _operation("in which country it is", OBJECT, body=_object({"country": country}, ["country"]))),
        ("/api/people", "get", _operation("who is known, and who waits", OBJECT)),
        ("/api/people/{who}", "put", _operation("what somebody is", OBJECT, [WHO], said)),
        ("/api/people/{who}", "delete", _operation("somebody is nobody any longer", OBJECT, [WHO])),
        ("/api/asking/{who}", "post", _operation("says yes", OBJECT, [WHO], _who({}))),
        ("/api/asking/{who}", "delete", _operation("says no", OBJECT, [WHO])),
        ("/api/invitation", "post", _operation("lets one phone in, or phones ask", OBJECT, body=asked, optional=True)),
    ]


def _operation(summary: str, told: Schema, parameters: list[Schema] | None = None, body: Schema | None = None, kind: str = "application/json",
               body_kind: str = "application/json", optional: bool = False) -> dict[str, Any]:
    wrong = {"description": "one line", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}
    return {"summary": summary, **({"parameters": parameters} if parameters else {}),
            **({"requestBody": {"required": not optional, "content": {body_kind: {"schema": body}}}} if body else {}),
            "responses": {"200": {"description": "done", "content": {kind: {"schema": told}}},
                          **{status: wrong for status in ("400", "401", "403", "404", "405", "422", "429", "503")}}}


def _object(properties: Schema, required: list[str] | None = None) -> Schema:
    return {"type": "object", "properties": properties, "additionalProperties": False, **({"required": required} if required else {})}
