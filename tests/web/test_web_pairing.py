"""Coming in by HTTP: a stranger, a code, a link, a yes; and who needs none of it."""

from __future__ import annotations

import http.client
import json
import os
import socket
from http.cookies import SimpleCookie

import pytest
from conftest import Ears

from gigbox.people.person import Grant
from gigbox.web.tries import OF_ALL, OF_ONE, Tries
from gigbox.web.visitors import is_same_user


class Browser:
    """A stranger's, with its cookies."""

    def __init__(self, site, **headers):
        self.site, self.cookies, self.headers = site, {}, headers

    def ask(self, method, path, body=None):
        line = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=60)
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        line.request(method, path, None if body is None else json.dumps(body), {**({"Cookie": jar} if jar else {}), **self.headers})
        answer = line.getresponse()
        self.said = answer.headers.get_all("Set-Cookie") or []
        for text in self.said:
            for name, morsel in SimpleCookie(text).items():
                self.cookies.pop(name, None)
                self.cookies |= {name: morsel.value} if morsel.value else {}
        content = answer.read()
        line.close()
        return answer.status, json.loads(content)


@pytest.fixture
def site(own_site):
    own_site.local = False
    return own_site


def test_a_stranger_sees_the_page_to_come_in_and_nothing_else(site):
    eve = Browser(site)
    assert eve.ask("GET", "/api/me")[1]["role"] == "nobody"
    assert eve.ask("GET", "/api/values")[0] == 401
    assert b"gigbox: come in" in site.get("/pair").read()
    assert eve.ask("PUT", "/api/values/strip/1/level", -3)[0] == 401
    assert site.truth.log == []


def test_a_link_is_exchanged_for_a_cookie_that_no_script_reads(site):
    ann = Browser(site)
    key = site.pairing.invite("engineer", name="Ann").key
    status, told = ann.ask("POST", "/api/pair", {"key": key})
    assert (status, told["me"]["role"], told["me"]["name"]) == (200, "engineer", "Ann")
    cookie = next(text for text in ann.said if text.startswith("gigbox-token="))
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert ann.ask("PUT", "/api/values/strip/1/level", -3)[0] == 200
    assert site.truth.log[-1]["by"] == "web:Ann"
    assert Browser(site).ask("POST", "/api/pair", {"key": key})[0] == 403


def test_a_phone_with_the_code_waits_for_a_yes_of_an_engineers_page(site):
    ann, ben = Browser(site), Browser(site)
    ann.ask("POST", "/api/pair", {"key": site.pairing.invite("engineer").key})
    code = ann.ask("POST", "/api/invitation", {})[1]["code"]
    assert ben.ask("POST", "/api/pair", {"code": code, "name": "Ben", "wants": {"role": "engineer"}}) == (202, {"asking": True})
    assert ben.ask("GET", "/api/pair") == (202, {"asking": True})
    asking = ann.ask("GET", "/api/people")[1]["asking"]
    assert [(each["name"], each["wants"]["role"]) for each in asking] == [("Ben", "engineer")]
    assert 0 <= asking[0]["seconds"] < 60         # so long Ben waits
    assert ben.ask("POST", f"/api/asking/{asking[0]['id']}", {"role": "engineer"})[0] == 401
    ann.ask("POST", f"/api/asking/{asking[0]['id']}", {"role": "musician", "monitor": 2})
    status, told = ben.ask("GET", "/api/pair")
    assert (status, told["me"]["role"], told["me"]["monitor"]) == (200, "musician", 2)
    who = next(each["id"] for each in ann.ask("GET", "/api/people")[1]["people"] if each["name"] == "Ben")
    assert ann.ask("DELETE", f"/api/people/{who}")[0] == 200
    assert ben.ask("GET", "/api/values")[0] == 401


def test_who_has_the_page_open_is_told(site):
    tokens = {name: site.people.add(name, Grant("engineer"))[1] for name in ("Ann", "Ben")}
    ann = Browser(site, Authorization=f"Bearer {tokens['Ann']}")
    ears = Ears(site.socket(Authorization=f"Bearer {tokens['Ann']}"))
    ears.hear("state")
    site.server.live.know()                       # as each half second
    assert {each["name"]: each["here"] for each in ann.ask("GET", "/api/people")[1]["people"]} == {"Ann": True, "Ben": False}
    ears.socket.close()


def test_who_signs_out_is_nobody(site):
    ann = Browser(site)
    ann.ask("POST", "/api/pair", {"key": site.pairing.invite("engineer").key})
    token = ann.cookies["gigbox-token"]
    ann.ask("DELETE", "/api/me")
    assert "gigbox-token" not in ann.cookies
    assert Browser(site, Authorization=f"Bearer {token}").ask("GET", "/api/values")[0] == 401


