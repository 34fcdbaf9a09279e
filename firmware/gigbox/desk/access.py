"""Who a client is and what it may do: the hello that a connection begins with, and the one rule of roles."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from gigbox import __version__, params
from gigbox.errors import RequestError

ROLES = ("engineer", "musician", "guest")
LONGEST = 64                  # characters of each word of a hello
WORDS = ("version", "table", "who", "role")
TABLE = f"{params.table_hash():08x}"     # of THE table: who has another means other things by the same words


@dataclass
class Reader:
    """What the desk knows of one client: who it is, whether it has read yet, and the paths it watches. Without a hello it is an engineer."""

    has_read: bool = False
    watched: dict[str, None] = field(default_factory=dict)
    who: str = ""
    role: str = ROLES[0]
    greeted: bool = False
    held: dict[str, None] = field(default_factory=dict)        # what it keeps a finger on


def refusal(role: str, verb: str, writes: bool) -> str:
    """Why a role may not do a request; empty where it may."""
    if role == "guest" and writes:
        return f"{verb}: a guest may only look, expected an engineer or a musician"
    return ""


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
    if not isinstance(word, str) or len(word) > LONGEST or not word.isprintable():
        raise RequestError(f"hello: {name} {json.dumps(word)[:40]}, expected at most {LONGEST} printable characters")
    return word
