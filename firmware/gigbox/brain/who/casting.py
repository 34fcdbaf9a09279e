"""From what strips are called and the recogniser hears to roles: a class is a role, but for voices, of whom one leads, the others back, and some talk.

A hand's role counts before a name, a name before what is heard, and what is surely heard before a guess, which never leads and displaces nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from gigbox import params
from gigbox.brain.arrays import Array
from gigbox.brain.auto import TOGETHER_TICKS, Auto, Move
from gigbox.brain.hear.meters import TICK_S
from gigbox.brain.roles.roles import ROLES
from gigbox.brain.who.ensemble import CLASS_OF, OWN, weigh
from gigbox.brain.who.names import VOICES, Guess, role_of
from gigbox.brain.who.recogniser import Verdict
from gigbox.brain.who.voices import SINGING, TALKING, Voices

NOTHING = "silence_noise"
EVERYTHING = "playback"                # what bleed of a whole band sounds like, so that it is never guessed,
EVERYTHING_S = 6.0                     # nor believed at once, or of what comes in far under the loudest, or is explained by the others
SAME_S = {"soundcheck": 1.5, "show": 20.0}      # a role that was given is taken back only after it was heard as another for so long
SURE = 0.9                             # and in a show only as surely as this
GUESS, GUESS_S = 0.6, 6.0              # who stays unsure for so long is taken for what is most likely, if that is this likely, until somebody says
DOUBT, DOUBT_S = 0.35, 3.0             # a name with less than this left of it, for so long, was none
FIRST_S, FIRST_SURE, FIRST_SURE_S = 2.0, 0.9, 0.8       # of playing, before a strip is named at all; or surely, and half of that
AGAINST, AGAINST_S = 0.95, 8.0         # so surely and so long must something else be heard, before a word is said about a name
KIN = ({SINGING, TALKING}, {"drums", "hihat_overhead", "kick", "snare", "tom"}, {"electric_guitar", "acoustic_guitar"},
       {"keys", "synth", "playback", "strings"})      # one heard for another of these is no contradiction

ROLE_OF = {name: name for name in params.ROLES} | {SINGING: "lead_vocal", NOTHING: ""}      # of a class; who of the singers leads is found out below


@dataclass
class Casting:
    """`think` every 100 ms. Moves `strip/n/role`; strips whose role a hand has set are none of its business.

    `named`: roles that names say for certain, by 1-based strip; `called`: strips whose names say that or their kind; `unsure`: strips whose role is a
    guess; `remarks`: lines for a person, to be taken.
    """

    voices: Voices = field(default_factory=Voices)
    named: dict[int, str] = field(default_factory=dict)
    called: set[int] = field(default_factory=set)
    unsure: set[int] = field(default_factory=set)
    remarks: list[str] = field(default_factory=list)
    weighed: Sequence[Verdict] = ()                                         # what each strip is heard as, beside all others
    _bled: set[int] = field(default_factory=set)                            # what they were named for was the others
    _doubt: dict[int, float] = field(default_factory=dict)                  # for how long a given name has been in doubt
    _since: dict[int, tuple[str, float]] = field(default_factory=dict)      # what a strip has been heard as of late, and for how long
    _against: dict[int, str] = field(default_factory=dict)                  # names that something was said about
    _quiet: int = 0                                                         # ticks until the next name

    @property
    def lead(self) -> int:
        """1-based, 0 for nobody."""
        return self.voices.lead

    def think(self, verdicts: Sequence[Verdict], loudness: Array, given: Mapping[int, str], mode: str, auto: Auto,
              names: Sequence[str] = (), own: Array | None = None) -> Iterator[Move]:
        """`loudness`: LUFS of each strip over 400 ms, trims taken off; `given`: roles by hand, by 1-based strip; `names`: of the strips, in order;
        `own`: the share of what each hears that is nobody else's."""
        own = np.ones(len(verdicts)) if own is None else own
        guesses = {n: guess for n, name in enumerate(names, 1) if n not in given and (guess := role_of(name))}
        self.named = {n: guess.role for n, guess in guesses.items() if guess.sure}
        self.called = {n for n, guess in guesses.items() if not guess.hint}
        self._remark({n: guesses[n] for n in self.named}, verdicts)
        told = {**given, **self.named}
        verdicts = self.weighed = weigh(verdicts, told, {n: guess for n, guess in guesses.items() if not guess.sure}, own)
        self.unsure -= told.keys()
        yield from self._call(guesses, auto)
        heard = {n: name for n, verdict in enumerate(verdicts, 1)
                 if n not in told and (name := _taken_for(verdict, guesses.get(n))) and (verdict.name or n in guesses or own[n - 1] >= OWN)}
        voices = {n for n, name in heard.items() if name in (SINGING, TALKING)} | {n for n, role in told.items() if role in VOICES}
        self.voices.hear(loudness, voices, verdicts, {n for n, share in enumerate(own, 1) if share < OWN})
        still = {n: name for n, verdict in enumerate(verdicts, 1) if n not in told and own[n - 1] >= OWN and (name := self._still(n, verdict, auto))}
        heard = {n: name for n, name in sorted((still | heard).items())
                 if name != EVERYTHING or (self.voices.clear(n) and own[n - 1] >= OWN and verdicts[n - 1].seconds >= EVERYTHING_S)}
        singers = self._singers(heard, verdicts, guesses, auto)
        self.voices.choose_lead(self._may_lead(singers, verdicts, guesses, mode), told, mode, len(heard) + len(told) - len(singers))
        self._quiet = max(self._quiet - 1, 0)
        moves: list[Move] = []
        for n, name in heard.items():
            role = "lead_vocal" if n == self.lead or n in self.voices.turns else "backing_vocal" if n in singers else ROLE_OF[name]
            moves += self._cast(n, role, verdicts[n - 1], guesses.get(n), mode, auto)
        if mode == "soundcheck":
            moves += self._doubted([n for n in range(1, len(verdicts) + 1) if n not in heard and n not in told], verdicts, auto)
        self._quiet = TOGETHER_TICKS if moves else self._quiet
        yield from moves

    def forget(self, n: int) -> None:
        """What strip `n` was heard as until now were the others: it is named as soon as one that had no name."""
        self._bled.add(n)

    def _may_lead(self, singers: Sequence[int], verdicts: Sequence[Verdict], guesses: Mapping[int, Guess], mode: str) -> list[int]:
        """Of the singers, who is called or surely heard one; in a show nobody displaces who leads who is not as sure as for any other change."""
        least = SURE if mode == "show" and self.lead in singers else 0.0
        surely = {n for n in singers if verdicts[n - 1].name and verdicts[n - 1].confidence >= least}
        return [n for n in singers if n in surely or n in guesses or (n == self.lead and n not in self.unsure)]

    def _still(self, n: int, verdict: Verdict, auto: Auto) -> str:
        """A voice that was surely one is not forgotten for a moment's doubt: else another would lead until it is sure again."""
        if _role(auto, n) not in VOICES or n in self.unsure:
            return ""
        name, share = _voice(verdict)
        return name if share >= DOUBT else ""

    def _singers(self, heard: Mapping[int, str], verdicts: Sequence[Verdict], guesses: Mapping[int, Guess], auto: Auto) -> list[int]:
        """Voices that do not only talk. Who is called a singer is one, also while she talks."""
        found = []
        for n in (n for n, name in heard.items() if name in (SINGING, TALKING)):
            called = n in guesses and not guesses[n].hint and TALKING not in guesses[n].roles
            if called or not self.voices.talks(n, verdicts[n - 1], _role(auto, n) == TALKING):
                found.append(n)
        return found

    def _call(self, guesses: Mapping[int, Guess], auto: Auto) -> Iterator[Move]:
        """Names that say a role for certain count at once."""
        for n, role in self.named.items():
            if role != _role(auto, n):
                self._since.pop(n, None)
                yield from _put(n, role, f"strip {n} is {guesses[n].reason}", auto)

    def _cast(self, n: int, role: str, verdict: Verdict, guess: Guess | None, mode: str, auto: Auto) -> Iterator[Move]:
        was, sure = _role(auto, n), bool(verdict.name) or (guess is not None and not guess.hint)
        if role == was:
            self._bled -= {n} if verdict.seconds >= FIRST_S else set()
            self.unsure -= {n} if sure else set()
            self._since.pop(n, None)               # whatever it was taken for meanwhile was a moment's doubt
        elif role and self._may(n, role, was, verdict, guess, sure, mode) and not self._quiet:
            self._doubt.pop(n, None)
            self._bled.discard(n)
            (self.unsure.discard if sure else self.unsure.add)(n)
            yield from _put(n, role, self._reason(n, role, verdict, guess), auto)

    def _doubted(self, unsure: Sequence[int], verdicts: Sequence[Verdict], auto: Auto) -> Iterator[Move]:
        """A name that was given in soundcheck, and that hardly anything speaks for any more, is taken back."""
        for n in unsure:
            role, share = _role(auto, n), dict(verdicts[n - 1].top)
            left = sum(share.get(name, 0.0) for name in _classes(role))
            self._doubt[n] = self._doubt.get(n, 0.0) + TICK_S if role != "unused" and share and left < DOUBT else 0.0
            if self._doubt[n] >= DOUBT_S and not self._quiet:
                yield from _put(n, "unused", f"strip {n}: no {role.replace('_', ' ')} after all ({left:.0%}), not sure what it is", auto)

    def _may(self, n: int, role: str, was: str, verdict: Verdict, guess: Guess | None, sure: bool, mode: str) -> bool:
        """A new strip soon, one that is called so at once; one that was named already only when it is heard as another for long, and no guess
        takes anything from what is sure."""
        before, seconds = self._since.get(n, ("", 0.0))
        seconds = seconds + TICK_S if before == role else 0.0
        self._since[n] = (role, seconds)
        if was == "unused" or n in self._bled or (guess is not None and not guess.hint and was not in guess.roles):
            return guess is not None or verdict.seconds >= FIRST_S or (verdict.confidence >= FIRST_SURE and verdict.seconds >= FIRST_SURE_S)
        if {role, was} == {"lead_vocal", "backing_vocal"}:      # who leads has been thought about already
            return True
        if not sure and n not in self.unsure:
            return False
        return seconds >= SAME_S[mode] and (mode == "soundcheck" or verdict.confidence >= SURE)

    def _remark(self, guesses: Mapping[int, Guess], verdicts: Sequence[Verdict]) -> None:
        """Where a name and the sound disagree beyond doubt it is said once, and the name counts."""
        for n, guess in guesses.items():
            verdict = verdicts[n - 1]
            surely = verdict.name and verdict.confidence >= AGAINST and verdict.seconds >= AGAINST_S
            if surely and unlike(guess.role, verdict.name) and self._against.get(n) != guess.reason:
                self._against[n] = guess.reason
                self.remarks.append(f"strip {n} is {guess.reason}, but sounds like {verdict.name.replace('_', ' ')} ({verdict.confidence:.0%}); "
                                    "its name counts until somebody says otherwise")

    def _reason(self, n: int, role: str, verdict: Verdict, guess: Guess | None) -> str:
        """In the words of a sound check; the share is that of what is said."""
        said = role.replace("_", " ")
        share = sum(p for name, p in verdict.top if name in _classes(role))
        others = ", ".join(f"{name.replace('_', ' ')} {p:.0%}" for name, p in verdict.top if p >= 0.01 and name not in _classes(role))
        odds = f" ({share:.0%}{', else ' + others if others else ''})" if verdict.seconds else ""
        sure = f"is {guess.reason}: {said}" if guess else f"sounds like {said}" if verdict.name else f"not sure, taken for {said} until somebody says"
        voice = self.voices.of[n]
        who = f"; sang for {voice.sounded:.0f} s, {voice.alone:.0f} s alone" if role.endswith("vocal") and voice.sounded >= 1 else ""
        return f"strip {n} {sure}{odds}{'; ' + verdict.why if verdict.why else ''}{who}"


