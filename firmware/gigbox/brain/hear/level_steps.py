"""Lasting steps down in loudness: a microphone that was moved away, a weaker pickup. What was heard before one says nothing any more.

The last seconds of playing time against a long average, and only where they stay under it: a soft phrase is no step. Nothing of the kind is
needed upwards: there a mean of powers is over most of a step within its time constant, where downwards it takes more than two of them.
"""

from __future__ import annotations

import numpy as np

from gigbox.brain.arrays import Array, Flags
from gigbox.brain.hear.meters import TICK_S

RECENT_S, USUAL_S = 4.0, 30.0        # of playing time: what is compared, and with an average over how long
KNOWN_S = 10.0                       # of it, before anything counts as a step
DOWN_LU = 4.5                        # how far the recent must lie under it
LASTING_S = 3.0                      # and for how long
TICKS = round(RECENT_S / TICK_S)


class LevelSteps:
    """An entry a source. `recent`: mean power of its last 4 s of playing."""

    def __init__(self, count: int) -> None:
        self.recent = np.zeros(count)
        self._last = np.zeros((TICKS, count))          # powers of the last playing ticks, each source in a circle of its own
        self._usual = np.zeros(count)
        self._heard = np.zeros(count, int)             # playing ticks since the last step
        self._apart = np.zeros(count)                  # seconds of playing that the recent lay under

    def hear(self, power: Array, playing: Flags) -> Flags:
        """One tick: which sources have made a step; from now on what was heard before is forgotten."""
        on = np.flatnonzero(playing)
        self._last[self._heard[on] % TICKS, on] = power[on]
        self._heard[on] += 1
        self.recent[on] = self._last[:, on].sum(axis=0) / np.minimum(self._heard[on], TICKS)
        self._usual[on] += (power[on] - self._usual[on]) / np.minimum(self._heard[on], USUAL_S / TICK_S)
        with np.errstate(divide="ignore", invalid="ignore"):
            under = 10 * np.log10(self._usual / self.recent)
        far = (self._heard >= KNOWN_S / TICK_S) & (under > DOWN_LU)
        self._apart = np.where(far, self._apart + TICK_S * playing, 0.0)
        stepped = playing & (self._apart >= LASTING_S)
        self._usual[stepped], self._apart[stepped], self._heard[stepped] = self.recent[stepped], 0.0, TICKS + self._heard[stepped] % TICKS
        return np.asarray(stepped)

    def shift(self, source: int, db: float) -> None:
        """All that was heard of a source would have been `db` louder."""
        for power in (self.recent, self._last, self._usual):
            power[..., source] *= 10 ** (db / 10)
