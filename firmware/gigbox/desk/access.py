"""Who a client is and what it may do: the hello that a connection begins with, the one table of programs, and the one rule of roles."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gigbox import __version__, params
from gigbox.desk import paths
from gigbox.desk.peer import SCRIPT
from gigbox.errors import ParamError, RequestError
from gigbox.people.person import ROLES
from gigbox.texts import printable

LONGEST = 64                  # characters of each word of a hello
WORDS = ("version", "table", "who", "role")
TABLE = f"{params.table_hash():08x}"     # of THE table: who has another means other things by the same words

HANDS = ("set", "lock", "unlock", "release", "keep", "undo", "scene", "import", "back")


@dataclass(frozen=True)
class May:
    """What a program may ask beside looking; of `set`, `keep` and `release` only what lies within `within`."""

    verbs: tuple[str, ...] = ()
    within: tuple[str, ...] = ("*",)


# The brain's hand only ends what a hand began: a line check, a wish to forget; and keeps what was found: trims, notches.
PROGRAMS: Mapping[str, May] = {
    "brain": May(("auto", "post", "set", "keep", "release"), ("box/linecheck", "box/forget", "strip/*/trim", "main/notch", "monitor/*/notch", "main/guard",
                                                             "monitor/*/guard")),
    "web": May(HANDS),
    "panel": May(HANDS),
    "remote": May(("post", *HANDS)),
    "tape": May(("post", "set"), ("tape",)),
    "run": May(("set", "release")),
    "linecheck": May(("set",), ("box/linecheck", "strip/*/input")),
    "ideas": May(),
    "engine": May(),
    "health": May(),
    "doctor": May(),
    SCRIPT: May(("auto", "post", *HANDS)),
}


@dataclass
class Reader:
    """What the desk knows of one client: who it is, whether it has read yet, and the paths it watches. Without a hello it is an engineer; which `program`
    it is the kernel says."""

    has_read: bool = False
    watched: dict[str, None] = field(default_factory=dict)
    who: str = ""
    role: str = ROLES[0]
    greeted: bool = False
    program: str = SCRIPT
    held: dict[str, None] = field(default_factory=dict)        # what it keeps a finger on


def refusal(reader: Reader, verb: str, about: Any) -> str:
    """Why this client may not change what a request is `about`; empty where it may."""
    if reader.role == "guest":
        return f"{verb}: a guest may only look, expected an engineer or a musician"
    may = PROGRAMS.get(reader.program, May())
    if verb not in may.verbs:
        return f"{verb}: is not for {reader.program} to ask, expected {' or '.join(may.verbs) or 'only looks'}"
    if verb in ("set", "keep", "release") and may.within != ("*",):
        wanted = about if isinstance(about, (dict, list)) else [about]
        if beyond := next((path for path in wanted if isinstance(path, str) and not _within(path, may.within)), None):
            return f"{verb}: {beyond[:paths.LONGEST]} is not for {reader.program}, expected {' or '.join(may.within)}"
    return ""


def _within(pattern: str, places: Iterable[str]) -> bool:
    """Whether all that a pattern means lies there; what means nothing is refused elsewhere."""
    try:
        return _all_of(tuple(places)).issuperset(paths.matching(pattern))
    except ParamError:
        return True


@functools.lru_cache(maxsize=len(PROGRAMS))
def _all_of(places: tuple[str, ...]) -> frozenset[str]:
    return frozenset(path for place in places if paths.any_in(place) for path in paths.matching(place))


def greet(hello: Any, reader: Reader) -> dict[str, object]:
    """Takes a client's hello, and tells it which desk this is. `warning` is there only where the two have different tables."""
    if not isinstance(hello, dict):
        raise RequestError(f"hello: {json.dumps(hello)[:40]}, expected an object of {', '.join(WORDS)}")
    if reader.greeted:
        raise RequestError(f"hello: this client is {reader.role} already, expected one hello a connection")
    words = {word: _word(word, hello.get(word, "")) for word in WORDS}
    if (role := words["role"] or ROLES[0]) not in ROLES:
        raise RequestError(f"hello: role {role!r}, expected one of {', '.join(ROLES)}")
    reader.who, reader.role, reader.greeted = words["who"], role, True
    told: dict[str, object] = {"version": __version__, "table": TABLE, "who": reader.who, "role": role}
    if words["table"] and words["table"] != TABLE:
        told["warning"] = (f"hello: {words['who'] or 'this client'} ({words['version'] or 'no version'}) has another table of parameters than"
                           f" the desk ({__version__}), expected the same version; what the desk does not know it refuses")
    return told


def _word(name: str, word: Any) -> str:
    if not isinstance(word, str) or len(word) > LONGEST or not printable(word):
        raise RequestError(f"hello: {name} {json.dumps(word)[:40]}, expected at most {LONGEST} printable characters")
    return word
