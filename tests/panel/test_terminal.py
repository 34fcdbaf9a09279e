"""The panel in a shell: the picture in half blocks or braille, knobs under keys."""

from __future__ import annotations

import base64
import json
import os
import pty
import queue
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from gigbox.panel.picture.canvas import Canvas
from gigbox.panel.simulated import MADE_OF, Simulated
from gigbox.panel.terminal import Picture, blocks, braille


def corner() -> Canvas:
    canvas = Canvas()
    canvas.fill(0, 0, 1, 1)
    canvas.fill(127, 63, 1, 1)
    return canvas


def shown() -> Picture:
    picture = Picture()
    picture.take(json.dumps({"panel": MADE_OF}).encode())
    picture.take(json.dumps({"frame": base64.b64encode(corner().packed()).decode(), "leds": [1] + [0] * 11, "pots": [0.5] * 8}).encode())
    return picture


def test_every_pixel_is_there_in_blocks_and_in_braille() -> None:
    rows, dots = blocks(corner().bits), braille(corner().bits)
    assert (len(rows), len(rows[0]), rows[0][0], rows[-1][-1]) == (32, 128, "▀", "▄")
    assert (len(dots), len(dots[0]), dots[0][0], dots[-1][-1]) == (16, 64, "⠁", "⢀")


def test_a_wide_terminal_has_blocks_and_a_narrow_one_braille() -> None:
    assert len(shown().lines(140, 50)[0]) == 130
    assert len(shown().lines(80, 24)[0]) == 66
    assert Picture().lines(80, 24) == ["the panel is not there"]


def test_keys_are_knobs() -> None:
    picture = shown()
    assert picture.messages("\x1b[C") == [{"turn": [2, 1]}]
    assert picture.messages("x") == [{"press": ["mute", True]}, {"press": ["mute", False]}]
    assert picture.messages("3") == []
    assert picture.messages("+") == [{"pot": [3, 0.52]}]
    assert picture.messages("?") == []
    assert picture.messages("q") is None


def test_it_follows_a_panel_in_a_terminal_and_leaves_it_as_it_was(tmp_path: Path) -> None:
    events: queue.SimpleQueue[Any] = queue.SimpleQueue()
    panel = Simulated(tmp_path / "panel.sock", events.put)
    panel.show(corner().packed(), (True,) * 12, [0.5] * 8, [""] * 8)
    ours, theirs = pty.openpty()
    child = subprocess.Popen([sys.executable, "-m", "gigbox.cli", "panel", "--terminal"], stdin=theirs, stdout=theirs, stderr=theirs,
                             env=os.environ | {"GIGBOX_RUN": str(tmp_path), "TERM": "xterm"})
    try:
        screen, until = b"", time.monotonic() + 8
        while "⠁".encode() not in screen and time.monotonic() < until:
            screen += os.read(ours, 65536)
        os.write(ours, b"\x1b[C")
        assert events.get(timeout=3) == ("turn", 2, 1)
        os.write(ours, b"q")
        while b"\x1b[?1049l" not in screen and time.monotonic() < until:
            screen += os.read(ours, 65536)
        assert child.wait(3) == 0
    finally:
        child.kill()
        panel.close()
        os.close(ours)
        os.close(theirs)


def test_without_a_panel_or_a_terminal_it_is_one_line(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "gigbox.cli", "panel", "--terminal"], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                          env=os.environ | {"GIGBOX_RUN": str(tmp_path)}, check=False)
    assert (done.returncode, done.stderr) == (1, "gigbox: panel: standard input or output is no terminal, expected one; the same is in the browser\n")
