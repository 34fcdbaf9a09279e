"""Who waits to be let in, and the link that lets a phone find the box. Where a box knows no people everybody may, and there is only the address."""

from __future__ import annotations

import importlib
import os
from typing import Any

from gigbox import places
from gigbox.errors import GigboxError
from gigbox.panel.sight.box import Box

PORT = 8080


class Visitors:
    """`look` each second. `showing`: the code is on the screen now, so that one is open."""

    def __init__(self, box: Box, port: int = PORT) -> None:
        self._box, self._port = box, port
        self.showing = False
        try:
            self._pairing: Any = importlib.import_module("gigbox.people.pairing").Pairing(places.runtime_dir())
            self._people: Any = importlib.import_module("gigbox.people.people").People(places.state_dir())
            self._here: Any = importlib.import_module("gigbox.people.address").here
        except ModuleNotFoundError:
            self._pairing = self._people = None
            self._here = lambda: f"{os.uname().nodename.partition('.')[0]}.local"

    def look(self) -> None:
        self._box.address = f"{self._here()}:{self._port}"
        if self._pairing is None:
            self._box.link = f"http://{self._box.address}/"
            return
        try:
            self._box.asking = list(self._pairing.asking())
            if self.showing:
                invitation = self._pairing.shown(self._people.fresh)
                self._box.link, self._box.code = self._pairing.link(invitation), invitation.spaced
            elif self._box.code:                # nobody sees it any longer: nobody comes in by it
                self._pairing.hide()
                self._box.link = self._box.code = ""
        except (GigboxError, OSError) as e:
            self._box.say(str(e))

    def answer(self, who: Any, act: str) -> None:
        """As the page words it."""
        if act == "no":
            self._pairing.refuse(who.id)
        else:
            role = who.role if act == "let in" else "guest"
            self._pairing.approve(who.id, role, who.monitor if role == "musician" else 0, who.strips if role == "musician" else ())
        self.look()
