"""Takes of the recorder: listed, renamed, deleted. That it records at all is a value like any other, `tape/record`; how they are taken home is downloads.py."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from gigbox.takes.shelf import Shelf
from gigbox.web.api import plain, words


def blueprint(shelf: Shelf) -> Blueprint:
    pages = Blueprint("takes", __name__)

    @pages.get("/api/takes")
    def takes() -> Response:
        return plain([take.told() for take in shelf.takes()])

    @pages.put("/api/takes/<name>")
    def rename(name: str) -> dict[str, Any]:
        return {"name": shelf.rename(name, words("name").get("name"))}

    @pages.delete("/api/takes/<name>")
    def delete(name: str) -> dict[str, Any]:
        shelf.delete(name)
        return {"deleted": name}

    return pages
