"""The document of the REST interface is true: what it calls right is taken, what it calls wrong is refused in one line, and answers look as it says."""

from __future__ import annotations

import http.client
import json
import re
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gigbox import params
from gigbox.desk.scenes import _fault
from gigbox.errors import PeopleError, RequestError
from gigbox.people.person import checked_name
from gigbox.texts import printable
from gigbox.web.access import TABLE, Visitor, refusal
from gigbox.web.api import status_of
from gigbox.web.openapi import document

SPEC = document()
OPERATIONS = [(path, method) for path, methods in SPEC["paths"].items() for method in methods]
JSON = st.recursive(st.none() | st.booleans() | st.integers(-10 ** 20, 10 ** 20) | st.floats() | st.text(max_size=20), lambda inner: st.lists(inner, max_size=3)
                    | st.dictionaries(st.text(max_size=8), inner, max_size=3), max_leaves=6)
PLAIN = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="/.%#?\\"), min_size=1, max_size=12)


def resolved(schema):
    return SPEC["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema


def right(schema):
    """Values that a schema allows."""
    schema = resolved(schema)
    if "anyOf" in schema:
        return st.one_of([right(each) for each in schema["anyOf"]])
    if "enum" in schema or "const" in schema:
        return st.sampled_from(schema.get("enum", [schema.get("const")]))
    kind = schema.get("type")
    if kind == "integer":
        return st.integers(int(schema.get("minimum", -99)), int(schema.get("maximum", 99)))
    if kind == "number":
        return st.floats(schema.get("minimum", -1e6), schema.get("maximum", 1e6))
    if kind == "array":
        return st.lists(right(schema.get("items", {"type": "string"})), min_size=schema.get("minItems", 0), max_size=3)
    if kind == "object":
        must = {name: right(each) for name, each in schema.get("properties", {}).items() if name in schema.get("required", ())}
        may = {name: right(each) for name, each in schema.get("properties", {}).items() if name not in must}
        return st.fixed_dictionaries(must, optional=may)
    if kind == "boolean":
        return st.booleans()
    return PLAIN.filter(lambda text: len(text) <= schema.get("maxLength", 99))


def fault(value, schema):
    """Where a value is not as a schema says, or nothing."""
    schema = resolved(schema)
    if "anyOf" in schema:
        return "" if any(not fault(value, each) for each in schema["anyOf"]) else f"{value!r}: none of {schema['anyOf']}"
    if "const" in schema and value != schema["const"]:
        return f"{value!r} is not {schema['const']!r}"
    if "enum" in schema:
        return "" if value in [each for each in schema["enum"] if type(each) is type(value)] else f"{value!r} is not of {schema['enum']}"
    kinds = {"integer": int, "number": (int, float), "string": str, "object": dict, "array": list, "boolean": bool}
    if isinstance(value, float) and value.is_integer():
        value = int(value)          # an integer in JSON Schema, whatever its point
    if "type" in schema and (not isinstance(value, kinds[schema["type"]]) or (isinstance(value, bool) and schema["type"] != "boolean")):
        return f"{value!r} is no {schema['type']}"
    if isinstance(value, (int, float)) and not isinstance(value, bool) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        return f"{value} is out of range"
    if isinstance(value, str) and (len(value) > schema.get("maxLength", 1e9) or not re.search(schema.get("pattern", ""), value)):
        return f"{value!r} is too long or has odd letters"
    if isinstance(value, list):
        return next(filter(None, (fault(each, schema.get("items", {})) for each in value)), "")
    if isinstance(value, dict):
        missing = [name for name in schema.get("required", ()) if name not in value]
        beyond = [name for name in value if schema.get("additionalProperties") is False and name not in schema["properties"]]
        inner = next(filter(None, (fault(value[name], each) for name, each in schema.get("properties", {}).items() if name in value)), "")
        return inner or (f"{missing} and {beyond}" if missing or beyond else "")
    return ""


def ask(site, method, path, body=None, kind="application/json"):
    line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    line.request(method.upper(), path, body, {"Content-Type": kind})
    answer = line.getresponse()
    content = answer.read()
    line.close()
    return answer.status, answer.headers.get_content_type(), content


def asked(path, operation, numbers, queries):
    """The address of an operation with its numbers in it."""
    for each in operation.get("parameters", ()):
        if each["in"] == "path":
            path = path.replace(f"{{{each['name']}}}", quote(str(numbers[each["name"]]), safe=""))
    return path + (f"?{urlencode(queries, doseq=True)}" if queries else "")


def check(operation, method, path, status, kind, content):
    """What came is documented, and as documented."""
    told = operation["responses"].get(str(status))
    assert told, (method, path, status, content)
    wanted = told["content"]
    assert kind in wanted, (method, path, status, kind, content)
    value = json.loads(content) if kind == "application/json" else content.decode()
    assert not fault(value, wanted[kind]["schema"]), (method, path, status)
    if status >= 400:
        assert value["error"]
        assert "\n" not in value["error"]


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_whatever_is_asked_is_answered_as_the_document_says(site, data):
    path, method = data.draw(st.sampled_from(OPERATIONS))
    operation = SPEC["paths"][path][method]
    given_right = data.draw(st.booleans())
    numbers = {each["name"]: data.draw(right(each["schema"]) if given_right else PLAIN | st.integers()) for each in operation.get("parameters", ())}
    queries = {each["name"]: numbers[each["name"]] for each in operation.get("parameters", ())
               if each["in"] == "query" and (each.get("required") or data.draw(st.booleans()))}
    body, kind = None, "application/json"
    if "requestBody" in operation:
        (kind, said), = operation["requestBody"]["content"].items()
        value = data.draw(right(said["schema"]) if given_right else JSON)
        body = value.encode("utf-8", "surrogatepass") if kind != "application/json" and isinstance(value, str) else json.dumps(value)
        if not given_right:
            assume(fault(value, said["schema"]))
    where = asked(path, operation, numbers, queries)
    status, answered, content = ask(site, method, where, body, kind)
    check(operation, method, where, status, answered, content)
    assert status < 500
    if path.startswith("/api/values/"):
        wrong = "requestBody" in operation and not given_right
        assert (status == 200) == (given_right and not wrong) or not given_right, (method, where, body, content)
        assert not (wrong and status == 200), (where, body)


@pytest.mark.parametrize("row", [row for row in params.TABLE if not row.of_card], ids=lambda row: row.path)
def test_every_parameter_of_the_table_can_be_read_where_the_document_says(site, row):
    """One of each row: the first instance."""
    path = f"/api/values/{next(params.instances(row)).path}"
    status, _, content = ask(site, "get", path)
    assert status == 200
    assert json.loads(content)["value"] is not None


def test_the_document_and_the_access_table_know_the_same_paths():
    engineer = Visitor("engineer", "Ann")
    for path, method in OPERATIONS:
        assert refusal(engineer, method.upper(), re.sub(r"\{\w+\}", "1", path)) is None, (method, path)
    documented = {re.sub(r"\{\w+\}", "*", path) for path, _ in OPERATIONS}
    page = {"/", "/static/**", "/sw.js", "/manifest.webmanifest", "/pair", "/pair/*", "/api/pair", "/live", "/listen", "/panel", "/table", "/state", "/taste",
            "/api/undo/anybody"}
    for row in TABLE:
        if row.pattern not in page and "values/" not in row.pattern:
            assert row.pattern in documented or row.pattern.replace("**", "*") in documented, row.pattern


def test_schemas_say_what_the_desk_takes():
    put = SPEC["paths"]["/api/values/strip/{strip}/level"]["put"]
    assert put["requestBody"]["content"]["application/json"]["schema"] == {"type": "number", "minimum": -90.0, "maximum": 10, "description": "dB"}
    assert put["parameters"] == [{"name": "strip", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1, "maximum": 32}}]


