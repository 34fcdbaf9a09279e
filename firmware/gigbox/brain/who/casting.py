"""From what the recogniser hears to roles: a class is a role, but for voices, of whom one leads, the others back, and some only talk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gigbox import params
from gigbox.brain.arrays import Array
from gigbox.brain.auto import Auto, Move
from gigbox.brain.hear.meters import TICK_S
from gigbox.brain.roles.roles import ROLES
from gigbox.brain.who.recogniser import Verdict

SINGING, TALKING, NOTHING = "singing", "speech", "silence_noise"
EVERYTHING = "playback"                # what bleed of a whole band sounds like, so that it is never guessed,
EVERYTHING_S = 6.0                     # nor believed at once,
BLEED_LU = 15.0                        # or of what comes in so far under the loudest
LOUD_LU, QUIET_LUFS = 15.0, -55.0      # a voice sounds within this of the loudest that was heard of it, and over this
FORGET_LU = 0.005                      # a tick
SAME_S = {"soundcheck": 1.5, "show": 20.0}      # a role that was given is taken back only after it was heard as another for so long
SURE = 0.9                             # and in a show only as surely as this
GUESS, GUESS_S = 0.6, 6.0              # who stays unsure for so long is taken for what is most likely, if that is this likely, until somebody says
DOUBT, DOUBT_S = 0.35, 3.0             # a name with less than this left of it, for so long, was none
TALKS = 10.0                           # a voice talks where speech is so many times as likely as singing
COMPANY = 0.3                          # and where hardly more than this share of it sounds together with other voices
ALONE = 2.0                            # a second of singing alone says this much more of who leads than one in company
ORDER = 2.5                            # the first of the voices counts so much more: input lists name the lead before the others
LEADS_BY = {"soundcheck": 1.3, "show": 2.0}     # who leads must lead by this much to take over from another
LEAD_S = {"soundcheck": 3.0, "show": 8.0}       # and must have sung for so long
FIRST_S, FIRST_SURE, FIRST_SURE_S = 2.0, 0.9, 0.8       # of playing, before a strip is named at all; or surely, and half of that

ROLE_OF = {name: name for name in params.ROLES} | {SINGING: "lead_vocal", NOTHING: ""}      # of a class; who of the singers leads is found out below


@dataclass
class Voice:
    """What is known of a voice: seconds that it sounded, of them alone, the loudest of late, LUFS."""

    sung: float = 0.0
    alone: float = 0.0
    top: float = -120.0

    @property
    def weight(self) -> float:
        return self.sung + ALONE * self.alone


@dataclass
class Casting:
    """`think` every 100 ms. Moves `strip/n/role`; strips whose role a hand has set are none of its business. `lead`: 1-based, 0 for nobody."""

    lead: int = 0
    voices: dict[int, Voice] = field(default_factory=dict)
    _doubt: dict[int, float] = field(default_factory=dict)                  # for how long a given name has been in doubt
    _since: dict[int, tuple[str, float]] = field(default_factory=dict)      # what a strip has been heard as of late, and for how long

    def think(self, verdicts: Sequence[Verdict], loudness: Array, given: Mapping[int, str], mode: str, auto: Auto) -> Iterator[Move]:
        """`loudness`: LUFS of each strip over 400 ms, trims taken off; `given`: roles by hand, by 1-based strip."""
        heard = {n: name for n, verdict in enumerate(verdicts, 1) if n not in given and (name := likely(verdict))}
        self._listen(loudness, {n for n, name in heard.items() if name in (SINGING, TALKING)})
        loudest = max((voice.top for voice in self.voices.values()), default=0.0)
        heard = {n: name for n, name in heard.items()
                 if name != EVERYTHING or (self.voices[n].top > loudest - BLEED_LU and verdicts[n - 1].seconds >= EVERYTHING_S)}
        singers = [n for n, name in heard.items() if name in (SINGING, TALKING) and not self._talks(n, verdicts[n - 1])]
        self._choose_lead(singers, given, mode)
        for n, name in heard.items():
            role = "lead_vocal" if n == self.lead else "backing_vocal" if n in singers else ROLE_OF[name]
            was = params.ROLES[int(auto[f"strip/{n}/role"])]
            if role == was:
                self._since.pop(n, None)           # whatever it was taken for meanwhile was a moment's doubt
            if role and role != was and self._may(n, role, was, verdicts[n - 1], mode):
                self._doubt.pop(n, None)
                yield from auto.put(f"strip/{n}/role", float(params.ROLES.index(role)), self._reason(n, role, verdicts[n - 1]))
                yield from auto.put(f"strip/{n}/colour", float(params.COLOURS.index(ROLES[role].colour)), f"strip {n}: the colour of {role.replace('_', ' ')}")

        if mode == "soundcheck":
            yield from self._doubted([n for n in range(1, len(verdicts) + 1) if n not in heard and n not in given], verdicts, auto)

    def _doubted(self, unsure: Sequence[int], verdicts: Sequence[Verdict], auto: Auto) -> Iterator[Move]:
        """A name that was given in soundcheck, and that hardly anything speaks for any more, is taken back."""
        for n in unsure:
            role, share = params.ROLES[int(auto[f"strip/{n}/role"])], dict(verdicts[n - 1].top)
            left = share.get(SINGING, 0.0) + share.get(TALKING, 0.0) if role.endswith("vocal") or role == TALKING else share.get(role, 0.0)
            self._doubt[n] = self._doubt.get(n, 0.0) + TICK_S if role != "unused" and share and left < DOUBT else 0.0
            if self._doubt[n] >= DOUBT_S:
                why = f"strip {n}: no {role.replace('_', ' ')} after all ({left:.0%}), not sure what it is"
                yield from auto.put(f"strip/{n}/role", 0.0, why)
                yield from auto.put(f"strip/{n}/colour", 0.0, why)

    def _may(self, n: int, role: str, was: str, verdict: Verdict, mode: str) -> bool:
        """A new strip soon; one that was named already only when it is heard as another for long."""
        before, seconds = self._since.get(n, ("", 0.0))
        seconds = seconds + TICK_S if before == role else 0.0
        self._since[n] = (role, seconds)
        if was == "unused":
            return verdict.seconds >= FIRST_S or (verdict.confidence >= FIRST_SURE and verdict.seconds >= FIRST_SURE_S)
        if {role, was} == {"lead_vocal", "backing_vocal"}:      # who leads has been thought about already
            return True
        return seconds >= SAME_S[mode] and (mode == "soundcheck" or verdict.confidence >= SURE)

    def _talks(self, n: int, verdict: Verdict) -> bool:
        """Speech beyond doubt; and nobody makes a speech while the others sing."""
        voice, share = self.voices[n], dict(verdict.top)
        return share.get(TALKING, 0.0) > TALKS * share.get(SINGING, 0.0) and voice.sung - voice.alone <= COMPANY * voice.sung

    def _listen(self, loudness: Array, voices: set[int]) -> None:
        """Who sounds now, and whether alone. The loudest of a strip counts from the start, also before anybody knew that it is a voice."""
        on = set()
        for n, level in enumerate(loudness, 1):
            voice = self.voices.setdefault(n, Voice())
            voice.top = max(voice.top - FORGET_LU, float(level))
            if n in voices and level > max(voice.top - LOUD_LU, QUIET_LUFS):
                on.add(n)
        for n in on:
            self.voices[n].sung += TICK_S
            self.voices[n].alone += TICK_S * (len(on) == 1)

    def _choose_lead(self, singers: Sequence[int], given: Mapping[int, str], mode: str) -> None:
        """Who has sung most, above all alone; of equals the lower number. A lead that a hand has named stays the only one."""
        if "lead_vocal" in given.values():
            self.lead = next(n for n, role in given.items() if role == "lead_vocal")
            return
        if not singers:
            return
        first = next((n for n in singers if self.voices[n].sung >= LEAD_S[mode]), 0)
        weight = {n: self.voices[n].weight * (ORDER if n == first else 1) for n in singers}
        best = max(singers, key=lambda n: (weight[n], -n))
        if self.lead not in singers or (self.voices[best].sung >= LEAD_S[mode] and weight[best] > LEADS_BY[mode] * weight[self.lead]):
            self.lead = best

    def _reason(self, n: int, role: str, verdict: Verdict) -> str:
        sure = f"sounds like {role.replace('_', ' ')}" if verdict.name else f"not sure, taken for {role.replace('_', ' ')} until somebody says"
        others = ", ".join(f"{name.replace('_', ' ')} {p:.0%}" for name, p in verdict.top[1:3] if p >= 0.01)
        voice = self.voices[n]
        who = f"; sang for {voice.sung:.0f} s, {voice.alone:.0f} s alone" if role.endswith("vocal") else ""
        return f"strip {n} {sure} ({verdict.confidence:.0%}{', else ' + others if others else ''}){who}"


def likely(verdict: Verdict) -> str:
    """The class to go by: what the recogniser is sure of, or after a while what is most likely; nothing where even that is not."""
    if verdict.name or verdict.seconds < GUESS_S or not verdict.top:
        return verdict.name
    share = dict(verdict.top)
    voice = share.get(SINGING, 0.0) + share.get(TALKING, 0.0)
    best, most = verdict.top[0]
    if voice > most:
        best, most = (SINGING if share.get(SINGING, 0.0) >= share.get(TALKING, 0.0) else TALKING), voice
    return best if most >= GUESS and best != EVERYTHING else ""
