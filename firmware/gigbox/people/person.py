"""One of the people of the box: a role, and what is theirs."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from gigbox.errors import PeopleError
from gigbox.params import COUNTS
from gigbox.texts import printable

ROLES = ("engineer", "musician", "guest")
NOBODY = "nobody"             # of whom the box knows nothing
LONGEST = 32                  # characters of a name
DAY_S = 24 * 3600.0
LASTS_S = {"engineer": 365 * DAY_S, "musician": 30 * DAY_S, "guest": DAY_S}     # so long a token opens the door


@dataclass(frozen=True)
class Grant:
    """What somebody may be: everything (engineer), one monitor and the names of some strips (musician), or look (guest)."""

    role: str
    monitor: int = 0
    strips: tuple[int, ...] = ()


@dataclass(frozen=True)
class Person:
    """`token` is the SHA-256 of what their browser holds; `made` and `expires` are of the wall clock; at `made` the machine had been up for `up` seconds of
    its start `boot`."""

    id: str
    name: str
    grant: Grant
    made: float
    expires: float
    token: str
    boot: str = ""
    up: float = 0.0


def grant(role: object, monitor: object = 0, strips: object = ()) -> Grant:
    """The words of a request, checked; PeopleError says what was wrong."""
    if role not in ROLES:
        raise PeopleError(f"role: {_short(role)}, expected one of {', '.join(ROLES)}")
    if not isinstance(strips, (list, tuple)):
        raise PeopleError(f"strips: {_short(strips)}, expected a list of numbers")
    mine = tuple(sorted({_number("strips", strip, 1, COUNTS["strip"]) for strip in strips}))
    heard = _number("monitor", monitor, int(role == "musician"), COUNTS["monitor"])
    return Grant("musician", heard, mine) if role == "musician" else Grant(str(role))


def checked_name(name: object) -> str:
    """As a person wrote it; PeopleError where it is none."""
    if not isinstance(name, str) or not 0 < len(name.strip()) <= LONGEST or not printable(name):
        raise PeopleError(f"name: {_short(name)}, expected 1 to {LONGEST} printable characters")
    return name.strip()


def free_name(name: str, taken: Iterable[str]) -> str:
    """The name, or with a number behind it where somebody has it: nobody takes another's hand in the journal."""
    held = {_seen(each) for each in taken}
    ends = ("" if n == 1 else f" {n}" for n in itertools.count(1))
    return next(called for end in ends if _seen(called := f"{name[:LONGEST - len(end)]}{end}") not in held)


def _seen(name: str) -> str:
    """The same for names that look alike: large or small letters, accents of their own or not."""
    return unicodedata.normalize("NFKC", name).casefold()


def _number(what: str, number: object, least: int, most: int) -> int:
    """A whole one, however it was written: 3.0 is 3 in JSON."""
    if not isinstance(number, (int, float)) or isinstance(number, bool) or number % 1 or not least <= number <= most:
        raise PeopleError(f"{what}: {_short(number)} is not in {least}..{most}")
    return int(number)


def _short(value: object) -> str:
    return ascii(value)[:40]
