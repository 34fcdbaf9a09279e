"""The access table, cell by cell: who may do what, said here once more by hand, and asked of the running server."""

from __future__ import annotations

import http.client
import json

import pytest
from conftest import Ears, Site, wait_for

from gigbox.people.person import NOBODY, ROLES, Grant
from gigbox.web import access
from gigbox.web.access import TABLE, Visitor, refusal

# Every kind of path, and who may do what with it: e engineer, m musician of monitor 2 and strip 3, g guest, n nobody.
CELLS = """
/                                      GET:emgn
/static/page.js                        GET:emgn
/sw.js                                 GET:emgn
/manifest.webmanifest                  GET:emgn
/pair                                  GET:emgn
/pair/pair.js                          GET:emgn
/pair/words.js                         GET:emgn
/api/me                                GET:emgn DELETE:emg
/api/network                           GET:e PUT:e
/api/pair                              GET:emgn POST:emgn
/live                                  GET:emg
/listen                                GET:em
/panel                                 GET:emg PUT:e
/table                                 GET:emg
/state                                 GET:emg
/taste                                 GET:emg
/api/table                             GET:emg
/api/openapi.json                      GET:emg
/api/values                            GET:emg
/api/values/strip/3/level              GET:emg PUT:e DELETE:e
/api/values/strip/3/name               GET:emg PUT:em DELETE:em
/api/values/strip/4/name               GET:emg PUT:e DELETE:e
/api/values/strip/4/send/2/level       GET:emg PUT:em DELETE:em
/api/values/strip/4/send/1/level       GET:emg PUT:e DELETE:e
/api/values/strip/4/send/2/tap         GET:emg PUT:e DELETE:e
/api/values/strip/*/send/2/level       GET:emg PUT:em DELETE:em
/api/values/strip/*/send/*/level       GET:emg PUT:e DELETE:e
/api/values/strip/4/send               GET:emg PUT:e DELETE:e
/api/values/monitor/2/level            GET:emg PUT:em DELETE:em
/api/values/monitor/2/eq/1/gain        GET:emg PUT:em DELETE:em
/api/values/monitor/2/eq/on            GET:emg PUT:em DELETE:em
/api/values/monitor/2/geq/7/gain       GET:emg PUT:em DELETE:em
/api/values/monitor/2/name             GET:emg PUT:em DELETE:em
/api/values/monitor/2/mute             GET:emg PUT:e DELETE:e
/api/values/monitor/2/limiter/ceiling  GET:emg PUT:e DELETE:e
/api/values/monitor/2                  GET:emg PUT:e DELETE:e
/api/values/monitor/1/level            GET:emg PUT:e DELETE:e
/api/values/monitor/22/level           GET:emg PUT:e DELETE:e
/api/values/monitor/*/level            GET:emg PUT:e DELETE:e
/api/values/main/level                 GET:emg PUT:e DELETE:e
/api/values/box/depth                  GET:emg PUT:e DELETE:e
/api/values/*                          GET:emg PUT:e DELETE:e
/api/locks                             GET:emg
/api/locks/strip/3                     PUT:e DELETE:e
/api/keep                              POST:e
/api/undo                              POST:em
/api/undo/anybody                      POST:e
/api/history                           GET:emg
/api/past                              GET:emg POST:e
/api/scenes                            GET:emg
/api/scenes/rock                       PUT:e DELETE:e
/api/scenes/rock/recall                POST:e
/api/scenes/rock/preview               GET:emg
/api/scenes/rock/file                  GET:emg PUT:e
/api/reports/taste                     GET:emg
/api/takes                             GET:em
/api/takes/rock                        PUT:e DELETE:e
/api/takes/rock/zip                    GET:em
/api/takes/rock/files/mix.wav          GET:em
/api/takes/rock/files
/api/values/tape/record                GET:emg PUT:e DELETE:e
/api/ideas                             GET:emg
/api/ideas/chart                       GET:emg
/api/ideas/midi                        GET:emg
/api/values/box/ideas/seed             GET:emg PUT:em DELETE:em
/api/values/box/ideas/on               GET:emg PUT:e DELETE:e
/api/people                            GET:e
/api/people/p-1                        PUT:e DELETE:e
/api/asking/a-1                        POST:e DELETE:e
/api/invitation                        POST:e
/api/nowhere
/etc/passwd
/api/values/
/api//values/strip/3/level
"""
WHO = {"e": Visitor("engineer", "Ann"), "m": Visitor("musician", "Ben", "p-2", 2, (3,)), "g": Visitor("guest", "Eve"), "n": Visitor()}
METHODS = ("GET", "PUT", "DELETE", "POST", "PATCH", "FOO")
GRID = {path: dict(cell.split(":") for cell in cells) for path, *cells in map(str.split, CELLS.strip().splitlines())}
STATUS = {"n": {401}, "g": {403, 404, 405}, "m": {403, 404, 405}, "e": {404, 405}}


