"""The door: every connection passes here, is counted, has its deadlines, and is looked at before anything serves it."""

from __future__ import annotations

import contextlib
import functools
import socket
import ssl
import time
from collections import Counter
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from tornado.http1connection import HTTP1Connection, HTTP1ConnectionParameters, HTTP1ServerConnection
from tornado.httputil import HTTPConnection, HTTPHeaders, HTTPMessageDelegate, HTTPServerConnectionDelegate, RequestStartLine, ResponseStartLine
from tornado.iostream import IOStream, SSLIOStream
from tornado.netutil import add_accept_handler

from gigbox.web import portal
from gigbox.web.admission import Admission, Refusal
from gigbox.web.limits import BODY_BYTES, HEAD_BYTES, MESSAGE_BYTES, Limits
from gigbox.web.visitors import Ends

TOKEN = frozenset(b"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ\r\n")      # what a request may begin with
PLAIN = {"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Connection": "close"}


class Line(IOStream):
    """One connection. `waiting`: for the whole head of a request; `is_socket`: it has become a WebSocket; `ends` and `same_user`: see visitors.py."""

    protocol = "http"            # this and remote_ip are what a request of Tornado asks its connection for

    def __init__(self, connection: socket.socket, remote_ip: str, stuck_s: float, now: float) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(stuck_s * 1000))
        super().__init__(connection, max_buffer_size=2 * MESSAGE_BYTES)
        self.remote_ip, self.waiting, self.since, self.is_socket = remote_ip, True, now, False
        self._head, self._refused = 0, False
        self.ends: Ends | None = _ends(connection)
        self.same_user: bool | None = None

    def await_head(self, now: float) -> None:
        self.waiting, self.since, self.is_socket, self._head = True, now, False, 0

    def read_from_fd(self, buf: bytearray | memoryview) -> int | None:
        count = super().read_from_fd(buf)
        if count and self.waiting and not self._refused:
            self._look(bytes(buf[:count]))
        return None if count and self._refused else count        # what follows a refusal is swallowed, so that the other side hears it

    def refuse(self, refusal: Refusal) -> None:
        """Before there is a request that could be answered. The connection ends with its deadline, or when the other side closes it."""
        self._refused = True
        with contextlib.suppress(OSError):
            self.socket.send(written(refusal))
            self.socket.shutdown(socket.SHUT_WR)

    def _look(self, chunk: bytes) -> None:
        if not self._head and chunk[0] not in TOKEN:
            self.refuse(Refusal(400, "request: this is no HTTP; expected an address that begins with http://"))
        self._head += len(chunk)
        if self._head > HEAD_BYTES and b"\n\r\n" not in chunk and b"\n\n" not in chunk:
            self.refuse(Refusal(431, f"request: its head is longer than {HEAD_BYTES >> 10} KB"))


class SecureLine(Line, SSLIOStream):
    """The same within TLS; its handshake is part of what the deadline of a head is for."""

    protocol = "https"


