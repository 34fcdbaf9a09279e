"""The protocol without sockets: each request's answer, and one line for whatever is not a request."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gigbox.desk.access import Reader
from gigbox.desk.reports import Reports
from gigbox.desk.requests import Later, Requests
from gigbox.desk.scenes import Scenes
from gigbox.params import ROLES

from .fakes import Inline
from .fakes import OneClock as Desk

LEVEL = "strip/3/level"
KNOWN = "hello, get, watch, history, scenes, locks, report, set, auto, lock, unlock, release, keep, undo, scene, post"


class Talk:
    """One client that has read, unless told otherwise."""

    def __init__(self, folder: Path, has_read: bool = True) -> None:
        self.now = 100.0
        self.desk = Desk()
        self.requests = Requests(self.desk, Scenes(folder), Reports(folder / "reports"), lambda: self.now)
        self.reader = Reader(has_read)

    def __call__(self, request: object) -> dict[str, Any]:
        line = request if isinstance(request, bytes) else json.dumps(request).encode()
        answer = self.requests.answer(line, self.reader)
        return (answer.finish(Inline().submit(answer.job)) if isinstance(answer, Later) else answer)[0]


@pytest.fixture
def talk(tmp_path: Path) -> Talk:
    return Talk(tmp_path)


def test_get_tells_both_layers_and_what_is_heard(talk: Talk) -> None:
    talk({"set": {LEVEL: -3, "strip/3/mute": True, "strip/3/name": "Anna"}, "by": "ann"})
    talk({"auto": {"strip/3/role": "kick", "strip/4/level": -1.5}, "why": "sounds like one", "by": "brain"})
    talk({"lock": "strip/4/level"})
    assert talk({"get": [LEVEL, "strip/4/level", "strip/3/mute", "strip/3/role", "strip/*/name"], "id": 7})["ok"].items() >= {
        LEVEL: {"hand": -3, "auto": None, "value": -3},
        "strip/4/level": {"hand": None, "auto": -1.5, "value": -1.5, "locked": True},
        "strip/3/mute": {"hand": True, "auto": None, "value": True},
        "strip/3/role": {"hand": None, "auto": "kick", "value": "kick"},
        "strip/3/name": {"hand": "Anna", "auto": None, "value": "Anna"},
        "strip/4/name": {"hand": None, "auto": None, "value": ""}}.items()


def test_every_answer_carries_the_id_of_its_request(talk: Talk) -> None:
    assert talk({"set": {LEVEL: -3}, "id": 7}) == {"id": 7, "ok": {"changed": 1, "action": 1}}
    assert talk({"set": {LEVEL: 40}, "id": "x"}) == {"id": "x", "error": "strip/3/level: 40 dB is above 10 dB", "cause": "ParamError"}
    assert "id" not in talk({"set": {LEVEL: -3}})


@pytest.mark.parametrize("request_", [
    {"set": {LEVEL: -3}}, {"auto": {LEVEL: -3}, "why": "x"}, {"lock": "strip/3"}, {"unlock": "strip/3"}, {"release": "*"}, {"keep": "*"},
    {"undo": True}, {"scene": {"save": "x"}}, {"post": {"x": {}}}])
def test_nobody_writes_who_has_not_read(tmp_path: Path, request_: dict[str, object]) -> None:
    talk, verb = Talk(tmp_path, has_read=False), next(iter(request_))
    before = talk.desk.snapshot()
    assert talk(request_) == {"error": f"{verb}: this client has not read yet, expected get or watch first", "cause": "RequestError"}
    assert talk({"get": "strip/99"}) == {"error": "strip/99: no such parameter", "cause": "ParamError"}
    assert "error" in talk(request_)                         # a get that failed was no reading
    assert talk.desk.snapshot() == before
    talk({"get": LEVEL})
    assert "has not read" not in talk(request_).get("error", "")


def test_auto_tells_what_it_left_alone(talk: Talk) -> None:
    talk({"lock": "strip/3"})
    talk({"set": {"strip/4/level": -1}})
    answer = talk({"auto": {LEVEL: -1, "strip/4/level": -1, "strip/5/level": -1}, "why": {LEVEL: "a", "strip/4/level": "b", "strip/5/level": "c"}})
    assert answer == {"ok": {"changed": 1, "action": 3, "ignored": {LEVEL: "locked", "strip/4/level": "touched"}}}


def test_the_whole_life_of_a_scene(talk: Talk) -> None:
    talk({"set": {LEVEL: -3, "main/level": -1}})
    assert talk({"scene": {"save": "rock"}}) == {"ok": {"changed": 0}}
    assert talk({"scenes": True}) == {"ok": ["rock"]}
    talk.now += 5
    talk({"set": {LEVEL: -9, "main/level": -5}})
    assert talk({"scene": {"recall": "rock"}, "scope": "strip/3"})["ok"]["changed"] == 1
    assert (talk.desk.layer(LEVEL, "hand"), talk.desk.layer("main/level", "hand")) == (-3, -5)
    assert talk({"history": 1})["ok"][0]["why"] == "scene rock"
    assert talk({"scene": {"delete": "rock"}}) == {"ok": {"changed": 0}}
    assert talk({"scene": {"recall": "rock"}}) == {"error": "scene 'rock': no such scene", "cause": "SceneError"}


def test_what_one_client_posts_others_read(talk: Talk) -> None:
    assert talk({"report": "linecheck"}) == {"error": "report 'linecheck': none so far", "cause": "RequestError"}
    assert talk({"post": {"linecheck": {"seconds": 10}}, "by": "brain"}) == {"ok": {"changed": 0}}
    assert talk({"report": "linecheck"}) == {"ok": {"name": "linecheck", "by": "brain", "time": 100.0, "told": {"seconds": 10}}}
    assert talk({"history": 1})["ok"] == []                  # nobody's setting, and not for undo


def test_a_line_check_is_in_no_scene_and_no_undo_begins_it_again(talk: Talk) -> None:
    talk({"set": {LEVEL: -3}, "by": "ann"})
    talk({"set": {"box/linecheck": 10}, "by": "ann"})
    talk({"scene": {"save": "rock"}})
    talk({"set": {"box/linecheck": 0}, "by": "brain"})
    talk({"scene": {"recall": "rock"}})
    assert talk.desk.layer("box/linecheck", "hand") == 0
    talk({"undo": True})
    assert (talk.desk.layer("box/linecheck", "hand"), talk.desk.layer(LEVEL, "hand")) == (0, None)


def test_a_wish_to_forget_is_in_no_scene_and_no_undo_brings_it_back(talk: Talk) -> None:
    talk({"set": {"box/forget": "snare"}, "by": "ann"})
    talk({"scene": {"save": "rock"}})
    talk({"set": {"box/forget": ""}, "by": "brain"})
    talk({"scene": {"recall": "rock"}})
    assert "undo" in str(talk({"undo": True})["error"])
    assert talk.desk.layer("box/forget", "hand") is None
    talk({"set": {"box/forget": "keys"}})
    talk({"scene": {"recall": "rock"}})
    assert talk.desk.layer("box/forget", "hand") == "keys"


def test_a_scene_that_is_recalled_lets_a_line_check_go_on(talk: Talk) -> None:
    talk({"scene": {"save": "rock"}})
    talk({"set": {"box/linecheck": 10}})
    talk({"scene": {"recall": "rock"}})
    assert talk.desk.layer("box/linecheck", "hand") == 10


def test_a_desk_that_died_in_a_line_check_still_says_so(talk: Talk) -> None:
    talk({"set": {"box/linecheck": 10}})
    again = Desk()
    again.restore(json.loads(json.dumps(talk.desk.snapshot())))
    assert again.layer("box/linecheck", "hand") == 10


def test_undo_of_all_or_of_one_hand(talk: Talk) -> None:
    talk({"set": {LEVEL: -3}, "by": "ann"})
    talk({"set": {"main/level": -3}, "by": "bob"})
    assert talk({"undo": "ann", "by": "bob"})["ok"]["changed"] == 1
    assert talk({"undo": True, "by": "ann"})["ok"]["changed"] == 1
    assert talk({"undo": True}) == {"error": "undo: there is nothing to take back", "cause": "RequestError"}


def test_release_keep_and_locks(talk: Talk) -> None:
    talk({"auto": {LEVEL: -2}, "why": "x"})
    assert talk({"keep": ["strip/3", "strip/4"]})["ok"]["changed"] == 2
    assert talk({"release": "strip/3/*"})["ok"]["changed"] == 1
    talk({"lock": "strip/*/eq"})
    talk({"unlock": "strip/1"})
    assert talk({"locks": True})["ok"] == sorted(f"strip/{n}/eq" for n in range(2, 33))


@pytest.mark.parametrize(("line", "error"), [
    (b"{", 'request: "{" is not JSON, expected one JSON object a line'),
    (b"\xff\xfe{}", "request: not UTF-8, expected one JSON object a line"),
    (b"[1, 2]", "request: [1, 2], expected a JSON object"),
    (b"{}", f"request: nothing asked, expected one of {KNOWN}"),
    (b'{"post": {"x": {"a": ' + b"[" * 900 + b"]" * 900 + b"}}}", "request: nested deeper than 32, expected one JSON object a line"),
    (b'{"post": {"x": {"a": [NaN]}}}', "report 'x': Out of range float values are not JSON compliant, expected a plain JSON object"),
    (b'{"post": {"desk": {}}}', "report 'desk': is the desk's own, expected another name"),
    (b'{"get": "*", "get": "main"}', "request: 'get' is there twice, expected one JSON object a line"),
    (b'{"set": {"strip/3/level": -1, "strip/3/level": -2}}', "request: 'strip/3/level' is there twice, expected one JSON object a line"),
    (b'{"set": {"strip/3/level": ' + b"9" * 400 + b"}}", "request: 99999999999999999999... is out of all bounds, expected one JSON object a line"),
    (b'{"set": {"strip/3/name": "\\ud800"}}', "request: a text with NUL or half of a surrogate pair in it, expected one JSON object a line"),
    (b'{"set": {"strip/3/name": "a\\u0000"}}', "request: a text with NUL or half of a surrogate pair in it, expected one JSON object a line"),
    ('{"get": "*"}'.encode("utf-16"), "request: not UTF-8, expected one JSON object a line"),
    ({"get": ["strip/3"] * 257}, "get: 257 patterns, expected 256 at most"),
    ({"set": {"strip/3/hum/harmonics": 2.5}}, "strip/3/hum/harmonics: 2.5 is not a whole number"),
    ({"set": {"strip/3/mute": 0.5}}, "strip/3/mute: 0.5 is not a whole number or one of off, on"),
    ({"set": {"strip/3/role": 8.5}}, f"strip/3/role: 8.5 is not a whole number or one of {', '.join(ROLES)}"),
    ({"auto": {"strip/3/role": 8.5}, "why": "x"}, f"strip/3/role: 8.5 is not a whole number or one of {', '.join(ROLES)}"),
    ({"auto": {"strip/3/hum/harmonics": 2.5}, "why": "x"}, "strip/3/hum/harmonics: 2.5 is not a whole number"),
    (b"[" * 100_000, "request: nested deeper than 32, expected one JSON object a line"),
    ({"turn": 1}, f'request: "turn" is not understood, expected one of {KNOWN}'),
    ({"get": "*", "set": {}}, f"request: get and set asked, expected one of {KNOWN}"),
    ({"get": "*", "why": "x"}, "request: 'why' has no meaning for get"),
    ({"report": True}, "report: true, expected a report's name"),
    ({"report": "../x"}, "report '../x': a name has 1 to 32 small letters"),
    ({"post": 3}, "post: 3, expected a report's name and the report"),
    ({"post": {"a": {}, "b": {}}}, 'post: {"a": {}, "b": {}}, expected a report\'s name and the report'),
    ({"post": {"a": 1}}, 'post: {"a": 1}, expected a report\'s name and the report'),
    ({"post": {"A": {}}}, "report 'A': a name has 1 to 32 small letters"),
    ({"post": {"a": {}}, "why": "x"}, "request: 'why' has no meaning for post"),
    ({"set": {}}, "set: {}, expected an object of paths and values"),
    ({"set": [LEVEL]}, 'set: ["strip/3/level"], expected an object of paths and values'),
    (b'{"set": {"strip/3/level": NaN}}', "strip/3/level: nan is not a number"),
    (b'{"set": {"strip/3/level": 1e999}}', "strip/3/level: inf is not a number"),
    (b'{"auto": {"strip/3/level": -Infinity}, "why": "x"}', "strip/3/level: -inf is not a number"),
    ({"set": {LEVEL: -3}, "by": 7}, "by: 7, expected a text"),
    ({"set": {LEVEL: -3}, "by": "a\nb"}, 'by: "a\\nb", expected at most 64 printable characters'),
    ({"set": {LEVEL: -3}, "why": "x" * 201}, f'why: "{"x" * 39}..., expected at most 200 printable characters'),
    ({"auto": {LEVEL: -3}}, "strip/3/level: auto gave no reason, expected 'why'"),
    ({"auto": {LEVEL: -3}, "why": {LEVEL: 3}}, 'why: {"strip/3/level": 3}, expected a text, or one for each path'),
    ({"auto": {"strip/3/mute": 0}, "why": "x"}, "strip/3/mute: auto may not move it, expected a hand"),
    ({"get": 3}, "get: 3, expected a path such as strip/3"),
    ({"get": []}, "get: an empty list, expected a path or pattern such as strip/3"),
    ({"watch": ["strip/3", None]}, "watch: null, expected a path such as strip/3"),
    ({"watch": "strip/" + "9" * 5000}, "strip/" + "9" * 74 + ": no such parameter"),
    ({"lock": ["strip/3"]}, 'lock: ["strip/3"], expected a path such as strip/3'),
    ({"undo": 1}, "undo: 1, expected true, or whose action"),
    ({"history": 0}, "history: 0, expected 1 to 500"),
    ({"history": True}, "history: true, expected 1 to 500"),
    ({"scenes": 1}, "scenes: 1, expected true"),
    ({"scene": "x"}, 'scene: "x", expected one of save, recall, delete and a name'),
    ({"scene": {"save": "a", "delete": "b"}}, 'scene: {"save": "a", "delete": "b"}, expected one of save, recall, delete and a name'),
    ({"scene": {"save": 3}}, "scene: 3, expected the scene's name"),
])
def test_whatever_is_not_understood_is_one_line(talk: Talk, line: object, error: str) -> None:
    before = talk.desk.snapshot()
    assert talk(line)["error"] == error
    assert talk.desk.snapshot() == before


def test_a_byte_order_mark_before_a_request_is_no_fault(talk: Talk) -> None:
    assert "ok" in talk(b'\xef\xbb\xbf{"get": "main/level"}')


def test_minus_zero_is_zero(talk: Talk) -> None:
    talk(b'{"set": {"strip/3/level": -0.0, "strip/3/role": -0.0}}')
    assert json.dumps(talk({"get": LEVEL})["ok"][LEVEL]) == '{"hand": 0.0, "auto": null, "value": 0.0}'


def test_the_history_says_choices_by_name(talk: Talk) -> None:
    talk({"set": {"strip/3/role": "kick", "strip/3/mute": True}})
    assert [(e["old"], e["new"]) for e in talk({"history": 2})["ok"]] == [(None, True), (None, "kick")]


def test_the_desk_says_of_itself_how_its_card_does(talk: Talk) -> None:
    talk.requests.own = {"desk": lambda: {"card": "well"}}
    assert talk({"report": "desk"})["ok"] == {"name": "desk", "by": "desk", "time": 100.0, "told": {"card": "well"}}


JSON = st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8) | st.sampled_from(["*", "strip/3", LEVEL]),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([LEVEL, "save", "x"]), inner, max_size=3), max_leaves=6)


# The first text that Hypothesis draws in a fresh clone waits for its own table of Unicode: slow, and nothing of ours.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.one_of(st.binary(max_size=60), st.dictionaries(st.sampled_from([*KNOWN.split(", "), "by", "why", "id", "scope"]), JSON, max_size=4)))
def test_no_line_whatever_breaks_the_desk(tmp_path_factory: pytest.TempPathFactory, line: object) -> None:
    answer = Talk(tmp_path_factory.getbasetemp() / "any")(line)
    assert ("ok" in answer) != ("error" in answer)
    assert "\n" not in json.dumps(answer)
    assert "\n" not in answer.get("error", "")


@pytest.mark.parametrize("request_", [{"set": {"strip/3/name": "caf\udce9"}}, {"post": {"taste": {"says": ["caf\udce9"]}}}, {"undo": "\ud83c"},
                                      {"set": {LEVEL: -3}, "by": "\udca4\ud83c"}, {"get": "\udfff"}])
def test_half_a_character_is_refused_so_that_all_that_is_kept_can_be_written(talk: Talk, request_: dict[str, object]) -> None:
    answer = talk({**request_, "id": 7})
    assert answer["id"] == 7
    assert answer["error"] == "request: a text with NUL or half of a surrogate pair in it, expected one JSON object a line"


def test_a_character_beyond_16_bits_is_whole(talk: Talk) -> None:
    assert "ok" in talk({"set": {"strip/3/name": "\U0001f3a4"}})          # as JSON has it: \\ud83c\\udfa4
