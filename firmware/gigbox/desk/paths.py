"""Paths and patterns: which parameters are meant by `strip/3`, `strip/*/level` or `*`.

One rule for watch, get, release, keep, lock and the scope of a scene: a pattern is the beginning of a path, word by word;
a `*` stands for any one word or number. So `strip/3` and `strip/3/*` both mean all of strip 3. Which rows of the card
(OF_CARD) there are, the desk knows.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Iterator

from gigbox import params
from gigbox.errors import ParamError, RequestError
from gigbox.params import COUNTS, Address, Text

LONGEST = 80                  # characters of a path; the table's longest has 32
# Only while somebody keeps a finger on it
HELD = frozenset(f"strip/{n}/talk" for n in range(1, COUNTS["strip"] + 1))
# Goes on, and ends by itself: no scene holds it, no undo begins it again
_MONITORS = tuple(f"monitor/{n}" for n in range(1, COUNTS["monitor"] + 1))
PASSING = frozenset({"box/linecheck", "box/forget", "box/tap", "box/taken", "tape/record", *HELD,
                     *(f"box/generator/{word}" for word in ("kind", "output", "loud")),
                     *(f"{owner}/guard/{word}" for owner in ("main", *_MONITORS) for word in ("kill", "keep", "ringout", "boost"))})
# Sounds, or rises, only while somebody stands by: a box that was stopped, or whose power was away, begins without it
ATTENDED = PASSING - {"tape/record", "box/forget", "box/linecheck", "box/tap"}
STAYING = frozenset({"box/recall", "box/osc", "box/midi"})         # how scenes are recalled, as safes are, and who may: no scene changes that
IDENTITY = ("role", "colour")                # what people say that a strip is, like its name: not how it sounds
NOT_LINKED = ("name", "link", "polarity", "input", "delay")   # what stays a microphone's own


def _text_paths() -> Iterator[tuple[str, Text]]:
    for text in params.TEXTS:
        head, *rest = text.path.split("/*")
        for number in range(1, COUNTS[head] + 1) if rest else [0]:
            yield text.path.replace("*", str(number), 1), text


ADDRESSES: tuple[Address, ...] = params.addresses()
INDEX: dict[str, int] = {a.path: a.index for a in ADDRESSES}
TEXTS: dict[str, Text] = dict(_text_paths())
PATHS: tuple[str, ...] = (*INDEX, *TEXTS)
UNSAVED = frozenset(path for path in PATHS if path in PASSING | STAYING or path.split("/")[-1] == "safe" or path.startswith("box/safe/"))
OF_CARD = frozenset(a.path for a in ADDRESSES if a.param.of_card)         # preamplifiers


def known(path: str) -> str:
    """The path itself if it names a parameter or a text; otherwise ParamError."""
    if path in INDEX or path in TEXTS:
        return path
    if len(path) > LONGEST:
        raise ParamError(f"{path[:LONGEST]}...: no such parameter")
    params.find(path)         # tells which number is out of range
    raise ParamError(f"{path}: no such parameter")


@functools.lru_cache(maxsize=512)
def matching(pattern: str) -> tuple[str, ...]:
    """Every path that a pattern means, in the table's order; ParamError if there is none."""
    found = tuple(filter(_expression(pattern).fullmatch, PATHS))
    if not found:
        raise ParamError(f"{pattern[:LONGEST]}: no such parameter")
    return found


def any_in(pattern: str) -> bool:
    """Whether a pattern means anything at all."""
    try:
        return bool(matching(pattern))
    except ParamError:
        return False


def matching_any(patterns: Iterable[str]) -> dict[str, None]:
    """The paths of all patterns, each once, in order."""
    return {path: None for pattern in patterns for path in matching(pattern)}


def mixed(path: str) -> bool:
    """Whether the box may move it at all."""
    return path in INDEX and ADDRESSES[INDEX[path]].param.blend != "hand"


def stepped(path: str) -> bool:
    """Whether it is set in single steps (a switch, a choice, a text), not drawn like a fader."""
    return path not in INDEX or ADDRESSES[INDEX[path]].param.taper == "step"


def names(pattern: str, path: str) -> bool:
    """Whether a matching pattern says the parameter's own name, and not just where it lies."""
    return not pattern.endswith("*") and pattern.count("/") == path.count("/")


def released(pattern: str, path: str) -> bool:
    """Whether hands go off it where a matching pattern is released: what only hands set, and what a strip is, only where its name is said."""
    return names(pattern, path) or (mixed(path) and path.rpartition("/")[2] not in IDENTITY)


@functools.lru_cache(maxsize=512)
def lock_places(pattern: str) -> tuple[str, ...]:
    """The single strips, buses or kinds that a lock's pattern means: `strip/*` is strip/1, strip/2 and so on."""
    depth = pattern.count("/") + 1
    places = {_place(path, depth): None for path in matching(pattern) if mixed(path)}
    if not places:
        raise RequestError(f"{pattern}: is only ever set by hand, nothing to lock")
    return tuple(places)


def partner(path: str, linked: Iterable[int]) -> str | None:
    """The same parameter of the other side, where the strip is one of a linked pair; `linked` are the left strips' numbers."""
    words = path.split("/", 2)
    if words[0] != "strip" or words[2].split("/")[0] in NOT_LINKED:
        return None
    number = int(words[1])
    other = number + 1 if number in linked else number - 1 if number - 1 in linked else 0
    return f"strip/{other}/{words[2]}" if 1 <= other <= COUNTS["strip"] else None


def _expression(pattern: str) -> re.Pattern[str]:
    words = ("[^/]+" if word == "*" else re.escape(word) for word in pattern[: LONGEST + 1].split("/"))
    return re.compile("/".join(words) + "(?:/.*)?")


def _place(path: str, depth: int) -> str:
    words = path.split("/")
    single = 2 if words[0] in COUNTS else 1      # a lock holds at least one whole strip or bus, never all at once
    return "/".join(itertools.islice(words, max(depth, single)))
