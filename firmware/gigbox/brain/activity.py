"""Who is playing, and how loud: momentary loudness per source, its floor, a gate with hysteresis, and an average over playing time only."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

TICK_S = 0.1
MEMORY_TICKS = 300               # floors and tops are of the last 30 s
OPEN_LU, CLOSE_LU = 12.0, 6.0    # above the floor (Mansbridge, Finn, Reiss 2012: a loudness gate with hysteresis)
QUIET_LUFS = -50.0               # nothing below is playing
CLOSE_TICKS = 4
FOREGROUND_LU = 10.0             # what lies further under the loudest is a tail or bleed, and not averaged (as the gate of BS.1770)
SPREAD_LU = 18.0                 # a floor nearer than this to the top belongs to the sound itself

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class Activity:
    """One entry per source. `loudness`: LUFS while playing, NaN before; `heard`: seconds it is an average of; `active`: playing now."""

    def __init__(self, played: Flags) -> None:
        """`played`: the source comes in hits or phrases; other sources may sound without end, so their floor is no clue."""
        count = len(played)
        self.active = np.zeros(count, bool)
        self.foreground = np.zeros(count, bool)
        self.heard = np.zeros(count)
        self._played = played
        self._power = np.zeros(count)
        self._memory = np.full((MEMORY_TICKS, count), np.nan)
        self._ticks = 0
        self._closing = np.zeros(count, int)
        self.top = np.full(count, -120.0)
        self.floor = np.full(count, -120.0)

    @property
    def loudness(self) -> Array:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.heard > 0, 10 * np.log10(self._power), np.nan)

    @property
    def certain(self) -> Flags:
        """Enough was heard to act on, and a played source stood out of its floor: bleed alone does not."""
        return (self.heard >= 1.0) & (~self._played | (self.top - self.floor >= OPEN_LU))

    def hear(self, momentary: Array, tau_s: float) -> None:
        """One tick of 0.1 s: momentary loudness (LUFS) of each source; `tau_s` is how much playing time the average forgets in."""
        self._memory[self._ticks % MEMORY_TICKS] = momentary
        self._ticks += 1
        known = self._memory[: min(self._ticks, MEMORY_TICKS)]
        self.floor = np.percentile(known, 10, axis=0, method="lower") if self._ticks >= 10 else np.full_like(momentary, -120.0)
        ordered = np.sort(known[-MEMORY_TICKS:], axis=0)
        self.top = ordered[max(len(ordered) - 3, 0)]                       # the third loudest: one thump is no top
        floor = np.where(self._played, np.minimum(self.floor, self.top - SPREAD_LU), -120.0)
        loud = momentary > QUIET_LUFS
        self._closing = np.where(loud & (momentary >= floor + CLOSE_LU), 0, self._closing + 1)
        self.active = np.where(self.active, self._closing < CLOSE_TICKS, loud & (momentary > floor + OPEN_LU))
        self.foreground = self.active & (momentary > self.top - FOREGROUND_LU)
        self._average(momentary, tau_s)

    def shift(self, source: int, db: float) -> None:
        """The source was turned by a trim: what was heard before would have been `db` louder."""
        self._power[source] *= 10 ** (db / 10)
        self._memory[:, source] += db
        self.top[source] += db
        self.floor[source] += db

    def _average(self, momentary: Array, tau_s: float) -> None:
        self.heard = np.where(self.foreground, self.heard + TICK_S, self.heard)
        share = TICK_S / np.minimum(np.maximum(self.heard, TICK_S), tau_s)
        power = 10 ** (momentary / 10)
        self._power = np.where(self.foreground, self._power + share * (power - self._power), self._power)
