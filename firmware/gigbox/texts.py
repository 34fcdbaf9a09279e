"""Text that a person wrote, on whatever system: UTF-8 with or without a byte order mark, or UTF-16 with one; and which letters a name may have."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

BIGGEST = 1_000_000        # bytes; a taste that says every role, kind and style has some 200 000, a song.toml of 32 channels 4 000
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
         (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))       # 32 before 16: it begins alike

# The insides of a character class, for Python as for others: controls, blanks that are none of the keyboard's, what cannot be seen or turns the line round.
UNSEEN = r"\u0000-\u001f\u007f-\u00a0\u00ad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff9-\ufffb\ufffe\uffff" + "\U000e0000-\U000e007f"
_UNSEEN = re.compile(f"[{UNSEEN}\ud800-\udfff]")


def printable(text: str) -> bool:
    """Whether a name may be called so: it stands in one line, and all of it is seen."""
    return _UNSEEN.search(text) is None


def read_text(path: Path) -> str:
    """What is in the file, each line ended by `\\n`. OSError, or ValueError with a line that says where it is no text, or is no end to it."""
    with path.open("rb") as file:          # its size says nothing: a pipe has none, /dev/zero never ends, and a full memory would take the sound with it
        content = file.read(BIGGEST + 1)
    if len(content) > BIGGEST:
        raise ValueError(f"more than {BIGGEST} bytes, expected a text that a person wrote")
    return decoded(content)


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
