"""Both buttons held while the power comes: the box forgets all, as it was made. Whoever takes hold later, or lets go before the end, has changed nothing."""

from __future__ import annotations

import math
from collections.abc import Callable

from gigbox.errors import MachineError
from gigbox.panel.knobs.control import Event

BOTH = frozenset({"auto", "mute"})
HOLD_S = 8.0
TAKEN_S = 2.0             # so long after the panel's start both must be down: its parts may take a moment to tell
FRESH_S = 120.0           # a machine that has run for longer was not switched on just now


class Forget:
    """`uptime`: seconds of the machine at the start of the panel; `began`: the clock then."""

    def __init__(self, uptime: float, began: float, forget: Callable[[], None], say: Callable[[str], None]) -> None:
        self._forget, self._say = forget, say
        self._down: set[str] = set()
        self._taken, self._until = began + TAKEN_S, began + HOLD_S
        self._told = -1
        self.over = uptime > FRESH_S          # nothing more will come of it

    def see(self, event: Event) -> None:
        """What hands do at the soldered panel. A button that comes up ends it."""
        kind, which, down = event
        if kind != "press" or self.over:
            return
        if down:
            self._down.add(which)
        elif which in BOTH:
            if self._down >= BOTH:
                self._say("nothing is forgotten")
            self.over = True

    def look(self, now: float) -> None:
        """Call often."""
        if self.over or not self._down >= BOTH:
            self.over = self.over or now >= self._taken
            return
        if now >= self._until:
            self.over = True
            try:
                self._forget()
                self._say("all is forgotten; the box starts anew")
            except MachineError as e:
                self._say(str(e))
        elif (left := math.ceil(self._until - now)) != self._told:
            self._told = left
            self._say(f"keep holding: in {left} s all is forgotten")
