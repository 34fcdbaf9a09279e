"""The door, with what strangers send: it answers in HTTP or hangs up, logs nothing, forgets nobody's deadline, and always has room for the others."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import struct
import threading
import time
import urllib.error

import pytest
import simple_websocket
from conftest import Ears, Site, wait_for

from gigbox.web import limits, serve
from gigbox.web.desk_line import KEPT
from gigbox.web.limits import Limits

HEAD_S = 0.4
SHAKE = ("GET /{} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
         "Sec-WebSocket-Version: 13\r\n\r\n")


@pytest.fixture(scope="module")
def site():
    site = Site(head_s=HEAD_S, body_s=HEAD_S, stuck_s=HEAD_S, of_one=12, connections=16, ping_s=0.3)
    yield site
    site.close()


@pytest.fixture(autouse=True)
def quiet(site, capfd):
    """Whatever a stranger sends: nothing in the log, and the page is served at once."""
    yield
    began = time.monotonic()
    assert site.get("/").status == 200
    assert time.monotonic() - began < 2
    assert capfd.readouterr().err == ""


def connect(site):
    return socket.create_connection(("127.0.0.1", site.port), timeout=60)


def answer(line):
    """All that comes until the other side hangs up."""
    got = b""
    with contextlib.suppress(ConnectionResetError):
        while chunk := line.recv(65536):
            got += chunk
    return got


def said(site, *parts):
    with connect(site) as line:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for part in parts:
                line.sendall(part)
        return answer(line)


def goodbye(line):
    """Until the box says goodbye (nobody answers it, and it hangs up later), or hangs up."""
    got = b""
    with contextlib.suppress(ConnectionResetError):
        while not (got.partition(b"\r\n\r\n")[2] and any(opcode == 8 for opcode, _ in frames(got, cut=True))):
            if not (chunk := line.recv(65536)):
                break
            got += chunk
    return got


def frames(stream, cut=False):
    """What a WebSocket said after its head: (opcode, payload) of whole frames; anything else is a failure."""
    head, _, rest = stream.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 101 "), head
    found = []
    while len(rest) > (3 if cut else 0):
        assert rest[0] & 0xF0 == 0x80, f"not a frame: {rest[:40]!r}"
        assert rest[0] & 15 in (1, 2, 8, 9, 10), f"not a frame: {rest[:40]!r}"
        size, at = rest[1], 2
        if size == 126:
            size, at = struct.unpack(">H", rest[2:4])[0], 4
        if cut and len(rest) < at + size:
            break
        assert len(rest) >= at + size, f"cut off: {rest[:40]!r}"
        found.append((rest[0] & 15, rest[at: at + size]))
        rest = rest[at + size:]
    return found


def frame(opcode, payload=b""):
    """As a client sends it: masked, with a mask of zeros."""
    size = struct.pack(">B", 0x80 | len(payload)) if len(payload) < 126 else struct.pack(">BH", 0x80 | 126, len(payload))
    return bytes([0x80 | opcode]) + size + bytes(4) + payload


@pytest.mark.parametrize(("sent", "status"), [
    (b"GET / HTTP/1.1\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: \r\n\r\n", 400),
    (b"GET / HTTP/1.0\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421),
    (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n", 400),
    (b"HEAD / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421),
    (b"GET / HTTP/3.0\r\nHost: 127.0.0.1\r\n\r\n", 400),
    (b"GET /\r\n\r\n", 400),
    (b"\r\n\r\n", 400),
    (b"hello\r\n\r\n", 400),
    (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost 127.0.0.1\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX\x00: y\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n folded: y\r\n\r\n", 400),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)) * 2, 400),
    (b"\x00\xff\xfe garbage", 400),
    (b"{\"set\": 1}\n", 400),
    (b"\x80\x80\x00", 400),
    (b"GET /" + b"x" * 40000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 431),
    (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"x" * 200000, 431),
    (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"x" * 3000000, 431),
    (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"X: y\r\n" * 9000 + b"\r\n", 431),
    (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1e3\r\n\r\n", 400),
    (b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999\r\n\r\n", 400),
    (b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400),
    (b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    (b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
    (b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
    (b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n", 400),
    (b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 405),
    (b"FOO / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", 405),
    (b"CONNECT 127.0.0.1:80 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", 405),
    (b"GET /..%2f..%2fetc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", 404),
    (b"GET /%ff%fe%zz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", 404),
    (b"GET /static/\xc3\xa9 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", 404),
    (b"GET http://127.0.0.1/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", 404),
    (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: h2c\r\nConnection: close, Upgrade\r\n\r\n", 200),
    (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: gigbox-hand=\"\\777; ;=;\r\nConnection: close\r\n\r\n", 200),
    (SHAKE.format("live").replace("1.1\r\n", "1.0\r\n", 1).encode(), 400),
    (SHAKE.format("listen").replace("13", "8").encode(), 426),
    (SHAKE.format("live").replace("Host: 127.0.0.1\r\n", "").encode(), 400),
    (SHAKE.format("live").replace("\r\n\r\n", "\r\nOrigin: http://[::1\r\n\r\n").encode(), 400),
    (SHAKE.format("live").replace("\r\n\r\n", "\r\nOrigin: http://evil.example\r\n\r\n").encode(), 403),
    (SHAKE.format("nothing").replace("Upgrade\r\n", "Upgrade, close\r\n").encode(), 404),
])
def test_a_request_that_is_no_good_is_answered_in_one_line_of_status(site, sent, status):
    got = said(site, sent)
    assert got.startswith(b"HTTP/1.1 %d " % status), got[:200]
    assert b"Traceback" not in got


def test_an_upgrade_with_strange_extensions_and_protocols_is_none_of_both(site):
    strange = SHAKE.format("live").replace("\r\n\r\n", "\r\nSec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=\"99,;\r\n"
                                                       "Sec-WebSocket-Protocol: mqtt, \u00e9\r\n\r\n").encode("latin1")
    with connect(site) as line:
        line.sendall(strange)
        head = line.recv(65536)
    assert head.startswith(b"HTTP/1.1 101 ")
    assert b"Extensions" not in head


@pytest.mark.parametrize("begin", [b"", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n", b"\r\n"], ids=["silent", "half", "blank"])
def test_a_head_that_trickles_has_a_deadline_from_its_beginning(site, begin):
    began = time.monotonic()
    with connect(site) as line:
        line.sendall(begin)
        line.settimeout(0.05)
        while time.monotonic() - began < 3:
            try:
                if begin:
                    line.sendall(b"X")
                if not line.recv(100):
                    break
            except TimeoutError:
                continue
            except OSError:
                break
    assert HEAD_S * 0.8 < time.monotonic() - began < HEAD_S + 1


def test_a_body_that_does_not_come_has_a_deadline(site):
    began = time.monotonic()
    assert said(site, b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 50\r\n\r\nabc") == b""
    assert time.monotonic() - began < HEAD_S + 1


def test_half_requests_of_one_address_shut_nobody_out(site):
    """Not even others behind the same address: who owes the rest of a request longest gives way."""
    slow = []
    for _ in range(40):
        slow.append(connect(site))
        slow[-1].sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
    slow[-5].sendall(b"Connection: close\r\n\r\n")
    assert answer(slow[-5]).startswith(b"HTTP/1.1 200 ")
    assert answer(slow[0]) == b""
    assert site.get("/").status == 200
    assert len([line for line in site.server.door.lines if not line.closed()]) <= 12
    for line in slow:
        line.close()


def test_open_sockets_stay_when_many_knock(site):
    ears = Ears(site.socket())
    ears.hear("state")
    for _ in range(30):
        connect(site).sendall(b"GET")
    ears.say({"set": {"strip/6/level": -4.0}})
    assert ears.hear("changed")["changed"]["strip/6/level"]["hand"] == -4.0
    ears.socket.close()


def test_open_sockets_never_give_way(site):
    wait_for(lambda: all(line.closed() for line in site.server.door.lines))
    mine = [site.socket("/listen") for _ in range(12)]
    assert said(site, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").startswith(b"HTTP/1.1 503 ")
    assert all(each.connected for each in mine)
    assert len(site.server.listeners.sockets) == 12
    for each in mine:
        each.close()
    wait_for(lambda: not site.server.listeners.sockets)


def test_where_all_have_too_many_the_greediest_gives_way(site):
    """Another address of this machine has one connection, and keeps it."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=60, source_address=("127.0.0.9", 0)) as modest:
        modest.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        wait_for(lambda: any(line.remote_ip == "127.0.0.9" for line in site.server.door.lines))
        for part in range(2, 6):
            for _ in range(8):
                socket.create_connection(("127.0.0.1", site.port), timeout=60, source_address=(f"127.0.0.{part}", 0)).sendall(b"GET")
        modest.sendall(b"Connection: close\r\n\r\n")
        assert answer(modest).startswith(b"HTTP/1.1 200 ")


