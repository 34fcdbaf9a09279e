"""Whose hand it is: the box says, the browser proves it with a cookie, and nobody speaks in another's name."""

from __future__ import annotations

import re
import urllib.request

import pytest
from conftest import Ears

from gigbox.web.identity import Hands, fresh_name, lasting_key


def name_on(site, path="/live", **headers):
    ears = Ears(site.socket(path, **headers))
    by = ears.hear("state")["by"]
    ears.socket.close()
    return by


def test_a_page_cannot_name_itself(site, page):
    victim = page.first["by"]
    for path in ("/live?by=phone-1", "/live?by=web:phone-1", "/live?name=phone-1"):
        assert name_on(site, path) != victim
    assert name_on(site, "/live?by=phone-1", name="tablet-9") == "web:tablet-9"


@pytest.mark.parametrize("forged", ["phone-1", "phone-1.", "phone-1.AAAA", ".", "phone-1." + "A" * 43])
def test_a_cookie_that_the_box_has_not_signed_is_worth_nothing(site, forged):
    assert name_on(site, Cookie=f"gigbox-hand={forged}") == "web:script"
    assert site.hands.known(forged + "é\x00") is None


def test_another_boxs_signature_is_none_here():
    assert Hands(b"one").known(Hands(b"other").cookie("phone-1")) is None
    assert Hands(b"one").known(Hands(b"one").cookie("phone-1")) == "phone-1"


def test_undo_in_another_pages_name_takes_nothing_back(site, page):
    page.say({"set": {"strip/7/level": -9.0}})
    page.hear("changed")
    thief = Ears(site.socket("/live?by=phone-1"))
    thief.hear("state")
    thief.say({"undo": True})
    assert "has done nothing that can be taken back" in thief.hear("error")["error"]
    thief.socket.close()
    assert site.truth.hand["strip/7/level"] == -9.0


def test_a_browser_gets_its_name_with_the_page_and_keeps_it(site):
    cookie = site.get("/").headers["Set-Cookie"]
    assert re.match(r"gigbox-hand=script\.[\w-]{43}; .*HttpOnly; Path=/; SameSite=Lax", cookie)
    value = cookie.partition(";")[0]
    with urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{site.port}/", headers={"Cookie": value})) as again:
        assert again.headers["Set-Cookie"] is None
    assert name_on(site, Cookie=value) == name_on(site, Cookie=value) == f"web:{value.partition('=')[2].partition('.')[0]}"


def test_two_newcomers_are_two_hands(site):
    agent = {"User-Agent": "Mozilla/5.0 (Linux; Android 15) Mobile"}
    assert name_on(site, **agent) != name_on(site, **agent)


def test_the_word_that_people_read_is_the_kind_of_device():
    assert fresh_name("Mozilla/5.0 (iPhone) Mobile/15E148").startswith("phone-")
    assert fresh_name("Mozilla/5.0 (X11; Linux x86_64)").startswith("laptop-")
    assert fresh_name("curl/8") == "script"


def test_names_outlive_a_restart_of_the_program(tmp_path):
    key = lasting_key(tmp_path / "web.key")
    assert len(key) == 32
    assert lasting_key(tmp_path / "web.key") == key
    (tmp_path / "web.key").write_bytes(key[:7])
    assert len(lasting_key(tmp_path / "web.key")) == 32


def test_a_key_that_cannot_be_kept_is_said_in_one_line(tmp_path, capsys):
    place = tmp_path / "gone" / "web.key"
    assert len(lasting_key(place)) == 32
    assert capsys.readouterr().err == f"gigbox: web: {place}: No such file or directory; pages that were open before get new names\n"
