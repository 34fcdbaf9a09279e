"""JSON from clients and from files, read strictly: what Python's reader would let pass or stumble over is one line instead."""

from __future__ import annotations

import json
import math
import re
from typing import Any

DEEPEST = 32                  # levels of objects and lists; a line check's report has 5
LONGEST_INT = 19              # characters; what is longer is no number of a mixing desk

NOT_JSON = "not JSON"

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"?', re.DOTALL)
_BRACKET = re.compile(rb"[\[\]{}]")


class Unsound(ValueError):
    """JSON with a text in it that no file or terminal can hold; `value` is what it says otherwise."""

    def __init__(self, value: Any) -> None:
        super().__init__("a text with NUL or half of a surrogate pair in it")
        self.value = value


def read(content: bytes, finite: bool = True) -> Any:
    """The value in UTF-8 `content`, a byte order mark before it or not; ValueError says in a few words what is wrong.

    Refused, though Python reads it: NaN and Infinity, numbers without bounds, a key twice in one object, half of a surrogate pair, NUL,
    and what is nested deeper than 32. -0.0 is 0.0. Not `finite`: NaN, Infinity and floats without bounds are read, for who names the thing that is wrong.
    """
    if _depth(content) > DEEPEST:
        raise ValueError(f"nested deeper than {DEEPEST}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("not UTF-8") from None
    try:
        value = json.loads(text, parse_float=_float if finite else _any_float, parse_int=_int,
                           parse_constant=_constant if finite else float, object_pairs_hook=_object)
    except json.JSONDecodeError:
        raise ValueError(NOT_JSON) from None
    if "\\u" in text and not _sound(value):
        raise Unsound(value)
    return value


def write(value: object) -> bytes:
    """One line of JSON; ValueError where that cannot be: nested too deep, not a plain value, NaN or Infinity."""
    try:
        return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()
    except RecursionError:
        raise ValueError(f"nested deeper than {DEEPEST}") from None
    except TypeError as e:
        raise ValueError(str(e)) from None


def _depth(content: bytes) -> int:
    """How deep brackets lie in each other, up to one too many."""
    if content.count(b"[") + content.count(b"{") <= DEEPEST:
        return 0
    depth = deepest = 0
    for bracket in _BRACKET.finditer(_STRING.sub(b"", content)):
        depth += 1 if bracket[0] in b"[{" else -1
        deepest = max(deepest, depth)
        if deepest > DEEPEST:
            break
    return deepest


def _any_float(text: str) -> float:
    return float(text) + 0.0            # -0.0 becomes 0.0


def _float(text: str) -> float:
    number = _any_float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:20]} is out of all bounds")
    return number


def _int(text: str) -> int:
    if len(text) > LONGEST_INT:
        raise ValueError(f"{text[:20]}... is out of all bounds")
    return int(text)


def _constant(name: str) -> float:
    raise ValueError(f"{name} is not a number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))       # type: ignore[func-returns-value]
        raise ValueError(f"{twice[:40]!a} is there twice")
    return made


def _sound(value: object) -> bool:
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)
    if isinstance(value, dict):
        return all(_sound(part) for pair in value.items() for part in pair)
    return all(map(_sound, value)) if isinstance(value, list) else True
