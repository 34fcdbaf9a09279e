"""The notebook of ideas, as the page reads it, and its two files to take along."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Blueprint, Response

from gigbox import idea_book
from gigbox.errors import MachineError, RequestError

FILES = {"chart": ("chordpro", "text/plain; charset=utf-8", "song.cho"), "midi": ("midi", "audio/midi", "song.mid")}


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

    @pages.get("/api/ideas/<name>")
    def take(name: str) -> Response:
        key, kind, called = FILES.get(name, ("", "", ""))
        content = idea_book.read(file(), clock()).get(key)
        if not isinstance(content, str):
            raise RequestError(f"ideas: no '{name[:20]}' to take along, expected chart or midi of a song that is heard")
        body = base64.b64decode(content) if key == "midi" else content.encode()
        return Response(body, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="{called}"'})

    return pages
