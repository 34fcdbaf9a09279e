"""The things that sound: a strip, or two linked ones, with what they carry and where the rules are with them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from gigbox.brain.roles.roles import ROLES, UNNAMED, Role, spoken

TOLD, HEARD, GUESS = "told", "heard", "guess"


@dataclass
class Source:
    """`strips` are 1-based; moves go to the first, the desk moves its partner. `role` is None while nobody knows what it is. `trust`: whether that was
    told, surely heard, or is a guess, which is mixed, but never in front."""

    strips: tuple[int, ...]
    name: str
    role_name: str
    trust: str = TOLD
    anchor: float | None = field(default=None, repr=False)       # fader when the show began, dB
    short: float = field(default=0.0, repr=False)                # dB that its fader may not do of what it lacks
    trimming: bool = field(default=False, repr=False)
    trimmed: bool = field(default=False, repr=False)
    placed: bool = field(default=False, repr=False)
    started: bool = field(default=False, repr=False)
    likely: tuple[tuple[str, float], ...] = field(default=(), repr=False)      # roles that it may have where nobody is sure, and how likely each is
    front: float | None = field(default=None, repr=False)        # how much of it leads, 0..1, where that is in doubt; None: as its role has it
    doubted: float = field(default=0.0, repr=False)              # seconds for which that has been otherwise
    anew: int = field(default=0, repr=False)                     # ticks left, since a hand said that it is something else: placed as in soundcheck
    follows: int = field(default=0, repr=False)                  # ticks left, since it is something else because a hand said what another one is
    held: bool = field(default=False, repr=False)                # it was a guess for long, and not raised as it should have been
    heard_in_soundcheck: bool = field(default=False, repr=False)
    named: str = field(default="", repr=False)                   # what was told when it was named, if that was lately,
    starts: str = field(default="", repr=False)                  # and when it was set up

    @property
    def role(self) -> Role | None:
        return ROLES.get(self.role_name)

    @property
    def unnamed(self) -> bool:
        return self.role_name == UNNAMED

    @property
    def sure(self) -> bool:
        return self.trust != GUESS

    @property
    def voice(self) -> float:
        """How likely it is a voice, 0..1, where nobody is sure what it is."""
        if self.sure:
            return 0.0
        if not self.likely:
            return float(bool(self.role and self.role.spectrum == "voice"))
        return sum(share for name, share in self.likely if name in ROLES and ROLES[name].spectrum == "voice")

    @property
    def open_mic(self) -> bool:
        return bool(self.role and self.role.open_mic)

    @property
    def what(self) -> str:
        """For a sentence: `a kick`."""
        return spoken(self.role_name)

    def path(self, rest: str) -> str:
        return f"strip/{self.strips[0]}/{rest}"


def find(roles: Sequence[str], names: Sequence[str] = (), pairs: Collection[int] = (), trust: Sequence[str] = ()) -> Iterator[Source]:
    """Of strips in order; `pairs`: 1-based left strips of linked ones; `trust`: of their roles, told if not said."""
    for number, role in enumerate(roles, 1):
        if number - 1 in pairs:
            continue
        strips = (number, number + 1) if number in pairs and number < len(roles) else (number,)
        yield Source(strips, (names[number - 1] if names else "") or f"strip {number}", role, trust[number - 1] if trust else TOLD)
