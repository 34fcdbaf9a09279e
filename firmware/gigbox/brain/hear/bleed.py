"""Who is heard in whose microphone, and how much of each input is its own source.

Inputs are sums of sources through an interference matrix of powers, P_i(b) = sum_j leak_ij(b) V_j(b), solved for V by multiplicative updates
of the Kullback-Leibler divergence (native/src/bleed.c). The matrix is learnt from the music itself: what of j is left in i in the moments when i plays least.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gigbox._core import ffi, lib
from gigbox.brain.arrays import Array, Flags
from gigbox.brain.hear.bands import LOUD
from gigbox.brain.roles.roles import ROLES
from gigbox.rack import BANDS

LOUD_DB, SILENT_DB = 12.0, -75.0      # j is loud in a band: this near to its top there, and over this (dBFS behind the trim)
TOP_FALL_DB = 0.02                    # a tick
LOW, HIGH = 0.1, 0.9                  # quantiles of level i over level j while j is loud
STEPS_DB = (3.0, 0.2)                 # of the quantiles, per tick: at first, and later
TICKS = 15                            # that j must have been loud before anything is said
APART_DB = 12.0                       # between the quantiles: i has a life of its own, so the lower one is bleed
SHADOW_DB, SHADOW_TICKS = 7.0, 30     # or they are this near, over all of j's range: i has none, where it is much the quieter of the two
QUIETER_DB = 8.0
LEAST = 1e-12


class Bleed:
    """An entry a source; `hear` it every 100 ms. Sources of one role are never taken for bleed of each other."""

    def __init__(self, count: int) -> None:
        self._top = np.full((count, BANDS), -120.0)
        self._bottom = np.full((count, BANDS), 0.0)
        self._seen = np.zeros((count, count, BANDS))
        self._low, self._high = np.zeros((count, count, BANDS)), np.zeros((count, count, BANDS))
        self._loud = np.full(count, -120.0)
        self._may = np.zeros((count, count), bool)

    def cast(self, roles: Sequence[str]) -> None:
        """What the sources carry: only microphones hear others."""
        hears = [role in ROLES and ROLES[role].microphone for role in roles]
        known = [role in ROLES for role in roles]
        self._may = np.array([[hears[i] and known[j] and roles[i] != roles[j] for j in range(len(roles))] for i in range(len(roles))], bool)
        self._may = self._may.reshape(len(roles), len(roles))

    @property
    def may(self) -> Flags:
        """(sources, sources): whether the row's microphone can hear the column."""
        return self._may

    @property
    def leak(self) -> Array:
        """(sources, sources, BANDS) powers: what of the column's source is heard by the row's microphone; 1 on the diagonal, 0 where unknown."""
        width = self._high - self._low
        own_life = (self._seen >= TICKS) & (width >= APART_DB)
        shadow = (self._seen >= SHADOW_TICKS) & (width <= SHADOW_DB) & (self._top - self._bottom >= APART_DB)[None]
        shadow &= (self._loud[:, None] < self._loud[None] - QUIETER_DB)[..., None]
        known, leak = (own_life | shadow) & self._may[..., None], np.zeros_like(width)
        leak[known] = 10 ** (np.where(shadow, self._high, self._low)[known] / 10)      # powers cost more than all the rest
        leak[np.arange(len(leak)), np.arange(len(leak))] = 1.0
        return np.asarray(leak)

    def hear(self, power: Array) -> Array:
        """(sources, BANDS) mean powers of the last 100 ms, as they come in (no trims) to the share of each that is its own, 0..1."""
        power = power + LEAST
        if not self._may.any():
            return np.ones_like(power)
        self._learn(10 * np.log10(power))
        heard, leak = (np.ascontiguousarray(x, np.float32) for x in (power.T, self.leak.transpose(2, 0, 1)))
        share = np.empty_like(heard)
        lib.gb_own_share(len(power), *(ffi.from_buffer("float[]", x) for x in (heard, leak, share)))
        return np.asarray(share.T, float)

    def _learn(self, level: Array) -> None:
        self._top = np.maximum(self._top - TOP_FALL_DB, level)
        self._bottom = np.minimum(self._bottom + TOP_FALL_DB, level)
        self._loud = np.maximum(self._loud - TOP_FALL_DB, 10 * np.log10((10 ** (level / 10)) @ LOUD))
        loud = (level > self._top - LOUD_DB) & (level > SILENT_DB)
        over = level[:, None] - level[None]
        new = loud[None] & (self._seen == 0)
        self._low, self._high = np.where(new, over, self._low), np.where(new, over, self._high)
        step = np.maximum(STEPS_DB[0] / (1 + self._seen / 10), STEPS_DB[1]) * loud[None]
        self._low += step * np.where(over < self._low, LOW - 1, LOW)
        self._high += step * np.where(over < self._high, HIGH - 1, HIGH)
        self._seen += loud[None]


def own_loudness(share: Array, power: Array) -> Array:
    """dB by which each source is quieter than its microphone says, K-weighted; (sources,), at most 0."""
    return np.asarray(10 * np.log10(((share * power) @ LOUD + LEAST) / (power @ LOUD + LEAST)))
