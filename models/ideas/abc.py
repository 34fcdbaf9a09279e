"""Tunes in ABC notation with chord symbols (abcnotation.com standard 2.1, as far as the Nottingham collection uses it): notes and chords in quarter notes."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
SHARPS = ("F", "C", "G", "D", "A", "E", "B")
FIFTHS = {"C": 0, "G": 1, "D": 2, "A": 3, "E": 4, "B": 5, "F": -1, "Bb": -2, "Eb": -3, "Ab": -4}
TOKEN = re.compile(r'"(?P<chord>[^"]*)"|\[(?P<field>[A-Z]:[^\]]*)\]|(?P<tuple>\(\d)|(?P<acc>[_^=]*)(?P<note>[A-Ga-gz])(?P<octave>[,\']*)'
                   r"(?P<length>\d*(?:/+\d*)?)(?P<broken>[<>]*)|(?P<bar>\|+:?|:\|+|::|:)|(?P<other>.)", re.S)
CHORD = re.compile(r"([A-G])([#b]?)(m(?!aj))?(.*)")
KEPT_APART = (8, 9)                # of ten parts, told by the title: no choice is made on them


@dataclass
class Tune:
    """`notes`: (start, length, MIDI pitch); `chords`: (start, root 0..11, minor), in quarters; `tonic` and `minor` of the key; `bar` in quarters."""

    title: str
    tonic: int = 0
    minor: bool = False
    bar: Fraction = Fraction(4)
    metre: str = "4/4"
    notes: list[tuple[Fraction, Fraction, int]] = field(default_factory=list)
    chords: list[tuple[Fraction, int, bool]] = field(default_factory=list)
    bars: list[Fraction] = field(default_factory=list)
    length: Fraction = Fraction(0)

    @property
    def part(self) -> int:
        """0..9, of its title alone: a tune that is there twice falls on one side."""
        return zlib.crc32(re.sub(r"[^a-z]", "", self.title.lower()).encode()) % 10


def tunes(folder: Path) -> Iterator[Tune]:
    """All of a folder that have chords; where a metre changes within, the bars follow it."""
    for file in sorted(folder.glob("*.abc")):
        for text in re.split(r"\n\s*\n", file.read_text("utf-8", "replace")):
            if "X:" in text and (tune := _tune(text)).chords:
                yield tune


def chord(symbol: str) -> tuple[int, bool] | None:
    """Root from C, and whether it is minor; a diminished one counts as minor, all else as major."""
    found = CHORD.match(symbol.strip())
    if not found:
        return None
    letter, accidental, minor, rest = found.groups()
    return (LETTERS[letter] + {"#": 1, "b": -1, "": 0}[accidental]) % 12, bool(minor) or rest[:1] == "d"


def _tune(text: str) -> Tune:
    tune = Tune("")
    state = _Reader(tune)
    for line in text.splitlines():
        line = line.split("%")[0].rstrip("\\").strip()
        if re.match(r"[A-Za-z]:", line) and not line.startswith("|:"):
            state.field(line[0], line[2:].strip())
        elif line:
            state.music(line)
    tune.length = state.at
    return tune


class _Reader:
    def __init__(self, tune: Tune) -> None:
        self._tune, self.at = tune, Fraction(0)
        self._unit, self._signature, self._bar = Fraction(1, 2), dict[str, int](), dict[str, int]()
        self._tuplet, self._left, self._broken = Fraction(1), 0, Fraction(1)

    def field(self, name: str, value: str) -> None:
        tune = self._tune
        if name == "T" and not tune.title:
            tune.title = value
        elif name == "L":
            self._unit = Fraction(value) * 4
        elif name == "M" and re.fullmatch(r"\d+/\d+", value):
            if not self.at:
                tune.metre, tune.bar = value, Fraction(value) * 4
        elif name == "K":
            found = re.match(r"([A-G][#b]?)(m?)", value)
            if found:
                key, minor = found.group(1), bool(found.group(2))
                tune.tonic = (LETTERS[key[0]] + {"#": 1, "b": -1}.get(key[1:], 0)) % 12
                tune.minor = minor
                self._signature = _signature(key, minor)

    def music(self, line: str) -> None:
        for token in TOKEN.finditer(line):
            if (symbol := token["chord"]) is not None:
                if found := chord(symbol):
                    self._tune.chords.append((self.at, *found))
            elif token["field"]:
                self.field(token["field"][0], token["field"][2:].strip())
            elif token["tuple"]:
                count = int(token["tuple"][1])
                self._tuplet, self._left = Fraction({2: 3, 3: 2, 4: 3}.get(count, 2), count), count
            elif token["note"]:
                self._note(token)
            elif token["bar"]:
                self._bar.clear()
                if "|" in token["bar"] and (not self._tune.bars or self._tune.bars[-1] != self.at):
                    self._tune.bars.append(self.at)

    def _note(self, token: re.Match[str]) -> None:
        length = self._unit * _length(token["length"]) * self._broken
        self._broken = Fraction(1)
        if token["broken"]:
            short = Fraction(1, 2 ** len(token["broken"]))
            here, self._broken = (2 - short, short) if token["broken"][0] == ">" else (short, 2 - short)
            length *= here
        if self._left:
            length *= self._tuplet
            self._left -= 1
        if (letter := token["note"]) != "z":
            name = letter.upper()
            if token["acc"]:
                self._bar[name] = token["acc"].count("^") - token["acc"].count("_")
            octave = 12 * (letter.islower() + token["octave"].count("'") - token["octave"].count(","))
            self._tune.notes.append((self.at, length, 60 + LETTERS[name] + octave + self._bar.get(name, self._signature.get(name, 0))))
        self.at += length


def _length(text: str) -> Fraction:
    over, _, under = text.partition("/")
    below = 2 ** text.count("/") if not under.strip("/") else int(under.strip("/"))
    return Fraction(int(over or 1), below)


def _signature(key: str, minor: bool) -> dict[str, int]:
    fifths = FIFTHS.get(key, 0) - 3 * minor
    return {name: 1 for name in SHARPS[:max(fifths, 0)]} | {name: -1 for name in SHARPS[::-1][:max(-fifths, 0)]}
