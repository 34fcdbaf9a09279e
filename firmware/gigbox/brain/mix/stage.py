"""What the mixing rules see: the sources, who plays and how loud, what each sounds like, where it belongs, and what `auto` holds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gigbox.brain.arrays import Array
from gigbox.brain.auto import Auto
from gigbox.brain.hear.activity import Activity
from gigbox.brain.hear.bleed import Bleed, own_loudness
from gigbox.brain.hear.company import Company
from gigbox.brain.hear.meters import TICK_S, Heard
from gigbox.brain.mix.balance import Balance
from gigbox.brain.roles.roles import UNKNOWN
from gigbox.brain.roles.sources import GUESS, HEARD, TOLD, Source
from gigbox.rack import BANDS

FADER_TAU_S = 10.0          # of playing time: phrases are the music's business, not the fader's
OWN = {TOLD: 0.0, HEARD: 0.25, GUESS: 0.5}      # the share of what a source hears that must be its own, before it is turned up
OWN_S = {HEARD: 1.0, GUESS: 2.0, UNKNOWN: 4.0}  # and seconds that it must have played
OWN_TICKS = 5
OVER_ALL = ("hihat_overhead", "ambience")       # whose business it is to hear the others
COLOUR_TAU_S = 5.0          # of playing time, for spectra and dynamics
BLOCKS = 4                  # of 100 ms that a momentary loudness is of


@dataclass
class Stage:
    """An entry a source in each array; what hands added to the trims is taken off everywhere, so that the rules never see it.

    `momentary`: LUFS of the source itself, without what leaks in. `spectrum`: (sources, BANDS) mean powers while it plays, behind the trim of
    auto. `peak_over`: dB of its peaks over its mean square while it plays. `taken`: dB that its compressor takes while it plays.
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
        self.momentary, self.peaks = np.full(count, -120.0), np.full(count, -120.0)
        self.spectrum, self.peak_over, self.taken = np.zeros((count, BANDS)), np.full(count, np.nan), np.zeros(count)
        self.clear = np.zeros(count)
        self.heard = np.zeros(count)                   # seconds that the last four are averages of
        self.thresholds = np.full(count, np.nan)       # dBFS of its compressor as it is heard, NaN where that is off
        self.muted = np.zeros(count)                   # 1 where all strips of the source are
        self.own = np.ones(count)
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

    def hear(self, heard: Heard) -> None:
        """One look: everything above is up to date then."""
        self.ticks += 1
        momentary, latest = (self._joined(level - heard.hands) for level in (heard.momentary, heard.latest))
        self.peaks = self._highest(heard.peaks - heard.hands)
        if heard.muted is not None:
            self.muted = 1 - self._highest(1.0 - heard.muted)
        if heard.thresholds is not None:
            self.thresholds = np.array([heard.thresholds[s.strips[0] - 1] for s in self.sources])
        if heard.bands is not None and heard.trims is not None:
            power = self._summed(heard.bands / 10 ** (heard.trims / 10)[:, None])
            share = self.bleed.hear(power)
            self.company.hear(power)
            if self.ticks % OWN_TICKS == 0:
                self.own = self.company.own
            less = self._own_over_400_ms(power, share)
            momentary, latest = momentary + less, latest + own_loudness(share, power)
        self.momentary = momentary
        self.activity.hear(momentary, latest, self.peaks, FADER_TAU_S, self.mode == "show")     # soundcheck is all ups and downs
        if heard.bands is not None and heard.trims is not None:
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
        self.taken += share * (self._highest(heard.taken) - self.taken)

    def shift(self, index: int, db: float) -> None:
        """A source was turned by its trim: what was heard before would have been `db` louder."""
        self.activity.shift(index, db)
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
        return np.array([10 * np.log10(sum(10 ** (level[n - 1] / 10) for n in s.strips)) for s in self.sources])

    def _summed(self, power: Array) -> Array:
        return np.array([sum(power[n - 1] for n in s.strips) for s in self.sources])

    def _highest(self, level: Array) -> Array:
        return np.array([max(level[n - 1] for n in s.strips) for s in self.sources])