def test_no_token_is_ever_told_again(site):
    ann = Browser(site)
    ann.ask("POST", "/api/pair", {"key": site.pairing.invite("engineer").key})
    token = ann.cookies["gigbox-token"]
    for path in ("/api/me", "/api/people", "/api/values"):
        assert token not in json.dumps(ann.ask("GET", path)[1])
        assert "token" not in json.dumps(ann.ask("GET", path)[1])


def test_guessing_codes_is_slowed_down_and_links_are_not(site):
    eve = Browser(site)
    answers = [eve.ask("POST", "/api/pair", {"code": f"{n:08d}"})[0] for n in range(OF_ONE + 2)]
    assert answers == [403] * OF_ONE + [429] * 2
    assert eve.ask("POST", "/api/pair", {"key": site.pairing.invite("guest").key})[0] == 200


def test_many_addresses_together_guess_no_faster_than_all_may():
    now = [0.0]
    tries = Tries(lambda: now[0])
    assert sum(tries.take(f"10.0.{n >> 8}.{n & 255}") for n in range(2000)) == OF_ALL
    now[0] += 60
    assert sum(tries.take(f"10.1.{n >> 8}.{n & 255}") for n in range(2000)) == OF_ALL


@pytest.mark.parametrize(("body", "error"), [
    ({}, "pair: expected a code or a key, and a name"),
    ({"code": "1", "key": "x"}, "pair: expected a code or a key, and a name"),
    ({"code": 12345678}, "pair: expected a code or a key, and a name"),
    ({"key": "x", "role": "engineer"}, "body: expected an object of code, key, name, wants"),
    ({"key": "x", "wants": {"role": "king"}}, "role: 'king', expected one of engineer, musician, guest"),
    ({"key": "x", "wants": 3}, "wants: expected an object of role, monitor, strips"),
    ({"key": "x", "name": "\n"}, "name: '\\n', expected 1 to 32 printable characters"),
    ([], "body: expected an object of code, key, name, wants"),
])
def test_words_that_make_no_sense_are_one_line(site, body, error):
    status, told = Browser(site).ask("POST", "/api/pair", body)
    assert (400 <= status < 500, told["error"]) == (True, error)


def test_the_user_of_the_machine_needs_no_code(site):
    site.local = True
    me = Browser(site, **{"User-Agent": "Mozilla/5.0"}).ask("GET", "/api/me")[1]
    assert (me["role"], me["local"], me["id"]) == ("engineer", True, "")
    ears = Ears(site.socket())
    assert ears.hear("you")["you"]["role"] == "engineer"
    ears.socket.close()


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
def test_who_comes_through_a_proxy_of_this_machine_is_not_its_user(site, header):
    site.local = True
    assert Browser(site, **{header: "10.0.0.9"}).ask("GET", "/api/me")[1]["role"] == "nobody"


def test_the_kernel_says_whose_the_other_end_is():
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            listening = socket.create_server((address, 0), family=family)
        except OSError:              # no IPv6 here
            continue
        with listening, socket.create_connection(listening.getsockname()[:2]) as mine:
            theirs, ours = mine.getsockname()[:2], listening.getsockname()[:2]
            assert is_same_user((theirs, ours))
            assert is_same_user((theirs, ours), user=os.getuid() + 1) == (os.getuid() == 0)
            assert not is_same_user((ours, (*theirs[:1], 1)))
    assert not is_same_user((("10.0.0.1", 80), ("127.0.0.1", 80)))


def test_who_has_let_go_of_a_connection_is_not_taken_for_root():
    """Anybody of this machine may ask for something and hang up before the box looks; the kernel then says that it is of user 0."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        mine = socket.create_connection(listening.getsockname())
        with listening.accept()[0] as here:
            theirs, ours = here.getpeername(), here.getsockname()
            mine.sendall(b"PUT /api/values/main/level HTTP/1.1\r\n")
            assert is_same_user((theirs, ours))
            mine.close()
            assert not is_same_user((theirs, ours))


def test_where_the_kernel_tells_nothing_nobody_is_believed(tmp_path):
    assert not is_same_user((("127.0.0.1", 4000), ("127.0.0.1", 8080)), tmp_path)
    row = "   0: 0100007F:0FA0 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  {} 0 1 1"
    for user, known in (("1000", True), ("0", True), ("33", False), ("x", False)):
        (tmp_path / "tcp").write_text("head\n" + row.format(user) + "\nbroken\n")
        assert is_same_user((("127.0.0.1", 4000), ("127.0.0.1", 8080)), tmp_path, 1000) == known


def test_a_guest_of_the_box_keeps_what_he_was_given_when_he_sits_at_it(site):
    """A token says who it is, wherever that browser is."""
    site.local = True
    _, token = site.people.add("Eve", Grant("guest"))
    assert Browser(site, Authorization=f"Bearer {token}").ask("GET", "/api/me")[1]["role"] == "guest"
