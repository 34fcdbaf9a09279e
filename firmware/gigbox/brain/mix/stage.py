"""What the mixing rules see: the sources, who plays and how loud, what each sounds like, where it belongs, and what `auto` holds."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from gigbox.brain.arrays import Array
from gigbox.brain.auto import Auto
from gigbox.brain.hear.activity import NEAR_LU, QUIET_LUFS, Activity
from gigbox.brain.hear.bands import loudness
from gigbox.brain.hear.bleed import Bleed, own_loudness
from gigbox.brain.hear.company import Company
from gigbox.brain.hear.inserts import Inserts
from gigbox.brain.hear.meters import TICK_S, Heard
from gigbox.brain.mix.balance import Balance
from gigbox.brain.mix.telling import Said
from gigbox.brain.roles.roles import UNKNOWN
from gigbox.brain.roles.sources import GUESS, HEARD, TOLD, Source
from gigbox.rack import BANDS

FADER_TAU_S = 10.0          # of playing time: phrases are the music's business, not the fader's
OWN = {TOLD: 0.0, HEARD: 0.25, GUESS: 0.5}      # the share of what a source hears that must be its own, before it is turned up
OWN_S = {HEARD: 1.0, GUESS: 2.0, UNKNOWN: 4.0}  # and seconds that it must have played
BLEED = 0.2                 # a microphone of which hardly more than this is its own hears nothing but the others
OWN_TICKS = 5
OVER_ALL = ("hihat_overhead", "ambience")       # whose business it is to hear the others
COLOUR_TAU_S = 5.0          # of playing time, for spectra and dynamics
HIT_TICKS, LATELY_TICKS = 2, 30      # a hit is over before a fader has moved; who played so lately plays
INSERTS = ("comp", "gate", "eq", "hpf", "denoise")
MORPH_TICKS = 15            # a jump of the depth is over then
BLOCKS = 4                  # of 100 ms that a momentary loudness is of


@dataclass
class Stage:
    """An entry a source in each array; what hands added to the trims is taken off everywhere, so that the rules never see it.

    `momentary`: LUFS of the source itself as it comes in behind its trim, without what leaks in; `left`: of what its inserts leave of both.
    `spectrum`: (sources, BANDS) mean powers while it plays, behind the trim of auto. `peak_over`: dB of its peaks over its mean square while it plays.
    `taken`: dB that its compressor takes while it plays.
    `clear`: dB of itself over all that its microphone hears while it plays, at most 0. `own`: the share of that which all others together do not explain.
    """

    sources: list[Source]
    auto: Auto
    balance: Balance
    activity: Activity
    bleed: Bleed
    company: Company
    mode: str = "show"
    style: str = "pop"
    ticks: int = 0

    def __post_init__(self) -> None:
        count = len(self.sources)
        self.momentary, self.left, self.peaks = (np.full(count, -120.0) for _ in range(3))
        self.spectrum, self.peak_over, self.taken = np.zeros((count, BANDS)), np.full(count, np.nan), np.zeros(count)
        self.takes = np.zeros(count)                   # dB that its compressor takes now
        self.clear = np.zeros(count)
        self.heard = np.zeros(count)                   # seconds that the last four are averages of
        self.thresholds = np.full(count, np.nan)       # dBFS of its compressor as it is heard, NaN where that is off
        self.hands = np.zeros(count)                   # dB that hands have added to its trim
        self.since = np.full(count, 99)               # ticks since it sounded
        self.muted = np.zeros(count)                   # 1 where all strips of the source are
        self.own = np.ones(count)
        self.trimmed = Said()                          # what was told of trims, by first strips
        self._inserts, self._microphones, self._asked = Inserts(count), np.zeros(count, bool), np.zeros(count, bool)
        self._strips = np.array([n - 1 for s in self.sources for n in s.strips], int)      # of all sources, one after another, and where each begins
        self._begins = np.cumsum([0, *(len(s.strips) for s in self.sources)])[:-1]
        self._depth: float | None = None
        self._turned = MORPH_TICKS                     # ticks since the depth was another
        self._own: list[Array] = []
        self._all: list[Array] = []

    @classmethod
    def of(cls, sources: list[Source], auto: Auto, balance: Balance) -> Stage:
        spans = np.array([s.role.span if s.role else 0.0 for s in sources], float)
        trims = np.array([auto[s.path("trim")] for s in sources], float)
        stage = cls(sources, auto, balance, Activity(spans, trims), Bleed(len(sources)), Company(len(sources)))
        stage.recast()
        return stage

    def recast(self) -> None:
        """The roles of the sources are others now."""
        self.activity.expect(np.array([s.role.span if s.role else 0.0 for s in self.sources], float))
        roles = [s.role_name for s in self.sources]
        self.bleed.cast(roles)
        self.company.cast(roles)
        self._microphones = np.array([bool(s.role and s.role.microphone and not s.role.hears_all) for s in self.sources], bool)

    def hear(self, heard: Heard) -> None:
        """One look: everything above is up to date then."""
        self.ticks += 1
        self._turned = self._turned + 1 if self._depth in (None, heard.depth) else 0
        self._depth = heard.depth
        if self._turned < MORPH_TICKS:          # trims are still on their way to where the rack says they are
            return
        momentary, latest = (self._joined(level - heard.hands) for level in (heard.momentary, heard.latest))
        self.peaks = self._highest(heard.peaks - heard.hands)
        self.hands = np.array([heard.hands[s.strips[0] - 1] for s in self.sources])
        if heard.muted is not None:
            self.muted = 1 - self._highest(1.0 - heard.muted)
        if heard.thresholds is not None:
            self.thresholds = np.array([heard.thresholds[s.strips[0] - 1] for s in self.sources])
        self.left = came = momentary
        if heard.bands is not None and heard.trims is not None:
            power = self._summed(heard.bands / 10 ** (heard.trims / 10)[:, None])
            share = self.bleed.hear(power)
            self.company.hear(power)
            if self.ticks == 1 or self.ticks % OWN_TICKS == 0:
                self.own, self._asked = self.company.own, self._microphones & (not self.company.knows)
            self.activity.known(self._microphones & (self.own < BLEED), self._asked)
            less = self._own_over_400_ms(power, share)
            trims = np.array([self.auto[s.path("trim")] for s in self.sources])
            came = loudness(np.mean(self._all, axis=0)) + trims
            came = came + less
            latest = loudness(share * power) + trims
        self.momentary = came
        self.activity.hear(came, latest, self.peaks, FADER_TAU_S, self.mode == "show")     # soundcheck is all ups and downs
        self.since = np.where(self.activity.sounding, 0, self.since + 1)
        if heard.bands is not None and heard.trims is not None:
            self.activity.behind(self._inserts.hear(came - less, self.left, self.activity.foreground, self._whole))
            self._colour(heard, share * power, less)

    def _own_over_400_ms(self, power: Array, share: Array) -> Array:
        self._own, self._all = [*self._own, share * power][-BLOCKS:], [*self._all, power][-BLOCKS:]
        whole, own = np.sum(self._all, axis=0), np.sum(self._own, axis=0)
        return own_loudness(own / np.maximum(whole, 1e-12), whole)

    def _colour(self, heard: Heard, own: Array, less: Array) -> None:
        """Averages over playing time. `own`: (sources, BANDS) powers of the sources themselves, before the trim; `less`: dB, as in `clear`."""
        playing = self.activity.foreground
        self.heard = np.where(playing, self.heard + TICK_S, self.heard)
        share = np.where(playing, TICK_S / np.clip(self.heard, TICK_S, COLOUR_TAU_S), 0.0)
        self.clear += share * (less - self.clear)
        trims = np.array([self.auto[s.path("trim")] for s in self.sources])
        self.spectrum += share[:, None] * (own * 10 ** (trims / 10)[:, None] - self.spectrum)
        if heard.squares is None or heard.taken is None:
            return
        over = self.peaks - self._highest(heard.squares - heard.hands)
        self.peak_over = np.where(np.isnan(self.peak_over), np.where(playing, over, np.nan), self.peak_over + share * (over - self.peak_over))
        self.takes = self._highest(heard.taken)
        if self._whole:
            self.taken += share * (self.takes - self.taken)

    @property
    def _whole(self) -> bool:
        """Whether all of auto is heard as it is meant."""
        return self._depth is None or self._depth >= 100

    @property
    def cleaned(self) -> Array:
        """(sources,) dB that cleaning takes of each while it plays: what its compressor does not."""
        return np.maximum(self.activity.taken - self.taken, 0.0)

    def lately(self, index: int) -> bool:
        """Whether it has played in the last seconds."""
        return bool(self.since[index] <= LATELY_TICKS)

    def may_rise(self, index: int) -> bool:
        """Whether it sounds, or a hit of it has just died away."""
        return bool(self.since[index] <= HIT_TICKS and self.activity.active[index] and self.momentary[index] > QUIET_LUFS)

    def is_heard(self, index: int) -> bool:
        """Whether something of it comes out: what cleaning or a gate holds back is no time to raise a fader."""
        return not self.left[index] < self.activity.loudness[index] - NEAR_LU

    def story(self, index: int) -> str:
        """What was told of its trim, if that was lately."""
        return self.trimmed.holds(self.sources[index].strips[0], self.ticks, 0.0, math.inf)

    def every(self, seconds: float, first: float = 0.0) -> bool:
        """Whether `first` seconds, or since then so many, are over once more."""
        since = self.ticks - round(first / TICK_S)
        return since >= 0 and since % round(seconds / TICK_S) == 0 and self.ticks > 0

    def moved(self, paths: Iterable[str]) -> None:
        """Auto has moved these."""
        words = [path.split("/") for path in paths]
        strips = {int(path[1]) for path in words if path[0] == "strip" and path[2] in INSERTS}
        for index in (i for i, source in enumerate(self.sources) if source.strips[0] in strips):
            self._inserts.turned(index)

    def recall(self, index: int, came: float, taken: float, seconds: float) -> None:
        """An earlier program knew how loud it comes in, LUFS behind the trim, and what its inserts take, dB."""
        self.activity.recall(index, came, taken, seconds)
        self._inserts.recall(index, came, taken, seconds)

    def shift(self, index: int, db: float) -> None:
        """A source was turned by its trim: what was heard before would have been `db` louder."""
        self.activity.shift(index, db)
        self._inserts.shift(index, db)
        self.spectrum[index] *= 10 ** (db / 10)

    def trusted(self, index: int) -> bool:
        """Whether it is known well enough to be turned up: what was not told only where it plays by itself, and in a show never what nobody can name."""
        source = self.sources[index]
        if source.trust == TOLD:
            return True
        if source.role_name == UNKNOWN and self.mode == "show":
            return False
        own = self.own[index] >= OWN[source.trust] or (source.sure and source.role_name in OVER_ALL)
        return bool(own and self.activity.heard[index] >= OWN_S.get(source.role_name, OWN_S[source.trust]))

    def playing(self, strips: int) -> list[bool]:
        """Of each strip: whether it is playing now."""
        active = [False] * strips
        for source, on in zip(self.sources, self.activity.active, strict=True):
            for n in source.strips:
                active[n - 1] = bool(on) and source.role is not None
        return active

    def _joined(self, level: Array) -> Array:
        """LUFS of strips to those of sources: powers add."""
        return np.asarray(10 * np.log10(self._summed(10 ** (level / 10))))

    def _summed(self, power: Array) -> Array:
        return np.add.reduceat(power[self._strips], self._begins) if len(self._begins) else np.zeros((0, *power.shape[1:]))

    def _highest(self, level: Array) -> Array:
        return np.maximum.reduceat(level[self._strips], self._begins) if len(self._begins) else np.zeros(0)