def test_ten_phones_behind_one_address_have_room_and_leave_some():
    site = Site()
    try:
        sockets = []
        for _ in range(2):                       # all of them reload at once
            for _ in range(10):
                page = Ears(site.socket())
                page.hear("state")
                sockets += [page.socket, site.socket("/listen")]
        with pytest.raises(simple_websocket.ConnectionError, match="503"):
            site.socket()
        with socket.create_connection(("127.0.0.1", site.port), timeout=60, source_address=("127.0.0.9", 0)) as other:
            other.sendall(SHAKE.format("live").encode())
            assert other.recv(1000).startswith(b"HTTP/1.1 101 ")
        for each in sockets:
            each.close()
    finally:
        site.close()


def test_nothing_but_frames_ever_follows_the_upgrade(site):
    """Each kind of ending: said goodbye, cut off, and a browser that closes while sound is sent."""
    site.play()
    for path, parting in (("live", frame(8, b"\x03\xe8")), ("listen", frame(8, b"\x03\xe8")), ("live", frame(8)), ("live", b"\xf1\x80\0\0\0\0"),
                          ("live", frame(9) * 300), ("live", frame(1, b"{}") * 300)):
        with connect(site) as line:
            line.sendall(SHAKE.format(path).encode())
            time.sleep(0.08)
            with contextlib.suppress(OSError):
                line.sendall(frame(9, b"ping") + parting)
            heard = frames(answer(line))
        assert [opcode for opcode, _ in heard].count(8) <= 1
        assert 8 not in [opcode for opcode, _ in heard[:-1]]
    site.engine.stop()
    site.engine = None


