"""From what the recogniser hears to roles: a class is a role, but for singers, of whom one leads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gigbox import params
from gigbox.brain.bands import Array
from gigbox.brain.moves import TICK_S, Auto, Move
from gigbox.brain.recognise import Verdict
from gigbox.brain.roles import ROLES

SINGING, NOTHING = "singing", "silence_noise"
LOUD_LU, QUIET_LUFS = 15.0, -55.0      # a singer sings within this of the loudest that was heard of it, and over this
FORGET_LU = 0.005                      # a tick
SAME_S = {"soundcheck": 1.5, "show": 20.0}      # a role that was given is taken back only after it was heard as another for so long
SURE = 0.9                             # and in a show only as surely as this
ALONE = 2.0                            # a second of singing alone says this much more of who leads than one in company
LEADS_BY = 1.3                         # who leads must lead by this much to take over from another
LEAD_S = 3.0                           # and must have sung for so long

ROLE_OF = {name: name for name in params.ROLES} | {SINGING: "lead_vocal", NOTHING: ""}      # of a class; who of the singers leads is found out below


@dataclass
class Singer:
    """What is known of who sings at a strip: seconds of singing, of them alone, the loudest of late, LUFS."""

    sung: float = 0.0
    alone: float = 0.0
    top: float = -120.0

    @property
    def weight(self) -> float:
        return self.sung + ALONE * self.alone


@dataclass
class Casting:
    """`think` every 100 ms. Moves `strip/n/role`; strips whose role a hand has set are none of its business."""

    singers: dict[int, Singer] = field(default_factory=dict)
    lead: int = 0                                                       # 1-based strip, 0: nobody
    _voices: list[int] = field(default_factory=list)
    _since: dict[int, tuple[str, float]] = field(default_factory=dict)  # what a strip has been heard as of late, and for how long

    def think(self, verdicts: Sequence[Verdict], loudness: Array, given: Mapping[int, str], mode: str, auto: Auto) -> Iterator[Move]:
        """`loudness`: LUFS of each strip over 400 ms, trims taken off; `given`: roles by hand, by 1-based strip."""
        cast = {n: params.ROLES[int(auto[f"strip/{n}/role"])] for n in range(1, len(verdicts) + 1)}
        self._listen(verdicts, loudness, given, cast)
        self._choose_lead(given, mode)
        for n, verdict in enumerate(verdicts, 1):
            if n in given or not verdict.name:
                continue
            role = self._role(n, verdict)
            if role and role != cast[n] and self._may(n, role, cast[n], verdict, mode):
                yield from auto.put(f"strip/{n}/role", float(params.ROLES.index(role)), self._reason(n, role, verdict))
                yield from auto.put(f"strip/{n}/colour", float(params.COLOURS.index(colour(role))), f"strip {n}: the colour of {role.replace('_', ' ')}")

    def _role(self, n: int, verdict: Verdict) -> str:
        if verdict.name != SINGING:
            return ROLE_OF.get(verdict.name, "")
        return "lead_vocal" if n == self.lead else "backing_vocal" if self.lead else ""

    def _may(self, n: int, role: str, was: str, verdict: Verdict, mode: str) -> bool:
        """A new strip at once; one that was named already only when it is heard as another for long."""
        before, seconds = self._since.get(n, ("", 0.0))
        seconds = seconds + TICK_S if before == role else 0.0
        self._since[n] = (role, seconds)
        if was == "unused":
            return True
        if {role, was} == {"lead_vocal", "backing_vocal"}:
            return mode == "soundcheck"
        return seconds >= SAME_S[mode] and (mode == "soundcheck" or verdict.confidence >= SURE)

    def _listen(self, verdicts: Sequence[Verdict], loudness: Array, given: Mapping[int, str], cast: Mapping[int, str]) -> None:
        """Who sings now, and whether alone. A singer counts from the start, also before the recogniser was sure."""
        on = {}
        for n, level in enumerate(loudness, 1):
            singer = self.singers.setdefault(n, Singer())
            singer.top = max(singer.top - FORGET_LU, float(level))
            on[n] = level > max(singer.top - LOUD_LU, QUIET_LUFS)
        voices = [n for n, v in enumerate(verdicts, 1) if n not in given and ("vocal" in cast[n] or SINGING in (v.name, *(name for name, _ in v.top[:1])))]
        singing = [n for n in voices if on[n]]
        for n in singing:
            self.singers[n].sung += TICK_S
            self.singers[n].alone += TICK_S * (len(singing) == 1)
        self._voices = [n for n in voices if verdicts[n - 1].name == SINGING or "vocal" in cast[n]]

    def _choose_lead(self, given: Mapping[int, str], mode: str) -> None:
        """Who has sung most, above all alone; of equals the lower number. A lead that a hand has named stays the only one."""
        if "lead_vocal" in given.values():
            self.lead = next(n for n, role in given.items() if role == "lead_vocal")
            return
        if not self._voices:
            return
        best = max(self._voices, key=lambda n: (self.singers[n].weight, -n))
        if self.lead not in self._voices:
            self.lead = best
            return
        one, other = self.singers[best], self.singers[self.lead]
        if mode == "soundcheck" and one.sung >= LEAD_S and one.weight > LEADS_BY * other.weight:
            self.lead = best

    def _reason(self, n: int, role: str, verdict: Verdict) -> str:
        others = ", ".join(f"{name.replace('_', ' ')} {p:.0%}" for name, p in verdict.top[1:3] if p >= 0.01)
        sung = self.singers.get(n, Singer())
        who = f"; sings for {sung.sung:.0f} s, {sung.alone:.0f} s alone" if role.endswith("vocal") else ""
        return f"strip {n} sounds like {role.replace('_', ' ')} ({verdict.confidence:.0%}{', else ' + others if others else ''}){who}"


def colour(role: str) -> str:
    return ROLES[role].colour if role in ROLES else "none"
