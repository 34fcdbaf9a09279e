"""The built page: its files, each packed beforehand where that makes it smaller, and how long a browser may keep them."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from flask import Flask, Response, request, send_from_directory

STATIC = Path(__file__).resolve().parent / "static"
PACKED = (("br", ".br"), ("gzip", ".gz"))      # the smaller first
FOR_EVER = "public, max-age=31536000, immutable"
TYPES = {".js": "text/javascript", ".webmanifest": "application/manifest+json", ".svg": "image/svg+xml"}      # whatever the system's own list says
NOT_BUILT = "web: the page is not built, type: make\n"


def answer(name: str, folder: Path = STATIC) -> Response:
    """One file of the page, as small as the browser takes it; 404 where there is none."""
    encoding, suffix = next(((e, s) for e, s in PACKED if request.accept_encodings.quality(e) > 0 and (folder / (name + s)).is_file()), ("", ""))
    if name == "index.html" and not (folder / name).is_file():
        return Response(NOT_BUILT, 503, mimetype="text/plain")
    made = send_from_directory(folder, name + suffix, mimetype=TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0], conditional=True, max_age=0)
    if encoding:
        made.headers["Content-Encoding"] = encoding
    made.headers["Vary"] = "Accept-Encoding"
    if name == "sw.js":
        made.headers["Service-Worker-Allowed"] = "/"      # it keeps the page itself, too
    made.headers["Cache-Control"] = FOR_EVER if name.startswith("assets/") else "no-cache"
    return made


def serve_page(app: Flask, folder: Path = STATIC) -> None:
    """All but `/`, with which the app also names the browser."""

    @app.get("/static/<path:name>")
    def page_file(name: str) -> Response:
        return answer(name, folder)