def likely(verdict: Verdict) -> str:
    """The class to go by: what the recogniser is sure of, or after a while what is most likely; nothing where even that is not."""
    if verdict.name or verdict.seconds < GUESS_S or not verdict.top:
        return verdict.name
    best, most = max(verdict.top[0], _voice(verdict), key=lambda one: one[1])
    return best if most >= GUESS and best != EVERYTHING else ""


def _voice(verdict: Verdict) -> tuple[str, float]:
    """Which voice it rather is, and how likely it is one at all."""
    share = dict(verdict.top)
    sings, talks = share.get(SINGING, 0.0), share.get(TALKING, 0.0)
    return SINGING if sings >= talks else TALKING, sings + talks


def possible(verdict: Verdict) -> tuple[tuple[str, float], ...]:
    """Roles that it may have, with how likely each is; a voice that nobody is sure of leads nobody."""
    return tuple(("backing_vocal" if name in (SINGING, TALKING) else ROLE_OF[name], share) for name, share in verdict.top
                 if name in ROLE_OF and name not in (NOTHING, EVERYTHING))


def _taken_for(verdict: Verdict, guess: Guess | None) -> str:
    """The class to go by, where a name may say something of it, too."""
    if guess is None:
        return likely(verdict)
    if not guess.hint:
        return verdict.top[0][0]
    heard = likely(verdict)
    return heard if heard and heard != NOTHING else CLASS_OF.get(guess.role, guess.role)


def _classes(role: str) -> tuple[str, ...]:
    """What the recogniser may call it: a singer's is how likely it is a voice at all."""
    return (SINGING, TALKING) if role in ("lead_vocal", "backing_vocal") else (role,)


def unlike(role: str, name: str) -> bool:
    """Whether a class of the recogniser is quite another thing than a role."""
    classes = set(_classes(role))
    return name not in classes and name != NOTHING and not any(name in group and group & classes for group in KIN)


def _role(auto: Auto, n: int) -> str:
    return params.ROLES[int(auto[f"strip/{n}/role"])]


def _put(n: int, role: str, why: str, auto: Auto) -> Iterator[Move]:
    """The role, and its colour on the desk."""
    yield from auto.put(f"strip/{n}/role", float(params.ROLES.index(role)), why)
    colour = ROLES[role].colour if role in ROLES else "none"
    of_it = f"strip {n}: the colour of {role.replace('_', ' ')}" if role in ROLES else why
    yield from auto.put(f"strip/{n}/colour", float(params.COLOURS.index(colour)), of_it)
