"""How somebody becomes one of the people: the box shows a code or a link, and a person at the box says yes.

What is open at the moment lies in the runtime folder, in memory, and is over after minutes; durations are of the monotonic clock, which all programs share.
"""

from __future__ import annotations

import hmac
import secrets
import socket
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from gigbox.errors import PeopleError
from gigbox.people.address import here
from gigbox.people.people import People, hashed
from gigbox.people.person import ROLES, Grant, Person, checked_name, grant
from gigbox.people.shared_file import SharedFile, rows
from gigbox.ports import PAGE

DIGITS = 8                    # of a code: with 60 tries a minute a stranger needs years
KEY_BYTES = 15                # of a link: 20 letters, so that it goes into the QR code of a small display
INVITED_S, STANDING_S, ASKED_S = 15 * 60.0, 10 * 60.0, 5 * 60.0
MOST = 8                      # invitations, and people who wait, at once
ANSWER_S = 1.0                # of a page on this machine
OF_ONE = 2                    # of one address that wait
NO_SUCH = "pair: no such code or link, expected one that the box shows now"


@dataclass(frozen=True)
class Invitation:
    """One may come in by `code` or `key` as `role`; without a role whoever has it must be approved. `standing`: the one that the box's display shows."""

    code: str
    key: str
    role: str = ""
    monitor: int = 0
    strips: tuple[int, ...] = ()
    name: str = ""
    standing: bool = False
    made: float = 0.0
    until: float = 0.0

    @property
    def spaced(self) -> str:
        """As a display shows it."""
        return f"{self.code[:DIGITS // 2]} {self.code[DIGITS // 2:]}"


@dataclass(frozen=True)
class Asking:
    """Somebody who has the code and waits; `answer` is waiting, yes or no, `role` and so on what they want or were given."""

    id: str
    name: str
    role: str
    monitor: int
    strips: tuple[int, ...]
    address: str
    secret: str
    since: float
    until: float
    answer: str = "waiting"


