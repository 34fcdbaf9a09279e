"""How long a fader that moves on one phone takes to another phone and to the sound: `python -m tests.web.phone_to_phone [MOVES]` (PYTHONPATH=firmware).

A box of its own plays through the simulated card in real time, ten pages look at it with meters 20 times a second. A move is timed from when it is sent to when
another page has it, and to the first changed sample that is handed to the card.
"""

from __future__ import annotations

import contextlib
import json
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import simple_websocket

from tests.first_sample import Watch, box_of_rounds, figures, stand_still, told
from tests.live_box import Box, eventually

PAGES = 10
PATH = "strip/1/level"
LONGEST_S = 2.0


class Phone(threading.Thread):
    """Reads all it is sent; when it saw which level of the strip."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.socket = simple_websocket.Client(f"ws://127.0.0.1:{port}/live?meters=20", receive_bytes=1 << 16)
        self.saw: dict[float, float] = {}
        self.start()

    def run(self) -> None:
        with contextlib.suppress(simple_websocket.ConnectionClosed):
            while True:
                message = self.socket.receive()
                if isinstance(message, str) and (value := json.loads(message).get("changed", {}).get(PATH)):
                    self.saw.setdefault(value["hand"], time.monotonic())


def main(moves: int = 200) -> None:
    with tempfile.TemporaryDirectory() as folder:
        box = box_of_rounds(Path(folder))
        box.start()
        try:
            box.ready()
            phones = [Phone(box.port) for _ in range(PAGES)]
            stand_still(box)
            watch = Watch(box.rack)
            times = [moved(box, watch, phones[0], phones[-1], -1.0 - n / 10) for n in range(moves)]
            watch.close()
        finally:
            box.end()
    print(f"phone to phone: {figures(1000 * np.array([to_phone for to_phone, _ in times]))}")
    print(told("phone to sound", [to_sound for _, to_sound in times]))


def moved(box: Box, watch: Watch, phone: Phone, other: Phone, level: float) -> tuple[float, tuple[float, bool]]:
    """Seconds to the other phone, and to the sound."""
    late, since, begin = int(box.rack.c.recoveries), box.rack.frames, time.monotonic()
    phone.socket.send(json.dumps({"set": {PATH: level}}))
    sound = watch.heard(begin, since, late)
    eventually(lambda: level in other.saw, LONGEST_S, f"{PATH} at {level} on another phone")
    return other.saw[level] - begin, sound


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
