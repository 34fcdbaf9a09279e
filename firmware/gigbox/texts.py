"""Text that a person wrote, on whatever system: UTF-8 with or without a byte order mark, or UTF-16 with one."""

from __future__ import annotations

import codecs
from pathlib import Path

MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
         (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))       # 32 before 16: it begins alike


def read_text(path: Path) -> str:
    """What is in the file, each line ended by `\\n`. OSError, or ValueError with a line that says where it is no text."""
    return decoded(path.read_bytes())


def decoded(content: bytes) -> str:
    """As `read_text` does."""
    mark, encoding = next((each for each in MARKS if content.startswith(each[0])), (b"", "utf-8"))
    try:
        text = content[len(mark):].decode(encoding)
    except UnicodeDecodeError as e:
        line = content[: len(mark) + e.start].count(b"\n") + 1
        raise ValueError(f"line {line} is not {encoding.upper()}, save it as UTF-8") from None
    before, zero, _ = text.partition("\0")
    if zero:
        line = before.count("\n") + 1
        raise ValueError(f"line {line} holds a byte of 0, save it as UTF-8")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def reason(error: Exception) -> str:
    """Why a text could not be read or followed, without its name, on one line."""
    return " ".join(str(getattr(error, "strerror", None) or error).split())