@pytest.mark.parametrize("path", ["/", "/api/me", "/api/values/strip/1/level", "/api/takes/x/zip"])
def test_a_method_that_nobody_knows_is_refused_in_one_line_that_says_which_there_are(site, path):
    line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    line.request("TRACE", path)
    answer = line.getresponse()
    error = json.loads(answer.read())["error"]
    assert (answer.status, answer.headers["Allow"].split(", ")[0], "\n" in error) == (405, "GET", False)
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self';")
    line.close()


@pytest.mark.parametrize("path", ["/api/locks", "/api/takes/x/zip"])
def test_a_method_that_is_not_for_a_path_is_refused_alike(site, path):
    line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    line.request("POST", path)
    answer = line.getresponse()
    assert (answer.status, answer.headers["Allow"], json.loads(answer.read())["error"]) == (405, "GET", f"{path}: nobody may POST it, expected GET")
    line.close()


LETTERS = [*map(chr, range(0x3002)), *"\U000a8901\U000e0001\ufeff\ufffa\ufffd\uffff", "😀"]


def test_texts_and_names_that_the_document_allows_are_those_that_the_desk_takes():
    text, scene, name = (re.compile(SPEC["components"]["schemas"][kind]["pattern"][:-1] + r"\Z") for kind in ("Text32", "Scene48", "Name32"))
    for letter in LETTERS:
        assert bool(text.match(letter)) == printable(letter), hex(ord(letter))
        for called in (letter, f"a{letter}", f"{letter}a", f"a{letter}a"):
            assert bool(scene.match(called)) == (_fault(called) is None), ascii(called)
            assert bool(name.match(called)) == (taken(lambda called=called: checked_name(called)) == called), ascii(called)


