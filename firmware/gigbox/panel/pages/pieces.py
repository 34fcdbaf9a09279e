"""Pieces that pages are drawn from: a head, lists, bars with hand and auto told apart, words and units of values."""

from __future__ import annotations

from collections.abc import Sequence

from gigbox import params
from gigbox.panel.pages.page import way
from gigbox.panel.picture.canvas import HEIGHT, WIDTH, Canvas
from gigbox.panel.picture.letters import GAP, LARGE, SMALL, fitted, width, wrapped
from gigbox.panel.sight.box import Box

HEAD = 11                 # rows of the head of a page
ROW = 13                  # and of a line of a list
LINES = 4                 # no page has more


def head(canvas: Canvas, title: str, right: str = "") -> None:
    """The page's name left, what of how many right, a dotted rule below."""
    wide = canvas.write(right, WIDTH - 1, 0, align="right") if right else 0
    canvas.write(title, 1, 0, room=WIDTH - 6 - wide)
    canvas.dots(0, 9, WIDTH, 1)


def lines(canvas: Canvas, rows: Sequence[tuple[str, str]], cursor: int) -> None:
    """A list: left and right words of each row, the one at the cursor turned over; four of them, and a mark where there are more."""
    first = min(max(cursor - 1, 0), max(len(rows) - LINES, 0))
    for n, (left, right) in enumerate(rows[first: first + LINES]):
        y = HEAD + 1 + n * ROW
        wide = canvas.write(right, WIDTH - 7, y + 2, align="right", room=70) if right else 0
        canvas.write(left, 4, y + 2, room=WIDTH - 14 - wide)
        if first + n == cursor:
            chosen(canvas, 0, y, WIDTH - 4, ROW - 1)
    if len(rows) > LINES:
        long = max(LINES * ROW * LINES // len(rows), 4)
        top = HEAD + 1 + (LINES * ROW - 1 - long) * first // (len(rows) - LINES)
        canvas.fill(WIDTH - 1, top, 1, long)


def chosen(canvas: Canvas, x: int, y: int, wide: int, high: int) -> None:
    """Turned over, with its corners taken off."""
    canvas.flip(x, y, wide, high)
    for corner in ((x, y), (x + wide - 1, y), (x, y + high - 1), (x + wide - 1, y + high - 1)):
        canvas.flip(*corner, 1, 1)


def acts(canvas: Canvas, words: Sequence[str], cursor: int, y: int = HEIGHT - 12) -> None:
    """What a push does, side by side, the chosen one turned over."""
    each = WIDTH // len(words)
    for n, word in enumerate(words):
        canvas.write(word, n * each + each // 2, y + 2, align="middle", room=each - 4)
        if n == cursor:
            chosen(canvas, n * each + 1, y, each - 2, 12)
        else:
            canvas.dots(n * each + 3, y + 11, each - 6, 1)


def paragraph(canvas: Canvas, words: str, y: int, rows: int, pitch: int = 12) -> None:
    for n, line in enumerate(wrapped(words, WIDTH - 4, rows)):
        canvas.write(line, 2, y + n * pitch)


def title(canvas: Canvas, words: str, y: int, room: int = WIDTH - 2) -> None:
    """In large letters where they fit, else in small ones."""
    if width(words, LARGE) <= room:
        canvas.write(words, WIDTH // 2, y, LARGE, align="middle")
    else:
        canvas.write(fitted(words, room), WIDTH // 2, y + 4, align="middle")


def both(one: str, between: str, other: str, room: int) -> str:
    """Two names side by side, in small letters: where they are too long the longer one gives way, so that neither is lost."""
    room -= width(between) + 2 * GAP[SMALL]
    if width(one) + width(other) > room:
        one, other = fitted(one, max(room // 2, room - width(other))), fitted(other, max(room // 2, room - width(one)))
    return one + between + other


def layers(canvas: Canvas, box: Box, path: str, x: int, y: int, wide: int, pot: float | None = None) -> None:
    """One value lying down: the hand's mark above its rule, a thick bar from there to what is heard: that piece is the box's."""
    def at(value: float) -> int:
        return x + round(way(path, value) * (wide - 1))

    canvas.dots(x, y + 5, wide, 1)
    canvas.fill(x, y + 3, 1, 5)
    canvas.fill(x + wide - 1, y + 3, 1, 5)
    address = params.find(path)
    if 0 < way(path, address.default) < 1:
        canvas.fill(at(address.default), y + 2, 1, 7)
    hand, heard = at(box.put(path)), at(box.value(path))
    if box.auto(path) and hand != heard:
        canvas.fill(min(hand, heard), y + 4, abs(hand - heard) + 1, 3)
        canvas.fill(heard - 1, y + 3, 3, 5)
    for n in range(4):
        canvas.fill(hand - n, y + 3 - n, 2 * n + 1, 1)
    if pot is not None:
        knob = x + round(pot * (wide - 1))
        canvas.fill(knob - 2, y + 8, 5, 5, ink=False)
        canvas.frame(knob - 2, y + 8, 5, 5)


def value_words(path: str, value: float) -> tuple[str, str]:
    """The value and its unit, as large as they are read: `-3.5`, `dB`."""
    param = params.find(path).param
    if param.choices:
        return param.choices[int(value)].replace("_", " "), ""
    if param.taper == "fader" and value <= param.low:
        return "off", ""
    if param.unit == "Hz" and value >= 1000:
        return f"{value / 1000:.1f}", "kHz"
    if path.endswith("/pan"):
        side = round(abs(value) * 100)
        return ("middle", "") if side == 0 else (f"{side}", "left" if value < 0 else "right")
    signed = param.blend == "add" and param.low < 0 < param.high
    digits = 0 if abs(value) >= 100 or param.unit == "%" or param.taper == "step" else 1
    words = f"{value:+.{digits}f}" if signed and abs(value) >= 0.05 else f"{abs(value) if abs(value) < 0.05 else value:.{digits}f}"
    return words, param.unit


def short(path: str, value: float) -> str:
    words, unit = value_words(path, value)
    return f"{words} {unit}".strip()


def what(box: Box, path: str, room: int = 0) -> str:
    """Whose parameter it is, for people: `Anna level`; with a `room`, so that it fits there in small letters."""
    words = path.split("/")
    if words[0] == "strip":
        owner, rest = box.name(int(words[1])), words[2:]
    elif words[0] == "monitor":
        owner, rest = box.monitor_name(int(words[1])), words[2:]
    elif words[0] == "group" and len(words) > 2:
        owner, rest = box.group_name(int(words[1])), words[2:]
    else:
        owner, rest = words[0].capitalize(), words[1:]
    if rest[:1] == ["send"] and len(rest) > 1:
        rest = ["to", box.monitor_name(int(rest[1]))]
    return both(owner, " ", " ".join(rest), room or 1 << 16)


def whose(canvas: Canvas, box: Box, path: str, y: int) -> None:
    """The same as a title; of a fader whose it is."""
    owner, _, rest = path.partition("/")
    number, _, word = rest.partition("/")
    if word == "level" and owner in ("strip", "group"):
        title(canvas, box.name(int(number)) if owner == "strip" else box.group_name(int(number)), y)
    else:
        words = what(box, path)
        title(canvas, words if width(words, LARGE) <= WIDTH - 2 else what(box, path, WIDTH - 2), y)
