"""How a browser becomes one of the people, and how an engineer's page looks after them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, g, jsonify, request, send_from_directory

from gigbox.errors import PeopleError, RequestError
from gigbox.people.pairing import ASKED_S, Asking, Invitation, Pairing
from gigbox.people.people import told
from gigbox.people.person import LASTS_S, ROLES, Grant, Person, checked_name, grant
from gigbox.people.qr import modules
from gigbox.web.api import words
from gigbox.web.live import you
from gigbox.web.tries import Tries
from gigbox.web.visitors import TOKEN, Visitors

PAGE = Path(__file__).parent / "static_pair"      # a page of its own: whoever comes in needs no other
ASKS = "gigbox-asks"          # the cookie of one who waits


def blueprint(visitors: Visitors, pairing: Pairing, clock: Callable[[], float]) -> Blueprint:
    pages, people, tries = Blueprint("people", __name__), visitors.people, Tries(clock)

    @pages.get("/pair")
    @pages.get("/pair/<file>")
    def page(file: str = "pair.html") -> Response:
        return send_from_directory(PAGE, file)

    @pages.get("/api/me")
    def me() -> dict[str, Any]:
        return {**you(g.visitor), "fresh": people.fresh}

    @pages.delete("/api/me")
    def leave() -> Response:
        """Signs out: the token is worth nothing any longer."""
        if g.visitor.id:
            people.revoke(g.visitor.id)
        answer = jsonify({"role": "nobody"})
        answer.delete_cookie(TOKEN)
        return answer

    @pages.post("/api/pair")
    def pair() -> tuple[Response, int]:
        said = words("code", "key", "name", "wants")
        texts = {name: said.get(name, "") for name in ("code", "key", "name")}
        if not all(isinstance(text, str) for text in texts.values()) or bool(texts["code"]) == bool(texts["key"]):
            raise RequestError("pair: expected a code or a key, and a name")
        if texts["code"] and not tries.take(request.remote_addr or ""):
            return jsonify({"error": "pair: too many tries, expected a minute's patience; a link needs none"}), 429
        found = pairing.enter(people, wants=_wanted(said.get("wants")), address=request.remote_addr or "", **texts)
        return _waits(found) if isinstance(found, str) else _is_in(*found, visitors)

    @pages.get("/api/pair")
    def waits() -> tuple[Response, int]:
        found = pairing.collect(people, request.cookies.get(ASKS, ""))
        return _is_in(*found, visitors) if found else (jsonify({"asking": True}), 202)

    @pages.get("/api/people")
    def known() -> dict[str, Any]:
        return {"people": [{**told(each), "here": each.id in visitors.here} for each in people.all()],
                "asking": [_asked(each, clock()) for each in pairing.asking()]}

    @pages.put("/api/people/<who>")
    def change(who: str) -> dict[str, Any]:
        said = words("name", "role", "monitor", "strips")
        if not said:
            raise RequestError("body: expected an object of name, role, monitor, strips")
        person = _there(visitors, who)
        new = {"role": person.grant.role, "monitor": person.grant.monitor, "strips": list(person.grant.strips), **said}
        return told(people.change(person.id, said.get("name"), grant(new["role"], new["monitor"], new["strips"])))

    @pages.delete("/api/people/<who>")
    def revoke(who: str) -> dict[str, Any]:
        return told(people.revoke(_there(visitors, who).id))

    @pages.post("/api/asking/<who>")
    def approve(who: str) -> dict[str, Any]:
        said = words("role", "monitor", "strips")
        given = grant(said.get("role"), said.get("monitor", 0), said.get("strips", []))
        pairing.approve(who, given.role, given.monitor, given.strips)
        return {"approved": who}

    @pages.delete("/api/asking/<who>")
    def refuse(who: str) -> dict[str, Any]:
        pairing.refuse(who)
        return {"refused": who}

    @pages.post("/api/invitation")
    def invite() -> dict[str, Any]:
        said = words("role", "monitor", "strips", "name")
        if "role" not in said and said.keys() - {"name"}:
            raise RequestError(f"role: missing, expected one of {', '.join(ROLES)}")
        given = grant(said["role"], said.get("monitor", 0), said.get("strips", [])) if "role" in said else Grant("")
        name = checked_name(said["name"]) if "name" in said else ""
        return _shown(pairing.invite(given.role, given.monitor, given.strips, name), pairing)

    return pages


def _is_in(person: Person, token: str, visitors: Visitors) -> tuple[Response, int]:
    """The token goes into a cookie that no script of a page can read."""
    answer = jsonify({"me": you(visitors.person(person.id))})
    answer.set_cookie(TOKEN, token, max_age=int(LASTS_S[person.grant.role]), httponly=True, samesite="Strict", secure=request.is_secure)
    answer.delete_cookie(ASKS)
    return answer, 200


def _waits(secret: str) -> tuple[Response, int]:
    answer = jsonify({"asking": True})
    answer.set_cookie(ASKS, secret, max_age=int(ASKED_S), httponly=True, samesite="Strict", secure=request.is_secure)
    return answer, 202


def _wanted(wants: Any) -> Grant:
    if wants is None:
        return Grant("guest")
    if not isinstance(wants, dict) or not wants.keys() <= {"role", "monitor", "strips"}:
        raise RequestError("wants: expected an object of role, monitor, strips")
    return grant(wants.get("role"), wants.get("monitor", 0), wants.get("strips", []))


def _there(visitors: Visitors, who: str) -> Person:
    if (person := visitors.people.find(who)) is None:
        raise PeopleError(f"people: {who[:40]!r} is nobody here")
    return person


def _asked(each: Asking, now: float) -> dict[str, Any]:
    return {"id": each.id, "name": each.name, "wants": {"role": each.role, "monitor": each.monitor, "strips": list(each.strips)}, "from": each.address,
            "seconds": max(round(now - each.since), 0)}


def _shown(invitation: Invitation, pairing: Pairing) -> dict[str, Any]:
    link = pairing.link(invitation)
    return {"code": invitation.spaced, "link": link, "role": invitation.role, "seconds": round(invitation.until - invitation.made),
            "qr": ["".join("01"[dark] for dark in row) for row in modules(link)]}
