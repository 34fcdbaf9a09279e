"""Rubbish by HTTP and by WebSocket, hundreds in a test and ten thousand in a soak: nothing changes, nothing dies, nobody else notices."""

from __future__ import annotations

import contextlib
import random
import socket
import time

import pytest
from conftest import Ears, Site
from test_web_door import SHAKE, frame

from gigbox.people.person import Grant

GOOD = ('{"set": {"strip/1/level": -3}}', '{"release": "strip/1"}',
        '{"lock": "strip/1"}', '{"undo": true}', '{"scene": {"recall": "rock"}}', '{"history": 5}',
        '{"want": {"meters": 20}}', '{"back": {"at": 5}}', '{"keep": "*"}', '{"preview": "rock", "kinds": ["sends"]}')
WORDS = ["{", "}", "[", "]", ":", ",", '"', "set", "id", "null", "1e999", "-0", "NaN", "strip/1/level", "\\u0000", "\\ud800", "true", "\x00", "ÿ", " " * 50]
HEADS = (b"GET /api/values HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"PUT /api/values/strip/1/level HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\n-3",
         b"POST /api/pair HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 20\r\n\r\n{\"code\": \"00000000\"}",
         b"DELETE /api/me HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
         b"POST /api/undo HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer x\r\n\r\n", SHAKE.format("live").encode())


def spoiled(rng, content):
    """The same with a few bytes of it gone, doubled, or other ones."""
    bytes_ = bytearray(content)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(bytes_) + 1)
        match rng.randrange(4):
            case 0:
                del bytes_[at:at + rng.randint(1, 8)]
            case 1:
                bytes_[at:at] = rng.choice(WORDS).encode()
            case 2:
                bytes_[at:at] = bytes_[max(at - 9, 0):at]
            case _:
                bytes_[at:at + 1] = rng.randbytes(1)
    return bytes(bytes_)


def nonsense(rng):
    """A message for a socket: a good one spoiled, words at random, or bytes."""
    match rng.randrange(3):
        case 0:
            return spoiled(rng, rng.choice(GOOD).encode())
        case 1:
            return "".join(rng.choice(WORDS) for _ in range(rng.randint(0, 12))).encode()
        case _:
            return rng.randbytes(rng.randint(0, 40))


def by_http(site, rng, count):
    for _ in range(count):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", site.port), timeout=2) as line:
            line.sendall(spoiled(rng, rng.choice(HEADS)))
            if rng.random() < 0.3:
                line.shutdown(socket.SHUT_WR)
            line.settimeout(0.02)
            line.recv(4096)


def by_socket(site, rng, count, token):
    """As a guest: whatever a message happens to mean, it may change nothing."""
    while count > 0:
        with socket.create_connection(("127.0.0.1", site.port), timeout=2) as line, contextlib.suppress(OSError):
            line.sendall(SHAKE.format("live").replace("\r\n\r\n", f"\r\nAuthorization: Bearer {token}\r\n\r\n").encode())
            line.recv(65536)
            for _ in range(min(count, 60)):
                count -= 1
                line.sendall(spoiled(rng, frame(1, b"{}")) if rng.random() < 0.05 else frame(rng.choice((1, 1, 1, 2)), nonsense(rng)))


def rubbish(count, seed):
    rng, site = random.Random(seed), Site(head_s=0.5, body_s=0.5, messages=10_000, burst=10_000)
    try:
        token = site.people.add("Eve", Grant("guest"))[1]
        site.local = False
        hand, auto, locked, known = dict(site.truth.hand), dict(site.truth.auto), set(site.truth.locked), site.people.all()
        good = Ears(site.socket("/live?meters=20", Authorization=f"Bearer {token}"))
        good.hear("state")
        by_http(site, rng, count // 4)
        by_socket(site, rng, count - count // 4, token)
        assert (site.truth.hand, site.truth.auto, site.truth.locked, site.people.all()) == (hand, auto, locked, known)
        assert [entry for entry in site.truth.log if "report" not in entry] == []
        good.say({"history": 1, "id": "still here"})
        assert good.hear("answer")["answer"] == "still here"
        begun = time.monotonic()
        assert site.get("/pair").status == 200
        assert time.monotonic() - begun < 2
        good.socket.close()
    finally:
        site.close()


def test_some_hundred_malformed_messages_change_nothing_and_kill_nothing(capfd):
    rubbish(600, 1)
    assert capfd.readouterr().err == ""


@pytest.mark.soak
def test_ten_thousand_malformed_messages_change_nothing_and_kill_nothing(capfd):
    rubbish(10_000, 2)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("path", ["/", "/pair", "/static/page.js", "/api/me", "/api/values", "/api/nowhere", "/api/scenes/x/file"])
def test_every_answer_forbids_what_a_browser_need_not_do(path):
    site = Site()
    try:
        for local in (True, False):
            site.local = local
            line = socket.create_connection(("127.0.0.1", site.port), timeout=5)
            line.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
            head = b""
            while chunk := line.recv(65536):
                head += chunk
            line.close()
            headers = dict(text.split(": ", 1) for text in head.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:])
            policy = headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'self';")
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            wanted = {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Server": "gigbox",
                      "Cross-Origin-Resource-Policy": "same-origin"}
            assert {name: headers.get(name) for name in wanted} == wanted
            assert "Access-Control-Allow-Origin" not in headers
    finally:
        site.close()


def test_no_page_has_a_script_or_style_in_it():
    """The policy would not let it run."""
    site = Site()
    try:
        for path in ("/", "/pair"):
            text = site.get(path).read().decode()
            assert "<script>" not in text
            assert "<style" not in text
            assert " style=" not in text
    finally:
        site.close()
