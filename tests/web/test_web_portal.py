"""Phones stay on the hotspot: what they ask of the internet is answered word for word, there and nowhere else."""

from __future__ import annotations

import http.client

import pytest

ASKED = [
    ("connectivitycheck.gstatic.com", "/generate_204", 204, b""), ("www.google.com", "/gen_204", 204, b""),
    ("clients3.google.com", "/generate_204?x", 204, b""),
    ("connect.rom.miui.com", "/generate_204", 204, b""), ("captive.apple.com", "/hotspot-detect.html", 200, b"<BODY>Success</BODY>"),
    ("www.apple.com", "/library/test/success.html", 200, b"<TITLE>Success</TITLE>"),
    ("www.msftconnecttest.com", "/connecttest.txt", 200, b"Microsoft Connect Test"),
    ("www.msftncsi.com", "/ncsi.txt", 200, b"Microsoft NCSI"), ("detectportal.firefox.com", "/success.txt?ipv4", 200, b"success\n"),
    ("detectportal.firefox.com", "/canonical.html", 200, b"support.mozilla.org/kb/captive-portal"),
    ("nmcheck.gnome.org", "/check_network_status.txt", 200, b"NetworkManager is online"),
]


@pytest.fixture
def hotspot(site, monkeypatch):
    monkeypatch.setattr(site.server.door, "hotspot", "127.0.0.1")
    return site


def ask(site, host, path, method="GET"):
    line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    line.request(method, path, headers={"Host": host})
    answer = line.getresponse()
    return answer.status, answer.read(), answer.headers


@pytest.mark.parametrize(("host", "path", "status", "body"), ASKED, ids=lambda value: str(value)[:30])
def test_a_phone_on_the_hotspot_hears_what_it_waits_for(hotspot, host, path, status, body):
    told, said, _ = ask(hotspot, host, path)
    assert told == status
    assert body in said
    assert bool(said) == bool(body)


def test_an_answer_is_of_that_length_and_kept_by_nobody(hotspot):
    _, said, headers = ask(hotspot, "captive.apple.com", "/hotspot-detect.html")
    assert headers["Content-Length"] == str(len(said))
    assert headers["Cache-Control"] == "no-store"
    assert ask(hotspot, "captive.apple.com", "/hotspot-detect.html", "HEAD")[1] == b""


def test_whatever_else_is_asked_for_there_leads_to_the_page(hotspot):
    status, _, headers = ask(hotspot, "www.example.com", "/news")
    assert (status, headers["Location"]) == (302, "http://10.42.0.1/")


def test_the_box_itself_is_asked_as_ever(hotspot):
    assert ask(hotspot, "gigbox.local", "/")[0] == 200
    assert ask(hotspot, "gigbox.local", "/generate_204")[0] == 404
    assert ask(hotspot, "www.example.com", "/api/values/box/mode", "PUT")[0] == 421


@pytest.mark.parametrize(("host", "path"), [("connectivitycheck.gstatic.com", "/generate_204"), ("www.example.com", "/news")])
def test_elsewhere_nobody_hears_that_the_box_is_somebody_else(site, host, path):
    assert ask(site, host, path)[0] == 421
