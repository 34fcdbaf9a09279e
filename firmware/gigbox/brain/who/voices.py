"""The voices: for how long each sounded, alone and with others, sang and talked; who of the singers leads, and who only talks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from gigbox.brain.arrays import Array
from gigbox.brain.hear.meters import TICK_S
from gigbox.brain.who.recogniser import Verdict

SINGING, TALKING = "singing", "speech"
BLEED_LU = 15.0                        # what comes in so far under the loudest of a stage is rather bleed
LOUD_LU, QUIET_LUFS = 15.0, -55.0      # a voice sounds within this of the loudest that was heard of it, and over this
FORGET_LU = 0.005                      # a tick
OWN_LU = 10.0                          # who comes in so much louder than ever before was not heard before: that was bleed
TALKS = 10.0                           # a voice talks where speech is so many times as likely as singing, and goes on where it is more likely
COMPANY = 0.3                          # and where hardly more than this share of it sounds together with others who sing
SANG_S = 8.0                           # who has sung for so long, and surely, is a singer, who may talk between songs
SURELY = 3.0                           # which is where singing is so many times as likely as speech
ALONE = 2.0                            # a second of singing alone says this much more of who leads than one in company
FADE_S = 20.0                          # of singing, whoever sings: what was sung so long before says little of who is in front now
ORDER = 2.5                            # the first of the voices counts so much more: input lists name the lead before the others
LEADS_BY = {"soundcheck": 1.3, "show": 2.0}     # who leads must lead by this much to take over from another
LEAD_S = {"soundcheck": 3.0, "show": 8.0}       # and must have sung for so long
TURNS, TURNS_S, TURNS_SHARE = 0.6, 3.0, 0.5     # who sings so much of its time alone, for so long, and so much as the lead, backs nobody: they take turns,
STAYS = 0.15                           # and go on with so much less of both
CHOIR, CHOIR_SHARE, CHOIR_S = 3, 0.7, 5.0       # so many voices that sound together for this share of their time are a choir, which nobody leads


@dataclass
class Voice:
    """What is known of a voice: seconds that it sounded, of them while nobody else sang, of them surely singing; `lately`: `weight`, fading; the loudest
    of late, LUFS."""

    sounded: float = 0.0
    alone: float = 0.0
    sang: float = 0.0
    lately: float = 0.0
    top: float = -120.0

    @property
    def weight(self) -> float:
        return self.sounded + ALONE * self.alone

    @property
    def company(self) -> float:
        """The share of it that sounds together with others who sing."""
        return 1 - self.alone / self.sounded if self.sounded else 0.0


@dataclass
class Voices:
    """`hear` every 100 ms, then ask. `lead`: 1-based, 0 for nobody; `turns`: singers who take turns with it, and lead while they sing."""

    lead: int = 0
    turns: set[int] = field(default_factory=set)
    of: dict[int, Voice] = field(default_factory=dict)

    def hear(self, loudness: Array, voices: Collection[int], verdicts: Sequence[Verdict], bleeds: Collection[int] = ()) -> None:
        """Who sounds now, and whether alone. The loudest of a strip counts from the start, also before anybody knew that it is a voice; what only
        `bleeds` does not sound."""
        on = set()
        for n, level in enumerate(loudness, 1):
            voice = self.of.setdefault(n, Voice())
            if level > max(voice.top + OWN_LU, QUIET_LUFS):
                voice.sounded = voice.alone = voice.sang = voice.lately = 0.0
            voice.top = max(voice.top - FORGET_LU, float(level))
            if n in voices and n not in bleeds and level > max(voice.top - LOUD_LU, QUIET_LUFS):
                on.add(n)
        sing = {n for n in on if _share(verdicts[n - 1], SINGING) > _share(verdicts[n - 1], TALKING)}
        for voice in self.of.values() if sing else ():
            voice.lately *= 1 - TICK_S / FADE_S
        for n in on:
            voice, before = self.of[n], self.of[n].weight
            voice.sounded += TICK_S
            voice.alone += TICK_S * (not sing - {n})
            voice.lately += voice.weight - before
            voice.sang += TICK_S * (_share(verdicts[n - 1], SINGING) > SURELY * _share(verdicts[n - 1], TALKING))

    def clear(self, n: int) -> bool:
        """Whether it is near enough to the loudest of the stage to be more than bleed."""
        return self.of[n].top > max(voice.top for voice in self.of.values()) - BLEED_LU

    def sung(self, n: int) -> tuple[float, float]:
        """How much it has sung of late, and seconds of all of that. Of those who take turns all counts: each is silent for a verse, and leads in the next."""
        voice = self.of.get(n, Voice())
        return voice.weight if self.turns and n in self.turns | {self.lead} else voice.lately, voice.sounded

    def talks(self, n: int, verdict: Verdict, talked: bool) -> bool:
        """Speech beyond doubt, or still rather speech where it `talked`; nobody makes a speech while the others sing, and who sang is a singer."""
        voice = self.of[n]
        most = _share(verdict, TALKING) > (1.0 if talked else TALKS) * _share(verdict, SINGING)
        return most and voice.company <= COMPANY and voice.sang < SANG_S

    def choose_lead(self, singers: Sequence[int], told: Mapping[int, str], mode: str, others: int) -> None:
        """Who has sung most, above all alone; of equals the lower number. A lead that was told stays the only one; `others` are no voices."""
        self._choose(singers, told, mode, others)
        self.turns = {n for n in singers if self.lead in singers and n != self.lead and self._takes_turns(n)}

    def _choose(self, singers: Sequence[int], told: Mapping[int, str], mode: str, others: int) -> None:
        if "lead_vocal" in told.values():
            self.lead = next(n for n, role in told.items() if role == "lead_vocal")
            return
        if not singers or self._choir(singers, others):
            self.lead = 0
            return
        first = next((n for n in singers if self.of[n].sounded >= LEAD_S[mode]), 0)
        weight = {n: self.of[n].weight * (ORDER if n == first else 1) for n in singers}
        best = max(singers, key=lambda n: (weight[n], -n))
        if self.lead not in singers or (self.of[best].sounded >= LEAD_S[mode] and weight[best] > LEADS_BY[mode] * weight[self.lead]):
            self.lead = best

    def _takes_turns(self, n: int) -> bool:
        """Where two sing in turns nobody can tell by listening who of them backs whom, and each is in front while it sings."""
        voice, lead = self.of[n], self.of[self.lead]
        most = 1 - TURNS + STAYS * (n in self.turns)
        return (self.clear(n) and voice.alone >= TURNS_S and voice.company <= most
                and voice.weight >= (TURNS_SHARE - STAYS * (n in self.turns)) * lead.weight)

    def _choir(self, singers: Sequence[int], others: int) -> bool:
        """Many who sing together all the time, with hardly anybody to play for them."""
        voices = [self.of[n] for n in singers]
        return len(voices) >= CHOIR and others < len(voices) and all(v.company >= CHOIR_SHARE and v.sounded >= CHOIR_S for v in voices)


def _share(verdict: Verdict, name: str) -> float:
    return dict(verdict.top).get(name, 0.0)
