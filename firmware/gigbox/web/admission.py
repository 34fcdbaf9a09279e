"""Who may come in: requests to a name of this box, WebSockets of its own page, and handshakes that are whole. Anything else is refused in one line.

A page of anywhere may have its own name point to the box ("DNS rebinding"), and its browser would then count the box as part of that page: so only names
that nobody else can own are answered. An address is no name; a browser that shows one has asked for it.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from tornado.httputil import HTTPHeaders, RequestStartLine

from gigbox.errors import GigboxError
from gigbox.web.limits import HEAD_BYTES

HOST = re.compile(r"(?P<name>\[[0-9a-f:.%a-z]+\]|[a-z0-9_.-]+)(?::(?P<port>\d{0,5}))?", re.ASCII)
NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", re.ASCII)
PORTS = {"http": 80, "https": 443}
VERSION = "13"              # of the WebSocket protocol, RFC 6455
KEY_BYTES = 16
SAFE = ("GET", "HEAD", "OPTIONS")       # methods that change nothing
TOLD = 100                  # characters of what somebody sent


@dataclass(frozen=True)
class Refusal:
    """Why not, as one line, and how HTTP says it."""

    status: int
    why: str
    headers: tuple[tuple[str, str], ...] = ()


class Admission:
    """`names`: what the box is called beside its own name; `sockets`: the paths that are WebSockets."""

    def __init__(self, sockets: Iterable[str], names: Iterable[str] = (), machine: str = "") -> None:
        self._sockets = frozenset(sockets)
        own = (machine or os.uname().nodename).lower()
        self._names = {"localhost", own, *map(checked_name, names)}
        stems = "|".join(re.escape(stem) for stem in {"gigbox", own.partition(".")[0]} if stem)
        self._mine = re.compile(rf"({stems})(-\d+)?(\.local)?|([a-z0-9_-]+\.)+({stems})\.local|([a-z0-9_-]+\.)+localhost", re.ASCII)

    def refusal(self, start: RequestStartLine, headers: HTTPHeaders) -> Refusal | None:
        """None lets a request in."""
        if sum(len(key) + len(value) + 4 for key, value in headers.get_all()) + len(start.path) > HEAD_BYTES:
            return Refusal(431, f"request: its head is longer than {HEAD_BYTES >> 10} KB")
        if fault := self._host(headers.get("Host")):
            return fault
        path = start.path.partition("?")[0]
        if path not in self._sockets:
            return None if start.method in SAFE else foreign(path, headers)
        return handshake(path, start, headers) or foreign(path, headers)

    def is_mine(self, host: str | None) -> bool:
        """Whether that is a name of this box."""
        found = HOST.fullmatch((host or "").lower())
        return found is not None and self._is_mine(found["name"].strip("[]").removesuffix("."))

    def _is_mine(self, name: str) -> bool:
        return bool(_is_address(name) or name in self._names or self._mine.fullmatch(name))

    def is_socket(self, start: RequestStartLine) -> bool:
        return start.path.partition("?")[0] in self._sockets

    def _host(self, host: str | None) -> Refusal | None:
        if not host:
            return Refusal(400, "request: expected a Host header")
        found = HOST.fullmatch(host.lower())
        if found is None:
            return Refusal(400, f"Host {host[:TOLD]!r}: expected a name or an address, and a port")
        name = found["name"].strip("[]").removesuffix(".")
        if self._is_mine(name):
            return None
        return Refusal(421, f"Host {host[:TOLD]!r}: not a name of this box; use its address, or start it with GIGBOX_HOST_NAMES={name[:TOLD]}")


def handshake(path: str, start: RequestStartLine, headers: HTTPHeaders) -> Refusal | None:
    """What is wrong with the opening of a WebSocket (RFC 6455, 4.2.1)."""
    if start.method != "GET" or start.version != "HTTP/1.1" or "websocket" not in _words(headers, "Upgrade"):
        return Refusal(400, f"{path}: expected a WebSocket")
    if "upgrade" not in _words(headers, "Connection"):
        return Refusal(400, f"{path}: expected 'Connection: Upgrade'")
    version = headers.get("Sec-WebSocket-Version", "none")
    if version.strip() != VERSION:
        return Refusal(426, f"{path}: WebSocket version {version[:TOLD]!r}, expected {VERSION}", (("Sec-WebSocket-Version", VERSION), ("Upgrade", "websocket")))
    if not _is_key(headers.get("Sec-WebSocket-Key", "")):
        return Refusal(400, f"{path}: expected a Sec-WebSocket-Key of {KEY_BYTES} bytes in base64")
    if headers.get("Content-Length", "0") != "0" or "Transfer-Encoding" in headers:
        return Refusal(400, f"{path}: a WebSocket begins without a body")
    return None


def foreign(path: str, headers: HTTPHeaders) -> Refusal | None:
    """Another site's page may not open a socket of this box, nor change anything; what is no browser tells no origin."""
    origin = headers.get("Origin")
    if origin is None:
        return None
    try:
        parts = urlsplit(origin)
        there = (parts.hostname or "", parts.port or PORTS.get(parts.scheme))
    except ValueError:
        return Refusal(400, f"{path}: Origin {origin[:TOLD]!r}: expected scheme, name and port")
    here = HOST.fullmatch(headers["Host"].lower())
    if here is None or there != (here["name"].strip("[]"), int(here["port"] or 0) or PORTS.get(parts.scheme)):
        return Refusal(403, f"{path}: {origin[:TOLD]!r} is another site")
    return None


def checked_name(name: str) -> str:
    """A name that a person gave the box; GigboxError where it is none."""
    plain = name.strip().lower().removesuffix(".")
    if not NAME.fullmatch(plain):
        raise GigboxError(f"--host-name: {name[:TOLD]!r} is not a name, expected one such as mixer.example.org, without port or http://")
    return plain


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.replace("%25", "%"))
    except ValueError:
        return False
    return True


def _is_key(key: str) -> bool:
    try:
        return len(base64.b64decode(key.strip(), validate=True)) == KEY_BYTES
    except (binascii.Error, ValueError):
        return False


def _words(headers: HTTPHeaders, name: str) -> list[str]:
    return [word.strip().lower() for word in headers.get(name, "").split(",")]
