"""Scenes for scripts: save, recall, look before, and each as one file that a person can read."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, request

from gigbox.errors import RequestError
from gigbox.web import wishes
from gigbox.web.access import Visitor
from gigbox.web.api import plain, words
from gigbox.web.desk_line import DeskLine
from gigbox.web.wishes import Wish


def blueprint(desk: DeskLine) -> Blueprint:
    pages = Blueprint("scenes", __name__)

    def done(verb: str, what: Any, **more: Any) -> Any:
        visitor: Visitor = g.visitor
        return wishes.do(desk, Wish(verb, what, **more), visitor)

    @pages.get("/api/scenes")
    def scenes() -> Response:
        return plain(done("scenes", True))

    @pages.put("/api/scenes/<name>")
    def save(name: str) -> dict[str, Any]:
        done("scene", {"save": name})
        return {"saved": name}

    @pages.delete("/api/scenes/<name>")
    def delete(name: str) -> dict[str, Any]:
        done("scene", {"delete": name})
        return {"deleted": name}

    @pages.post("/api/scenes/<name>/recall")
    def recall(name: str) -> dict[str, Any]:
        said = words("scope", "kinds")
        return {"changed": done("scene", {"recall": name}, scope=said.get("scope", "*"), kinds=said.get("kinds"))}

    @pages.get("/api/scenes/<name>/preview")
    def preview(name: str) -> Any:
        kinds = request.args.getlist("kinds")
        return done("preview", name, scope=request.args.getlist("scope") or "*", kinds=kinds or None)

    @pages.get("/api/scenes/<name>/file")
    def export(name: str) -> Response:
        text: str = desk.ask(lambda client: client.export_scene(name))
        return Response(text, mimetype="application/toml", headers={"Content-Disposition": "attachment"})

    @pages.put("/api/scenes/<name>/file")
    def take(name: str) -> dict[str, Any]:
        try:
            text = request.get_data().decode()
        except UnicodeDecodeError:
            raise RequestError("body: not UTF-8") from None
        if not text.strip():
            raise RequestError("body: empty, expected a scene as its GET gives one")
        desk.ask(lambda client: client.import_scene(name, text, by=g.visitor.by))
        return {"saved": name}

    return pages
