"""The web program: the page, the table it needs, and what the box says as JSON. Its sockets are in sockets.py, and who may come in is the door's."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response, request

from gigbox import params, places
from gigbox.desk.client import Client
from gigbox.errors import GigboxError, MachineError
from gigbox.ports import listen_on
from gigbox.web import page_files
from gigbox.web.admission import Admission
from gigbox.web.desk_line import SHOWN, DeskLine
from gigbox.web.identity import COOKIE, COOKIE_S, Hands, fresh_name, lasting_key
from gigbox.web.meters import Meters
from gigbox.web.serve import SOCKETS, Server

DESK_S = 1.0                     # a desk that takes longer to answer is not running
CURVE_STEPS = 100                # the page reads a taper from this many pieces
HEADERS = {"Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'", "Server": "gigbox",
           "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Cache-Control": "no-cache"}


def make_app(desk: DeskLine, meters: Meters, hands: Hands) -> Flask:
    """All that is asked with HTTP."""
    app = Flask(__name__, static_folder=None)
    page_files.serve_page(app)
    app.json.compact = True                                    # type: ignore[attr-defined]

    @app.get("/")
    def page() -> Response:
        """With a name for a browser that has none yet."""
        answer = page_files.answer("index.html")
        if hands.known(request.cookies.get(COOKIE)) is None:
            name = fresh_name(request.headers.get("User-Agent", ""))
            answer.set_cookie(COOKIE, hands.cookie(name), max_age=COOKIE_S, httponly=True, samesite="Lax")
        return answer

    @app.get("/table")
    def table() -> dict[str, Any]:
        return {"rows": rows()}

    @app.get("/state")
    def state() -> tuple[dict[str, Any], int]:
        try:
            return {"state": desk.state(), "channels": meters.channels()}, 200
        except MachineError as e:
            return {"error": str(e)}, 503

    @app.get("/taste")
    def taste() -> Response:
        """What `gigbox taste --json` writes."""
        try:
            told, status = desk.report("taste"), 200
        except GigboxError as e:
            told, status = {"error": str(e)}, 503 if isinstance(e, MachineError) else 404
        return Response(json.dumps(told, indent=1, ensure_ascii=False) + "\n", status, mimetype="application/json")

    @app.after_request
    def secure(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return app


def rows() -> dict[str, dict[str, Any]]:
    """The rows of THE table that the page shows; `curve` is the value at each hundredth of the fader's way."""
    table = {p.path: p for p in params.TABLE}
    return {path: {"unit": p.unit, "low": p.low, "high": p.high, "default": p.default_of(0), "taper": p.taper, "blend": p.blend, "about": p.about,
                   "choices": list(p.choices), "curve": [] if p.choices else [round(p.at(i / CURVE_STEPS), 4) for i in range(CURVE_STEPS + 1)]}
            for path, p in table.items() if path in SHOWN}


def run(host: str = "0.0.0.0", port: int = 8080, host_names: Iterable[str] = (), beat: Callable[[], None] = lambda: None) -> None:
    """The program: serves until it is told to end; MachineError where the port is taken. The box is called `host_names`, too."""
    from gigbox.rack import Rack as MappedRack  # here, because it needs the built core and the rest of this module does not

    admission = Admission(SOCKETS, (*host_names, *named_by_environment()))
    listening = listen_on(host, port)
    hands = Hands(lasting_key(places.state_dir() / "web.key"))
    desk = DeskLine(lambda: Client(places.socket_path(), by="web", timeout=DESK_S))
    meters = Meters(lambda: MappedRack(places.rack_path()))
    try:
        Server(listening, make_app(desk, meters, hands), desk, meters, hands, admission, beat=beat).serve_forever()
    finally:
        desk.close()


def named_by_environment() -> list[str]:
    """$GIGBOX_HOST_NAMES: more names of the box, with commas or spaces between."""
    return [name for name in re.split(r"[,\s]+", os.environ.get("GIGBOX_HOST_NAMES", "")) if name]
