"""Names and values in as few letters as a scribble strip has."""

from __future__ import annotations

import functools

from anyascii import anyascii

from gigbox import params

LETTERS = 6               # the seventh of a strip keeps it from the next, or is a meter


@functools.lru_cache(maxsize=512)
def spelled(name: str) -> str:
    """A name in the letters of a display, whatever script it is written in; blanks go first where it is too long."""
    plain = lettered(name)
    return (plain if len(plain) <= LETTERS else plain.replace(" ", ""))[:LETTERS]


def lettered(text: str) -> str:
    """As long as it is."""
    return "".join(c if " " <= c <= "~" else "?" for c in anyascii(text))


def short(path: str, value: float, room: int = LETTERS) -> str:
    """`-3.0dB`, `L50`, `off`; without its unit where that has no room."""
    param = params.find(path).param
    if path.endswith("/pan"):
        side = round(value * 100)
        return f"{'L' if side < 0 else 'R'}{abs(side)}" if side else "C"
    if param.unit == "Hz" and value >= 1000:
        return f"{value / 1000:.2f}k"
    text = param.text(value).replace("_", " ")
    for shorter in (text, text.replace(" ", ""), text.split(" ")[0]):
        if len(shorter) <= room:
            return shorter
    return text[:room]
