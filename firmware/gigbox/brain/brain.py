"""All that thinks ten times a second, in order: who is it, what should the mix be, is there hum. The live program and a render both run this."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from gigbox import params
from gigbox.brain.automix import Automix
from gigbox.brain.balance import Taste, no_taste
from gigbox.brain.bands import Array
from gigbox.brain.casting import Casting
from gigbox.brain.hearing import Hearing
from gigbox.brain.hum import HumFinder
from gigbox.brain.monitors import Monitors
from gigbox.brain.moves import Move
from gigbox.brain.recognise import Recogniser, Verdict
from gigbox.brain.sources import Source
from gigbox.brain.view import View, choice, role_of
from gigbox.rack import RATE, Rack

WANTED_FRAMES = 2 * RATE       # a brain that died is believed to listen for so long
KEPT_ALIKE = 0.01


class Brain:
    """`think` once per published 100 ms of meters. `recogniser` None: roles are only what hands say."""

    def __init__(self, recogniser: Recogniser | None = None, taste: Taste = no_taste) -> None:
        self._recogniser, self._taste = recogniser, taste
        self._hearing, self._casting, self._monitors = Hearing(), Casting(), Monitors()
        self.hum = HumFinder()
        self._shape: tuple[object, ...] = ()
        self._cast: tuple[object, ...] = ()
        self._hands: dict[str, float] = {}
        self._begun = False
        self.automix = Automix([])

    @property
    def sources(self) -> list[Source]:
        return self.automix.sources

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        return self._recogniser.verdicts() if self._recogniser else ()

    def think(self, rack: Rack, view: View, mode: str) -> list[Move]:
        """What `auto` should do now, in `mode`: soundcheck or show. The rack must be writable: it is told that features are wanted."""
        rack.c.wanted_until = rack.frames + WANTED_FRAMES
        self._look_at_desk(rack.channels, view)
        self._look_for_kept(view)
        strips = range(1, rack.channels + 1)
        heard = self._hearing.hear(rack, self._trims(rack.channels))
        style = choice(view, "box/style")
        moves: list[Move] = []
        if self._recogniser:
            self._recogniser.hear(rack)
            given = {n: params.ROLES[int(role)] for n in strips if (role := view.hand(f"strip/{n}/role")) is not None}
            came = heard.momentary - (heard.trims if heard.trims is not None else 0.0)
            moves += self._casting.think(self._recogniser.verdicts(), came, given, mode, self.automix.auto)
        moves += self.automix.think(heard, mode, style)
        moves += self._monitors.think(self.sources, self.automix.auto, view)
        moves += self.hum.think(rack, [s for s in self.sources if s.role])
        return moves

    def take(self, path: str, value: float | None) -> None:
        """What the desk holds of `auto` where a move was refused."""
        self.automix.take(path, value)
        self.hum.take(path, value or 0.0)

    def begin(self, view: View, paths: Iterable[str]) -> None:
        """Go on from what the desk holds of `auto` at these paths. Trims that hands hold when a brain first looks are taken for kept ones: what
        they come to is what the faders were set for."""
        for path in paths:
            if params.find_text(path) is None:
                self.take(path, view.auto(path))
            if not self._begun and path.endswith("/trim") and (hand := view.hand(path)):
                self.automix.auto.keep(path, hand)
        self._begun = True

    def _look_at_desk(self, channels: int, view: View) -> None:
        """Strips may be linked, named, or told to carry something else at any time."""
        strips = range(1, channels + 1)
        pairs = tuple(n for n in strips if view.value(f"strip/{n}/link") > 0)
        names = tuple(view.text(f"strip/{n}/name") for n in strips)
        roles = tuple(role_of(view, n) for n in strips)
        if (channels, pairs) != self._shape:
            auto = self.automix.auto
            self._shape, self._cast = (channels, pairs), (names, roles)
            self.automix = Automix(roles, names, pairs, self._taste, auto)
        elif (names, roles) != self._cast:
            self._cast = (names, roles)
            self.automix.cast(roles, names)

    def _trims(self, channels: int) -> Array:
        """dB that auto holds of the trim of each strip; of linked ones the left counts."""
        trims = np.zeros(channels)
        for source in self.sources:
            trims[[n - 1 for n in source.strips]] = self.automix.auto[source.path("trim")]
        return trims

    def _look_for_kept(self, view: View) -> None:
        """A hand that has moved by just what auto was, while auto went to nothing, has kept it; one that went back to nothing has let go."""
        auto, before = self.automix.auto, self._hands
        self._hands = {path: view.hand(path) or 0.0 for path in auto.adding}
        depth = view.value("box/depth") / 100
        for path, hand in self._hands.items():
            moved = hand - before.get(path, hand)
            if moved and view.auto(path) is None and abs(moved - depth * (auto[path] - auto.kept(path))) < KEPT_ALIKE:
                auto.keep(path)
            elif moved and not hand and auto.kept(path):
                auto.forget(path)
