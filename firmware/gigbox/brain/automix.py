"""The automatic mix: what `auto` should do, ten times a second. It never sees or moves `hand`; fences and locks are the desk's."""

from __future__ import annotations

from collections.abc import Sequence

from gigbox.brain import sources
from gigbox.brain.balance import Balance, Taste, no_taste
from gigbox.brain.dynamics import Dynamics
from gigbox.brain.faders import Faders
from gigbox.brain.hearing import Heard
from gigbox.brain.masking import Masking
from gigbox.brain.microphones import Microphones
from gigbox.brain.moves import Auto, Move
from gigbox.brain.panning import Panning
from gigbox.brain.sources import Source
from gigbox.brain.speech import Speech
from gigbox.brain.stage import Stage
from gigbox.brain.starts import Starts
from gigbox.brain.tilt import Tilt


class Automix:
    """Call `think` every 0.1 s. `roles` are of the strips, in order; `pairs` are 1-based left strips of linked ones."""

    def __init__(self, roles: Sequence[str], names: Sequence[str] = (), pairs: Sequence[int] = (), taste: Taste = no_taste,
                 auto: Auto | None = None) -> None:
        """`auto`: what it holds already, to go on from."""
        self.auto = auto or Auto()
        self.stage = Stage.of(list(sources.find(roles, names, set(pairs))), self.auto, Balance(taste))
        self._microphones = Microphones()
        self._faders = Faders(self._microphones)
        self._rules = (Starts(), Speech(), Panning(), self._faders, Dynamics(), Tilt(), Masking())
        self._mode = ""

    @property
    def sources(self) -> list[Source]:
        return self.stage.sources

    def cast(self, roles: Sequence[str], names: Sequence[str]) -> None:
        """The strips carry other things now, or are called otherwise; what was heard of them stays."""
        for source in self.sources:
            n = source.strips[0] - 1
            source.name = names[n] or f"strip {n + 1}"
            if roles[n] != source.role_name:
                source.role_name, source.placed, source.started = roles[n], False, source.started and bool(source.role)
        self.stage.recast()

    def think(self, heard: Heard, mode: str, style: str = "pop") -> list[Move]:
        """What `auto` should do now; mode: soundcheck or show."""
        if not self.sources:
            return []
        stage = self.stage
        stage.mode, stage.style = mode, style
        stage.hear(heard)
        stage.balance.think(stage.sources, stage.activity, stage.momentary, style, mode)
        self._microphones.think(stage)
        if mode != self._mode:
            self._faders.begin(stage)
            self._mode = mode
        return [move for rule in self._rules for move in rule.think(stage)]

    def take(self, path: str, value: float | None) -> None:
        """What the desk holds of `auto` when this program starts or a move was refused: the rules go on from there."""
        self.auto.take(path, value)

    def playing(self, strips: int) -> list[bool]:
        """Of each strip: whether it is playing now, as far as roles are known."""
        return self.stage.playing(strips)
