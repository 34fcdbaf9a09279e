"""Who is playing, and how loud: momentary loudness per source, its floor, a gate with hysteresis, and an average over playing time only.

All is judged by what comes in, before a strip cleans and compresses it: what is taken away there is no silence, and a compressor that only begins to
bite is known at once (see inserts.py), not when the average of ten seconds has heard it.
"""

from __future__ import annotations

import numpy as np

from gigbox.brain.arrays import Array, Flags
from gigbox.brain.hear.level_steps import RECENT_S, LevelSteps
from gigbox.brain.hear.meters import TICK_S

MEMORY_TICKS = 300               # floors and tops are of the last 30 s
OPEN_LU, CLOSE_LU = 12.0, 6.0    # above the floor (Mansbridge, Finn, Reiss 2012: a loudness gate with hysteresis)
QUIET_LUFS = -50.0               # nothing below is playing
BLEED_LUFS = -36.0               # what comes in louder than this is no mere bleed
CLOSE_TICKS = 4
FOREGROUND_LU = 10.0             # what lies further under the average is a tail, and not counted (the gate of BS.1770)
NEAR_LU = 8.0                    # a source this far under its own average is hardly heard: no time to raise it;
UNDER_LU = 10.0                  # nor this far under its loudest: that is the tail of a hit, or what it hears of others
OPENING_TICKS = 50               # so long a hit with which all began is remembered
PEAK_FALL_DB = 0.02              # a tick: a peak is forgotten by 12 dB a minute
SURELY_S = 4.0                   # of playing, while nobody knows yet whether a microphone hears more than the others
LOUDER_LU = 10.0                 # than the loudest of late: so loud comes in only who was not heard before
GAP_SHARE = 3                    # per cent of the time that even a busy singer leaves for a breath


