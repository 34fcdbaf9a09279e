"""The panel in a terminal: two pixels a character, knobs under the keys. A viewer like any other. Where it is asked for, how a phone comes in before it."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import select
import shutil
import socket
import sys
import termios
import tty
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gigbox.errors import MachineError
from gigbox.panel.picture.canvas import HEIGHT, WIDTH, unpacked
from gigbox.panel.picture.letters import Bits
from gigbox.panel.welcome import LOOK_S, Welcome

BLOCKS = " ▀▄█"            # upper pixel 1, lower pixel 2
DOTS = ((0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1), (3, 0), (3, 1))        # of a braille letter, in the order of its bits
KEYS = {"\x1b[A": ("turn", 1, -1), "\x1b[B": ("turn", 1, 1), "\x1b[D": ("turn", 2, -1), "\x1b[C": ("turn", 2, 1),
        "\r": ("tap", "encoder_2", 0), "\n": ("tap", "encoder_2", 0), "m": ("tap", "encoder_1", 0),
        "\x7f": ("hold", "encoder_1", 0), "\x1b": ("hold", "encoder_1", 0),
        "a": ("tap", "auto", 0), "A": ("hold", "auto", 0), "x": ("tap", "mute", 0), "X": ("hold", "mute", 0)}
HELP = "↑↓ walk  ←→ change  Enter push  m menu  Esc back  a/A freeze, line check  x/X mute, all  1-8 pot, then +/-  q quits"
STEP = 0.02
HOLD_S = 0.8              # longer than the panel's own
LIT, DARK = "●", "·"


def blocks(bits: Bits) -> list[str]:
    """Lines of half blocks: as wide as the picture, half as high."""
    return ["".join(BLOCKS[int(up) + 2 * int(down)] for up, down in zip(bits[y], bits[y + 1], strict=True)) for y in range(0, HEIGHT, 2)]


def braille(bits: Bits) -> list[str]:
    """Lines of braille: half as wide, a quarter as high, for a small terminal."""
    def letter(x: int, y: int) -> str:
        return chr(0x2800 + sum(int(bits[y + dy, x + dx]) << n for n, (dy, dx) in enumerate(DOTS)))

    return ["".join(letter(x, y) for x in range(0, WIDTH, 2)) for y in range(0, HEIGHT, 4)]


class Picture:
    """What a viewer was told, as lines of text."""

    def __init__(self) -> None:
        self.told: dict[str, Any] = {}
        self.pot = 1

    def take(self, line: bytes) -> None:
        with contextlib.suppress(ValueError):
            self.told.update(json.loads(line))

    def lines(self, columns: int, rows: int) -> list[str]:
        if self.told.get("panel") is None or "frame" not in self.told:
            return ["the panel is not there"]
        bits = unpacked(base64.b64decode(self.told["frame"]))
        picture = blocks(bits) if columns >= WIDTH + 4 and rows >= HEIGHT // 2 + 6 else braille(bits)
        wide = len(picture[0])
        frame = ["┌" + "─" * wide + "┐", *(f"│{line}│" for line in picture), "└" + "─" * wide + "┘"]
        leds = dict(zip(self.told["panel"]["leds"], self.told.get("leds", []), strict=False))
        strips = [LIT if leds.get(f"strip_{n}") else DARK for n in range(1, 9)]
        ways = self.told.get("pots", [0.5] * 8)
        pots = [f"{'>' if n == self.pot else ' '}{n}{light}{round(100 * at):3d}" for n, (light, at) in enumerate(zip(strips, ways, strict=False), 1)]
        status = "  ".join(f"{LIT if leds.get(name) else DARK} {name}" for name in ("signal", "clip", "muted", "auto"))
        return [*frame, " ".join(pots), status, *([self.told["error"]] if self.told.get("error") else []), HELP[: max(columns - 1, 20)]]

    def messages(self, key: str) -> list[dict[str, Any]] | None:
        """What a key does, as messages to the panel; None to quit. A hold is a press whose release comes later."""
        if key in ("q", "\x03", "\x04"):
            return None
        if key in "12345678" and len(key) == 1:
            self.pot = int(key)
            return []
        if key in ("+", "=", "-"):
            at = self.told.get("pots", [0.5] * 8)[self.pot - 1]
            return [{"pot": [self.pot, round(min(max(at + (-STEP if key == "-" else STEP), 0.0), 1.0), 3)]}]
        kind, which, steps = KEYS.get(key, ("", "", 0))
        if kind == "turn":
            return [{"turn": [which, steps]}]
        return [{"press": [which, True]}, {"press": [which, False]}] if kind else []


def terminal(path: Path, welcome: Welcome | None = None) -> int:
    """Until q. `welcome` comes first, until a key is pressed or somebody is engineer. MachineError where no panel runs, or this is no terminal."""
    if not sys.stdin.isatty() or not sys.stdout.isatty():
        raise MachineError("panel: standard input or output is no terminal, expected one; the same is in the browser")
    with socket.socket(socket.AF_UNIX) as sock, _raw():
        try:
            sock.connect(str(path))
        except OSError as e:
            raise MachineError(f"panel: not there at {path} ({e.strerror}), expected it to run; type: gigbox run") from None
        _follow(sock, Picture(), welcome)
    return 0


def _follow(sock: socket.socket, picture: Picture, welcome: Welcome | None) -> None:
    """One loop: what comes from the panel is drawn, what comes from the keys is sent; releases that are due are, too."""
    heard, letting_go = b"", ""
    while True:
        ready, _, _ = select.select([sock, sys.stdin], [], [], HOLD_S if letting_go else LOOK_S if welcome else None)
        if letting_go:
            sock.sendall(letting_go.encode())
            letting_go = ""
        if sys.stdin in ready:
            messages = picture.messages(key := os.read(sys.stdin.fileno(), 16).decode(errors="ignore"))
            if welcome and messages is not None:
                welcome, messages = None, []
            if messages is None:
                return
            if messages and KEYS.get(key, ("",))[0] == "hold":
                letting_go = json.dumps(messages.pop()) + "\n"
            sock.sendall("".join(json.dumps(each) + "\n" for each in messages).encode())
        if sock in ready:
            if not (data := sock.recv(1 << 16)):
                raise MachineError("panel: went away")
            *lines, heard = (heard + data).split(b"\n")
            for line in lines:
                picture.take(line)
        size = shutil.get_terminal_size()
        if not (rows := welcome.lines(size.columns) if welcome else []):
            welcome, rows = None, picture.lines(size.columns, size.lines)
        sys.stdout.write("\x1b[H" + "".join(row + "\x1b[K\r\n" for row in rows) + "\x1b[J")
        sys.stdout.flush()


@contextlib.contextmanager
def _raw() -> Iterator[None]:
    """Keys as they come, on a screen of their own; all as before, however it ends."""
    before = termios.tcgetattr(sys.stdin)
    sys.stdout.write("\x1b[?1049h\x1b[?25l")
    try:
        tty.setcbreak(sys.stdin)
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
        sys.stdout.write("\x1b[?25h\x1b[?1049l")
        sys.stdout.flush()
