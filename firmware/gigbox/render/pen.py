"""Drawing with smooth edges: everything is drawn twice as large and halved at the end. Coordinates are those of the finished picture."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

SCALE = 2
Point = tuple[float, float]


@functools.lru_cache(maxsize=16)
def font(size: float) -> Any:
    """Pillow's own, so that a picture is the same on every machine."""
    return ImageFont.load_default(size)


def spelled(text: str) -> str:
    """With the letters that the font has: accents are dropped, what else it lacks is a question mark."""
    plain = "".join(c if c in "·±…" else unicodedata.normalize("NFKD", c) for c in text.replace("ß", "ss").replace("−", "-"))
    return "".join(c if " " <= c <= "~" or c in "·±…" else "?" for c in plain if not unicodedata.combining(c))


def width(text: str, size: float) -> float:
    return float(font(size).getlength(spelled(text)))


def shortened(text: str, size: float, room: float) -> str:
    """The text, or its beginning and an ellipsis, no wider than `room`."""
    if width(text, size) <= room:
        return text
    while text and width(text.rstrip() + "…", size) > room:
        text = text[:-1]
    return text.rstrip(" ,:;") + "…"


def wrapped(text: str, size: float, room: float, most: int) -> list[str]:
    """In lines no wider than `room`, at most so many; the last ends with an ellipsis where more would follow."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if width(longer, size) <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most:
        lines[most - 1:] = [" ".join(lines[most - 1:])]
    return [shortened(line, size, room) for line in lines]


class Pen:
    """One picture."""

    def __init__(self, wide: int, high: int, paper: str) -> None:
        self._image = Image.new("RGB", (wide * SCALE, high * SCALE), paper)
        self._draw = ImageDraw.Draw(self._image)

    def save(self, path: Path) -> None:
        self._image.reduce(SCALE).save(path, optimize=False, compress_level=6)

    def text(self, at: Point, text: str, ink: str, size: float, anchor: str = "la") -> None:
        self._draw.text(self._large(at), spelled(text), ink, font(size * SCALE), anchor=anchor)

    def line(self, points: Iterable[Point], ink: str, thick: float = 1) -> None:
        self._draw.line([self._large(p) for p in points], ink, max(round(thick * SCALE), 1), joint="curve")

    def dashes(self, start: Point, end: Point, ink: str, dash: float = 5) -> None:
        """A level or upright line in dashes."""
        long = max(abs(end[0] - start[0]), abs(end[1] - start[1]))
        for at in range(0, int(long), int(2 * dash)):
            a, b = at / long, min((at + dash) / long, 1)
            self.line([(start[0] + (end[0] - start[0]) * w, start[1] + (end[1] - start[1]) * w) for w in (a, b)], ink)

    def area(self, points: Sequence[Point], ink: str) -> None:
        self._draw.polygon([self._large(p) for p in points], ink)

    def box(self, left: float, top: float, right: float, bottom: float, ink: str, radius: float = 0) -> None:
        self._draw.rounded_rectangle([*self._large((left, top)), *self._large((right, bottom))], radius * SCALE, ink)

    def dot(self, at: Point, radius: float, ink: str) -> None:
        x, y = self._large(at)
        self._draw.ellipse([x - radius * SCALE, y - radius * SCALE, x + radius * SCALE, y + radius * SCALE], ink)

    def tag(self, at: Point, text: str, ink: str, paper: str, size: float = 12) -> float:
        """A word on a coloured label; tells where it ends."""
        right = at[0] + width(text, size) + 10
        self.box(at[0], at[1], right, at[1] + size + 5, paper, 4)
        self.text((at[0] + 5, at[1] + 1), text, ink, size)
        return right

    @staticmethod
    def _large(at: Point) -> Point:
        return at[0] * SCALE, at[1] * SCALE
