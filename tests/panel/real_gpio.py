"""Runs where there are simulated lines and the real RPi.GPIO: a board on the Pi's own lines, at work. Prints what was told, as JSON."""

from __future__ import annotations

import json
import os
import queue
import random
import sys
import time
from typing import Any

from gigbox.panel.leds import NAMES
from gigbox.panel.parts.gpio import find_chip, open_gpio
from gigbox.panel.parts.machine import Machine
from gigbox.panel.pins import Board, Encoder
from gigbox.panel.soldered import Soldered
from hil.lines import CYCLE, Lines

A, B, PUSH, MUTE, LIGHT = 6, 12, 13, 16, 17
CLICKS = 200


def turned(events: queue.SimpleQueue[Any]) -> int:
    total = 0
    while not events.empty():
        kind, _, by = events.get()
        total += by if kind == "turn" else 0
    return total


def main() -> None:
    lines = Lines()
    for line in (A, B, PUSH, MUTE):
        lines.pull(line, 1)
    os.environ["RPI_LGPIO_REVISION"] = "c03114"
    events: queue.SimpleQueue[Any] = queue.SimpleQueue()
    said: list[str] = []
    board = Board(encoders={1: Encoder(f"gpio{A}", f"gpio{B}", f"gpio{PUSH}")}, buttons={"mute": f"gpio{MUTE}"}, leds={"clip": f"gpio{LIGHT}"})
    machine = Machine()
    machine.gpio = open_gpio                    # type: ignore[method-assign]
    panel = Soldered(board, machine, events.put, said.append)
    told: dict[str, Any] = {"chip": find_chip(), "module": sys.modules["RPi.GPIO"].__file__ if "RPi.GPIO" in sys.modules else ""}
    dice = random.Random(1)
    for way in (1, -1):
        for n in range(1, 4 * CLICKS + 1):
            before, now = CYCLE[way * (n - 1) % 4], CYCLE[way * n % 4]
            lines.bounce(*((A, now[0]) if before[0] != now[0] else (B, now[1])), dice)
            time.sleep(0.005)                   # 50 clicks a second
            panel.settle()
        time.sleep(0.05)
        panel.settle()
        told[f"turned {way:+}"] = turned(events)
    slowest = 0.0
    for _ in range(50):
        for level in (0, 1):
            begun = time.monotonic()
            lines.pull(MUTE, level)
            event = events.get(timeout=2)
            slowest = max(slowest, time.monotonic() - begun)
            told.setdefault("presses", []).append(event)
            time.sleep(0.03)
    told["slowest_ms"] = round(1000 * slowest, 2)
    panel.light(tuple(name == "clip" for name in NAMES))
    told["lit"] = lines.level(LIGHT)
    panel.light((False,) * len(NAMES))
    told["dark"] = lines.level(LIGHT)
    panel.close()
    print("told", json.dumps(told | {"said": said}))


if __name__ == "__main__":
    main()
