"""The WebSockets /live and /listen: one thread writes to all of them, whole frames, and nobody is sent more than they take."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

from tornado.websocket import WebSocketClosedError, WebSocketHandler

from gigbox.web.access import Visitor, refusal
from gigbox.web.desk_line import DeskLine
from gigbox.web.door import Line
from gigbox.web.identity import COOKIE, COOKIE_S
from gigbox.web.limits import Allowance, Limits
from gigbox.web.listen import BUSES, Bus
from gigbox.web.live import FULL, LATE_HZ, MOST_HZ, Nurse, Page
from gigbox.web.meters import Meters
from gigbox.web.one_line import OneLine
from gigbox.web.visitors import Visitors

TOO_OFTEN, GOING_AWAY = 1008, 1001       # why a socket is closed (RFC 6455, 7.4.1)
FORGOTTEN = 4001                         # somebody took away what they were
PARTING_S = 0.5                          # for the other side to read why
HOPELESS = 1024                          # messages that wait: nobody reads the answers to what it asks
TELL_S = 0.05                            # between two looks for what pages have not been told
SOON_S = 0.01                            # for what the desk says: so long changes are gathered
WHO_S = 0.5                              # between two looks who they are by now
METERS_BEHIND = 4                        # messages that wait: no meters are put behind them
PLAY_S = 0.005                           # and for what listeners have not heard


class Room:
    """All open sockets of one kind, and what they share."""

    busy_s = TELL_S

    def __init__(self, limits: Limits, visitors: Visitors, clock: Callable[[], float]) -> None:
        self.limits, self.visitors, self.clock = limits, visitors, clock
        self.sockets: dict[Any, None] = {}       # in the order in which they came

    def pace(self) -> float:
        """Seconds until the next look."""
        return self.busy_s if self.sockets else TELL_S

    def close(self) -> None:
        for each in tuple(self.sockets):
            each.close(GOING_AWAY)

    def know(self) -> None:
        """Call each WHO_S: whoever is nobody by now goes, and others are what they are now."""
        for each in tuple(self.sockets):
            each.is_now(self.visitors.person(each.visitor.id) if each.visitor.id else each.visitor)


class Paced(OneLine, WebSocketHandler):
    """A socket that counts what has not been taken yet. `kept_bytes`: how much the system may hold back for it; `most`: how many messages wait here."""

    kept_bytes, most = 64 << 10, 32

    def initialize(self, room: Room) -> None:
        self.room: Any = room
        self.waiting, self.deaf, self.visitor = 0, False, Visitor()
        self.allowance = Allowance(room.limits.messages, room.limits.burst, room.clock())
        self.line: Line = self.request.connection.context        # type: ignore[union-attr]

    def set_default_headers(self) -> None:
        self.clear_header("Server")

    def check_origin(self, origin: str) -> bool:
        return True          # the door has looked: admission.foreign

    def prepare(self) -> None:
        """Whose it is; nobody's is refused. A browser of this machine that has no name yet gets one."""
        cookies = {name: cookie.value for name, cookie in self.cookies.items()}
        self.visitor = self.room.visitors.of(cookies, self.request.headers, self.line)
        if self.visitor.local and self.room.visitors.hands.known(cookies.get(COOKIE)) is None:
            self.set_cookie(COOKIE, self.room.visitors.hands.cookie(self.visitor.name), max_age=COOKIE_S, httponly=True, samesite="Lax")
        if refused := refusal(self.visitor, "GET", self.request.path):
            self.set_status(refused.status)
            self.finish({"error": refused.why})

    def may(self, method: str, path: str) -> bool:
        """Whether whoever it is may do that now."""
        return refusal(self.visitor, method, path) is None

    def is_now(self, visitor: Visitor) -> None:
        """They were given another role, or none: then it ends."""
        self.visitor = visitor
        if not self.may("GET", self.request.path):
            self.cut("no longer one of the people of this box", FORGOTTEN)

    def open(self, *_: str, **__: str) -> None:
        self.line.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, self.kept_bytes)
        self.room.sockets[self] = None

    def on_close(self) -> None:
        self.room.sockets.pop(self, None)

    def on_message(self, message: str | bytes) -> Any:
        self.allowed()

    def on_ping(self, data: bytes) -> None:
        self.allowed()

    def allowed(self) -> bool:
        """Whether it may speak once more; whoever speaks too often is cut off."""
        if not self.deaf and not self.allowance.take(self.room.clock()):
            self.cut("too many messages")
        return not self.deaf

    def cut(self, why: str, code: int = TOO_OFTEN) -> None:
        self.deaf = True
        self.close(code, why)
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

    def __init__(self, limits: Limits, visitors: Visitors, clock: Callable[[], float], desk: DeskLine, meters: Meters, desks: Executor) -> None:
        super().__init__(limits, visitors, clock)
        self.desk, self.desks = desk, desks
        self._nurse = Nurse(meters, clock)
        self._channels, self._soon = 0, False

    def know(self) -> None:
        super().know()
        self.visitors.here = frozenset(each.visitor.id for each in self.sockets if each.visitor.id)

    def tell(self) -> None:
        """Every page its news, 20 times a second; one that is behind gets them later, as one message, and its meters not at all."""
        if not self.sockets:
            return
        vitals = self._nurse.look()
        self._channels, wanting = vitals.channels, 0
        self._tell_news()
        for each in tuple(self.sockets):
            wanting += each.page.wants_meters
            if each.waiting < METERS_BEHIND:
                for message in each.page.vitals(self._nurse, vitals, MOST_HZ if wanting <= FULL else LATE_HZ):
                    each.put(message)

    def tell_soon(self) -> None:
        """What the desk said goes out at once, and what it says within SOON_S with it. Call in the loop."""
        if self.sockets and not self._soon:
            self._soon = True
            asyncio.get_running_loop().call_later(SOON_S, self._tell_news)

    def _tell_news(self) -> None:
        self._soon = False
        for each in tuple(self.sockets):
            if not each.behind:
                for message in each.page.news(self._channels):
                    each.put(message)


