"""The automatic mix: what `auto` should do, ten times a second. It never sees or moves `hand`; fences and locks are the desk's."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from gigbox.brain.arrays import Array
from gigbox.brain.auto import Auto, Move
from gigbox.brain.hear.meters import Heard
from gigbox.brain.mix.balance import Balance, Taste, no_taste
from gigbox.brain.mix.dynamics import Dynamics
from gigbox.brain.mix.faders import Faders
from gigbox.brain.mix.feedback_margin import FeedbackMargin
from gigbox.brain.mix.giving_way import given
from gigbox.brain.mix.lead_shortfall import LeadShortfall
from gigbox.brain.mix.masking import Masking
from gigbox.brain.mix.panning import Panning
from gigbox.brain.mix.speech_group import SpeechGroup
from gigbox.brain.mix.stage import Stage
from gigbox.brain.mix.starting_points import StartingPoints
from gigbox.brain.mix.tilt import Tilt
from gigbox.brain.mix.trims import Trims
from gigbox.brain.roles import sources
from gigbox.brain.roles.sources import Source

ANEW_TICKS = 100             # a hand's new role is placed within so long,
FOLLOWS_TICKS = 20           # with what it makes of others within so long,
QUICK_TICKS = 50             # and with the band under its lead, which is found anew for so long as in soundcheck


class Automix:
    """Call `think` every 0.1 s. `roles` are of the strips, in order; `pairs` are 1-based left strips of linked ones."""

    def __init__(self, roles: Sequence[str], names: Sequence[str] = (), pairs: Sequence[int] = (), taste: Taste = no_taste,
                 auto: Auto | None = None, margin: FeedbackMargin | None = None, trust: Sequence[str] = ()) -> None:
        """`auto`: what it holds already, to go on from; `margin`: what open microphones have spent of it; `trust`: of the roles, as in sources.py."""
        self.auto = auto or Auto()
        self.stage = Stage.of(list(sources.find(roles, names, set(pairs), trust)), self.auto, Balance(taste))
        self.margin = margin or FeedbackMargin()
        self._faders, self._starts, self._shortfall = Faders(self.margin), StartingPoints(), LeadShortfall()
        self._dynamics, self._tilt = Dynamics(), Tilt()
        self._rules = (self._starts, SpeechGroup(), Panning(), Trims(self.margin), self._faders, self._dynamics, self._tilt, Masking())
        self.mode = ""

    @property
    def sources(self) -> list[Source]:
        return self.stage.sources

    def cast(self, roles: Sequence[str], names: Sequence[str], trust: Sequence[str] = (), hands: Collection[int] = ()) -> None:
        """The strips carry other things now, or are called otherwise; what was heard of them stays. `hands`: 1-based strips whose role a hand has set.

        What soundcheck ended with belongs to the role that was wrong: with a hand's role a strip is placed anew, as in soundcheck; and who is
        something else right behind that, such as a singer whom the wrong one had kept from the lead, waits for no look.
        """
        corrected = any(source.anew > ANEW_TICKS - FOLLOWS_TICKS for source in self.sources)
        for source in self.sources:
            n = source.strips[0] - 1
            was_sure, source.trust = source.sure, trust[n] if trust else sources.TOLD
            source.name = names[n] or f"strip {n + 1}"
            if source.sure and not was_sure:            # what a guess was not raised to is made good
                source.trimmed, source.placed, source.held = False, False, True
            if roles[n] != source.role_name:
                by_hand = source.strips[0] in hands and source.started
                source.role_name, source.placed, source.started = roles[n], False, source.started and bool(source.role)
                source.anchor = None
                self.stage.trimmed.forget(source.strips[0])
                source.anew, source.trimmed = ANEW_TICKS * by_hand, source.trimmed and not by_hand
                source.follows = ANEW_TICKS * (corrected and not by_hand)
        self.stage.recast()

    def think(self, heard: Heard, mode: str, style: str = "pop") -> list[Move]:
        """What `auto` should do now; mode: soundcheck or show."""
        if not self.sources:
            return []
        stage = self.stage
        stage.mode, stage.style = mode, style
        if mode != self.mode:                           # by what was heard until then
            self._faders.begin(stage)
            self.mode = mode
        stage.hear(heard)
        self._shortfall.think(stage)
        pace = "soundcheck" if any(source.anew > ANEW_TICKS - QUICK_TICKS for source in stage.sources) else mode
        stage.balance.think(stage.sources, stage.activity, stage.momentary, style, pace, self._given())
        self.margin.think(stage)
        for source in stage.sources:
            source.anew, source.follows = max(source.anew - 1, 0), max(source.follows - 1, 0)
        moves = [*self.auto.again(), *(move for rule in self._rules for move in rule.think(stage))]
        stage.moved(move.path for move in moves)
        return moves

    def _given(self) -> Array:
        """To singers. What a bed of music gives to speech comes on top of its place."""
        sings = any(source.role_name == "lead_vocal" for source in self.sources)
        return np.array([given(source, self.stage.spectrum[i]) if sings else 0.0 for i, source in enumerate(self.sources)])

    def go_on(self, mode: str) -> None:
        """An earlier program was in this mode already, and its show goes on."""
        self.mode = mode
        self._dynamics.go_on(self.stage)
        self._tilt.go_on(self.stage)

    def take(self, path: str, value: float | None) -> None:
        """What the desk holds of `auto` when this program starts or a move was refused: the rules go on from there."""
        before = self.auto[path]
        self.auto.take(path, value)
        self._turned(path, before)
        if value is None:
            self._starts.forget(path)

    def let_go(self, path: str) -> None:
        """A hand gave up what it had kept of auto."""
        if self.auto.knows(path):
            before = self.auto[path]
            self.auto.let_go(path)
            self._turned(path, before)

    def _turned(self, path: str, before: float) -> None:
        """A trim that is elsewhere than it was believed to be: what was heard behind it would have been as much louder."""
        if path.endswith("/trim"):
            for index, source in enumerate(self.sources):
                if source.path("trim") == path:
                    self.stage.shift(index, self.auto[path] - before)
                    if not self.auto[path]:              # taken back: it may be found anew
                        source.trimmed = source.placed = False

    def playing(self, strips: int) -> list[bool]:
        """Of each strip: whether it is playing now, as far as roles are known."""
        return self.stage.playing(strips)