def test_frames_stay_whole_while_everything_is_said_at_once(site):
    """Answers, pings, changes and meters to one page, from as many threads as there are."""
    site.play(lively=True)
    with connect(site) as line:
        line.sendall(SHAKE.format("live").encode())
        for n in range(60):
            line.sendall(frame(9, b"%d" % n) + frame(1, b'{"lock": "strip/1"}') + frame(1, b"x" * 200))
            site.truth.change("hand", {"strip/2/level": -float(n % 30)}, "panel")
            time.sleep(0.005)
        time.sleep(0.2)
        line.sendall(frame(8))
        heard = frames(answer(line))
    kinds = {opcode for opcode, _ in heard}
    assert {1, 8, 10} <= kinds
    assert sum(b"message: not JSON" in text for _, text in heard) == 60
    site.engine.stop()
    site.engine = None


def test_who_speaks_too_often_is_cut_off_and_told_why(site):
    with connect(site) as line:
        line.sendall(SHAKE.format("live").encode())
        with contextlib.suppress(OSError):
            line.sendall(frame(1, b'{"lock": "strip/1"}') * 400)
        assert frames(answer(line))[-1] == (8, struct.pack(">H", 1008) + b"too many messages")


@pytest.mark.parametrize("opening", [b"\x81\xff" + struct.pack(">Q", 1 << 40) + bytes(4), b"\x01\xfe" + struct.pack(">H", 65535) + bytes(4 + 65535),
                                     b"\x81\xff" + struct.pack(">Q", 1 << 20) + bytes(4)], ids=["endless", "half", "large"])
def test_a_message_that_is_too_long_or_never_whole_ends_the_connection(site, opening):
    with connect(site) as line:
        line.sendall(SHAKE.format("live").encode() + opening)
        ends = [told for opcode, told in frames(goodbye(line)) if opcode == 8]
    assert ends == [struct.pack(">H", 1009) + b"message too big"] or opening.startswith(b"\x01")


