"""A desk, a taste that hears it, and a clock: what tests of taste play on."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gigbox.brain.taste.corrections import WATCHED
from gigbox.brain.taste.taste import Taste
from gigbox.desk.client import Value
from gigbox.desk.paths import matching_any
from gigbox.desk.state import Desk, Outcome
from gigbox.desk.telling import tell


class Stage:
    """Strip 1 sings, 2 and 3 are backing vocals, 4 is keys, all of rock. `playing`: of each strip, whether it plays now."""

    def __init__(self, taste: Taste | None = None, mode: str = "show") -> None:
        self.desk, self.taste, self.now = Desk(lambda: self.now), taste or Taste(), 0.0
        self.playing = [True] * 4
        roles = {1: "lead_vocal", 2: "backing_vocal", 3: "backing_vocal", 4: "keys"}
        self.desk.set({f"strip/{n}/role": role for n, role in roles.items()} | {"box/style": "rock", "box/mode": mode}, "crew", self.now)
        self.now = 1000.0
        self.present()

    def present(self) -> None:
        """What a watch begins with."""
        for path in matching_any(WATCHED):
            self.taste.take(path, self._told(path), self.now)

    def set(self, values: Mapping[str, object], by: str = "web:phone") -> None:
        self._spread(self.desk.set(values, by, self.now), by)

    def auto(self, values: Mapping[str, object]) -> None:
        self._spread(self.desk.move(values, "reason", "brain", self.now), "brain")

    def do(self, request: Callable[[Desk, float], Outcome], by: str = "web:phone") -> None:
        """Any other request of a person."""
        self._spread(request(self.desk, self.now), by)

    def wait(self, seconds: float, step: float = 0.5) -> None:
        for _ in range(round(seconds / step)):
            self.now += step
            self.taste.tick(self.now, self.playing)

    def correct(self, path: str, value: object) -> None:
        """A hand that moves, listens, and stays."""
        self.set({path: value})
        self.wait(25)

    def release(self) -> None:
        """Hands off the faders."""
        self.do(lambda desk, now: desk.release(["strip/*/level"], "web:phone", now))

    def _spread(self, outcome: Outcome, by: str) -> None:
        why = {e.path: e.why for e in reversed(outcome.events)}
        first = outcome.events[0].why if outcome.events else ""
        for path in outcome.paths:
            self.taste.take(path, self._told(path), self.now, by, why.get(path, first))

    def _told(self, path: str) -> Value:
        return Value(**tell(self.desk, path))      # type: ignore[arg-type]
