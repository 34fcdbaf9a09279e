"""An evening of meters and moves in fast motion: what pages were told is forgotten, by the server and by those who only look."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from chrome import Chrome
from conftest import Site, Socket
from simple_websocket import ConnectionClosed

HZ, PAGES, AT_ONCE = 20, 3, 2          # looks at once: fewer than may wait for a page
HOURS = float(os.environ.get("GIGBOX_SOAK_HOURS", "8"))
GROWN_KB = 2_000


class Reader(threading.Thread):
    """A page that forgets what it reads."""

    def __init__(self, site: Site) -> None:
        super().__init__(daemon=True)
        self.socket = Socket(f"ws://127.0.0.1:{site.port}/live?meters={HZ}", receive_bytes=1 << 16)
        self.meters = self.moves = 0
        self.start()

    def run(self) -> None:
        try:
            while True:
                message = self.socket.receive()
                self.meters += isinstance(message, bytes)
                self.moves += isinstance(message, str) and '"changed"' in message
        except ConnectionClosed:
            return


def memory_kb() -> int:
    return int(Path("/proc/self/status").read_text().split("VmRSS:")[1].split()[0])


def evening(site: Site, now: list[float], hours: float, half: Callable[[], None]) -> None:
    """So long, as fast as it goes; `half`: by then all that is kept for a while is full."""
    looked, looks = threading.Event(), int(hours * 3600 * HZ)

    def look() -> None:
        for _ in range(AT_ONCE):
            now[0] += 1 / HZ
            site.server.live.tell()
        looked.set()

    for n in range(0, looks, AT_ONCE):
        if n % HZ == 0:
            site.truth.auto_moves({f"strip/{n // HZ % 8 + 1}/level": -float(n // HZ % 30)}, f"move {n}")
            del site.truth.history[8:], site.truth.log[:]
        looked.clear()
        site.server.run_soon(look)
        assert looked.wait(10)
        if n == looks // 2 // AT_ONCE * AT_ONCE:
            half()


@pytest.mark.parametrize("hours", [0.05, pytest.param(HOURS, marks=pytest.mark.soak)])
def test_hours_of_meters_and_moves_leave_the_memory_flat(hours: float) -> None:
    now, before = [0.0], [0]
    site = Site(clock=lambda: now[0])
    site.play()
    pages = [Reader(site) for _ in range(PAGES)]

    def half() -> None:
        before[0] = memory_kb()

    try:
        evening(site, now, hours, half)
        grown = memory_kb() - before[0]
        print(f"{hours:g} h: {min(page.meters for page in pages)} meters and {min(page.moves for page in pages)} moves read, {grown} KB more")
        assert min(page.meters for page in pages) > hours * 3600 * HZ / 4
        assert grown < GROWN_KB
    finally:
        for page in pages:
            page.socket.close()
        site.close()


@pytest.mark.soak
def test_hours_of_meters_and_moves_leave_a_phones_memory_flat(tmp_path: Path) -> None:
    """The page on the mix, which draws; each of its moves is a card."""
    now, was = [0.0], [0.0, 0.0]
    site, chrome = Site(clock=lambda: now[0]), Chrome(tmp_path)

    def heap() -> list[float]:
        """MB of objects, and how many elements."""
        chrome.do("HeapProfiler.collectGarbage")
        told = {each["name"]: each["value"] for each in chrome.do("Performance.getMetrics")["metrics"]}
        return [told["JSHeapUsedSize"] / 1e6, told["Nodes"]]

    try:
        site.play(lively=True)
        chrome.do("Performance.enable")
        chrome.open(f"http://127.0.0.1:{site.port}/")
        chrome.until("document.querySelectorAll('.strips .strip').length === 8 && !document.body.classList.contains('lost')")
        evening(site, now, HOURS, lambda: was.__setitem__(slice(None), heap()))
        mb, nodes = (after - before for after, before in zip(heap(), was, strict=True))
        print(f"{HOURS:g} h on a phone: {was[0]:.1f} MB of objects, {mb:+.2f} MB more in the second half, {nodes:+.0f} elements")
        assert mb < GROWN_KB / 1000
        assert nodes < 100
    finally:
        chrome.close()
        site.close()
