"""The web program: the page, who asks for it, and how all is put together. Its sockets are in sockets.py, what scripts ask in api.py, and who may come in is
the door's."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterable

from flask import Flask, Response, g, request

from gigbox import places
from gigbox.desk.client import Client
from gigbox.errors import GigboxError, MachineError
from gigbox.people.pairing import Pairing
from gigbox.people.people import People
from gigbox.ports import PAGE, listen_on
from gigbox.streams import say
from gigbox.takes.shelf import Shelf
from gigbox.web import api, certificate, ideas_api, network_api, page_files, people_api, scenes_api, takes_api
from gigbox.web.access import methods, refusal
from gigbox.web.admission import Admission
from gigbox.web.desk_line import DeskLine
from gigbox.web.headers import HEADERS
from gigbox.web.identity import COOKIE, COOKIE_S, Hands, lasting_key
from gigbox.web.meters import Meters
from gigbox.web.serve import LINE, SOCKETS, Server
from gigbox.web.visitors import Visitors

DESK_S = 1.0                     # a desk that takes longer to answer is not running



def make_app(desk: DeskLine, meters: Meters, visitors: Visitors, pairing: Pairing, clock: Callable[[], float] = time.monotonic,
             shelf: Shelf | None = None) -> Flask:
    """All that is asked with HTTP."""
    app = Flask(__name__, static_folder=None)
    page_files.serve_page(app)
    app.json.compact = True                                    # type: ignore[attr-defined]

    @app.before_request
    def judge() -> tuple[dict[str, str], int] | None:
        """Nothing is answered before the table has been asked."""
        g.visitor = visitors.of(request.cookies, dict(request.headers), request.environ.get(LINE))
        refused = refusal(g.visitor, request.method, request.path)
        return ({"error": refused.why}, refused.status) if refused else None

    @app.get("/")
    def page() -> Response:
        """With a name for a browser of this machine that has none yet."""
        answer = page_files.answer("index.html")
        if g.visitor.local and visitors.hands.known(request.cookies.get(COOKIE)) is None:
            answer.set_cookie(COOKIE, visitors.hands.cookie(g.visitor.name), max_age=COOKIE_S, httponly=True, samesite="Lax")
        return answer

    @app.get("/taste")
    def taste() -> Response:
        """What `gigbox taste --json` writes, as a file."""
        told = desk.ask(lambda client: client.report("taste"))["told"]
        return Response(json.dumps(told, indent=1, ensure_ascii=False) + "\n", mimetype="application/json")

    @app.errorhandler(GigboxError)
    def one_line(fault: GigboxError) -> tuple[dict[str, str], int]:
        return {"error": str(fault)}, api.status_of(fault)

    @app.errorhandler(404)
    @app.errorhandler(405)
    def not_there(fault: Exception) -> tuple[dict[str, str], int]:
        return {"error": f"{request.path[:80]}: there is nothing"}, getattr(fault, "code", 404)

    @app.after_request
    def secure(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if response.status_code == 405:
            response.headers["Allow"] = ", ".join(methods(request.path))
        return response

    app.register_blueprint(api.blueprint(desk, meters))
    app.register_blueprint(scenes_api.blueprint(desk))
    app.register_blueprint(takes_api.blueprint(shelf or Shelf()))
    app.register_blueprint(ideas_api.blueprint(places.ideas_path, time.monotonic))
    app.register_blueprint(people_api.blueprint(visitors, pairing, clock))
    app.register_blueprint(network_api.blueprint(places.state_dir))
    return app


def run(host: str = "0.0.0.0", port: int = PAGE, host_names: Iterable[str] = (), beat: Callable[[], None] = lambda: None, https: int = 0) -> None:
    """The program: serves until it is told to end; MachineError where the port is taken. The box is called `host_names`, too; `https`: a port for that."""
    from gigbox.rack import Rack as MappedRack  # here, because it needs the built core and the rest of this module does not

    admission = Admission(SOCKETS, (*host_names, *named_by_environment()))
    listening = listen_on(host, port)
    secure = (listen_on(host, https), certificate.context(places.state_dir())) if (https := https or _port_of_environment()) else None
    visitors = Visitors(People(places.state_dir()), Hands(lasting_key(places.state_dir() / "web.key")))
    pairing = Pairing(places.runtime_dir())
    try:
        pairing.serves(https or listening.getsockname()[1], "https" if https else "http")
    except MachineError as e:              # links then have the usual port
        say(f"web: {e}")
    desk = DeskLine(lambda: Client(places.socket_path(), by="web", timeout=DESK_S))
    meters = Meters(lambda: MappedRack(places.rack_path()))
    try:
        Server(listening, make_app(desk, meters, visitors, pairing), desk, meters, visitors, admission, beat=beat, secure=secure).serve_forever()
    finally:
        desk.close()


def named_by_environment() -> list[str]:
    """$GIGBOX_HOST_NAMES: more names of the box, with commas or spaces between."""
    return [name for name in re.split(r"[,\s]+", os.environ.get("GIGBOX_HOST_NAMES", "")) if name]


def _port_of_environment() -> int:
    """$GIGBOX_HTTPS: a port for HTTPS."""
    text = os.environ.get("GIGBOX_HTTPS", "") or "0"
    if not (text.isascii() and text.isdecimal()) or int(text) > 65535:
        raise MachineError(f"GIGBOX_HTTPS: {text[:20]!r} is not a port")
    return int(text)
