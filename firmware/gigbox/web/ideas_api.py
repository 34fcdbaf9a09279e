"""The notebook of ideas, as the page reads it, and its two files to take along."""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from flask import Blueprint, Response

from gigbox import idea_book
from gigbox.errors import MachineError, RequestError

FILES = {"chart": ("chordpro", "text/plain", "song.cho"), "midi": ("midi", "audio/midi", "song.mid")}


def blueprint(file: Callable[[], Path], clock: Callable[[], float]) -> Blueprint:
    """`clock`: the one that the notebook's times are of."""
    pages = Blueprint("ideas", __name__)

    @pages.get("/api/ideas")
    def ideas() -> dict[str, Any]:
        try:
            found = idea_book.read(file(), clock())
        except MachineError as e:          # a page asks twice a second: that nobody listens is no failure
            found = {"on": False, "why": str(e)}
        return {key: value for key, value in found.items() if key not in ("midi", "chordpro")}

    def take(name: str) -> Response:
        key, kind, called = FILES[name]
        try:
            content = idea_book.read(file(), clock()).get(key)
        except MachineError:
            content = None
        if not isinstance(content, str):
            raise RequestError(f"ideas/{name}: none so far")
        body = base64.b64decode(content) if key == "midi" else content.encode()
        return Response(body, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="{called}"'})

    for name in FILES:
        pages.add_url_rule(f"/api/ideas/{name}", f"take_{name}", partial(take, name))
    return pages
