"""The web program: the page, the table it needs, the live socket between page and desk, and the sound of the listen bus."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, request
from flask_sock import Sock

from gigbox import params, places
from gigbox.desk.client import Client
from gigbox.errors import GigboxError, MachineError
from gigbox.ports import listen_on
from gigbox.web.desk_line import SHOWN, Desk, DeskLine
from gigbox.web.listen import stream
from gigbox.web.live import Page
from gigbox.web.meters import Meters, Rack
from gigbox.web.serve import Line, serve

DESK_S = 1.0                     # a desk that takes longer to answer is not running
SOCKETS = 64                     # WebSockets open at once
CURVE_STEPS = 100                # the page reads a taper from this many pieces
BREAKING_BYTES = 1 << 20         # a longer message ends its connection; live.LONGEST only gets an error
WAITING_BYTES = {"/live": 64 << 10, "/listen": 24 << 10}
HEADERS = {"Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
           "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Cache-Control": "no-cache"}


def make_app(desk_factory: Callable[[], Desk], rack_factory: Callable[[], Rack], clock: Callable[[], float] = time.monotonic,
             pause: Callable[[float], object] = time.sleep) -> Flask:
    """`desk_factory` gives a client of the desk, `rack_factory` maps the rack or raises RackError. `close_app` ends what is begun here."""
    app = Flask(__name__, static_folder="static")
    app.config.update(MAX_CONTENT_LENGTH=64 << 10, SOCK_SERVER_OPTIONS={"ping_interval": 10, "max_message_size": BREAKING_BYTES})
    app.json.compact = True                                    # type: ignore[attr-defined]
    sock = Sock(app)
    meters = Meters(rack_factory, clock)
    desk = app.extensions["desk_line"] = DeskLine(desk_factory)
    _guard(app)

    @app.get("/")
    def page() -> Response:
        return app.send_static_file("index.html")

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

    def live(ws: Any) -> None:
        with suppress(OSError):          # the phone is gone: nobody is left to tell
            Page(ws, desk, meters, clock, f"web:{_name(request.args)}").serve()

    def listen(ws: Any) -> None:
        with suppress(OSError):
            stream(ws, meters, pause)

    sock.route("/live")(live)
    sock.route("/listen")(listen)
    return app


def close_app(app: Flask) -> None:
    app.extensions["desk_line"].close()


def rows() -> dict[str, dict[str, Any]]:
    """The rows of THE table that the page shows; `curve` is the value at each hundredth of the fader's way."""
    table = {p.path: p for p in params.TABLE}
    return {path: {"unit": p.unit, "low": p.low, "high": p.high, "default": p.default_of(0), "taper": p.taper, "blend": p.blend, "about": p.about,
                   "choices": list(p.choices), "curve": [] if p.choices else [round(p.at(i / CURVE_STEPS), 4) for i in range(CURVE_STEPS + 1)]}
            for path, p in table.items() if path in SHOWN}


def run(host: str = "0.0.0.0", port: int = 8080) -> None:
    """The program: serves until it is told to end; MachineError where the port is taken."""
    from gigbox.rack import Rack as MappedRack  # here, because it needs the built core and the rest of this module does not

    listening = listen_on(host, port)
    app = make_app(lambda: Client(places.socket_path(), by="web", timeout=DESK_S), lambda: MappedRack(places.rack_path()))
    try:
        serve(listening, app)
    finally:
        close_app(app)


def _guard(app: Flask) -> None:
    """Only this box's own page may open a socket, and only so many; every answer carries the security headers."""
    free = threading.BoundedSemaphore(SOCKETS)

    @app.before_request
    def admit() -> None:
        if request.path not in WAITING_BYTES:
            return
        if request.headers.get("Upgrade", "").lower() != "websocket":
            abort(Response(f"{request.path}: expected a WebSocket\n", 400, mimetype="text/plain"))
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc.lower() != request.headers.get("Host", "").lower():
            abort(Response(f"{request.path}: {origin[:100]!r} is another site\n", 403, mimetype="text/plain"))
        line = Line(request.environ["werkzeug.socket"], WAITING_BYTES[request.path])
        if not free.acquire(blocking=False):
            abort(Response(f"{request.path}: {SOCKETS} pages are open already\n", 503, mimetype="text/plain"))
        g.line = request.environ["werkzeug.socket"] = line
        request.environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)     # no compression: short messages, and sound does not shrink

    @app.teardown_request
    def leave(_: BaseException | None) -> None:
        if g.pop("line", None) is not None:
            free.release()

    @app.after_request
    def secure(response: Response) -> Response:
        response.headers.update(HEADERS)
        return response


def _name(args: Mapping[str, str]) -> str:
    """The page's own name, such as phone-3f2a: whose hand it is, for undo and the journal."""
    return re.sub(r"[^a-z0-9-]", "", args.get("by", "").lower())[:24] or "page"
