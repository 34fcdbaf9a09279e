"""What the web program serves, whom it lets in, and how it takes its port."""

from __future__ import annotations

import errno
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
from pathlib import Path

import pytest
import simple_websocket
from conftest import Ears, Site, wait_for

from gigbox import params
from gigbox.errors import MachineError
from gigbox.ports import listen_on
from gigbox.web import app as web_app

STATIC = Path(web_app.__file__).parent / "static"


def test_the_page_is_served_with_security_headers(site):
    answer = site.get("/")
    assert "<title>gigbox</title>" in answer.read().decode()
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_table_of_the_page_is_the_table(site):
    rows = site.json("/table")["rows"]
    table = {p.path: p for p in params.TABLE}
    assert rows["strip/*/level"]["blend"] == "add"
    for path, row in rows.items():
        param = table[path]
        assert (row["low"], row["high"], row["unit"], row["choices"]) == (param.low, param.high, param.unit, list(param.choices))
        assert row.get("defaults", [row["default"]]) == [param.default_of(n) for n in range(len(row.get("defaults", [0])))]


def test_the_curve_follows_the_taper_within_a_hundredth_of_a_db(site):
    row, param = site.json("/table")["rows"]["strip/*/level"], params.find("strip/1/level").param
    curve = row["curve"]
    for i in range(1000):
        at = i / 1000 * (len(curve) - 1)
        low = int(at)
        assert curve[low] + (at - low) * (curve[low + 1] - curve[low]) == pytest.approx(param.at(i / 1000), abs=0.01)


def test_state_tells_what_the_desk_has(site):
    state = site.json("/state")["state"]
    assert state["strip/1/name"]["value"] == "Anna"
    assert state["strip/1/level"] == {"hand": -2.0, "auto": 1.4, "value": pytest.approx(-0.6)}
    assert state["strip/1/pan"] == {"hand": None, "auto": None, "value": 0.0}


def test_taste_is_what_the_brain_told(site):
    answer = site.get("/taste")
    assert answer.headers["Content-Type"] == "application/json"
    assert json.load(answer) == site.truth.reports["taste"]


@pytest.mark.parametrize(("alive", "status", "error"), [(True, 404, "report 'taste': none so far"), (False, 503, "desk: not there")])
def test_taste_that_nobody_tells_is_one_line(site, monkeypatch, alive, status, error):
    monkeypatch.setattr(site.truth, "reports", {})
    monkeypatch.setattr(site.truth, "alive", alive)
    monkeypatch.setattr(site.desk_line, "_lost", lambda: None)
    with pytest.raises(urllib.error.HTTPError) as fault:
        site.get("/taste")
    assert (fault.value.code, json.load(fault.value)) == (status, {"error": error})


def test_a_page_of_another_site_may_not_open_a_socket(site):
    with pytest.raises(simple_websocket.ConnectionError):
        site.socket(Origin="http://elsewhere.example")
    with pytest.raises(simple_websocket.ConnectionError):
        site.socket("/listen", Origin="null")
    with pytest.raises(simple_websocket.ConnectionError):
        site.socket(Origin="http://127.0.0.1:81")
    site.socket(Origin="http://127.0.0.1").close()        # this client's Host header has no port


def test_a_socket_route_wants_a_websocket(site):
    with pytest.raises(urllib.error.HTTPError, match="400"):
        site.get("/live")


def test_more_pages_than_there_is_room_for_are_sent_away():
    small = Site(sockets=2)
    try:
        first, second = small.socket(), small.socket()
        with pytest.raises(simple_websocket.ConnectionError, match="503"):
            small.socket()
        first.close()
        second.close()
        wait_for(lambda: not small.server.live.sockets)
        small.socket().close()
    finally:
        small.close()


def test_an_occupied_port_is_one_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(MachineError) as fault:
            listen_on("127.0.0.1", port)
    assert str(fault.value) == f"port {port}: already in use, choose another with --port"
    assert fault.value.exit_code == 1


def test_a_port_that_is_none_is_one_line():
    with pytest.raises(MachineError, match=r"port 70000: not in 0\.\.65535"):
        listen_on("127.0.0.1", 70000)


def test_a_host_that_is_not_here_is_one_line():
    with pytest.raises(MachineError, match=r"203.0.113.1:0: " + os.strerror(errno.EADDRNOTAVAIL)):
        listen_on("203.0.113.1", 0)


def test_the_program_serves_without_desk_and_engine_and_ends_on_sigterm(tmp_path):
    pytest.importorskip("gigbox._core", reason="needs the built core")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = subprocess.Popen([sys.executable, "-c", f"from gigbox.web.app import run; run('127.0.0.1', {port})"], stderr=subprocess.PIPE, text=True,
                               env={**os.environ, "GIGBOX_RUN": str(tmp_path), "GIGBOX_STATE": str(tmp_path), "PYTHONPATH": str(STATIC.parents[2])})
    try:
        def page():
            try:
                return simple_websocket.Client(f"ws://127.0.0.1:{port}/live")
            except OSError:
                return None

        ears = Ears(wait_for(page))
        assert ears.hear("desk")["desk"] is False
        assert ears.hear("health")["health"] == {"engine": False}
        ears.say({"set": {"strip/1/level": -3}})
        assert ears.hear("error")["error"] == "desk: not running, nothing was changed"
        listener = simple_websocket.Client(f"ws://127.0.0.1:{port}/listen")
        others = [socket.create_connection(("127.0.0.1", port)) for _ in range(2)]
        others[1].sendall(b"GET / HTTP/1.1\r\nHost: half")
        told = time.monotonic()
    finally:
        program.send_signal(signal.SIGTERM)
        _, complaints = program.communicate(timeout=60)
    assert program.returncode == 0
    assert complaints == ""
    assert time.monotonic() - told < 3
    with pytest.raises(simple_websocket.ConnectionClosed, match="1001"):        # told, so that its page comes back when the box does
        listener.receive(timeout=60)
    for each in others:
        each.close()
