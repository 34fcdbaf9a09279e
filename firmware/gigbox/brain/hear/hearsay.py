"""Which microphones hear nothing but the others: all they hear is the sum of what the others play, each as much softer as ever.

The powers of an input over the last seconds are fitted by a sum of those of the others, per group of bands, by multiplicative updates of the
Itakura-Saito divergence (Fevotte, Bertin, Durrieu 2009), which weighs soft and loud moments alike. A microphone with a source of its own goes its own
way by more than 2.5 dB within seconds; one without follows within about 1 dB. Who does not move at all tells nothing.
"""

from __future__ import annotations

import numpy as np

from gigbox.brain.arrays import Array, Flags
from gigbox.brain.hear.bands import LOUD
from gigbox.rack import BANDS

TICKS, LEAST_TICKS = 30, 20           # of 100 ms that it looks at
GROUPS, ROUNDS = 8, 15
FOLLOWS_DB, FOLLOWS_SHARE = 1.5, 0.1  # between the 10th and the 90th percentile of what the others leave unexplained; or of how far it moves itself
MOVES_DB = 2.0                        # and how far it must move to tell anything
QUIETER_DB = 6.0                      # than the loudest of those it follows: the others are not told by their own bleed
LOUD_DB = -65.0                       # nothing below is heard of anybody
UNKNOWN, OWN, HEARSAY = 0, 1, -1


class Hearsay:
    """An entry a source; `hear` it every 100 ms. `found`: OWN once it went its own way, HEARSAY while it only follows, UNKNOWN before."""

    def __init__(self, count: int) -> None:
        self.found = np.zeros(count, int)
        self._power = np.zeros((TICKS, count, GROUPS))
        self._ticks = 0

    def forget(self, source: int) -> None:
        """It is something else now."""
        self.found[source] = UNKNOWN

    def hear(self, power: Array, may: Flags) -> None:
        """(sources, BANDS) mean powers of the last 100 ms, as they come in (no trims); `may`: (sources, sources), who could hear whom."""
        groups = (power * LOUD).reshape(len(power), GROUPS, BANDS // GROUPS).sum(axis=2)
        self._power[self._ticks % TICKS] = groups + 1e-14
        self._ticks += 1
        asked = np.flatnonzero((self.found != OWN) & may.any(axis=1))
        if self._ticks >= LEAST_TICKS and len(asked):
            self._ask(int(asked[self._ticks % len(asked)]), may)

    def _ask(self, source: int, may: Flags) -> None:
        """One a tick."""
        first = self._ticks - min(self._ticks, TICKS)
        power = self._power[np.arange(first, self._ticks) % TICKS]
        power = (power[1:] + power[:-1]) / 2                          # what leaks comes some milliseconds late
        own, others = power[:, source], power[:, may[source]].transpose(2, 0, 1)      # (ticks, GROUPS), (GROUPS, ticks, others)
        level = 10 * np.log10(own.sum(axis=1))
        if level.max() < LOUD_DB:
            return
        fitted = _fitted(own.T[..., None], others)[..., 0].T
        left, moves = _range(level - 10 * np.log10(fitted.sum(axis=1))), _range(level)
        follows = left <= max(FOLLOWS_DB, FOLLOWS_SHARE * moves)
        loudest = 10 * np.log10(others.sum(axis=0).mean(axis=0).max())
        if follows and moves >= MOVES_DB and 10 * np.log10(own.sum(axis=1).mean()) < loudest - QUIETER_DB:
            self.found[source] = HEARSAY
        elif not follows and moves >= MOVES_DB:              # what stands still may be hiss
            self.found[source] = OWN


def _fitted(own: Array, others: Array) -> Array:
    """(GROUPS, ticks, 1) by (GROUPS, ticks, others): as near as any sum of the others comes, none of them negative."""
    gains = np.full((others.shape[0], others.shape[2], 1), 0.01)
    turned = others.transpose(0, 2, 1)
    for _ in range(ROUNDS):
        fit = others @ gains + 1e-16
        gains *= np.sqrt((turned @ (own / fit**2)) / (turned @ (1 / fit)))
    return np.asarray(others @ gains + 1e-16)


def _range(db: Array) -> float:
    low, high = np.percentile(db, (10, 90))
    return float(high - low)
