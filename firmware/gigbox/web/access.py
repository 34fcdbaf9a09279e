"""Who may do what: one table of paths, methods and roles. What is not in it nobody may; what a page says on its socket counts as the like request.

In a pattern `*` is one word, `**` all that follows, `{monitor}` the person's own monitor, `{strip}` a strip of theirs. A `*` in what is asked for
(`strip/*/send/2/level`) is a word like any other, so only a `*` of the table lets it through.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from gigbox.people.person import NOBODY, ROLES

ENGINEER, MUSICIAN, GUEST = ("engineer",), ("engineer", "musician"), ROLES      # and all who may more
ALL = (*ROLES, NOBODY)
READ, CHANGE = ("GET",), ("PUT", "DELETE")


@dataclass(frozen=True)
class Row:
    """`roles` may do `methods` where `pattern` is."""

    pattern: str
    methods: tuple[str, ...]
    roles: tuple[str, ...]


TABLE = (
    # the page's files, and how somebody comes in
    Row("/", READ, ALL),
    Row("/static/**", READ, ALL),
    Row("/sw.js", READ, ALL),
    Row("/manifest.webmanifest", READ, ALL),
    Row("/pair", READ, ALL),
    Row("/pair/*", READ, ALL),
    Row("/api/me", READ, ALL),
    Row("/api/me", ("DELETE",), GUEST),
    Row("/api/pair", ("GET", "POST"), ALL),
    # to look
    Row("/live", READ, GUEST),
    Row("/panel", READ, GUEST),
    Row("/table", READ, GUEST),
    Row("/state", READ, GUEST),
    Row("/taste", READ, GUEST),
    Row("/api/table", READ, GUEST),
    Row("/api/openapi.json", READ, GUEST),
    Row("/api/values", READ, GUEST),
    Row("/api/values/**", READ, GUEST),
    Row("/api/locks", READ, GUEST),
    Row("/api/history", READ, GUEST),
    Row("/api/past", READ, GUEST),
    Row("/api/scenes", READ, GUEST),
    Row("/api/scenes/*/preview", READ, GUEST),
    Row("/api/scenes/*/file", READ, GUEST),
    Row("/api/reports/*", READ, GUEST),
    Row("/api/ideas", READ, GUEST),
    Row("/api/ideas/chart", READ, GUEST),
    Row("/api/ideas/midi", READ, GUEST),
    # a musician's own
    Row("/listen", READ, MUSICIAN),
    Row("/api/undo", ("POST",), MUSICIAN),
    Row("/api/values/strip/*/send/{monitor}/level", CHANGE, MUSICIAN),
    Row("/api/values/monitor/{monitor}/level", CHANGE, MUSICIAN),
    Row("/api/values/monitor/{monitor}/eq/**", CHANGE, MUSICIAN),
    Row("/api/values/monitor/{monitor}/geq/**", CHANGE, MUSICIAN),
    Row("/api/values/monitor/{monitor}/name", CHANGE, MUSICIAN),
    Row("/api/values/strip/{strip}/name", CHANGE, MUSICIAN),
    Row("/api/takes", READ, MUSICIAN),
    Row("/api/takes/*/zip", READ, MUSICIAN),
    Row("/api/takes/*/files/*", READ, MUSICIAN),
    Row("/api/values/box/ideas/seed", CHANGE, MUSICIAN),
    # the mix, and the people
    Row("/api/takes/*", CHANGE, ENGINEER),
    Row("/api/values/**", CHANGE, ENGINEER),
    Row("/api/locks/**", CHANGE, ENGINEER),
    Row("/api/keep", ("POST",), ENGINEER),
    Row("/api/undo/anybody", ("POST",), ENGINEER),
    Row("/api/past", ("POST",), ENGINEER),
    Row("/api/scenes/*", CHANGE, ENGINEER),
    Row("/api/scenes/*/recall", ("POST",), ENGINEER),
    Row("/api/scenes/*/file", ("PUT",), ENGINEER),
    Row("/panel", ("PUT",), ENGINEER),
    Row("/api/people", READ, ENGINEER),
    Row("/api/network", ("GET", "PUT"), ENGINEER),
    Row("/api/people/*", CHANGE, ENGINEER),
    Row("/api/asking/*", ("POST", "DELETE"), ENGINEER),
    Row("/api/invitation", ("POST",), ENGINEER),
)


@dataclass(frozen=True)
class Visitor:
    """Somebody who asks: what they are, and what is theirs. `id` is that of a person, `local`: sits at the machine."""

    role: str = NOBODY
    name: str = ""
    id: str = ""
    monitor: int = 0
    strips: tuple[int, ...] = ()
    local: bool = False

    @property
    def by(self) -> str:
        """Whose hand it is, in the journal."""
        return f"web:{self.name}"


@dataclass(frozen=True)
class Refused:
    """How HTTP says it, and why, in one line."""

    status: int
    why: str


def methods(path: str) -> list[str]:
    """What anybody may do where a path is; nothing where there is nothing."""
    return list(dict.fromkeys(method for row in TABLE if _matches(row.pattern, path, None) for method in row.methods))


def refusal(visitor: Visitor, method: str, path: str) -> Refused | None:
    """None lets them."""
    method, here = "GET" if method == "HEAD" else method, [row for row in TABLE if _matches(row.pattern, path, visitor)]
    mine = [row for row in here if method in row.methods]
    if any(visitor.role in row.roles for row in mine):
        return None
    what, anywhere = path.removeprefix("/api/values/"), methods(path)
    if visitor.role == NOBODY:
        return Refused(401, f"{what[:80]}: only for people of this box, expected the code or the link that it shows: /pair")
    if not anywhere:
        return Refused(404, f"{what[:80]}: there is nothing")
    if method not in anywhere:
        return Refused(405, f"{what[:80]}: nobody may {method} it, expected {' or '.join(anywhere)}")
    return Refused(403, f"{what[:80]}: {_who(visitor)}, expected an engineer")


def _who(visitor: Visitor) -> str:
    if visitor.role != "musician":
        return f"a {visitor.role} may only look"
    names = f", and names of strips {', '.join(map(str, visitor.strips))}" if visitor.strips else ""
    return f"a musician may set the sends, level, eq and name of monitor {visitor.monitor}{names}"


def _matches(pattern: str, path: str, visitor: Visitor | None) -> bool:
    """Whether a row is about a path; of somebody's own only theirs, without a visitor anybody's."""
    found = _expression(pattern).fullmatch(path)
    if found is None or visitor is None:
        return found is not None
    mine = {"monitor": {str(visitor.monitor)}, "strip": set(map(str, visitor.strips))}
    return all(number in mine[what] for what, number in found.groupdict().items())


@functools.lru_cache(maxsize=len(TABLE))
def _expression(pattern: str) -> re.Pattern[str]:
    words = {"*": "[^/]+", "**": "[^/]+(?:/[^/]+)*", "{monitor}": "(?P<monitor>[1-9][0-9]?)", "{strip}": "(?P<strip>[1-9][0-9]?)"}
    return re.compile("/".join(words.get(word, re.escape(word)) for word in pattern.split("/")), re.ASCII)
