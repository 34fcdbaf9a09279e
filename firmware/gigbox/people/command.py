"""`gigbox pair` and `gigbox people`: a shell on the box is a person at the box. Neither needs a program that runs."""

from __future__ import annotations

import json
import time
from typing import Any

from gigbox import places
from gigbox.errors import PeopleError
from gigbox.people.pairing import INVITED_S, Asking, Invitation, Pairing
from gigbox.people.people import People, told
from gigbox.people.person import Person, grant
from gigbox.people.qr import text


def pair(role: str | None, monitor: int, strips: tuple[int, ...], name: str, script: str) -> None:
    """Prints a code and a link for one phone; or, for a script, a token."""
    people, pairing = People(places.state_dir()), Pairing(places.runtime_dir())
    role = role or ("engineer" if people.fresh else "")
    _nobody_elses(role, monitor, strips)
    if script:
        _, token = people.add(script, grant(role or None, monitor, strips))
        print(token)
        return
    invitation = pairing.invite(role, monitor, strips, name)
    print(text(pairing.link(invitation)) + "\n" + words(invitation, pairing.link(invitation), pairing.answers()))


def _nobody_elses(role: str, monitor: int, strips: tuple[int, ...]) -> None:
    """A monitor and strips of one's own are a musician's."""
    if (monitor or strips) and role != "musician":
        raise PeopleError(f"people: --monitor and --strips are for a musician, not for {f'a role of {role}' if role else 'one without a role'}")


def words(invitation: Invitation, link: str, answered: bool) -> str:
    """What it is good for; `answered`: a page is there."""
    what = f"makes one phone {invitation.role}{_place(invitation.monitor, invitation.strips)}" if invitation.role else \
        "lets phones ask; say yes with `gigbox people --approve ID`"
    when = "" if answered else "; no page answers there now, so start the box before: gigbox run"
    return f"code {invitation.spaced}, or {link}\n{what}, within {INVITED_S / 60:.0f} minutes{when}"


def people(approve: str, refuse: str, revoke: str, role: str | None, monitor: int, strips: tuple[int, ...], as_json: bool) -> None:
    """Lists who is known and who waits, after what is asked was done."""
    if not approve and (role or monitor or strips):
        raise PeopleError("people: --role, --monitor and --strips go with --approve, expected the ID of one who waits")
    known, pairing = People(places.state_dir()), Pairing(places.runtime_dir())
    if approve:
        asks = next((each for each in pairing.asking() if each.id == approve), None)
        if asks is None:
            raise PeopleError(f"pair: nobody waits as {approve[:20]!r}")
        _nobody_elses(role or asks.role, monitor, strips)
        pairing.approve(approve, role or asks.role, monitor or asks.monitor, strips or asks.strips)
    if refuse:
        pairing.refuse(refuse)
    if revoke:
        known.revoke(revoke)
    rows: dict[str, Any] = {"people": [told(each) for each in known.all()], "asking": [_asked(each) for each in pairing.asking()]}
    print(json.dumps(rows, indent=1) if as_json else _table(known.all(), pairing.asking()))


def _table(known: tuple[Person, ...], waiting: list[Asking]) -> str:
    lines = [f"{each.id}  {each.name}: {each.grant.role}{_place(each.grant.monitor, each.grant.strips)}, until {_day(each.expires)}" for each in known]
    lines += [f"{each.id}  {each.name} waits: {each.role}{_place(each.monitor, each.strips)}, from {each.address or 'here'}" for each in waiting]
    return "\n".join(lines or ["nobody is known yet; the first one becomes engineer with: gigbox pair"])


def _asked(each: Asking) -> dict[str, Any]:
    return {"id": each.id, "name": each.name, "role": each.role, "monitor": each.monitor, "strips": each.strips, "from": each.address}


def _day(wall: float) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(wall))


def _place(monitor: int, strips: tuple[int, ...]) -> str:
    return (f" of monitor {monitor}" if monitor else "") + (f", strips {', '.join(map(str, strips))}" if strips else "")
