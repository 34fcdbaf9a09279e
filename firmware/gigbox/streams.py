"""What a program says, wherever that goes: a terminal that lacks the letters, a reader that has gone, a full disk, nowhere at all."""

from __future__ import annotations

import codecs
import io
import os
import select
import sys
from contextlib import suppress
from typing import TextIO

BYTES = "".join(map(chr, range(0xDC80, 0xDD00)))        # in a name: what is no text (PEP 383)
NAMES = "gigbox.names"      # how letters that a terminal lacks are written


def prepare() -> None:
    """Once, before anything is opened or said: a file that took the number of a closed stream would be written into by whoever warns there."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)      # it gets the lowest free number: this one
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", errors="surrogateescape", closefd=False)      # noqa: SIM115 - as long as the program
    codecs.register_error(NAMES, _spelled)
    if sys.stdout is sys.__stdout__:
        sys.stdout = _text(Out(1, "w", closefd=False), sys.stdout)
    if sys.stderr is sys.__stderr__:
        sys.stderr = _text(Aside(2, "w", closefd=False), sys.stderr)


def say(line: str) -> None:
    """One line to whoever started the program, whatever names are in it; dropped where it cannot be taken at once. No error comes of it."""
    plain = "".join(c if c.isprintable() or c in BYTES else ascii(c)[1:-1] for c in line)
    with suppress(OSError, ValueError):       # a full disk, a reader that left, a closed file
        if sys.stderr is not None and _takes(sys.stderr):
            print(f"gigbox: {plain}", file=sys.stderr, flush=True)


class Out(io.FileIO):
    """Standard output: it fails once, by its name; what is left then goes nowhere."""

    broken = False

    def write(self, content: bytes) -> int:      # type: ignore[override]
        try:
            return len(content) if self.broken else super().write(content)
        except OSError as e:
            self.broken, e.filename = True, "standard output"
            raise


class Aside(io.FileIO):
    """Standard error: nothing stops because nobody can be told why."""

    def write(self, content: bytes) -> int:      # type: ignore[override]
        try:
            if _takes(self):
                super().write(content)
        except OSError:
            pass
        return len(content)


def _takes(stream: TextIO | io.FileIO) -> bool:
    """At once: a terminal may be halted, a reader asleep."""
    try:
        return bool(select.select([], [stream], [], 0)[1])
    except io.UnsupportedOperation:           # memory, not a file: it always takes
        return True


def _text(file: io.FileIO, like: io.TextIOWrapper | None) -> io.TextIOWrapper:
    encoding, buffered, through = (like.encoding, like.line_buffering, like.write_through) if like else ("utf-8", True, False)
    return io.TextIOWrapper(io.BufferedWriter(file), encoding, NAMES, line_buffering=buffered or file.isatty(), write_through=through)


def _spelled(error: UnicodeError) -> tuple[str, int]:
    """Bytes of a name that are no text as `\\xe9`, other letters by their number: `\\u0141`."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    spelled, after = codecs.backslashreplace_errors(error)
    return str(spelled).replace("\\udc", "\\x"), after
