"""Tempo and beats while they happen: the period by autocorrelation of onsets, the beats by a score carried forward (Ellis 2007, made causal as by Stark,
Davies and Plumbley 2009)."""

from __future__ import annotations

import numpy as np

from gigbox.ideas.hear.onsets import BEHIND_S, PER_S

SLOWEST, FASTEST = 55.0, 200.0     # bpm
USUAL, SPREAD = 104.0, 0.65        # bpm, and octaves: what is likely before anything is heard
LOOK_S = 8.0
EVERY = PER_S // 2                 # the period is looked at twice a second
LEAST_S = 2.0                      # of onsets before any tempo is told
PERIODS = np.geomspace(60 / FASTEST, 60 / SLOWEST, 160) * PER_S
HALVES = 0.45                      # of a period, count so much
TIGHT, CARRIED = 5.0, 0.85
FORGET = 0.75                      # of an older look at the period, each half second


class BeatEar:
    """`hear` what began; beats come as times in seconds since it began to listen."""

    def __init__(self) -> None:
        self._onsets = np.zeros(int(LOOK_S * PER_S))
        self._score = np.zeros(4 * PER_S)
        self._weights = np.exp(-0.5 * (np.log2(60 * PER_S / PERIODS / USUAL) / SPREAD) ** 2)
        self._belief = np.zeros(len(PERIODS))
        self._heard, self._loud = 0, 0.0
        self._next = 0.0                    # in hops
        self.period = 0.0                   # hops of 10 ms; 0: none yet
        self.sure = 0.0

    @property
    def bpm(self) -> float:
        return 60 * PER_S / self.period if self.period else 0.0

    @property
    def next_s(self) -> float:
        """When the next beat is expected."""
        return self._next / PER_S - BEHIND_S

    def hear(self, rises: np.ndarray) -> list[float]:
        """The beats that fell into these hops."""
        beats = []
        for rise in rises:
            self._onsets[:-1] = self._onsets[1:]
            self._onsets[-1] = rise
            self._heard += 1
            if self._heard % EVERY == 0 and self._heard >= LEAST_S * PER_S:
                self._look()
            if self.period:
                self._carry(float(rise))
                if self._heard >= self._next:
                    beats.append(self._next / PER_S - BEHIND_S)
                    self._predict()
        return beats

    def _look(self) -> None:
        count = min(self._heard, len(self._onsets))
        x = self._onsets[-count:] - self._onsets[-count:].mean()
        power = float(x @ x)
        if power < 1e-6:
            self.sure *= 0.5
            return
        size = 1 << (2 * count - 1).bit_length()
        same = np.fft.irfft(np.abs(np.fft.rfft(x, size)) ** 2)[:count] / power
        same *= count / (count - np.arange(count) * 0.5)
        comb = sum(np.interp(PERIODS * n, np.arange(count), same, right=0.0) * (PERIODS * n < 0.7 * count) / n ** 0.5 for n in range(1, 5))
        half = np.interp(PERIODS * 0.5, np.arange(count), same)
        self._belief = FORGET * self._belief + np.maximum(comb + HALVES * half, 0.0) * self._weights
        best = int(self._belief.argmax())
        self.sure = float(np.clip(np.interp(PERIODS[best], np.arange(count), same) * 1.5, 0.0, 1.0))
        self._settle(PERIODS[best])

    def _settle(self, period: float) -> None:
        near = np.flatnonzero(np.abs(np.log(PERIODS / period)) < 0.03)
        weights = self._belief[near] - self._belief[near].min() + 1e-9
        found = float((PERIODS[near] * weights).sum() / weights.sum())
        first, self.period = not self.period, found
        if first:
            for rise in self._onsets[-min(self._heard, 3 * PER_S):]:
                self._carry(float(rise))
            self._predict()

    def _carry(self, rise: float) -> None:
        near, far = max(int(self.period / 2), 1), int(self.period * 2)
        lags = np.arange(near, far + 1)
        weights = np.exp(-0.5 * (TIGHT * np.log(lags / self.period)) ** 2)
        best = float((weights * self._score[-lags]).max())
        self._score[:-1] = self._score[1:]
        self._score[-1] = (1 - CARRIED) * rise + CARRIED * best

    def _predict(self) -> None:
        """The next beat: the newest period's best moment, and a period on."""
        count = max(round(self.period), 1)
        recent = self._score[-count:]
        shape = np.exp(-0.5 * ((np.arange(count) - (count - 1 - (self._heard - self._next)) if self._next else np.zeros(count)) / (0.25 * count)) ** 2)
        at = self._heard - count + 1 + int((recent * shape).argmax())
        after = at + self.period
        self._next = after if after > self._heard else after + self.period