def taken(act):
    try:
        return act()
    except PeopleError:
        return None


@pytest.mark.parametrize(("said", "told"), [
    ({"role": "musician", "monitor": 3.0, "strips": [26.0, 1]}, 200),
    ({"role": "musician", "monitor": 3.5}, 400),
    ({"role": "musician"}, 400),
    ({"role": "guest", "monitor": 0, "strips": []}, 200),
    ({"role": "guest", "strips": [33]}, 400),
    ({"role": "guest", "monitor": 7}, 400),
    ({"monitor": 3}, 400),
    ({"role": ""}, 400),
    ({"name": "Ann"}, 200),
    ({"name": ""}, 400),
    ({"name": 3}, 400),
    (None, 200),
])
def test_an_invitation_is_taken_where_the_document_allows_it(site, said, told):
    schema = SPEC["paths"]["/api/invitation"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    status, _, content = ask(site, "post", "/api/invitation", None if said is None else json.dumps(said))
    assert (status, said is None or not fault(whole(said), schema)) == (told, told == 200), content


def whole(value):
    """As JSON's numbers are: 3.0 is 3."""
    if isinstance(value, dict):
        return {key: whole(inner) for key, inner in value.items()}
    return [whole(inner) for inner in value] if isinstance(value, list) else int(value) if isinstance(value, float) and value % 1 == 0 else value


def test_a_body_of_null_is_no_object(site):
    assert [ask(site, "post", f"/api/{path}", "null")[0] for path in ("keep", "undo", "invitation")] == [400, 400, 400]
    assert ask(site, "post", "/api/undo", '{"of": null}')[0] == 400


@pytest.mark.parametrize(("method", "path"), [("post", "/api/keep"), ("post", "/api/undo"), ("post", "/api/invitation"),
                                              ("post", "/api/scenes/{name}/recall")])
def test_a_body_that_may_be_left_out_is_documented_so(method, path):
    assert SPEC["paths"][path][method]["requestBody"]["required"] is False


def test_a_scene_that_is_empty_is_no_scene(site):
    assert ask(site, "put", "/api/scenes/x/file", b" \n", "text/plain")[0] == 400


@pytest.mark.parametrize("why", ["past: nothing is known of that time, expected one that the journal holds",
                                 "past: 5 is not a time between the journal's beginning and now", "network: this box opens no hotspot"])
def test_what_there_is_not_is_not_there(why):
    """A script that asks for it asks rightly."""
    assert status_of(RequestError(why)) == 404
