"""Telling a person something on stderr, which may be closed, full, halted or gone: then nobody hears it, and nobody waits."""

from __future__ import annotations

import contextlib
import io
import select
import sys
from typing import TextIO


def say(line: str) -> None:
    """One line to stderr; dropped where it cannot be taken at once. No error comes of it."""
    with contextlib.suppress(OSError, ValueError):       # a full disk, a reader that left, a closed file
        if sys.stderr is not None and _takes(sys.stderr):
            print(line, file=sys.stderr, flush=True)


def _takes(stream: TextIO) -> bool:
    try:
        return bool(select.select([], [stream], [], 0)[1])
    except io.UnsupportedOperation:                      # memory, not a file: it always takes
        return True
