"""What may be taken for noise at all: only what was seen to be there while everything else paused, or what can be nothing but noise.

A model that begins knows nothing of a strip. A held note, a pad, a choir that sounds from the first moment on is as steady as a fan, and the model
would take it down until it hears it end. So a model that begins leaves tones alone at first; and on a strip of which nobody says that it carries a
voice nothing is ever taken down before it is known what the noise is. Harm is worse than hiss. Levels are dB a band, as the core gives them.
"""

from __future__ import annotations

import numpy as np

from gigbox.brain.arrays import Array, Flags, Indices
from gigbox.rack import BANDS, CHANNELS, HOP, RATE, Floats

EVERY = 4                                # hops between two looks
LOOK_S = EVERY * HOP / RATE
ALIVE_DB = -95.0                         # a band whose loudest is softer than this says nothing,
MATTERS_DB = 25.0                        # and one so far under the loudest of all hardly anything
TOP_FALLS_DB = 2.0                       # a second: what was heard loudest is forgotten so fast
PAUSE_DB, PAUSE_SHARE, PAUSE_S = 6.0, 0.6, 0.08      # a pause: so many of the bands that matter are so far under their loudest, for so long,
FALL_DB, FALL_S = 0.8, 0.1               # and all of them on average no further under the mean of so long: what dies away is no noise
QUIET_S = 0.3                            # the least that is heard in pauses is averaged over this long
STEADY_S, LONG_S = 0.75, 1.5             # noise stays where it is for so long: its mean of a third of LONG_S
DRIFT_DB = 2.0                           # is within this of that of all of it,
NOISY_SHARE = 0.8                        # in so many of the bands that matter, and these, and what is loudest, have no tones
FEW, MANY = 0.3, 0.6                     # share of tones in a band: none to speak of, and little else
TONES_FALL = 0.7                         # what was tones is still taken for them: what is left of their share after each look at tones
TRUSTED_S = 1.0, 1.5                     # on a strip that is said to carry a voice tones stay for so long, and then less and less: the model knows voices
NEAR_DB, FAR_DB = 10.0, 18.0             # over the least of the noise: up to here all may be taken down, and from here on nothing
UNKNOWN_DB = -200.0


class Evidence:
    """Of every strip. Give it each hop (`hear`), and now and then what are tones; `share` says how far each band may be taken down."""

    def __init__(self, channels: int = CHANNELS) -> None:
        shape = (BANDS, channels)
        self.noise = np.full(shape, UNKNOWN_DB, np.float32)          # what is known to be noise; UNKNOWN_DB: nothing yet
        self.tones = np.ones(shape, np.float32)                      # 0..1; what was not looked at yet could be nothing else
        self._top = np.full(shape, UNKNOWN_DB, np.float32)
        self._mean, self._long = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        self._level = np.zeros(channels, np.float32)                 # of the bands, their mean of late
        self._looks, self._paused, self._steady = (np.zeros(channels, int) for _ in range(3))
        self._hop = 0

    def forget(self, strips: Indices) -> None:
        """These strips begin anew: nothing is known of them."""
        self.noise[:, strips] = self._top[:, strips] = UNKNOWN_DB
        self.tones[:, strips] = 1
        for counts in (self._looks, self._paused, self._steady):
            counts[strips] = 0

    def hear_tones(self, share: Floats, strips: Indices) -> None:
        """(BANDS, n), 0..1: how much of each band of these n strips are tones (hear/tones.py)."""
        known = self._looks[strips] > 0
        self.tones[:, strips] = np.where(known, np.maximum(self.tones[:, strips] * np.float32(TONES_FALL), share), share)

    def hear(self, energy: Floats, smooth: Floats, minimum: Floats, strips: Indices) -> None:
        """One hop: (BANDS, n) dB of these n strips, over 20 and 40 ms, and the least of these of the last second or two."""
        self._hop += 1
        if self._hop % EVERY == 0 and len(strips):
            self._look(energy, smooth, minimum, strips)

    def share(self, smooth: Floats, strips: Indices, voices: Flags) -> Floats:
        """(n, BANDS), 0..1: for how much of what is to be taken down, in dB, there is evidence.

        smooth: (BANDS, n) dB; `voices`: (n,), is said to carry one.
        """
        share = np.clip((FAR_DB - (smooth - self.noise[:, strips])) * np.float32(1 / (FAR_DB - NEAR_DB)), 0, 1)
        begin, end = TRUSTED_S
        trust = np.clip((self._looks[strips] * LOOK_S - begin) / (end - begin), 0, 1).astype(np.float32)
        tones = self.tones[:, strips]
        tones[1:-1] = np.maximum(tones[1:-1], np.maximum(tones[:-2], tones[2:]))      # the filter's gain is a straight line from band to band
        toneless = np.clip((MANY - tones) * np.float32(1 / (MANY - FEW)), 0, 1)
        share = np.where(voices, np.maximum(share, np.maximum(toneless, trust)), share)
        return np.asarray(share.T, np.float32)

    def _look(self, energy: Floats, smooth: Floats, minimum: Floats, strips: Indices) -> None:
        self._looks[strips] += 1
        self._top[:, strips] = top = np.maximum(self._top[:, strips] - np.float32(TOP_FALLS_DB * LOOK_S), smooth)
        matters = (top > ALIVE_DB) & (top > top.max(axis=0) - MATTERS_DB)
        count = np.maximum(matters.sum(axis=0), 1)
        pauses = (matters & (smooth < top - PAUSE_DB)).sum(axis=0) >= PAUSE_SHARE * count
        pauses &= ~self._falls(np.where(matters, smooth, 0).sum(axis=0) / count, strips)
        tones, power = self.tones[:, strips], np.power(np.float32(10), top * np.float32(0.1))
        steady = (matters & self._stays(energy, strips) & (tones < FEW)).sum(axis=0) >= NOISY_SHARE * count
        steady &= (tones * power).sum(axis=0) < FEW * power.sum(axis=0)
        for counts, now in ((self._paused, pauses), (self._steady, steady & matters.any(axis=0))):
            counts[strips] = np.where(now, counts[strips] + 1, 0)
        self._learn(minimum, strips, (self._paused[strips] * LOOK_S >= PAUSE_S) | (self._steady[strips] * LOOK_S >= STEADY_S))

    def _falls(self, level: Array, strips: Indices) -> Flags:
        """Whether the bands die away together."""
        share = np.where(self._looks[strips] == 1, 1.0, LOOK_S / FALL_S)
        self._level[strips] += share * (level - self._level[strips])
        return np.asarray(level < self._level[strips] - FALL_DB)

    def _stays(self, energy: Floats, strips: Indices) -> Flags:
        """(BANDS, n): which bands have been as loud as they are for long."""
        first = 1 / self._looks[strips]
        for average, seconds in ((self._mean, LONG_S / 3), (self._long, LONG_S)):
            average[:, strips] += np.maximum(LOOK_S / seconds, first).astype(np.float32) * (energy - average[:, strips])
        return np.asarray(np.abs(self._mean[:, strips] - self._long[:, strips]) < DRIFT_DB)

    def _learn(self, minimum: Floats, strips: Indices, known: Flags) -> None:
        now = self.noise[:, strips]
        heard = np.where(now == UNKNOWN_DB, minimum, now + np.float32(LOOK_S / QUIET_S) * (minimum - now))
        self.noise[:, strips] = np.where(known, heard, now)