@pytest.mark.parametrize("path", GRID)
def test_each_cell_is_as_it_was_meant(path):
    for method in METHODS:
        for letter, visitor in WHO.items():
            refused = refusal(visitor, method, path)
            assert (refused is None) == (letter in GRID[path].get(method, "")), (method, path, visitor.role, refused)
            if refused:
                assert refused.status in STATUS[letter]
                assert refused.why
                assert "\n" not in refused.why


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{' '.join(row.methods)} {row.pattern}")
def test_each_row_of_the_table_has_a_cell_that_would_be_otherwise_without_it(monkeypatch, row):
    asked = [(who, method, path) for path in GRID if access._matches(row.pattern, path, None) for method in row.methods for who in WHO.values()]
    before = [refusal(*each) is None for each in asked]
    monkeypatch.setattr(access, "TABLE", tuple(other for other in TABLE if other is not row))
    assert [refusal(*each) is None for each in asked] != before


@pytest.mark.parametrize(("who", "method", "path", "why"), [
    ("n", "GET", "/api/values", "/api/values: only for people of this box, expected the code or the link that it shows: /pair"),
    ("g", "PUT", "/api/values/strip/3/level", "strip/3/level: a guest may only look, expected an engineer"),
    ("m", "PUT", "/api/values/strip/4/level",
     "strip/4/level: a musician may set the sends, level, eq and name of monitor 2, and names of strips 3, expected an engineer"),
    ("e", "PUT", "/api/values", "/api/values: nobody may PUT it, expected GET"),
    ("e", "GET", "/api/nowhere", "/api/nowhere: there is nothing"),
])
def test_a_refusal_says_why(who, method, path, why):
    assert refusal(WHO[who], method, path).why == why


@pytest.fixture(scope="module")
def site():
    site = Site()
    site.local = False
    site.tokens = {"engineer": site.people.add("Ann", Grant("engineer"))[1], "musician": site.people.add("Ben", Grant("musician", 2, (3,)))[1],
                   "guest": site.people.add("Eve", Grant("guest"))[1], NOBODY: "no such token"}
    yield site
    site.close()


def ask(site, role, method, path, body=None):
    line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    line.request(method, path, None if body is None else json.dumps(body), {"Authorization": f"Bearer {site.tokens[role]}"})
    answer = line.getresponse()
    content = answer.read()
    line.close()
    return answer.status, content


@pytest.mark.parametrize("role", [*ROLES, NOBODY])
def test_the_server_asks_the_table_before_anything_else(site, role):
    letter = role[0]
    for path, cells in GRID.items():
        for method in ("GET", "PUT", "DELETE", "POST"):
            if path in ("/live", "/listen", "/panel", "/api/me") or "*" in path or letter in cells.get(method, ""):
                continue
            status, content = ask(site, role, method, path)
            assert status in STATUS[letter], (method, path, status)
            assert json.loads(content)["error"]
    assert site.truth.log == []


def test_what_a_role_may_it_can(site):
    site.truth.log.clear()
    assert ask(site, "musician", "PUT", "/api/values/strip/4/send/2/level", -12)[0] == 200
    assert ask(site, "musician", "DELETE", "/api/values/monitor/2/level")[0] == 200
    assert ask(site, "engineer", "PUT", "/api/values/strip/4/level", -3)[0] == 200
    assert [entry["by"] for entry in site.truth.log] == ["web:Ben", "web:Ben", "web:Ann"]
    site.truth.log.clear()


@pytest.mark.parametrize(("wish", "refused"), [
    ({"set": {"strip/4/send/2/level": -3, "strip/4/level": -3}}, "strip/4/level: a musician may set"),
    ({"release": "monitor/2"}, "monitor/2: a musician may set"),
    ({"release": ["strip/3/name", "*"]}, "*: a musician may set"),
    ({"lock": "strip/3"}, "/api/locks/strip/3: a musician may set"),
    ({"keep": "*"}, "/api/keep: a musician may set"),
    ({"scene": {"recall": "rock"}}, "/api/scenes/rock/recall: a musician may set"),
    ({"scene": {"recall": "x/recall"}}, "/api/scenes/x|recall/recall: a musician may set"),
    ({"back": {"at": 1}}, "/api/past: a musician may set"),
])
def test_the_socket_asks_the_same_table(site, wish, refused):
    ears = Ears(site.socket(Authorization=f"Bearer {site.tokens['musician']}"))
    you = ears.hear("you")["you"]
    assert (you["role"], you["monitor"], you["strips"], you["name"]) == ("musician", 2, [3], "Ben")
    ears.say({**wish, "id": 1})
    assert ears.hear("answer")["error"].startswith(refused)
    assert site.truth.log == []
    ears.socket.close()


def test_somebody_who_was_revoked_is_let_go_at_once(site):
    person, token = site.people.add("Tom", Grant("engineer"))
    ears = Ears(site.socket(Authorization=f"Bearer {token}"))
    ears.hear("state")
    site.people.change(person.id, given=Grant("guest"))
    assert ears.hear("you")["you"]["role"] == "guest"
    ears.say({"set": {"strip/1/level": -3}})
    assert ears.hear("error")["error"] == "strip/1/level: a guest may only look, expected an engineer"
    site.people.revoke(person.id)
    wait_for(lambda: not ears.socket.connected or not site.server.live.sockets)
    assert site.truth.log == []
