"""The WebSockets /live and /listen: one thread writes to all of them, whole frames, and nobody is sent more than he takes."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

from tornado.websocket import WebSocketClosedError, WebSocketHandler

from gigbox.web.desk_line import DeskLine
from gigbox.web.door import Line
from gigbox.web.identity import COOKIE, COOKIE_S, Hands, fresh_name
from gigbox.web.limits import Allowance, Limits
from gigbox.web.listen import Bus
from gigbox.web.live import Nurse, Page
from gigbox.web.meters import Meters

TOO_OFTEN, GOING_AWAY = 1008, 1001       # why a socket is closed (RFC 6455, 7.4.1)
PARTING_S = 0.5                          # for the other side to read why
HOPELESS = 1024                          # messages that wait: nobody reads the answers to what it asks
TELL_S = 0.05                            # between two looks for what pages have not been told
PLAY_S = 0.005                           # and for what listeners have not heard


class Room:
    """All open sockets of one kind, and what they share."""

    busy_s = TELL_S

    def __init__(self, limits: Limits, hands: Hands, clock: Callable[[], float]) -> None:
        self.limits, self.hands, self.clock = limits, hands, clock
        self.sockets: set[Any] = set()

    def pace(self) -> float:
        """Seconds until the next look."""
        return self.busy_s if self.sockets else TELL_S

    def close(self) -> None:
        for each in tuple(self.sockets):
            each.close(GOING_AWAY)


class Paced(WebSocketHandler):
    """A socket that counts what has not been taken yet. `kept_bytes`: how much the system may hold back for it; `most`: how many messages wait here."""

    kept_bytes, most = 64 << 10, 32

    def initialize(self, room: Room) -> None:
        self.room: Any = room
        self.waiting, self.deaf, self.name = 0, False, ""
        self.allowance = Allowance(room.limits.messages, room.limits.burst, room.clock())
        self.line: Line = self.request.connection.context        # type: ignore[union-attr]

    def set_default_headers(self) -> None:
        self.clear_header("Server")

    def check_origin(self, origin: str) -> bool:
        return True          # the door has looked: admission.foreign

    def prepare(self) -> None:
        """Whose it is: the browser's own name, or a new one for a browser that has none."""
        known = self.room.hands.known(self.get_cookie(COOKIE))
        self.name = known or fresh_name(self.request.headers.get("User-Agent", ""))
        if known is None:
            self.set_cookie(COOKIE, self.room.hands.cookie(self.name), max_age=COOKIE_S, httponly=True, samesite="Lax")

    def open(self, *_: str, **__: str) -> None:
        self.line.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, self.kept_bytes)
        self.room.sockets.add(self)

    def on_close(self) -> None:
        self.room.sockets.discard(self)

    def on_message(self, message: str | bytes) -> Any:
        self.allowed()

    def on_ping(self, data: bytes) -> None:
        self.allowed()

    def allowed(self) -> bool:
        """Whether it may speak once more; whoever speaks too often is cut off."""
        if not self.deaf and not self.allowance.take(self.room.clock()):
            self.cut("too many messages")
        return not self.deaf

    def cut(self, why: str) -> None:
        self.deaf = True
        self.close(TOO_OFTEN, why)
        asyncio.get_running_loop().call_later(PARTING_S, self.line.close)

    @property
    def behind(self) -> bool:
        return self.waiting >= self.most

    def put(self, data: str | bytes) -> None:
        try:
            sent = self.write_message(data, binary=isinstance(data, bytes))
        except WebSocketClosedError:
            return
        self.waiting += 1
        sent.add_done_callback(self._taken)
        if self.waiting == HOPELESS:
            self.cut("nothing is read")

    def _taken(self, sent: asyncio.Future[None]) -> None:
        self.waiting -= 1
        if not sent.cancelled():
            sent.exception()         # closed meanwhile: on_close tells


class LiveRoom(Room):
    """`desks` runs what waits for the desk: one wish of each page at a time, in order."""

    def __init__(self, limits: Limits, hands: Hands, clock: Callable[[], float], desk: DeskLine, meters: Meters, desks: Executor) -> None:
        super().__init__(limits, hands, clock)
        self.desk, self.desks = desk, desks
        self._nurse = Nurse(meters, clock)

    def tell(self) -> None:
        """Every page its news, 20 times a second; one that is behind gets them later, as one state."""
        if not self.sockets:
            return
        vitals = self._nurse.look()
        for each in tuple(self.sockets):
            if not each.behind:
                for message in each.page.news(vitals):
                    each.put(message)


class Live(Paced):
    """A page."""

    page: Page | None = None

    def open(self, *_: str, **__: str) -> None:
        self.page = Page(self.room.desk, f"web:{self.name}")
        super().open()

    def on_close(self) -> None:
        super().on_close()
        if self.page is not None:
            self.page.close()

    async def on_message(self, message: str | bytes) -> None:
        if self.page is not None and self.allowed():
            answer = await asyncio.get_running_loop().run_in_executor(self.room.desks, self.page.take, message)
            if answer and not self.deaf:
                self.put(answer)


class ListenRoom(Room):
    """`play` looks often enough that a message is never 25 ms late."""

    busy_s = PLAY_S

    def __init__(self, limits: Limits, hands: Hands, clock: Callable[[], float], meters: Meters) -> None:
        super().__init__(limits, hands, clock)
        self._bus = Bus(meters)

    def play(self) -> None:
        """What the engine played since the last time; a listener that is behind misses it."""
        if not self.sockets:
            self._bus.rest()
        elif sound := self._bus.next():
            for each in tuple(self.sockets):
                if not each.behind:
                    each.put(sound)


class Listen(Paced):
    """A listener: 24 KB are 128 ms, and 10 messages 200 ms."""

    kept_bytes, most = 24 << 10, 10
