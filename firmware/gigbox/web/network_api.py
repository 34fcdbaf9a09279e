"""The box's hotspot, for an engineer: what it is called, and in which country it is, which a box that opens one asks once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Blueprint

from gigbox.errors import RequestError
from gigbox.network import settings
from gigbox.web.api import words


def blueprint(folder: Callable[[], Path]) -> Blueprint:
    pages = Blueprint("network", __name__)

    @pages.get("/api/network")
    def network() -> dict[str, Any]:
        """`asks`: a hotspot is opened here, and nobody has told the country yet."""
        state = folder()
        if not (state / settings.FILE).exists():
            return {"name": "", "country": "", "asks": False}
        kept = settings.load(state)
        return {"name": kept.name, "country": kept.country, "asks": not kept.country}

    @pages.put("/api/network")
    def change() -> dict[str, Any]:
        """Holds from the next start on: no phone is thrown out in the middle of a song."""
        country = words("country").get("country")
        if not isinstance(country, str):
            raise RequestError("network: expected a country, two letters such as DE")
        state = folder()
        if not (state / settings.FILE).exists():
            raise RequestError("network: this box opens no hotspot")
        settings.save(state, settings.load(state).with_country(country))
        return network()

    return pages