def lazy(site, path="live"):
    """A socket whose system takes next to nothing for it."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    line.connect(("127.0.0.1", site.port))
    line.sendall(SHAKE.format(path).encode())
    return line


@pytest.fixture
def patient():
    """No pings, no end to waiting, and as many messages as one likes."""
    site = Site(ping_s=60, stuck_s=60, messages=1e6, burst=10**6)
    yield site
    site.close()


@pytest.mark.parametrize("path", ["live", "listen"])
def test_a_phone_that_takes_nothing_is_let_go(path):
    site = Site(stuck_s=HEAD_S, ping_s=60)
    try:
        site.play(lively=True)
        room = site.server.live if path == "live" else site.server.listeners
        with lazy(site, path):
            wait_for(lambda: room.sockets)
            for n in range(3000):
                site.truth.auto_moves({"strip/8/level": -3.0}, f"keys: reason {n} {'x' * 60}")
            wait_for(lambda: not room.sockets)
    finally:
        site.close()


def test_nothing_piles_up_for_a_phone_that_takes_nothing(patient):
    with lazy(patient):
        page = wait_for(lambda: next(iter(patient.server.live.sockets), None))
        for n in range(6000):
            patient.truth.auto_moves({"strip/8/level": -3.0}, f"keys: reason {n} {'x' * 200}")
        wait_for(lambda: not patient.server.live._soon)
        assert page.waiting < page.most + KEPT + 3


def test_who_asks_and_never_reads_the_answers_is_cut_off(patient):
    with lazy(patient) as line:
        wait_for(lambda: patient.server.live.sockets)
        with contextlib.suppress(OSError):
            line.sendall(frame(1, b'{"set": {"strip/%s": 1}}' % (b"x" * 2000)) * 2000)
        wait_for(lambda: not patient.server.live.sockets)


def test_a_phone_that_is_dead_is_let_go(site):
    """It takes what comes, as a system does for a program that hangs, but answers no ping."""
    with connect(site) as dead:
        dead.sendall(SHAKE.format("live").encode())
        began = time.monotonic()
        assert [opcode for opcode, _ in frames(goodbye(dead)) if opcode > 2] == [9, 8]
        assert 0.2 < time.monotonic() - began < 3


def test_a_page_that_nobody_reads_is_let_go(site):
    """A thousand answers asked for, none taken."""
    with connect(site) as line:
        line.settimeout(3)
        with contextlib.suppress(OSError):
            line.sendall(b"GET /static/page.css HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 3000)
        wait_for(lambda: not any(not each.waiting and not each.closed() for each in site.server.door.lines))


def test_connections_that_come_and_go_leave_nothing(site):
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(60):
        with connect(site) as line:
            line.sendall(b"GET / HTTP/1.1\r\n")
    wait_for(lambda: len(os.listdir("/proc/self/fd")) <= before + 12)


def test_a_beat_is_heard_from_what_really_serves(monkeypatch):
    monkeypatch.setattr(serve, "STUCK_S", 0.5)
    monkeypatch.setattr(serve, "BEAT_S", 0.05)
    beats, hold = [], threading.Event()
    site = Site(beat=lambda: beats.append(time.monotonic()))
    try:
        wait_for(lambda: len(beats) > 3)
        for _ in range(serve.PAGES):
            site.server._pages.submit(hold.wait)
        wait_for(lambda: time.monotonic() - beats[-1] > 0.4)
        hold.set()
        silent = len(beats)
        wait_for(lambda: len(beats) > silent)
    finally:
        hold.set()
        site.close()


def test_there_are_never_more_connections_than_files(monkeypatch):
    monkeypatch.setattr(limits.resource, "getrlimit", lambda _: (256, 256))
    assert Limits().lines == 192


def test_a_fault_of_a_library_is_one_line(capfd, site):
    try:
        raise ValueError("odd\nthing")
    except ValueError:
        logging.getLogger("tornado.application").error("Uncaught exception", exc_info=True)
    assert capfd.readouterr().err == "gigbox: web: ValueError: odd thing\n"


def test_a_handshake_from_elsewhere_is_refused_by_name(site):
    with pytest.raises(urllib.error.HTTPError) as fault:
        site.get("/live")
    assert fault.value.read() == b"/live: expected a WebSocket\n"
