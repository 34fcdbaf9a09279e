"""The server under the page: one event loop for all connections and sockets, a few threads for what waits."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from tornado.web import Application, FallbackHandler
from tornado.wsgi import WSGIContainer

from gigbox import places
from gigbox.streams import say
from gigbox.web.admission import Admission
from gigbox.web.desk_line import DeskLine
from gigbox.web.door import Door
from gigbox.web.identity import Hands
from gigbox.web.limits import MESSAGE_BYTES, Limits
from gigbox.web.meters import Meters
from gigbox.web.panel import Panel, PanelRoom
from gigbox.web.sockets import Listen, ListenRoom, Live, LiveRoom

SOCKETS = ("/live", "/listen", "/panel")
BEAT_S = 0.25
STUCK_S = 5.0            # threads that have not come to a page for so long serve no more
PAGES, DESKS = 4, 8      # threads for requests of Flask, and for wishes to the desk


class Server:
    """Serves `app` and the sockets on a port that is taken already, until `stop`."""

    def __init__(self, listening: socket.socket, app: Flask, desk: DeskLine, meters: Meters, hands: Hands, admission: Admission,
                 limits: Limits | None = None, beat: Callable[[], None] = lambda: None, clock: Callable[[], float] = time.monotonic) -> None:
        """`beat` is called by the loop every BEAT_S, as long as the threads of the pages answer it."""
        self.port: int = listening.getsockname()[1]
        self._listening, self._beat = listening, beat
        self._pages, self._desks = ThreadPoolExecutor(PAGES, "page"), ThreadPoolExecutor(DESKS, "desk")
        limits = limits or Limits()
        self.live = LiveRoom(limits, hands, clock, desk, meters, self._desks)
        self.listeners = ListenRoom(limits, hands, clock, meters)
        self.panels = PanelRoom(limits, hands, clock, panel_socket=places.panel_socket_path)
        routes = [("/live", Live, {"room": self.live}), ("/listen", Listen, {"room": self.listeners}), ("/panel", Panel, {"room": self.panels}),
                  (".*", FallbackHandler, {"fallback": WSGIContainer(app, self._pages)})]
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
        self._begun.set()
        rounds = [asyncio.create_task(_every(self.live.pace, self.live.tell)), asyncio.create_task(_every(self.listeners.pace, self.listeners.play)),
                  asyncio.create_task(self._beats())]
        await self._stopping.wait()
        for each in rounds:
            each.cancel()
        self.live.close()
        self.listeners.close()
        self.panels.close()
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
