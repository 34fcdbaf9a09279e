"""The web program on a free port, between a fake desk and a fake rack."""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

import numpy as np
import pytest
import simple_websocket
from chrome import Chrome
from fake_stage import Engine, FakeDesk, FakeRack, Truth, stage

from gigbox.people.pairing import Pairing
from gigbox.people.people import People
from gigbox.ports import listen_on
from gigbox.rack import RATE
from gigbox.takes.shelf import Place, Shelf
from gigbox.web.admission import Admission
from gigbox.web.app import make_app
from gigbox.web.desk_line import DeskLine
from gigbox.web.identity import Hands
from gigbox.web.limits import Limits
from gigbox.web.meters import Meters
from gigbox.web.serve import SOCKETS, Server
from gigbox.web.visitors import Visitors, is_same_user

PATIENCE_S = 60        # for what does happen, on a machine that is slow
READY = "document.querySelectorAll('.strips .strip').length === 8 && !document.body.classList.contains('lost')"
PAGES = ["mix", "channel/1", "monitors/2", "auto", "linecheck", "feedback", "ideas", "scenes", "history", "health", "people"]


class Socket(simple_websocket.Client):
    """simple-websocket's client, but what comes in one piece with the greeting is heard at once, not with whatever comes next."""

    def _thread(self):
        self.connected = self._handle_events()
        super()._thread()


class Site:
    """The running program, and what stands behind it."""

    def __init__(self, sound=None, beat=lambda: None, secure=None, clock=time.monotonic, **limits):
        """`local` False: browsers of this machine are strangers, as those of others are."""
        self.folder, self.local = Path(tempfile.mkdtemp()), True
        self.truth, self.rack = Truth(), FakeRack(8, sound)
        self.rack_there, self.engine = True, None
        stage(self.truth)
        self.desk_line, meters, self.hands = DeskLine(lambda: FakeDesk(self.truth)), Meters(self._open_rack), Hands(b"a test's own")
        self.shelf = Shelf(lambda: [Place(self.folder / "takes")])
        self.people, self.pairing = People(self.folder), Pairing(self.folder)
        visitors = Visitors(self.people, self.hands, lambda ends: self.local and is_same_user(ends))
        self.server = Server(listen_on("127.0.0.1", 0), make_app(self.desk_line, meters, visitors, self.pairing, shelf=self.shelf), self.desk_line,
                             meters, visitors, Admission(SOCKETS, ["gigbox.test"]), Limits(**limits), beat, clock, secure, self.shelf)
        self.port = self.server.port
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        wait_for(lambda: self.desk_line.alive)

    def _open_rack(self):
        if not self.rack_there:
            raise OSError("no rack")
        return self.rack

    def play(self, lively=False):
        self.engine = Engine(self.rack, lively)

    def get(self, path):
        return urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=PATIENCE_S)

    def json(self, path):
        return json.load(self.get(path))

    def socket(self, path="/live", name="", **headers):
        """`name`: of a browser that has been here before."""
        headers |= {"Cookie": f"gigbox-hand={self.hands.cookie(name)}"} if name else {}
        return Socket(f"ws://127.0.0.1:{self.port}{path}", headers=headers, receive_bytes=1 << 16)

    def hang_up(self):
        """All connections are gone at once."""
        self.server.run_soon(lambda: [line.close() for line in self.server.door.lines])

    def close(self):
        if self.engine:
            self.engine.stop()
        self.server.stop()
        self.thread.join(5)
        self.desk_line.close()
        shutil.rmtree(self.folder)


def wait_for(condition, seconds=PATIENCE_S):
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.01)
    return found


class Ears:
    """A page's side of /live."""

    def __init__(self, socket):
        self.socket = socket

    def say(self, message):
        self.socket.send(message if isinstance(message, (str, bytes)) else json.dumps(message))

    def hear(self, key, seconds=PATIENCE_S):
        """The next message that has `key`."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            text = self.socket.receive(timeout=seconds)
            message = {"meters": text} if isinstance(text, bytes) else json.loads(text) if text else {}
            if key in message:
                return message
        raise AssertionError(f"no message with '{key}'")


@pytest.fixture(scope="module")
def site():
    t = np.arange(RATE) / RATE
    site = Site((0.25 * np.stack([np.sin(2 * np.pi * 440 * t), np.sin(2 * np.pi * 550 * t)], axis=1)).astype(np.float32))
    yield site
    site.close()


@pytest.fixture
def own_site():
    """One that no other test has seen."""
    site = Site()
    yield site
    site.close()


@pytest.fixture
def page(site):
    ears = Ears(site.socket(name="phone-1"))
    ears.first = ears.hear("state")
    yield ears
    ears.socket.close()


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    chrome = Chrome(tmp_path_factory.mktemp("chromium"))
    yield chrome
    chrome.close()


def open_on_phone(browser, site, ready):
    """The page at 390x844, when `ready` is true in it."""
    browser.open("about:blank")                      # the page of the test before may miss its server
    browser.until("location.href === 'about:blank'")
    browser.faults.clear()
    browser.size(390, 844)
    browser.open(f"http://127.0.0.1:{site.port}/")
    browser.until(f"document.readyState === 'complete' && {ready}")


def you(n):
    return f"document.querySelectorAll('.strips .you b')[{n - 1}].textContent"


def fader(n):
    return f".strips [data-path='strip/{n}/level']"


@pytest.fixture
def phone(site, browser):
    """The page at 390x844, in English, with the state read."""
    open_on_phone(browser, site, READY)
    browser.js("location.hash = '#/mix'")
    browser.until(READY)
    yield browser
    assert browser.faults == []


def open_page(phone, page):
    phone.js(f"location.hash = '#/{page}'")
    phone.until(f"document.querySelector('.page-{page.split('/')[0]}')?.innerText")