class Activity:
    """One entry per source. `came`: LUFS while playing, behind the trim, NaN before; `loudness`: that behind its inserts; `heard`: seconds it is an
    average of; `active`: playing now."""

    def __init__(self, span: Array, trims: Array | float = 0.0) -> None:
        """`span`: LU per source from its loudest to its floor: a floor nearer than this belongs to the sound itself; 0: never look for one.
        `trims`: dB that trims have added already."""
        count = len(span)
        self.active = np.zeros(count, bool)
        self.foreground = np.zeros(count, bool)      # loud enough to be counted in the average
        self.sounding = np.zeros(count, bool)        # and clearly so, right now
        self.heard = np.zeros(count)
        self._span, self._played = span, span > 0
        self._power = np.zeros(count)
        self._counted = np.zeros(count)              # seconds that the average is of, since the last step
        self._steps = LevelSteps(count)
        self._shifted = np.zeros(count) + trims  # dB that trims have added
        self._memory = np.full((MEMORY_TICKS, count), np.nan)
        self._ticks = 0
        self._warm_up = CLOSE_TICKS                                          # the first 400 ms hold the silence of before
        self._opening = np.full(count, -120.0)                               # LUFS of the loudest of these, while that is of late
        self._closing = np.zeros(count, int)
        self.peak = np.full(count, -120.0)       # dBFS, the highest of late
        self.top = np.full(count, -120.0)        # LUFS of the loudest hits of the last 30 s
        self.floor = np.full(count, -120.0)      # and of its quiet moments
        self._gap = np.full(count, -120.0)       # and of its quietest
        self.came, self.loudness = np.full(count, np.nan), np.full(count, np.nan)
        self.taken = np.zeros(count)             # dB that its inserts take while it plays
        self._recalled, self._bleeds, self._asked = (np.zeros(count, bool) for _ in range(3))
        self.certain = np.zeros(count, bool)     # enough was heard to act on, and a played source stood out of its floor or came in louder than bleed does;
                                                 # never of one that hears nothing but the others

    def expect(self, span: Array) -> None:
        """The sources are other ones than they were taken for."""
        self._span, self._played = span, span > 0

    def hear(self, momentary: Array, latest: Array, peaks: Array, tau_s: float, steps: bool = False) -> None:
        """One tick: loudness (LUFS) of each source over 400 ms and the last 100 ms, peaks (dBFS); `tau_s`: playing time the average forgets in;
        `steps`: it begins anew after a lasting step of loudness."""
        self._warm_up -= 1
        if self._warm_up >= 0:
            self._opening = np.maximum(self._opening, momentary)
            return
        self._opening = self._opening if self._ticks < OPENING_TICKS else np.full(len(momentary), -120.0)
        self.peak = np.maximum(self.peak - PEAK_FALL_DB, peaks)
        self._forget(momentary > np.maximum(self.top, QUIET_LUFS) + LOUDER_LU)
        self._memory[self._ticks % MEMORY_TICKS] = momentary
        self._ticks += 1
        known = np.sort(self._memory[: min(self._ticks, MEMORY_TICKS)], axis=0)
        self.floor, self._gap = known[len(known) // 10], known[len(known) * GAP_SHARE // 100]
        self.top = known[max(len(known) - 3, 0)]                           # the third loudest: one thump is no top
        floor = np.where(self._played, np.minimum(self.floor, self.top - self._span), -120.0)
        loud = (momentary > QUIET_LUFS) & ~self._bleeds
        self._closing = np.where(loud & (momentary >= floor + CLOSE_LU), 0, self._closing + 1)
        self.active = np.where(self.active, self._closing < CLOSE_TICKS, loud & (momentary > floor + OPEN_LU)) & ~self._bleeds
        gate = np.maximum(_mean_lufs(known) - FOREGROUND_LU, floor + CLOSE_LU)
        self.foreground = self.active & (momentary > gate)
        self._average(momentary, tau_s, steps)
        self._judge()
        self.sounding = self.foreground & (latest > gate) & (momentary > np.maximum(self.came - NEAR_LU, np.maximum(self.top, self._opening) - UNDER_LU))

    def known(self, bleeds: Flags, asked: Flags) -> None:
        """Who hears nothing but the others (see company.py), and of whom that is still asked."""
        self.heard, self._counted = (np.where(bleeds, 0.0, seconds) for seconds in (self.heard, self._counted))      # what was heard was others
        self._bleeds, self._asked = bleeds, asked

    def _forget(self, louder: Flags) -> None:
        """Who comes in so much louder than ever was not heard before: that was hiss, bleed or a crowd."""
        self.heard, self._counted = np.where(louder, 0.0, self.heard), np.where(louder, 0.0, self._counted)

    def behind(self, taken: Array) -> None:
        """`taken`: dB that the inserts of each take while it plays."""
        self.taken = taken
        self.loudness = self.came - taken

    def recall(self, source: int, came: float, taken: float, seconds: float) -> None:
        """An average that is known already."""
        self._power[source], self.taken[source] = 10 ** (came / 10), taken
        self.heard[source] = self._counted[source] = seconds
        self._recalled[source] = True
        self._judge()

    def shift(self, source: int, db: float) -> None:
        """The source was turned by a trim: what was heard before would have been `db` louder."""
        self._power[source] *= 10 ** (db / 10)
        self._steps.shift(source, db)
        self._shifted[source] += db
        self._memory[:, source] += db
        for level in (self.top, self.floor, self._gap, self.peak, self._opening):
            level[source] += db
        self._judge()

    def _judge(self) -> None:
        with np.errstate(divide="ignore", invalid="ignore"):
            self.came = np.where(self.heard > 0, 10 * np.log10(self._power), np.nan)
            loud = (self.came - self._shifted > BLEED_LUFS) | self._recalled
            stands_out = (self.top - self._gap >= OPEN_LU) | loud
        self.loudness = self.came - self.taken
        heard = np.where(self._asked & ~loud, SURELY_S, 1.0)
        self.certain = (self.heard >= heard) & (~self._played | stands_out)

    def _average(self, momentary: Array, tau_s: float, steps: bool) -> None:
        power = 10 ** (momentary / 10)
        self.heard = np.where(self.foreground, self.heard + TICK_S, self.heard)
        self._counted = np.where(self.foreground, self._counted + TICK_S, self._counted)
        share = TICK_S / np.minimum(np.maximum(self._counted, TICK_S), tau_s)
        self._power = np.where(self.foreground, self._power + share * (power - self._power), self._power)
        stepped = self._steps.hear(power, self.foreground) & steps
        self._power = np.where(stepped, self._steps.recent, self._power)
        self._counted = np.where(stepped, RECENT_S, self._counted)


def _mean_lufs(known: Array) -> Array:
    """Of all moments that were not quiet, per source (columns)."""
    power = np.where(known > QUIET_LUFS, 10 ** (known / 10), 0)
    return np.asarray(10 * np.log10(power.sum(axis=0) / np.maximum((power > 0).sum(axis=0), 1) + 1e-12))
