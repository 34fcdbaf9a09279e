"""What scripts ask with HTTP: values, locks, history, reports. Each request is one wish of wishes.py, as a page's is; openapi.py documents them."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, g, request
from werkzeug.exceptions import HTTPException

from gigbox import errors, params
from gigbox.errors import GigboxError, MachineError, ParamError, RequestError
from gigbox.web import openapi, wishes
from gigbox.web.desk_line import DeskLine
from gigbox.web.meters import Meters
from gigbox.web.table_json import table
from gigbox.web.wishes import NotAllowed, Wish

STATUS: tuple[tuple[type[GigboxError], int], ...] = ((MachineError, 503), (errors.CardError, 503), (errors.DiskError, 503), (errors.RackError, 503),
                                                     (errors.SceneError, 422), (errors.TakeError, 422), (GigboxError, 400))
MISSING = (" is nobody here", ": no such parameter", ": no such scene", ": no such take", ": none so far", ": the card has none",
           "between the journal's beginning and now", "expected one that the journal holds", ": this box opens no hotspot")


def status_of(fault: GigboxError) -> int:
    """How HTTP says an error: what there is not is 404, what the machine failed at 503, and what makes no sense 400 or 422."""
    if isinstance(fault, NotAllowed):
        return fault.refused.status
    if str(fault).endswith(MISSING) or (isinstance(fault, ParamError) and " is not in 1.." in str(fault)):
        return 404
    if isinstance(fault, errors.PeopleError) and str(fault).startswith("pair: "):
        return 404 if "nobody waits" in str(fault) else 403
    return next(status for kind, status in STATUS if isinstance(fault, kind))


def blueprint(desk: DeskLine, meters: Meters) -> Blueprint:
    pages = Blueprint("api", __name__)

    def done(verb: str, what: Any, **more: Any) -> Any:
        return wishes.do(desk, Wish(verb, what, **more), g.visitor)

    @pages.get("/table")
    @pages.get("/api/table")
    def rows() -> dict[str, Any]:
        return table()

    @pages.get("/api/openapi.json")
    def document() -> dict[str, Any]:
        return openapi.document()

    @pages.get("/state")
    def state() -> dict[str, Any]:
        return {"state": desk.state(), "channels": meters.channels()}

    @pages.get("/api/values")
    def values() -> dict[str, Any]:
        return desk.state()

    @pages.get("/api/values/<path:path>")
    def value(path: str) -> Any:
        return desk.state()[known(path, desk)]

    @pages.put("/api/values/<path:path>")
    def put(path: str) -> dict[str, Any]:
        done("set", {known(path, desk): body()})
        return {"changed": True}

    @pages.delete("/api/values/<path:path>")
    def release(path: str) -> dict[str, Any]:
        return {"released": done("release", known(path, desk))}

    @pages.get("/api/locks")
    def locks() -> Response:
        return plain(desk.ask(lambda client: client.locks()))

    @pages.put("/api/locks/<path:place>")
    def lock(place: str) -> dict[str, Any]:
        done("lock", place)
        return {"locked": True}

    @pages.delete("/api/locks/<path:place>")
    def unlock(place: str) -> dict[str, Any]:
        done("unlock", place)
        return {"locked": False}

    @pages.post("/api/keep")
    def keep() -> dict[str, Any]:
        return {"kept": done("keep", words("of").get("of", "*"))}

    @pages.post("/api/undo")
    def undo() -> Any:
        return done("undo", True, of=words("of").get("of"))

    @pages.get("/api/history")
    def history() -> Response:
        return plain(done("history", number("count", 20), of=request.args.get("of")))

    @pages.get("/api/past")
    def past() -> Any:
        return done("past", {"at": number("at", 0)}, of=request.args.get("of"))

    @pages.post("/api/past")
    def back() -> Any:
        said = words("at", "of")
        return {"changed": done("back", {"at": said.get("at")}, of=said.get("of"))}

    @pages.get("/api/reports/<name>")
    def report(name: str) -> Any:
        return done("report", name)

    @pages.errorhandler(HTTPException)
    def one_line(fault: HTTPException) -> tuple[dict[str, str], int]:
        return {"error": f"{request.path[:80]}: {fault.name.lower()}"}, fault.code or 500

    return pages


def known(path: str, desk: DeskLine) -> str:
    """A parameter that this box has; ParamError says which there is not."""
    if params.find_text(path) is None:
        params.find(path)
    if path not in desk.state():
        raise ParamError(f"{path}: the card has none")
    return path


def body() -> Any:
    """The JSON of a request."""
    try:
        return json.loads(request.get_data() or b"null", parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise RequestError("body: not JSON") from None


def words(*names: str) -> dict[str, Any]:
    """The body as an object of these words, each may be left out; no body is none of them."""
    found = body() if request.get_data() else {}
    if not isinstance(found, dict) or not found.keys() <= set(names) or None in found.values():
        raise RequestError(f"body: expected an object of {', '.join(names)}")
    return found


def number(name: str, default: int) -> int:
    text = request.args.get(name, str(default))
    if not (text.isascii() and text.isdecimal()) or len(text) > 15:
        raise RequestError(f"{name}: {text[:20]!r} is not a whole number")
    return int(text)


def plain(value: Any) -> Response:
    """A list: Flask takes only objects by itself."""
    return Response(json.dumps(value, separators=(",", ":")), mimetype="application/json")


def _no_number(name: str) -> float:
    raise ValueError(name)
