"""Who waits to be let in, and the link that lets a phone find the box."""

from __future__ import annotations

from typing import Any

from gigbox import places
from gigbox.errors import GigboxError
from gigbox.panel.sight.box import Box
from gigbox.people.address import here
from gigbox.people.pairing import Pairing
from gigbox.people.people import People
from gigbox.ports import PAGE


class Visitors:
    """`look` each second. `showing`: the code is on the screen now, so that one is open."""

    def __init__(self, box: Box, port: int = PAGE) -> None:
        self._box, self._port = box, port
        self.showing = False
        self._pairing, self._people = Pairing(places.runtime_dir()), People(places.state_dir())

    def look(self) -> None:
        self._box.address = f"{here()}:{self._port}"
        try:
            self._people.settle()
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
