"""The panel without a soldering iron: viewers on a Unix socket see the very same picture and lights, and turn the very same knobs.

One JSON object a line. To a viewer: `panel` (what it is made of), `frame` (1024 bytes as base64), `leds`, `pots`, `labels`, each when it changed.
From it: `{"pot": [3, 0.62]}`, `{"turn": [1, -2]}`, `{"press": ["mute", true]}`.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import selectors
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gigbox.errors import RequestError
from gigbox.panel.leds import NAMES
from gigbox.panel.pages.page import POTS
from gigbox.panel.picture.canvas import HEIGHT, WIDTH
from gigbox.panel.walk import BUTTONS

LONGEST = 4096            # bytes of a viewer's line
BEHIND = 64 << 10         # bytes that wait for a viewer: then frames are left out till it has read
VIEWERS = 16
MOST_CLICKS = 50
MADE_OF = {"pots": POTS, "encoders": 2, "buttons": ["auto", "mute"], "leds": list(NAMES), "width": WIDTH, "height": HEIGHT}

Event = tuple[str, Any, Any]              # pot, turn or press, and what the line says of it


@dataclass
class Viewer:
    sock: socket.socket
    heard: bytes = b""
    waiting: bytes = b""
    told: dict[str, Any] = field(default_factory=dict)
    down: set[str] = field(default_factory=set)


class Simulated:
    """Its thread takes viewers and their events, and hands these to `happen`. `show` is for the panel's loop."""

    def __init__(self, path: Path, happen: Callable[[Event], None]) -> None:
        path.unlink(missing_ok=True)
        self._path, self._happen = path, happen
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(path))
        os.chmod(path, 0o600)
        self._listening.listen(VIEWERS)
        self._selector = selectors.DefaultSelector()
        self._wake, self._woken = socket.socketpair()
        for each in (self._listening, self._woken):
            each.setblocking(False)
            self._selector.register(each, selectors.EVENT_READ)
        self._viewers: dict[int, Viewer] = {}
        self._now: dict[str, Any] = {"panel": MADE_OF}
        self._lock = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="viewers", daemon=True)
        self._thread.start()

    @property
    def watched(self) -> bool:
        return bool(self._viewers)

    def show(self, frame: bytes, leds: tuple[bool, ...], pots: list[float], labels: list[str]) -> None:
        """The panel as it is now."""
        now = {"panel": MADE_OF, "frame": frame, "leds": [int(each) for each in leds], "pots": pots, "labels": labels}
        with self._lock:
            if now == self._now:
                return
            self._now = now
        self._call()

    def close(self) -> None:
        self._closed = True
        self._call()
        self._thread.join(2)
        for viewer in list(self._viewers.values()):
            viewer.sock.close()
        self._listening.close()
        self._path.unlink(missing_ok=True)

    def _call(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._wake.send(b"!", socket.MSG_DONTWAIT)

    def _run(self) -> None:
        while not self._closed:
            for key, ready in self._selector.select(1.0):
                if key.fileobj is self._woken:
                    with contextlib.suppress(BlockingIOError):
                        self._woken.recv(4096)
                elif key.fileobj is self._listening:
                    self._take()
                elif viewer := self._viewers.get(key.fd):
                    self._hear(viewer) if ready & selectors.EVENT_READ else None
            for viewer in list(self._viewers.values()):
                self._tell(viewer)

    def _take(self) -> None:
        with contextlib.suppress(OSError):
            sock, _ = self._listening.accept()
            if len(self._viewers) >= VIEWERS:
                sock.close()
                return
            sock.setblocking(False)
            self._viewers[sock.fileno()] = Viewer(sock)
            self._selector.register(sock, selectors.EVENT_READ)

    def _hear(self, viewer: Viewer) -> None:
        try:
            data = viewer.sock.recv(LONGEST)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data or len(viewer.heard) > LONGEST:
            self._lose(viewer)
            return
        *lines, viewer.heard = (viewer.heard + data).split(b"\n")
        for line in lines:
            try:
                event = wish(line)
            except RequestError as e:
                viewer.waiting += _line({"error": str(e)})
                continue
            if event[0] == "press":
                (viewer.down.add if event[2] else viewer.down.discard)(event[1])
            self._happen(event)

    def _tell(self, viewer: Viewer) -> None:
        with self._lock:
            now = self._now
        for word, value in now.items():
            if viewer.told.get(word) != value and len(viewer.waiting) < BEHIND:
                viewer.told[word] = value
                viewer.waiting += _line({word: base64.b64encode(value).decode() if isinstance(value, bytes) else value})
        try:
            viewer.waiting = viewer.waiting[viewer.sock.send(viewer.waiting):] if viewer.waiting else b""
        except BlockingIOError:
            pass
        except OSError:
            self._hear(viewer)                   # what it said before it went
            if viewer.sock.fileno() in self._viewers:
                self._lose(viewer)
            return
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if viewer.waiting else 0)
        if self._selector.get_key(viewer.sock).events != wanted:
            self._selector.modify(viewer.sock, wanted)

    def _lose(self, viewer: Viewer) -> None:
        """Whatever it held down is let go."""
        self._selector.unregister(viewer.sock)
        del self._viewers[viewer.sock.fileno()]
        viewer.sock.close()
        for name in viewer.down:
            self._happen(("press", name, False))


def wish(line: bytes) -> Event:
    """What a viewer did; RequestError where that is nothing a panel has."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        raise RequestError("panel: not JSON, expected an object of pot, turn or press") from None
    if not isinstance(found, dict) or len(found) != 1 or not isinstance(both := next(iter(found.values())), list) or len(both) != 2:
        raise RequestError("panel: expected one of {\"pot\": [number, 0..1]}, {\"turn\": [encoder, clicks]}, {\"press\": [name, true or false]}")
    kind, (which, how) = next(iter(found)), both
    if kind == "pot" and which in range(1, POTS + 1) and _is_number(which) and _is_number(how) and 0 <= how <= 1:
        return "pot", int(which), float(how)
    if kind == "turn" and which in (1, 2) and _is_number(which) and isinstance(how, int) and _is_number(how) and abs(how) <= MOST_CLICKS:
        return "turn", int(which), how
    if kind == "press" and which in BUTTONS and isinstance(how, bool):
        return "press", which, how
    raise RequestError(f"panel: {line.decode(errors='replace')[:60]}, expected pot 1..{POTS} at 0..1, turn of 1 or 2 by clicks, press of {', '.join(BUTTONS)}")


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _line(message: dict[str, Any]) -> bytes:
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"
