"""How long a fader that moves on one phone takes to another phone and to the sound: `python -m tests.web.phone_to_phone [MOVES]` (PYTHONPATH=firmware).

A box of its own plays through the simulated card in real time, ten pages look at it with meters 20 times a second. A move is timed from when it is sent to when
another page has it, and to the first block that the engine mixes with the new value, and a period more, which is when that block is written to the card.
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

from gigbox import params
from gigbox.rack import RATE
from tests.live_box import Box, box_of_tones, eventually

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
        box = box_of_tones(Path(folder))
        box.start()
        try:
            box.ready()
            phones = [Phone(box.port) for _ in range(PAGES)]
            time.sleep(1)
            times = [moved(box, phones[0], phones[-1], -1.0 - n / 10) for n in range(moves)]
        finally:
            box.end()
    for what, each in zip(("phone to phone", "phone to sound"), zip(*times, strict=True), strict=True):
        ms = 1000 * np.array(each)
        print(f"{what}: median {np.median(ms):.1f} ms, p99 {np.percentile(ms, 99):.1f} ms, worst {ms.max():.1f} ms of {len(ms)}")


def moved(box: Box, phone: Phone, other: Phone, level: float) -> tuple[float, float]:
    """Seconds to the other phone, and to the sound."""
    index = params.find(PATH).index
    heard = box.rack.values()
    before = float(heard[index])
    begin = time.monotonic()
    phone.socket.send(json.dumps({"set": {PATH: level}}))
    while float(heard[index]) == before and time.monotonic() - begin < LONGEST_S:
        time.sleep(0.0002)
    sound = time.monotonic() - begin + int(box.rack.c.period) / RATE
    eventually(lambda: level in other.saw, LONGEST_S, f"{PATH} at {level} on another phone")
    time.sleep(0.05)
    return other.saw[level] - begin, sound


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
