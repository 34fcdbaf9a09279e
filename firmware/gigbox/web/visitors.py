"""Who somebody is: a person by the token that the box gave their browser, the user of this machine by the kernel's word, else nobody."""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from gigbox.people.people import People
from gigbox.people.person import NOBODY
from gigbox.web.access import Visitor
from gigbox.web.identity import COOKIE, Hands, fresh_name

TOKEN = "gigbox-token"        # the cookie
PROXIES = ("Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via")       # whoever adds these asks for somebody else
ROOT = 0

Ends = tuple[tuple[str, int], tuple[str, int]]        # of a connection: theirs, ours


class Line(Protocol):
    """A connection, as far as it says who is at its other end."""

    ends: Ends | None
    same_user: bool | None        # not looked yet


class Visitors:
    """`same_user` tells of a connection's ends whether this very user of this machine is there. `here`: the ids of people who have the page open."""

    here: frozenset[str] = frozenset()

    def __init__(self, people: People, hands: Hands, same_user: Callable[[Ends], bool] | None = None) -> None:
        self.people, self.hands, self._same_user = people, hands, same_user or is_same_user

    def of(self, cookies: Mapping[str, str], headers: Mapping[str, str], line: Line | None) -> Visitor:
        bearer = headers.get("Authorization", "")
        token = bearer.removeprefix("Bearer ") if bearer.startswith("Bearer ") else cookies.get(TOKEN, "")
        if token and (person := self.people.known(token)):
            return self.person(person.id)
        if line is not None and not any(headers.get(name) for name in PROXIES) and self._is_local(line):
            name = self.hands.known(cookies.get(COOKIE)) or fresh_name(headers.get("User-Agent", ""))
            return Visitor("engineer", name, local=True)
        return Visitor()

    def _is_local(self, line: Line) -> bool:
        """Looked at once for a connection: its ends stay who they are."""
        if line.same_user is None:
            line.same_user = line.ends is not None and self._same_user(line.ends)
        return line.same_user

    def person(self, who: str) -> Visitor:
        """As the box knows them now; nobody where it has forgotten them."""
        found = self.people.find(who)
        return Visitor(found.grant.role, found.name, found.id, found.grant.monitor, found.grant.strips) if found else Visitor(NOBODY)


def is_same_user(ends: Ends, proc: Path = Path("/proc/net"), user: int | None = None) -> bool:
    """Whether the other end of a connection of this machine with itself is a program of the user whom the box runs as, or of root: they could read all
    that the box knows anyway. The kernel's table of connections says so; where that cannot be read, nobody is believed."""
    theirs, ours = ends
    if not (_loopback(theirs[0]) and _loopback(ours[0])):
        return False
    wanted = {(_hex(*theirs, wide), _hex(*ours, wide)) for wide in (False, True)}
    for name in ("tcp", "tcp6"):
        try:
            lines = (proc / name).read_text("ascii").splitlines()[1:]
        except (OSError, UnicodeDecodeError):
            continue
        for words in map(str.split, lines):
            if len(words) > 9 and (words[1], words[2]) in wanted:      # a program that has let go has no inode: the kernel then names root, whoever it was
                return words[9] != "0" and words[7] in {str(os.getuid() if user is None else user), str(ROOT)}
    return False


def _loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _hex(address: str, port: int, wide: bool) -> str:
    """As /proc/net/tcp writes it: words of 32 bits in the machine's order; `wide`: an IPv4 address within IPv6."""
    packed = ipaddress.ip_address(address).packed
    if wide and len(packed) == 4:
        packed = bytes(10) + b"\xff\xff" + packed
    words = (packed[i:i + 4][::-1] if sys.byteorder == "little" else packed[i:i + 4] for i in range(0, len(packed), 4))
    return f"{b''.join(words).hex().upper()}:{port:04X}"
