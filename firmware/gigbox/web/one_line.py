"""What the server under the pages refuses by itself, said as all of them say it: one line of JSON, and which methods there are."""

from __future__ import annotations

from http.client import responses
from typing import Any

from tornado.web import FallbackHandler, RequestHandler

from gigbox.web.access import methods
from gigbox.web.headers import HEADERS


class OneLine(RequestHandler):
    def write_error(self, status_code: int, **_: Any) -> None:
        for name, value in HEADERS.items():
            self.set_header(name, value)
        if status_code == 405:
            self.set_header("Allow", ", ".join(methods(self.request.path)))
        self.finish({"error": f"{self.request.path[:80]}: {responses.get(status_code, 'refused').lower()}"})


class Fallback(OneLine, FallbackHandler):
    """Passes on to the pages what is asked with a method of HTTP that may mean something."""
