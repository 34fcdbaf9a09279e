"""What somebody tries who wants to see the box fall: deep and strange JSON to every verb and path, a thousand connections, halves of them closed. Nothing
dies, nobody else waits, and it costs no memory."""

from __future__ import annotations

import contextlib
import json
import resource
import socket
from pathlib import Path

import pytest
from conftest import PATIENCE_S, Ears, Site, wait_for
from test_web_door import SHAKE, frame

from gigbox.web.wishes import VERBS

PAGE_BYTES = resource.getpagesize()
GROWTH_MB = 12                    # of this process, which is server and stranger at once
DEPTHS = (2, 31, 33, 200, 900, 990, 5000, 25_000)
NUMBERS = ("1e999", "-1e999", "NaN", "Infinity", "9" * 5000, "1" + "0" * 400 + ".5", "-0", "1e-999", "9" * 30, "0x10", "01")
TEXTS = (r'"\ud800"', r'"\u0000"', '"' + "ÿ" * 3000 + '"', '"' + "../" * 200 + '"', '"%s%n{0}"', '"\u202e\ufeff"')
CALLS = (("PUT", "/api/values/strip/1/level"), ("POST", "/api/keep"), ("POST", "/api/undo"), ("POST", "/api/past"), ("POST", "/api/scenes/x/recall"),
         ("PUT", "/api/scenes/x/file"), ("POST", "/api/invitation"), ("POST", "/api/asking/x"), ("POST", "/api/pair"), ("PUT", "/api/network"))


LONG = 50_000                     # letters: more than 64 KB is refused unread


def strange():
    """Bodies that are JSON, or nearly."""
    return [text for text in bodies() if len(text) < LONG]


def bodies():
    for depth in DEPTHS:
        yield "[" * depth + "]" * depth
        yield '{"set":' * depth + "1" + "}" * depth
        yield '{"of":' + "[" * depth + "]" * depth + "}"
    for value in (*NUMBERS, *TEXTS):
        yield value
        yield f'{{"of": {value}, "at": {value}, "role": {value}, "monitor": {value}, "strips": [{value}], "name": {value}}}'


def rss_mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_BYTES / 1e6


def answer(port, method, path, body):
    """The status and what came with it."""
    content = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as line:
        line.sendall(f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content)
        heard = b""
        while chunk := line.recv(65536):
            heard += chunk
    head, _, told = heard.partition(b"\r\n\r\n")
    return int(head.split()[1]), told


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_strange_json_is_answered_in_one_line_whatever_it_is_sent_to(site, capfd, method, path):
    for body in (*strange(), b"\xff\xfe", b"\xc3\x28", b"{\"of\": \"\xed\xa0\x80\"}", b"\x00" * 99):
        status, told = answer(site.port, method, path, body)
        if status != 200:
            assert 400 <= status < 500, (status, body[:60], told)
            assert "\n" not in json.loads(told)["error"]
    assert capfd.readouterr().err == ""


def test_strange_json_to_every_verb_of_a_page_leaves_it_open(capfd):
    site = Site(messages=10_000, burst=10_000)
    try:
        ears = Ears(site.socket())
        ears.hear("state")
        for verb in VERBS:
            for what in strange():
                ears.say(f'{{"{verb}": {what}, "id": 1}}')
        for text in ("", "[]", '{"id": 1}', '{"set": {}, "undo": true}', '{"id": [1]}'):
            ears.say(text)
        ears.say({"history": 1, "id": "still here"})
        while ears.hear("answer")["answer"] != "still here":
            pass
        ears.socket.close()
    finally:
        site.close()
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("payload", [b"\xff\xfe", b"\xc3\x28", b"\xed\xa0\x80", b'{"set": {"strip/1/name": "\xf8"}}'])
def test_a_text_frame_that_is_not_utf_8_ends_its_connection_alone(site, page, payload):
    with socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE_S) as line:
        line.sendall(SHAKE.format("live").encode())
        assert line.recv(12) == b"HTTP/1.1 101"
        line.sendall(frame(1, payload))
        with contextlib.suppress(ConnectionResetError):
            while line.recv(65536):
                pass
    page.say({"history": 1, "id": "me"})
    assert page.hear("answer")["answer"] == "me"


def knock(site, times):
    """Connections of one address, all kept: a third says nothing, a third half a request, a third closes its half behind a whole one."""
    lines = []
    for n in range(times):
        line = socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE_S, source_address=("127.0.0.7", 0))
        lines.append(line)
        with contextlib.suppress(OSError):
            line.sendall((b"", b"GET / HT", b"GET /api/me HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")[n % 3])
            if n % 3 == 2:
                line.shutdown(socket.SHUT_WR)
    return lines


def thousand(site, times):
    page = Ears(site.socket())
    page.hear("state")
    lines = knock(site, times)
    assert answer(site.port, "GET", "/api/me", b"")[0] == 200
    page.say({"history": 1, "id": "me"})
    assert page.hear("answer")["answer"] == "me"
    for line in lines:
        line.close()
    page.socket.close()
    wait_for(lambda: all(line.closed() for line in site.server.door.lines))


def costs_no_memory(times):
    site = Site()
    try:
        thousand(site, 150)
        before = rss_mb()
        thousand(site, times)
        assert rss_mb() - before < GROWTH_MB
    finally:
        site.close()


def test_hundreds_of_connections_of_one_address_shut_nobody_out_and_cost_no_memory():
    costs_no_memory(300)


@pytest.mark.soak
def test_a_thousand_connections_of_one_address_shut_nobody_out_and_cost_no_memory():
    costs_no_memory(1000)