class Pairing:
    """`folder`: the runtime folder; `now` is the monotonic clock."""

    def __init__(self, folder: Path, now: Callable[[], float] = time.monotonic) -> None:
        self._file, self._served, self._now = SharedFile(folder / "pairing.json"), SharedFile(folder / "served.json"), now

    def serves(self, port: int, scheme: str = "http") -> None:
        """The web program tells where it is."""
        with self._served.changing() as content:
            content.update(port=port, scheme=scheme)

    def link(self, invitation: Invitation, port: int = 0) -> str:
        """What is after the # stays in the browser: no request, no log has it."""
        served = self._served.content()
        return f"{served.get('scheme', 'http')}://{here()}:{port or served.get('port', PAGE)}/pair#{invitation.key}"

    def answers(self) -> bool:
        """Whether the page is there: what was told may be of a box that has ended."""
        try:
            socket.create_connection(("127.0.0.1", self._served.content().get("port", PAGE)), ANSWER_S).close()
        except (OSError, OverflowError, TypeError):
            return False
        return True

    def invite(self, role: str = "", monitor: int = 0, strips: tuple[int, ...] = (), name: str = "", standing: bool = False) -> Invitation:
        """A person at the box says yes beforehand, where there is a role."""
        given = grant(role, monitor, strips) if role else Grant("")
        now, code = self._now(), f"{secrets.randbelow(10 ** DIGITS):0{DIGITS}d}"
        made = Invitation(code, secrets.token_urlsafe(KEY_BYTES), given.role, given.monitor, given.strips, checked_name(name) if name else "", standing,
                          now, now + (STANDING_S if standing else INVITED_S))
        with self._file.changing() as content:
            others = [each for each in self._invitations(content) if not (standing and each.standing)]
            _put(content, "invitations", [*others[-MOST + 1:], made])
        return made

    def shown(self, fresh: bool) -> Invitation:
        """What the box's own display shows, made where there is none; it lasts as long as this is asked. A fresh box's gives it an engineer, once."""
        role, now = "engineer" if fresh else "", self._now()
        found = next((each for each in self._invitations(self._file.content()) if each.standing and each.role == role), None)
        if found is None:
            return self.invite(role, standing=True)
        if found.until - now < STANDING_S / 2:
            with self._file.changing() as content:
                longer = Invitation(**{**asdict(found), "until": now + STANDING_S})
                _put(content, "invitations", [longer if each == found else each for each in self._invitations(content)])
        return found

    def hide(self) -> None:
        """The display shows no code any longer."""
        with self._file.changing() as content:
            _put(content, "invitations", [each for each in self._invitations(content) if not each.standing])

    def enter(self, people: People, code: str = "", key: str = "", name: str = "", wants: Grant | None = None, address: str = "") -> tuple[Person, str] | str:
        """A person and their token; or the secret of one who waits for the box's yes. PeopleError where the box shows no such code or key."""
        called = checked_name(name) if name else ""
        with self._file.changing() as content:
            found = self._right(content, "".join(filter(str.isdecimal, code)), key)
            if found.role == "engineer" and found.standing and not people.fresh:
                raise PeopleError(NO_SUCH)
            if found.role:
                _put(content, "invitations", [each for each in self._invitations(content) if each != found])
                return people.add(found.name or called or found.role, Grant(found.role, found.monitor, found.strips))
            return self._wait(content, called or "somebody", wants or Grant("guest"), address)

    def asking(self) -> list[Asking]:
        """Who waits for a yes, oldest first."""
        return [each for each in self._asking(self._file.content()) if each.answer == "waiting"]

    def approve(self, who: str, role: str, monitor: int = 0, strips: tuple[int, ...] = ()) -> None:
        """They come in with their next look."""
        given = grant(role, monitor, strips)
        self._answer(who, {"answer": "yes", **asdict(given)})

    def refuse(self, who: str) -> None:
        self._answer(who, {"answer": "no"})

    def collect(self, people: People, secret: str) -> tuple[Person, str] | None:
        """What became of one who waits: a person and their token, None while nobody has answered, PeopleError where it is a no."""
        with self._file.changing() as content:
            waiting, mine = list(self._asking(content)), hashed(secret)
            found = next((each for each in waiting if hmac.compare_digest(each.secret, mine)), None)
            if found is None or found.answer == "no":
                raise PeopleError("pair: the box said no, or nobody answered in time; ask again with the code that it shows")
            if found.answer == "waiting":
                return None
            _put(content, "asking", [each for each in waiting if each != found])
            return people.add(found.name, Grant(found.role, found.monitor, found.strips))

    def _right(self, content: dict[str, Any], code: str, key: str) -> Invitation:
        """All are compared, so that the time says nothing."""
        found = None
        for each in self._invitations(content):
            by_code = hmac.compare_digest(each.code, code.encode("ascii", "replace").decode())
            if by_code | hmac.compare_digest(each.key.encode(), key.encode("utf-8", "replace")):
                found = each
        if found is None:
            raise PeopleError(NO_SUCH)
        return found

    def _wait(self, content: dict[str, Any], name: str, wants: Grant, address: str) -> str:
        waiting = list(self._asking(content))
        if len(waiting) >= MOST or sum(each.address == address for each in waiting) >= OF_ONE:
            raise PeopleError("pair: others wait already, expected them to be answered first")
        secret, now = secrets.token_urlsafe(KEY_BYTES), self._now()
        asks = Asking(f"a-{secrets.token_hex(3)}", name, wants.role, wants.monitor, wants.strips, address, hashed(secret), now, now + ASKED_S)
        _put(content, "asking", [*waiting, asks])
        return secret

    def _answer(self, who: str, words: dict[str, Any]) -> None:
        with self._file.changing() as content:
            waiting = list(self._asking(content))
            if not any(each.id == who and each.answer == "waiting" for each in waiting):
                raise PeopleError(f"pair: nobody waits as {who[:20]!r}")
            _put(content, "asking", [Asking(**{**asdict(each), **words}) if each.id == who else each for each in waiting])

    def _invitations(self, content: dict[str, Any]) -> list[Invitation]:
        return self._open(content, "invitations", Invitation)

    def _asking(self, content: dict[str, Any]) -> list[Asking]:
        return self._open(content, "asking", Asking)

    def _open(self, content: dict[str, Any], what: str, kind: Callable[..., Any]) -> list[Any]:
        """Those that are not over; after the machine started again the clock is behind what was made before."""
        now, found = self._now(), []
        for row in rows(content, what):
            try:
                each = kind(**{**row, "strips": tuple(row["strips"])})
                found += [each] if (each.role in ROLES or not each.role) and (each.made if what == "invitations" else each.since) <= now < each.until else []
            except (TypeError, KeyError):
                continue
        return found


def _put(content: dict[str, Any], what: str, rows: list[Any]) -> None:
    content[what] = [asdict(row) for row in rows]