class Door(HTTPServerConnectionDelegate):
    """Lets connections in to `app`, as far as `admission` and `limits` allow. Lives in one event loop."""

    def __init__(self, app: HTTPServerConnectionDelegate, admission: Admission, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._app, self._admission, self._limits, self._clock = app, admission, limits, clock
        self.lines: list[Line] = []
        self.hotspot = portal.HOTSPOT
        self._params = HTTP1ConnectionParameters(header_timeout=limits.head_s, body_timeout=limits.body_s, max_body_size=BODY_BYTES,
                                                 max_header_size=2 * MESSAGE_BYTES)      # Line is stricter, and says so
        self._shut: list[Callable[[], None]] = []

    def open(self, listening: socket.socket, secure: ssl.SSLContext | None = None) -> None:
        """A port; `secure`: for HTTPS."""
        listening.setblocking(False)
        self._shut.append(add_accept_handler(listening, functools.partial(self._enter, secure=secure)))

    def close(self) -> None:
        for shut in self._shut:
            shut()
        for line in self.lines:
            line.close()

    def start_request(self, server_conn: object, request_conn: HTTPConnection) -> HTTPMessageDelegate:
        """Tornado waits for the next head of a connection."""
        assert isinstance(request_conn, HTTP1Connection)
        assert isinstance(request_conn.context, Line)
        request_conn.context.await_head(self._clock())
        return Guarded(self, self._app.start_request(server_conn, request_conn), request_conn, request_conn.context)

    def on_close(self, server_conn: object) -> None:
        pass

    def judge(self, line: Line, start: RequestStartLine, headers: HTTPHeaders) -> Refusal | None:
        """A whole head has come: None lets it in."""
        line.waiting, line.since = False, self._clock()
        if (refusal := self._admission.refusal(start, headers)) or not self._admission.is_socket(start):
            return refusal
        open_now = [each.remote_ip for each in self.lines if each.is_socket and not each.closed()]
        path, mine = start.path.partition("?")[0], open_now.count(line.remote_ip)
        if len(open_now) >= self._limits.sockets or mine >= self._limits.sockets_of_one:
            many = f"{mine} of {line.remote_ip}" if mine >= self._limits.sockets_of_one else f"{len(open_now)}"
            return Refusal(503, f"{path}: {many} are open already", (("Retry-After", "5"),))
        line.is_socket = True
        return None

    def told(self, line: Line, start: RequestStartLine, headers: HTTPHeaders) -> portal.Told | None:
        """What a phone on the hotspot hears that looks for somebody else."""
        if line.ends is None or line.ends[1][0] != self.hotspot:
            return None
        return portal.told(start, headers, self._admission.is_mine(headers.get("Host")))

    def make_room(self, remote_ip: str) -> bool:
        """Where an address or all have too many connections, the one that has waited longest for the rest of a request gives way."""
        self.lines = [line for line in self.lines if not line.closed()]
        count = Counter(line.remote_ip for line in self.lines)
        if count[remote_ip] >= self._limits.of_one:
            return _give_way(line for line in self.lines if line.remote_ip == remote_ip)
        if len(self.lines) >= self._limits.lines:
            greedy = max(count, key=count.__getitem__)
            return _give_way(line for line in self.lines if line.remote_ip == greedy)
        return True

    def _enter(self, connection: socket.socket, address: Any, secure: ssl.SSLContext | None = None) -> None:
        remote_ip = _plain(address[0])
        if not self.make_room(remote_ip):
            with contextlib.suppress(OSError), connection:
                connection.setblocking(False)
                if not secure:
                    connection.send(written(Refusal(503, f"{remote_ip}: too many connections are open already", (("Retry-After", "5"),))))
            return
        try:
            if secure:
                connection.setblocking(False)
                connection = secure.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
            line = (SecureLine if secure else Line)(connection, remote_ip, self._limits.stuck_s, self._clock())
        except OSError:              # gone already
            connection.close()
            return
        self.lines.append(line)
        HTTP1ServerConnection(line, self._params, line).start_serving(self)


class Guarded(HTTPMessageDelegate):
    """One request on its way to who serves it, unless the door refuses it."""

    def __init__(self, door: Door, inner: HTTPMessageDelegate, connection: HTTP1Connection, line: Line) -> None:
        self._door, self._connection, self._line = door, connection, line
        self._inner: HTTPMessageDelegate | None = inner

    def headers_received(self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders) -> Any:
        assert isinstance(start_line, RequestStartLine)
        if told := self._door.told(self._line, start_line, headers):
            return self._say(start_line, told.status, told.body, told.headers)
        if refusal := self._door.judge(self._line, start_line, headers):
            return self._say(start_line, refusal.status, f"{refusal.why}\n", refusal.headers)
        assert self._inner is not None
        return self._inner.headers_received(start_line, headers)

    def _say(self, start: RequestStartLine, status: int, text: str, more: tuple[tuple[str, str], ...]) -> None:
        """The door's own answer; nobody else hears of the request."""
        self._inner = None
        self._line.waiting = False
        body = b"" if start.method == "HEAD" else text.encode()
        headers = HTTPHeaders({**PLAIN, **dict(more), **({} if status == HTTPStatus.NO_CONTENT else {"Content-Length": str(len(body))})})
        self._connection.write_headers(ResponseStartLine("HTTP/1.1", status, HTTPStatus(status).phrase), headers, body)
        self._connection.finish()

    def data_received(self, chunk: bytes) -> Any:
        return self._inner.data_received(chunk) if self._inner else None

    def finish(self) -> None:
        if self._inner:
            self._inner.finish()

    def on_connection_close(self) -> None:
        if self._inner:
            self._inner.on_connection_close()


def _plain(address: Any) -> str:
    return str(address).removeprefix("::ffff:")


def _ends(connection: socket.socket) -> Ends | None:
    try:
        theirs, ours = connection.getpeername(), connection.getsockname()
    except OSError:
        return None
    return (_plain(theirs[0]), int(theirs[1])), (_plain(ours[0]), int(ours[1]))


def written(refusal: Refusal) -> bytes:
    """As bytes of HTTP/1.1."""
    body = f"{refusal.why}\n"
    head = {**PLAIN, **dict(refusal.headers), "Content-Length": str(len(body.encode()))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"HTTP/1.1 {refusal.status} {HTTPStatus(refusal.status).phrase}\r\n{lines}\r\n{body}".encode()


def _give_way(lines: Iterable[Line]) -> bool:
    """WebSockets stay; of the others, who still owes the rest of a request goes first, and who has had longest."""
    if victim := min((line for line in lines if not line.is_socket), key=lambda line: (not line.waiting, line.since), default=None):
        victim.close()
    return victim is not None
