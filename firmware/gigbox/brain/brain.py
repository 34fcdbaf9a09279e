"""All that thinks ten times a second, in order: who is it, what should the mix be, is there hum. The live program and a render both run this."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from gigbox import params
from gigbox.boot import boot
from gigbox.brain.arrays import Array
from gigbox.brain.auto import ALIKE, Move
from gigbox.brain.desk_view import Layers, View, choice, role_of
from gigbox.brain.hear.leak_paths import LeakPaths, Leaks
from gigbox.brain.hear.meters import Heard, Meters
from gigbox.brain.mix import show_memory
from gigbox.brain.mix.automix import Automix
from gigbox.brain.mix.balance import Taste, no_taste
from gigbox.brain.mix.bleed_down import BleedDown
from gigbox.brain.mix.front import SINGERS, doubt
from gigbox.brain.mix.hum_notches import HumNotches
from gigbox.brain.mix.monitors import Monitors
from gigbox.brain.mix.naming import told_once
from gigbox.brain.mix.noise_question import NoiseQuestion
from gigbox.brain.mix.reverb_sends import ReverbSends
from gigbox.brain.mix.stage import BLEED
from gigbox.brain.mix.telling import Said
from gigbox.brain.roles.roles import UNKNOWN, UNNAMED
from gigbox.brain.roles.sources import GUESS, HEARD, TOLD, Source
from gigbox.brain.who.casting import NOTHING, Casting, possible
from gigbox.brain.who.recogniser import Recogniser, Verdict
from gigbox.brain.who.voices import SINGING, TALKING
from gigbox.rack import RATE, Rack

WANTED_FRAMES = 2 * RATE       # a brain that died is believed to listen for so long
NEW_S = 1.0                    # of playing, before a strip that nobody can name yet is mixed
OWN = 0.5                      # of what a microphone hears: from here on it is somebody's own, and what it heard before, if that was bleed, says nothing of him


class Brain:
    """`think` once per published 100 ms of meters. `recogniser` None: roles are only what hands say. `verdicts`: what it said last, by strip."""

    def __init__(self, recogniser: Recogniser | None = None, taste: Taste = no_taste, leaks: Leaks | None = None) -> None:
        """`leaks`: where the hop loop reads who is heard by whom."""
        self._recogniser, self._taste = recogniser, taste
        self._hearing, self._casting, self._monitors = Meters(), Casting(), Monitors()
        self._reverb, self._bleed, self._noise = ReverbSends(), BleedDown(), NoiseQuestion()
        self._paths, self._leaks = LeakPaths(0), leaks or Leaks()
        self.hum = HumNotches()
        self._bled = np.zeros(0, bool)                  # strips that hear nothing but the others, or did until lately
        self._shape: tuple[object, ...] = ()
        self._cast: tuple[object, ...] = ()
        self._begun = False
        self._saved: Mapping[str, Any] = {}
        self._named, self._looks = Said(), 0            # what was told when strips were named, and at which look
        self.verdicts: tuple[Verdict, ...] = ()
        self.automix = Automix([])

    @property
    def sources(self) -> list[Source]:
        return self.automix.sources

    @property
    def named(self) -> dict[int, str]:
        """Roles that the names of strips say for certain, by 1-based strip."""
        return self._casting.named

    def think(self, rack: Rack, view: View, mode: str) -> list[Move]:
        """What `auto` should do now, in `mode`: soundcheck or show. The rack must be writable: it is told that features are wanted."""
        rack.want(rack.frames + WANTED_FRAMES)
        self._looks += 1
        self._look_at_desk(rack.channels, view)
        self._go_on(view, mode)
        heard = self._hearing.hear(rack, self._trims(rack.channels))
        moves = self._recognise(self._recogniser, rack, view, heard, mode) if self._recogniser else []
        moves += self.automix.think(heard, mode, choice(view, "box/style"))
        moves += self._take_apart(rack)
        self._noise.think(self.automix.stage, view)
        moves += self._monitors.think(self.sources, self.automix.auto, view)
        moves += self._reverb.think(self.automix.stage, view)
        moves += self.hum.think(rack, [s for s in self.sources if s.role])
        return moves

    def _recognise(self, recogniser: Recogniser, rack: Rack, view: View, heard: Heard, mode: str) -> list[Move]:
        """What each strip carries, and who of the singers is in front."""
        strips, own = range(1, rack.channels + 1), self._own(rack.channels)
        recogniser.hear(rack)
        self._forget_bleed(recogniser, own)
        given = {n: params.ROLES[int(role)] for n in strips if (role := view.hand(f"strip/{n}/role")) is not None}
        came = heard.momentary - (heard.trims if heard.trims is not None else 0.0)
        self.verdicts = recogniser.verdicts()
        names = [view.text(f"strip/{n}/name") for n in strips]
        moves, stories = told_once(list(self._casting.think(self.verdicts, came, given, mode, self.automix.auto, names, own)))
        for n, story in stories.items():
            self._named.forget(n)
            self._named.note(n, self._looks, 0.0, story)
        sung = {s.strips[0]: self._casting.voices.sung(s.strips[0]) for s in self.sources if s.trust == HEARD and s.role_name in SINGERS}
        doubt(self.sources, {n: (weight * _voiced(self.verdicts[n - 1]), seconds) for n, (weight, seconds) in sung.items()}, mode)
        return moves

    def _take_apart(self, rack: Rack) -> Iterable[Move]:
        """Who is heard by whom goes to the hop loop, and what that is worth to the desk."""
        self._paths.hear(rack)
        self._leaks.take(self._paths.leak, rack)
        return self._bleed.think(self.automix.stage, self._paths.leak)

    def changed(self, path: str, before: Layers, now: Layers) -> None:
        """Somebody else changed a parameter: a hand, which may have kept what was auto's or taken that back, or a scene."""
        if before.auto == now.auto:
            if now.hand is None and before.hand is not None:
                self.automix.let_go(path)
        elif before.hand != now.hand and _alike(before.value, now.value) and (now.hand is not None or params.find(path).param.blend == "add"):
            self.automix.auto.keep(path, _number(path, before.auto) - _number(path, now.auto))
        else:
            self.automix.let_go(path)
            self.take(path, None if now.auto is None else _number(path, now.auto))

    def remarks(self) -> list[str]:
        """Lines for a person that are new."""
        new, self._casting.remarks, self._noise.new = self._casting.remarks + self._noise.new, [], []
        return new

    @property
    def questions(self) -> list[dict[str, Any]]:
        """What a person should decide, each with a reason and a proposal; plain JSON."""
        return [question.told for _, question in sorted(self._noise.open.items())]

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
                self.automix.auto.found(path, hand)
        self._begun = True

    def remember(self) -> dict[str, Any]:
        """What a brain that begins again in this show needs; empty where there is no show."""
        return show_memory.told(self.automix, boot())

    def recall(self, saved: Mapping[str, Any]) -> None:
        """What another brain left (`remember`): used once, when the strips are known."""
        self._saved = saved

    def _go_on(self, view: View, mode: str) -> None:
        saved, self._saved = self._saved, {}
        if saved:
            paths = [s.path("level") for s in self.sources]
            show_memory.recall(self.automix, saved, boot(), mode, {path: hand for path in paths if (hand := view.hand(path)) is not None})

    def _role(self, view: View, strip: int, verdict: Verdict | None) -> str:
        """What it carries; what plays and could not be named yet is mixed all the same, carefully: down is safe. Unused is only what a hand calls so."""
        role = role_of(view, strip)
        if role != "unused" or view.hand(f"strip/{strip}/role") is not None or strip in self._casting.named:
            return role
        if verdict is None or (verdict.top and verdict.top[0][0] == NOTHING):
            return UNNAMED
        known = any(strip in s.strips and s.role_name == UNKNOWN for s in self.sources)      # and is listened to anew
        return UNKNOWN if known or verdict.seconds >= NEW_S else UNNAMED

    def _trust(self, view: View, strip: int, role: str) -> str:
        """How far its role may be trusted."""
        if view.hand(f"strip/{strip}/role") is not None or strip in self._casting.called or not self._recogniser:
            return TOLD
        return GUESS if role in (UNKNOWN, UNNAMED) or strip in self._casting.unsure else HEARD

    def _own(self, channels: int) -> Array:
        """Of each strip: the share of what it hears that is nobody else's."""
        own = np.ones(channels)
        for source, share in zip(self.sources, self.automix.stage.own, strict=True):
            for n in source.strips:
                own[n - 1] = share
        return own

    def _forget_bleed(self, recogniser: Recogniser, own: Array) -> None:
        """A microphone into which somebody sings at last was heard as the others until then."""
        if len(self._bled) != len(own):
            self._bled = np.zeros(len(own), bool)
        for channel in np.flatnonzero(self._bled & (own >= OWN)):
            recogniser.forget(int(channel))
            self._casting.forget(int(channel) + 1)
        self._bled = np.where(own < BLEED, True, self._bled & (own < OWN))

    def _trims(self, channels: int) -> Array:
        """What auto holds of each strip's trim, dB."""
        trims = np.zeros(channels)
        for source in self.sources:
            for n in source.strips:
                trims[n - 1] = self.automix.auto[source.path("trim")]
        return trims

    def _look_at_desk(self, channels: int, view: View) -> None:
        """Strips may be linked, named, or told to carry something else at any time."""
        strips = range(1, channels + 1)
        pairs = tuple(n for n in strips if view.value(f"strip/{n}/link") > 0)
        names = tuple(view.text(f"strip/{n}/name") for n in strips)
        roles = tuple(self._role(view, n, self.verdicts[n - 1] if n <= len(self.verdicts) else None) for n in strips)
        trust = tuple(self._trust(view, n, roles[n - 1]) for n in strips)
        before = (self._shape, self._cast)
        if (channels, pairs) != self._shape:
            auto = self.automix.auto
            for path in auto:                       # of two linked strips only the left was told: the desk knows what the other holds
                if path.startswith("strip/"):
                    for n in strips:
                        other = f"strip/{n}/{path.split('/', 2)[2]}"
                        auto.take(other, view.auto(other))
            self._shape, self._cast = (channels, pairs), (names, roles, trust)
            self.automix = Automix(roles, names, pairs, self._taste, auto, self.automix.margin, trust)
        elif (names, roles, trust) != self._cast:
            self._cast = (names, roles, trust)
            self.automix.cast(roles, names, trust, [n for n in strips if view.hand(f"strip/{n}/role") is not None])
        heard = self._casting.weighed
        for source in self.sources:
            source.named = "" if view.hand(source.path("role")) is not None else self._named.holds(source.strips[0], self._looks, 0.0, math.inf)
            source.likely = possible(heard[source.strips[0] - 1]) if source.strips[0] <= len(heard) else ()
        if (self._shape, self._cast) != before:
            self._cast_paths(channels)

    def _cast_paths(self, channels: int) -> None:
        """Whose microphone can hear whom, strip by strip."""
        if len(self._paths.leak) != channels:
            self._paths = LeakPaths(channels)
        may, of = self.automix.stage.bleed.may, np.zeros((channels, len(self.sources)), int)
        for index, source in enumerate(self.sources):
            of[[n - 1 for n in source.strips], index] = 1
        self._paths.cast(of @ may @ of.T > 0)


def _voiced(verdict: Verdict) -> float:
    """How surely it is a voice at all, 0..1."""
    return sum(share for name, share in verdict.top if name in (SINGING, TALKING))


def _alike(one: float | str | bool | None, other: float | str | bool | None) -> bool:
    """Whether both sound the same."""
    return one == other or (isinstance(one, float) and isinstance(other, float) and abs(one - other) < ALIKE)


def _number(path: str, setting: object) -> float:
    """Choices are told by name; nothing is nothing."""
    return 0.0 if setting is None else params.find(path).param.check(setting, path)
