"""What many pages cost: the web process of a running box with 16 channels, ten pages with meters 20 times a second, then fifty. Figures are printed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import simple_websocket
import soundfile
from conftest import wait_for

from gigbox.desk.client import Client
from gigbox.rack import Rack

SECONDS = 8.0
CORE = 0.25                   # of one core, for ten pages


class From(socket.socket):
    """Connects from an address of its own: one may not open fifty."""

    address = "127.0.0.1"

    def connect(self, address):
        if self.family == socket.AF_INET:
            self.bind((self.address, 0))
        super().connect(address)


class Listener(threading.Thread):
    """A page that reads all it is sent, and counts meters."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.socket = simple_websocket.Client(f"ws://127.0.0.1:{port}/live?meters=20", receive_bytes=1 << 16)
        self.meters, self.ended = 0, False
        self.start()

    def run(self):
        try:
            while True:
                self.meters += isinstance(self.socket.receive(), bytes)
        except simple_websocket.ConnectionClosed:
            self.ended = True


def cpu_seconds(pid):
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def program(name):
    """The web program of the box that this test started."""
    def look(parent):
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                words = path.read_text().rpartition(")")[2].split()
                if int(words[1]) == parent and f"\0{name}\0".encode() in (path.parent / "cmdline").read_bytes():
                    return int(path.parent.name)
            except OSError:
                continue
        return None
    return look


@pytest.mark.soak
def test_ten_pages_cost_a_quarter_of_a_core_at_most_and_of_fifty_none_is_dropped(tmp_path, monkeypatch):
    monkeypatch.setattr(simple_websocket.ws.socket, "socket", From)
    (tmp_path / "song").mkdir()
    rng = np.random.default_rng(1)
    for n in range(16):
        soundfile.write(tmp_path / "song" / f"{n + 1:02d}.wav", 0.1 * rng.standard_normal(5 * 48000), 48000)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = os.environ | {"GIGBOX_RUN": str(tmp_path / "run"), "GIGBOX_STATE": str(tmp_path / "state")}
    box = subprocess.Popen([sys.executable, "-m", "gigbox.cli", "run", "--song", str(tmp_path / "song"), "--port", str(port)], env=environment,
                           stderr=subprocess.DEVNULL)
    pages = []
    try:
        web = wait_for(lambda: program("web")(box.pid))
        desk = Client(tmp_path / "run/desk.sock", by="test", timeout=20)
        desk.get("box/depth")
        wait_for(lambda: (tmp_path / "run/rack").exists())
        rack = Rack(tmp_path / "run/rack")
        time.sleep(3)
        for count in (10, 50):
            monkeypatch.setattr(From, "address", f"127.0.0.{count}")
            pages += [Listener(port) for _ in range(count - len(pages))]
            time.sleep(1)
            before, xruns, begun = cpu_seconds(web), int(rack.c.xruns), time.monotonic()
            counts, n = [page.meters for page in pages], 0
            while time.monotonic() - begun < SECONDS:          # a hand on a fader, as a finger sends it
                desk.set({"strip/3/level": -10.0 - n % 10})
                n += 1
                time.sleep(0.04)
            took = time.monotonic() - begun
            share = (cpu_seconds(web) - before) / took
            rates = [(page.meters - was) / took for page, was in zip(pages, counts, strict=True)]
            print(f"\n{count} pages, 16 channels: web {100 * share:.1f} % of a core; meters {min(rates[:10]):.1f} to {max(rates[:10]):.1f} Hz for the first ten"
                  + (f", {min(rates[10:]):.1f} to {max(rates[10:]):.1f} Hz after them" if count > 10 else "") + f"; xruns {int(rack.c.xruns) - xruns}")
            assert not any(page.ended for page in pages)
            if count == 10:
                assert share <= CORE
        desk.close()
    finally:
        for page in pages:
            page.socket.close()
        box.send_signal(signal.SIGTERM)
        box.wait(20)
