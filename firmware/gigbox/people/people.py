"""The people of the box, kept in people.json of the state folder. A token is stored as its SHA-256: who reads the file can be nobody with it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from gigbox.boot import boot as this_boot
from gigbox.errors import MachineError, PeopleError
from gigbox.people.person import LASTS_S, Grant, Person, checked_name, free_name, grant
from gigbox.people.shared_file import SharedFile, rows

MOST = 64                     # people of a box
TOKEN_BYTES = 32
SET_S = 60.0                  # a wall clock that went by so much more, or less, than the time that passed was set


def seconds_up() -> float:
    """Since the machine's start, asleep or not."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class People:
    """Every program of the box, and a shell on it, has the same ones; a change counts everywhere at once. `now` is the wall clock, `up` tells the seconds
    since the machine's start `boot`."""

    def __init__(self, folder: Path, now: Callable[[], float] = time.time, up: Callable[[], float] = seconds_up, boot: str | None = None) -> None:
        self._file, self._now, self._up, self._boot = SharedFile(folder / "people.json"), now, up, this_boot() if boot is None else boot
        self._read: tuple[object, tuple[Person, ...]] = (None, ())
        self._set_for: object = None       # what the file said when the clock was seen to have been set

    def all(self) -> tuple[Person, ...]:
        """Those whose time is not over."""
        content = self._file.content()
        if self._read[0] is not content:
            self._read = content, tuple(_people(content))
        return self._in_time(map(self._today, self._read[1]))

    def settle(self) -> None:
        """Writes down where the clock was set, for the next start. Call now and then, in a thread that may wait for the disk."""
        content = self._file.content()
        if content is self._set_for:                 # a disk that said no is not asked again and again
            return
        kept = tuple(_people(content))
        if tuple(map(self._today, kept)) != kept:
            self._set_for = content
            with suppress(MachineError), self._file.changing() as changing:
                changing.update(_file(map(self._today, _people(changing))))

    @property
    def fresh(self) -> bool:
        """Nobody is engineer yet: the first one becomes it with the code that the box shows."""
        return not any(person.grant.role == "engineer" for person in self.all())

    def known(self, token: str) -> Person | None:
        """Whose token that is; all are compared, so that the time says nothing."""
        found, mine = None, hashed(token)
        for person in self.all():
            if hmac.compare_digest(person.token, mine):
                found = person
        return found

    def find(self, who: str) -> Person | None:
        """By id or by name."""
        return next((person for person in self.all() if who in (person.id, person.name)), None)

    def add(self, name: str, given: Grant) -> tuple[Person, str]:
        """A new one, and the token that opens the door to them; it is told only here."""
        token, now = secrets.token_urlsafe(TOKEN_BYTES), self._now()
        with self._file.changing() as content:
            here = self._in_time(map(self._today, _people(content)))
            if len(here) >= MOST:
                raise PeopleError(f"people: {MOST} are known already, expected one of them to go first")
            called = free_name(checked_name(name), (person.name for person in here))
            person = Person(f"p-{secrets.token_hex(4)}", called, given, now, now + LASTS_S[given.role], hashed(token), self._boot, self._up())
            content.update(_file([*here, person]))
        return person, token

    def change(self, who: str, name: str | None = None, given: Grant | None = None) -> Person:
        """Their token stays as it is, and how long it lasts."""
        def changed(person: Person, others: list[Person]) -> Person:
            called = person.name if name is None else free_name(checked_name(name), (each.name for each in others))
            return replace(person, name=called, grant=given or person.grant)
        return self._changed(who, changed)

    def revoke(self, who: str) -> Person:
        """They are nobody from now on."""
        return self._changed(who, lambda person, others: None)

    def _changed(self, who: str, change: Callable[[Person, list[Person]], Person | None]) -> Person:
        with self._file.changing() as content:
            here = list(map(self._today, _people(content)))
            person = next((each for each in here if who in (each.id, each.name)), None)
            if person is None:
                raise PeopleError(f"people: {who[:40]!r} is nobody here")
            others = [each for each in here if each is not person]
            new = change(person, others)
            content.update(_file([*others, new] if new else others))
        return new or person

    def _in_time(self, people: Iterable[Person]) -> tuple[Person, ...]:
        now = self._now()
        return tuple(person for person in people if now < person.expires)

    def _today(self, person: Person) -> Person:
        """By the time of day that it is now: a box without a battery learns in the middle of an evening how late it is, and nobody gets older by that."""
        if person.boot != self._boot:
            return person
        off = self._now() - person.made - (self._up() - person.up)
        return replace(person, made=person.made + off, expires=person.expires + off) if abs(off) > SET_S else person


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def told(person: Person) -> dict[str, Any]:
    """As a page or a script may know them."""
    return {"id": person.id, "name": person.name, **asdict(person.grant), "made": person.made, "expires": person.expires}


def _day(told: Any) -> float:
    """Of the wall clock; ValueError, OverflowError or OSError where no calendar has it."""
    time.localtime(told)
    return float(told)


def _file(people: Iterable[Person]) -> dict[str, Any]:
    return {"format": 1, "people": [{**told(person), "token": person.token, "boot": person.boot, "up": person.up}
                                    for person in sorted(people, key=lambda each: each.made)]}


def _people(content: dict[str, Any]) -> Iterable[Person]:
    """A line of the file that says nobody is nobody."""
    for row in rows(content, "people"):
        try:
            given = grant(row["role"], row["monitor"], row["strips"])
            yield Person(str(row["id"]), checked_name(row["name"]), given, _day(row["made"]), _day(row["expires"]), str(row["token"]),
                         str(row.get("boot", "")), float(row.get("up", 0.0)))
        except (PeopleError, TypeError, KeyError, ValueError, ArithmeticError, AttributeError, OSError):
            continue
