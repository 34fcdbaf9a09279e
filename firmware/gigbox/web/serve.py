"""The server under the page: one event loop for all connections and sockets, a few threads for what waits."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
import ssl
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Flask
from tornado.httputil import HTTPServerRequest
from tornado.web import Application
from tornado.wsgi import WSGIContainer

from gigbox import places
from gigbox.streams import say
from gigbox.takes.shelf import Shelf
from gigbox.web import downloads
from gigbox.web.admission import Admission
from gigbox.web.desk_line import DeskLine
from gigbox.web.door import Door
from gigbox.web.limits import MESSAGE_BYTES, Limits
from gigbox.web.meters import Meters
from gigbox.web.one_line import Fallback
from gigbox.web.panel import Panel, PanelRoom
from gigbox.web.sockets import WHO_S, Listen, ListenRoom, Live, LiveRoom, Room
from gigbox.web.visitors import Visitors

SOCKETS = ("/live", "/listen", "/panel")
LINE = "gigbox.line"     # in the environment of a request: its connection
BEAT_S = 0.25
STUCK_S = 5.0            # threads that have not come to a page for so long serve no more
PAGES, DESKS = 4, 8      # threads for requests of Flask, and for wishes to the desk


class Pages(WSGIContainer):
    """Tells the pages on which connection they are asked."""

    def environ(self, request: HTTPServerRequest) -> dict[str, Any]:
        return {**super().environ(request), LINE: getattr(request.connection, "context", None)}


class Server:
    """Serves `app` and the sockets on a port that is taken already, until `stop`."""

    def __init__(self, listening: socket.socket, app: Flask, desk: DeskLine, meters: Meters, visitors: Visitors, admission: Admission,
                 limits: Limits | None = None, beat: Callable[[], None] = lambda: None, clock: Callable[[], float] = time.monotonic,
                 secure: tuple[socket.socket, ssl.SSLContext] | None = None, shelf: Shelf | None = None) -> None:
        """`beat` is called by the loop every BEAT_S, as long as the threads of the pages answer it; `secure`: another port, for HTTPS."""
        self.port: int = listening.getsockname()[1]
        self._listening, self._beat, self._desk_line, self._secure = listening, beat, desk, secure
        self._pages, self._desks = ThreadPoolExecutor(PAGES, "page"), ThreadPoolExecutor(DESKS, "desk")
        limits = limits or Limits()
        self.live = LiveRoom(limits, visitors, clock, desk, meters, self._desks)
        self.listeners = ListenRoom(limits, visitors, clock, meters)
        self.panels = PanelRoom(limits, visitors, clock, panel_socket=places.panel_socket_path)
        self.rooms: list[Room] = [self.live, self.listeners, self.panels]
        routes = [("/live", Live, {"room": self.live}), ("/listen", Listen, {"room": self.listeners}), ("/panel", Panel, {"room": self.panels}),
                  (downloads.PATH, downloads.Download, {"counter": downloads.Counter(shelf or Shelf(), visitors)}),
                  (".*", Fallback, {"fallback": Pages(app, self._pages)})]
        tornado_app = Application(routes, websocket_ping_interval=limits.ping_s, websocket_max_message_size=MESSAGE_BYTES)     # type: ignore[arg-type]
        self.door = Door(tornado_app, admission, limits, clock)
        self._stopping = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._begun = threading.Event()

    def serve_forever(self) -> None:
        log_in_one_line()
        try:
            asyncio.run(self._serve())
        finally:
            self._listening.close()
            if self._secure:
                self._secure[0].close()
            for pool in (self._pages, self._desks):
                pool.shutdown(wait=False, cancel_futures=True)

    def stop(self) -> None:
        """From any thread."""
        self.run_soon(self._stopping.set)

    def run_soon(self, act: Callable[[], object]) -> None:
        """In the loop, from any thread."""
        self._begun.wait()
        assert self._loop is not None
        with contextlib.suppress(RuntimeError):      # it has ended already
            self._loop.call_soon_threadsafe(act)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                self._loop.add_signal_handler(number, self._stopping.set)
        self.door.open(self._listening)
        if self._secure:
            self.door.open(*self._secure)
        self._begun.set()
        self._desk_line.news = lambda: self.run_soon(self.live.tell_soon)
        rounds = [asyncio.create_task(_every(self.live.pace, self.live.tell)), asyncio.create_task(_every(self.listeners.pace, self.listeners.play)),
                  *(asyncio.create_task(_every(lambda: WHO_S, room.know)) for room in self.rooms), asyncio.create_task(self._beats())]
        await self._stopping.wait()
        for each in rounds:
            each.cancel()
        for room in self.rooms:
            room.close()
        await asyncio.sleep(0)
        self.door.close()

    async def _beats(self) -> None:
        answer, asked = None, 0.0
        while True:
            if answer is None or answer.done():
                answer, asked = asyncio.get_running_loop().run_in_executor(self._pages, time.monotonic), time.monotonic()
            if time.monotonic() - asked < STUCK_S:
                self._beat()
            await asyncio.sleep(BEAT_S)


async def _every(pace: Callable[[], float], act: Callable[[], None]) -> None:
    """A fault is told once, and the next round comes."""
    told = ""
    while True:
        try:
            act()
        except Exception as fault:
            if (line := f"web: {type(fault).__name__}: {fault}") != told:
                told = line
                say(line)
        await asyncio.sleep(pace())


class OneLine(logging.Handler):
    """What a library reports, in one line."""

    def emit(self, record: logging.LogRecord) -> None:
        fault = record.exc_info[1] if record.exc_info else None
        text = f"{type(fault).__name__}: {fault}" if fault else record.getMessage()
        say("web: " + " ".join(text.split())[:300])


def log_in_one_line() -> None:
    """Faults of our own. What a stranger sends is answered, not logged."""
    for name in ("tornado", "asyncio", "gigbox.web.app"):
        log = logging.getLogger(name)
        log.handlers, log.propagate = [OneLine()], False
        log.setLevel(logging.ERROR)
    logging.getLogger("tornado.access").setLevel(logging.CRITICAL + 1)
