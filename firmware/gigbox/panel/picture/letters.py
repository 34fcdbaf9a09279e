"""The letters of the panel: one face that is legible at 8 pixels, the same twice as large with its corners smoothed, and numerals of 22 pixels.

A name in another script is spelled in these: who reads `Anna` and `HuaZi` tells two strips apart, and hollow boxes are all alike.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from importlib.resources import files

import numpy as np
import numpy.typing as npt
from anyascii import anyascii

Bits = npt.NDArray[np.bool_]

SMALL, LARGE, NUMERAL = 8, 16, 22          # rows of each face
GAP = {SMALL: 1, LARGE: 2, NUMERAL: 2}     # columns between two letters
BLANK = {SMALL: 3, LARGE: 5, NUMERAL: 6}
MARKS = {"\u0300": ("#.", ".#"), "\u0301": (".#", "#."), "\u0302": (".#.", "#.#"), "\u0303": (".#.#", "#.#."), "\u0308": ("#.#",),
         "\u030a": (".#.", "#.#", ".#."), "\u030c": ("#.#", ".#."), "\u030b": (".#.#", "#.#."), "\u0304": ("###",), "\u0307": ("#",), "\u0306": ("#.#", ".#.")}
BELOW = {"\u0327": ("#.", "##"), "\u0328": ("#.", ".#")}
ALIKE = {"Ł": "L", "Đ": "D", "Þ": "P", "ð": "d", "“": "\"", "”": "\"", "’": "'", "‘": "'", "—": "–", "µ": "u"}
SQUEEZED = (2, 5)                          # rows that a capital gives up for what stands on it
KEPT = "\0"                                # a space that no line ends at
BEFORE_UNIT = re.compile(r"(?<=\d)\s(?=(?:dB(?:FS|/s|TP)?|k?Hz|ms|s|min|h|%|°C|LU(?:FS)?|bpm|V|W|GB|MB)\b|%)")
UNSEEN = ("Mn", "Me", "Cf")                # marks without a letter, joiners
UNKNOWN = np.array([[c == "#" for c in row] for row in ("####", "#..#", "#..#", "#..#", "#..#", "#..#", "####", "....")])


def text(words: str, face: int = SMALL) -> Bits:
    """The words as pixels: (face, width)."""
    return _text(words, face)


def width(words: str, face: int = SMALL) -> int:
    return int(_text(words, face).shape[1])


def fitted(words: str, room: int, face: int = SMALL) -> str:
    """The words, cut with an ellipsis where they are wider than `room`."""
    if width(words, face) <= room:
        return words
    while words and width(words.rstrip() + "…", face) > room:
        words = words[:-1]
    return words.rstrip() + "…"


def wrapped(words: str, room: int, lines: int, face: int = SMALL) -> list[str]:
    """The words in lines of `room` pixels; what does not fit in so many lines is cut. A unit stays with its number."""
    found: list[str] = []
    rest = [piece.replace(KEPT, " ") for piece in BEFORE_UNIT.sub(KEPT, words).split()]
    while rest and len(found) < lines:
        line = rest.pop(0)
        while rest and width(f"{line} {rest[0]}", face) <= room:
            line += " " + rest.pop(0)
        if rest and len(found) == lines - 1:
            line = fitted(line + " " + " ".join(rest), room, face)
        found.append(fitted(line, room, face))
    return found


@functools.lru_cache(maxsize=2048)
def _text(words: str, face: int) -> Bits:
    glyphs = []
    for letter in unicodedata.normalize("NFC", words) if face == NUMERAL else spelled(words):
        glyphs += [_glyph(letter, face), np.zeros((face, GAP[face]), bool)]
    found = np.concatenate(glyphs[:-1], axis=1) if glyphs else np.zeros((face, 0), bool)
    found.flags.writeable = False
    return found


def spelled(words: str) -> str:
    """In letters that there are; a hollow box for what has no sound."""
    return "".join(map(_spelled, unicodedata.normalize("NFC", words)))


@functools.lru_cache(maxsize=512)
def _spelled(letter: str) -> str:
    if letter == " " or _sheets("letters.txt").get(letter) is not None or _composed(letter) is not UNKNOWN:
        return letter
    return anyascii(letter) or ("" if unicodedata.category(letter) in UNSEEN else letter)


@functools.lru_cache(maxsize=512)
def _glyph(letter: str, face: int) -> Bits:
    if letter == " ":
        return np.zeros((face, BLANK[face]), bool)
    if face == NUMERAL:
        return _sheets("numerals.txt").get(letter, np.zeros((face, BLANK[face]), bool))
    small = _sheets("letters.txt").get(letter)
    small = _composed(letter) if small is None else small
    return small if face == SMALL else twice(small)


def _composed(letter: str) -> Bits:
    """A letter with its mark put on it; a hollow box for what there is no letter for."""
    base, *marks = list(unicodedata.normalize("NFD", ALIKE.get(letter, letter)))
    found = _sheets("letters.txt").get("ı" if base == "i" and marks else base)
    if found is None:
        return UNKNOWN
    found = found.copy()
    for mark in marks:
        if rows := MARKS.get(mark):
            found = _on_top(found, _bits(rows), tall=bool(found[:2].any()))
        elif rows := BELOW.get(mark):
            bits = _bits(rows)
            found[-1, : bits.shape[1]] |= bits[-1]
    return found


def _on_top(letter: Bits, mark: Bits, tall: bool) -> Bits:
    """A capital is squeezed below its mark, which then has one row."""
    if tall:
        letter = np.concatenate([np.zeros((2, letter.shape[1]), bool), np.delete(letter, SQUEEZED, axis=0)])
        mark = np.atleast_2d(mark.any(axis=0))
    wide = max(letter.shape[1], mark.shape[1])
    found = np.zeros((SMALL, wide), bool)
    found[:, (wide - letter.shape[1]) // 2:][:, : letter.shape[1]] = letter
    left = (wide - mark.shape[1] + 1) // 2
    found[: min(len(mark), 2), left: left + mark.shape[1]] |= mark[:2]
    return found


def twice(small: Bits) -> Bits:
    """Twice as large, its diagonals smoothed (Scale2x, A. Mazzoleni 2001)."""
    p = np.pad(small, 1)
    up, down, left, right = p[:-2, 1:-1], p[2:, 1:-1], p[1:-1, :-2], p[1:-1, 2:]
    flat = (up == down) | (left == right)
    large = np.repeat(np.repeat(small, 2, axis=0), 2, axis=1)
    for row, column, one, other in ((0, 0, up, left), (0, 1, up, right), (1, 0, down, left), (1, 1, down, right)):
        large[row::2, column::2] = np.where(~flat & (one == other), one, small)
    return large


def _bits(rows: tuple[str, ...]) -> Bits:
    return np.array([[c == "#" for c in row] for row in rows])


@functools.lru_cache
def _sheets(name: str) -> dict[str, Bits]:
    """Sheets of letters: a line of letters, then their rows."""
    found: dict[str, Bits] = {}
    for sheet in (files(__package__) / name).read_text("utf-8").split("\n\n")[1:]:
        letters, *rows = (line.split(" ") for line in sheet.strip("\n").split("\n"))
        found |= {letter: _bits(tuple(row[n] for row in rows)) for n, letter in enumerate(letters) if letter}
    return found