class Live(Paced):
    """A page."""

    page: Page

    def open(self, *_: str, **__: str) -> None:
        self.page = Page(self.room.desk, self.visitor, self.get_query_argument("epoch", ""), _number(self.get_query_argument("since", ""), -1),
                         min(_number(self.get_query_argument("meters", ""), 0), MOST_HZ))
        super().open()
        self.room.tell_soon()

    def is_now(self, visitor: Visitor) -> None:
        super().is_now(visitor)
        self.page.visitor = visitor

    async def on_message(self, message: str | bytes) -> None:
        if self.allowed():
            answer = await asyncio.get_running_loop().run_in_executor(self.room.desks, self.page.take, message)
            if answer and not self.deaf:
                self.put(answer)


class ListenRoom(Room):
    """`play` looks often enough that a message is never 25 ms late."""

    busy_s = PLAY_S

    def __init__(self, limits: Limits, visitors: Visitors, clock: Callable[[], float], meters: Meters) -> None:
        super().__init__(limits, visitors, clock)
        self._buses = {name: Bus(meters, name) for name in BUSES}

    def play(self) -> None:
        """What the engine played since the last time; a listener that is behind misses it."""
        heard: dict[str, list[Listen]] = {name: [] for name in BUSES}
        for each in tuple(self.sockets):
            heard[each.bus].append(each)
        for name, listeners in heard.items():
            if not listeners:
                self._buses[name].rest()
            elif sound := self._buses[name].next():
                for each in listeners:
                    if not each.behind:
                        each.put(sound)


class Listen(Paced):
    """A listener: 24 KB are 128 ms, and 10 messages 200 ms."""

    kept_bytes, most = 24 << 10, 10
    bus = BUSES[0]

    def prepare(self) -> None:
        super().prepare()
        self.bus = self.get_query_argument("bus", BUSES[0])
        if self.bus not in BUSES and not self._finished:
            self.set_status(400)
            self.finish({"error": f"/listen: bus {self.bus[:20]!r}, expected one of {', '.join(BUSES)}"})


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 16 else otherwise
