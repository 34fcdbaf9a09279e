"""The HTTP server under the page: a port of its own, a bounded number of threads, and lines that never wait for ever."""

from __future__ import annotations

import contextlib
import signal
import socket
import struct
import sys
import threading
from typing import Any

from flask import Flask
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from gigbox.pulse import Pulse
from gigbox.saying import say

CONNECTIONS = 96         # open at once, pages and sockets together; one thread each
IDLE_S = 15.0            # a connection that says nothing is closed; WebSockets have their own pings
SEND_S = 5.0             # what a phone has not taken by then, it will not take
BUSY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 5\r\nConnection: close\r\n\r\n"


class Line:
    """A WebSocket's socket: whole sends one after the other, with an end to waiting. Looks like the socket that simple_websocket wants."""

    def __init__(self, sock: socket.socket, waiting_bytes: int) -> None:
        """`waiting_bytes`: how much the system may hold back for a slow listener."""
        sock.settimeout(None)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, waiting_bytes)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", int(SEND_S), int(SEND_S % 1 * 1e6)))
        self._sock, self._lock = sock, threading.Lock()

    def send(self, data: bytes) -> int:
        with self._lock:
            try:
                self._sock.sendall(data)
            except OSError:
                self.end()               # half a frame may be out: nothing sensible can follow
                raise
        return len(data)

    def recv(self, size: int) -> bytes:
        return self._sock.recv(size)

    def fileno(self) -> int:
        return self._sock.fileno()

    def end(self) -> None:
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    close = end                          # the server that accepted the socket closes it


class Handler(WSGIRequestHandler):
    timeout = IDLE_S

    def log(self, type: str, message: str, *args: Any) -> None:
        """Says nothing: a page that asks is no event."""


class Server(ThreadedWSGIServer):
    """One thread a connection, CONNECTIONS at most; whoever comes later is told so at once."""

    daemon_threads = True

    def __init__(self, listening: socket.socket, app: Flask) -> None:
        host, port = listening.getsockname()[:2]
        with listening:
            super().__init__(host, port, app, Handler, fd=listening.fileno())
        self._free = threading.BoundedSemaphore(CONNECTIONS)
        self._beat = Pulse().part()

    def service_actions(self) -> None:
        """Of the loop that takes connections."""
        super().service_actions()
        self._beat()

    def process_request(self, request: Any, client_address: Any) -> None:
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
            return
        with contextlib.suppress(OSError):
            request.setblocking(False)
            request.send(BUSY)
        self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        fault = sys.exception()
        if not isinstance(fault, OSError):
            say(f"web: {type(fault).__name__}: {fault}")


def serve(listening: socket.socket, app: Flask) -> None:
    """Serves until SIGTERM or SIGINT."""
    server = Server(listening, app)

    def stop(*_: object) -> None:
        threading.Thread(target=server.shutdown, name="stop", daemon=True).start()

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
    try:
        server.serve_forever(poll_interval=0.2)
    finally:
        server.server_close()
