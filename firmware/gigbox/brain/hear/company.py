"""How much of what comes in is nobody else's: a microphone that hears only the others is their sum, whatever each of them plays.

P_i(b, t) = sum_j a_ij(b) P_j(b, t) with a >= 0 over all j that are louder than i, a least-squares fit by multiplicative updates (Lee and Seung 2001) of
running moments. What moves in i and is not in the fit is its own. `bleed.py` asks who of them is heard how loud, one by one; this asks whether all of them
together are enough.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gigbox.brain.arrays import Array
from gigbox.brain.hear.bands import LOUD
from gigbox.brain.hear.meters import TICK_S
from gigbox.brain.roles.roles import ROLES, UNKNOWN
from gigbox.rack import BANDS

TAU_S = 10.0              # of time in which anybody sounds
LATELY_S, SOFT = 1.0, 0.05      # loud passages count no more than soft ones: powers are of what the stage comes to lately, of its mean at least this
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
        self._lately = np.ones((BANDS, 1))
        self._first = np.zeros((BANDS, count))                       # moments of powers, each weighed by how loud the stage is lately
        self._second = np.zeros((BANDS, count, count))
        self._others = 1.0 - np.eye(count)
        self._fit = np.tile(self._others * FIRST, (BANDS, 1, 1))

    def cast(self, roles: Sequence[str]) -> None:
        """What the sources carry. Only what is known can be what another one hears; two of a role may be two ways of one source, but for voices."""
        known, of = np.array([role not in ("unused", UNKNOWN) for role in roles], bool), np.array(roles, str)
        voices = np.array([role in ROLES and ROLES[role].spectrum == "voice" for role in roles], bool)
        apart = (of[:, None] != of[None]) | (voices[None] & ~np.eye(len(roles), dtype=bool))
        self._others = (known[None] & apart).astype(float)

    def hear(self, power: Array) -> None:
        """(sources, BANDS) mean powers of the last 100 ms, as they come in, no trims."""
        p = power.T + LEAST
        if not (power > SILENT).any():
            return
        self.seconds += TICK_S
        share = TICK_S / min(self.seconds, TAU_S)
        self._mean += share * (p - self._mean)
        self._lately += TICK_S / LATELY_S * ((p / self._mean).mean(axis=1, keepdims=True) - self._lately)
        q = p / np.maximum(self._lately, SOFT) / self._mean.max(axis=1, keepdims=True)
        self._first += share * (q - self._first)
        self._second += share * (q[:, :, None] * q[:, None, :] - self._second)
        loud = LOUD @ self._mean
        self._fit = np.where(self._others * (loud[None] > loud[:, None]) > 0, np.maximum(self._fit, FIRST ** 2), 0.0)
        for _ in range(ROUNDS):
            self._fit *= self._second / np.maximum(self._fit @ self._second, LEAST ** 2)

    @property
    def knows(self) -> bool:
        """Whether enough was heard to say anything."""
        return self.seconds >= KNOWN_S

    @property
    def own(self) -> Array:
        """(sources,) the share of what moves in each that the others do not explain, K-weighted; 1: all its own, or not known yet."""
        if not self.knows:
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
