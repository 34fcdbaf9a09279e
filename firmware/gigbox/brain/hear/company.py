"""How much of what comes in is nobody else's: a microphone that hears only the others is their sum, whatever each of them plays.

P_i(b, t) = sum_j a_ij(b) P_j(b, t) with a >= 0, a least-squares fit by multiplicative updates (Lee and Seung 2001) of running moments. What moves in i and
is not in the fit is its own. `bleed.py` asks who of them is heard how loud, one by one; this asks whether all of them together are enough.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gigbox.brain.arrays import Array
from gigbox.brain.hear.bands import LOUD
from gigbox.brain.hear.meters import TICK_S
from gigbox.brain.roles.roles import UNKNOWN
from gigbox.rack import BANDS

TAU_S = 10.0              # of time in which anybody sounds
ROUNDS = 2                # of the updates, a tick
FIRST = 0.01              # what anybody is thought to leave in any other to begin with
KNOWN_S = 3.0             # of that time, before anything is said
LEAST = 1e-12
SILENT = 1e-9             # mean power of a band, below which there is nothing to explain


class Company:
    """An entry a source; `hear` it every 100 ms."""

    def __init__(self, count: int) -> None:
        self.seconds = 0.0
        self._mean = np.full((BANDS, count), LEAST)
        self._first = np.zeros((BANDS, count))                       # moments of powers, each moment weighed by how loud the stage is then
        self._second = np.zeros((BANDS, count, count))
        self._others = 1.0 - np.eye(count)
        self._fit = np.tile(self._others * FIRST, (BANDS, 1, 1))

    def cast(self, roles: Sequence[str]) -> None:
        """What the sources carry. Only what is known can be what another one hears; two of a role may be two ways of one source."""
        known, of = np.array([role not in ("unused", UNKNOWN) for role in roles], bool), np.array(roles, str)
        self._others = (known[None] & (of[:, None] != of[None])).astype(float)
        self._fit = np.where(self._others > 0, np.maximum(self._fit, FIRST ** 2), 0.0)

    def hear(self, power: Array) -> None:
        """(sources, BANDS) mean powers of the last 100 ms, as they come in, no trims."""
        p = power.T + LEAST
        if not (power > SILENT).any():
            return
        self.seconds += TICK_S
        share = TICK_S / min(self.seconds, TAU_S)
        self._mean += share * (p - self._mean)
        q = p / (p / self._mean).sum(axis=1, keepdims=True)
        self._first += share * (q - self._first)
        self._second += share * (q[:, :, None] * q[:, None, :] - self._second)
        for _ in range(ROUNDS):
            self._fit *= self._second / np.maximum(self._fit @ self._second, LEAST ** 2)
            self._fit *= self._others

    @property
    def own(self) -> Array:
        """(sources,) the share of what moves in each that the others do not explain, K-weighted; 1: all its own, or not known yet."""
        if self.seconds < KNOWN_S:
            return np.ones(len(self._others))
        fit, second = self._fit, self._second
        cross = np.einsum("bij,bij->bi", fit, second)
        square = np.einsum("bij,bjk,bik->bi", fit, second, fit)
        left = np.einsum("bij,bj->bi", fit, self._first)
        diagonal = np.einsum("bii->bi", second)
        moves = diagonal - self._first ** 2
        rest = diagonal - 2 * cross + square - (self._first - left) ** 2
        own = np.clip(rest / np.maximum(moves, LEAST ** 2), 0.0, 1.0)
        weight = self._mean * LOUD[:, None]
        return np.asarray((own * weight).sum(axis=0) / weight.sum(axis=0))
