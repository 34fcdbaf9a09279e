"""The tune so far: what the leading voice sings or plays, as notes, and the manner of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from gigbox.rack import Floats
from gigbox.tuner import HEARD, pitch

LEADS = ("lead_vocal", "brass_sax", "backing_vocal")     # the first that plays is followed
LOWEST, HIGHEST = 40, 88
REACH = 14                 # semitones that a step is counted to, either way
KEPT = 400                 # notes


@dataclass(frozen=True)
class Manner:
    """`low`, `high`: where most notes lie; `per_s`: how many begin in a second; `steps`: (2 REACH + 1,) how often each step was taken."""

    low: int = 57
    high: int = 74
    per_s: float = 2.0
    steps: np.ndarray = field(default_factory=lambda: np.zeros(2 * REACH + 1))


class LeadEar:
    """`hear` every 100 ms; a note is one that two looks agree on."""

    def __init__(self) -> None:
        self._sound = np.zeros(HEARD, np.float32)
        self._last = self._note = 0
        self._sung_s = 0.0
        self.notes: list[int] = []

    def hear(self, dry: Floats, roles: Sequence[str]) -> None:
        strips = [n for lead in LEADS for n, role in enumerate(roles) if role == lead and np.abs(dry[:, n]).max() > 3e-3]
        if not strips:
            self._last = self._note = 0
            return
        self._sound = np.concatenate([self._sound[len(dry):], dry[:, strips[0]]])[-HEARD:]
        found = pitch(self._sound)
        now = round(69 + 12 * np.log2(found.hz / 440)) if found and found.sure > 0.9 else 0
        self._sung_s += 0.1 * (now > 0)
        if now and now == self._last and now != self._note and LOWEST <= now <= HIGHEST:
            self.notes = [*self.notes[-KEPT:], now]
            self._note = now
        self._last = now

    def manner(self) -> Manner:
        if len(self.notes) < 8:
            return Manner()
        low, high = np.percentile(self.notes, [5, 95])
        steps = np.zeros(2 * REACH + 1)
        np.add.at(steps, np.clip(np.diff(self.notes), -REACH, REACH) + REACH, 1)
        middle = (low + high) / 2
        return Manner(int(min(low, middle - 6)), int(max(high, middle + 6)), float(np.clip(len(self.notes) / max(self._sung_s, 1.0), 0.8, 4.0)), steps)
