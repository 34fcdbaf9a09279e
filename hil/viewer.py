"""A viewer of the box's panel: the very picture that its display shows, and a hand on the very knobs."""

from __future__ import annotations

import base64
import contextlib
import json
import socket
from pathlib import Path

from gigbox.errors import MachineError
from gigbox.panel.picture.canvas import unpacked
from gigbox.panel.picture.letters import Bits

PATIENCE_S = 5.0


class Knob:
    """The second one. Its line stays open: a viewer that came and went with each turn would make the panel draw anew each time."""

    def __init__(self) -> None:
        self._line: socket.socket | None = None

    def turn(self, panel: Path, clicks: int) -> None:
        words = json.dumps({"turn": [2, clicks]}).encode() + b"\n"
        if self._line is not None:
            with contextlib.suppress(OSError):             # of a box that was switched off meanwhile
                self._line.sendall(words)
                return
        self._line = _viewer(panel)
        self._line.sendall(words)


class Picture:
    """What the display shows, as it comes."""

    def __init__(self, panel: Path) -> None:
        self._line = _viewer(panel)
        self._heard = b""

    def next(self) -> Bits:
        """The next one that differs; at first the one that is there. MachineError where none comes."""
        while True:
            while b"\n" in self._heard:
                line, _, self._heard = self._heard.partition(b"\n")
                if frame := json.loads(line).get("frame"):
                    return unpacked(base64.b64decode(frame))
            if not (data := self._line.recv(1 << 16)):
                raise MachineError("panel: went away")
            self._heard += data

    def close(self) -> None:
        self._line.close()


def _viewer(panel: Path) -> socket.socket:
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(PATIENCE_S)
    line.connect(str(panel))
    return line
