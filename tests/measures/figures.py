"""The figures of a mix: each declared once with its head, its goal and how it is computed from material and mix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tests.measures.balance import counted, errors, false_rise, limiting, places
from tests.measures.loudness import HOP, RATE, decibels, k_power, true_peak
from tests.measures.places import LATE, SPEECH_LAR, common_trim, common_trim_by_then, lead_role, singing, wanted, wanted_by_then
from tests.measures.spectrum import hidden, mean_mix, tilt
from tests.measures.systems import Material, Mixed

NAN = float("nan")
KNOWN_TICKS = 10      # a part is placed once it was heard for a second
NEAR_LU = 2.0


@dataclass(frozen=True)
class Case:
    """One system's mix of one song, and the LAR that its style wants. `raw_hidden`: how much of the voice the raw sum hides."""

    material: Material
    mixed: Mixed
    lar: float
    raw_hidden: float = NAN

    @cached_property
    def late(self) -> slice:
        """Frames after soundcheck; of a song that is hardly longer, its second half."""
        return slice(min(LATE * HOP, len(self.mixed.mix) // 2), None)

    @cached_property
    def singing(self) -> np.ndarray:
        return singing(self.material.roles, self.material.on)

    @cached_property
    def counted(self) -> np.ndarray:
        return counted(self.material.roles, self.material.on)

    @cached_property
    def placed(self) -> np.ndarray:
        on, roles = self.material.on, self.material.roles
        return places(self.mixed.powers, self.mixed.gain, on, wanted(roles, common_trim(roles, on, self.material.powers, self.lar)))

    @cached_property
    def errors(self) -> np.ndarray:
        found = errors(self.placed, self.counted, self.material.roles)
        return found if len(found) else np.array([NAN])

    @cached_property
    def errors_by_then(self) -> np.ndarray:
        """The same with the trim of the band as it could be known at each moment."""
        on, roles = self.material.on, self.material.roles
        targets = wanted_by_then(roles, common_trim_by_then(roles, on, self.material.powers, self.lar))
        found = errors(places(self.mixed.powers, self.mixed.gain, on, targets), self.counted, roles)
        return found if len(found) else np.array([NAN])

    @cached_property
    def lead(self) -> np.ndarray:
        """Flags of the parts in front."""
        front = lead_role(self.material.roles)
        return np.array([role == front for role in self.material.roles])

    @cached_property
    def lars(self) -> tuple[float, np.ndarray]:
        """dB of the lead over all else after 20 s, whole and each second, while it sings."""
        late = self.singing & (np.arange(len(self.singing)) >= LATE)
        late = late if late.any() else self.singing
        if not self.lead.any() or self.lead.all() or not late.any():
            return NAN, np.array([NAN])
        front, rest = (self.mixed.powers[:, which].sum(axis=1) for which in (self.lead, ~self.lead))
        seconds = [np.arange(i, i + 10)[late[i:i + 10]] for i in range(0, len(late) - 9, 10) if late[i:i + 10].sum() >= 5]
        each = np.array([decibels(front[s].sum()) - decibels(rest[s].sum()) for s in seconds] or [NAN])
        return float(decibels(front[late].sum()) - decibels(rest[late].sum())), each


def drifting(case: Case) -> np.ndarray:
    """(ticks,) LU: the mean over the playing parts of how far each is from its place, against the lead as it is by then; 1 s means."""
    on, placed = case.material.on, case.placed
    known = np.where(np.cumsum(on, axis=0) >= KNOWN_TICKS, placed, NAN)
    error, last = np.zeros(len(on)), 0.0
    main = np.array([role == "lead_vocal" for role in case.material.roles])
    for t, row in enumerate(known):
        front = row[main][np.isfinite(row[main])]
        seen = row[np.isfinite(row)]
        if len(seen) > 1:
            playing = row[on[t] & np.isfinite(row)]
            centre = front.mean() if len(front) else np.median(seen)
            last = float(np.abs(playing - centre).mean()) if len(playing) else last
        error[t] = last
    return np.convolve(np.concatenate([np.full(9, error[0]), error]), np.full(10, 0.1), "valid")


def convergence(case: Case) -> float:
    """Seconds until the balance error stays below 2 LU; infinite where it does not in the end."""
    far = np.flatnonzero(drifting(case) >= NEAR_LU)
    if not len(far):
        return 0.0
    return float("inf") if far[-1] >= case.material.ticks - 10 else (far[-1] + 1) / 10


def lar_error(case: Case) -> float:
    """Distance from the style's LAR; from the range that speech may have where speech is in front."""
    found = case.lars[0]
    if lead_role(case.material.roles) == "speech":
        return max(SPEECH_LAR[0] - found, found - SPEECH_LAR[1], 0.0) if np.isfinite(found) else NAN
    return abs(found - case.lar)


def lar_swing(case: Case) -> float:
    return float(np.abs(case.lars[1] - case.lar).mean()) if lead_role(case.material.roles) == "lead_vocal" else NAN


def riding(case: Case) -> float:
    """p95 over ticks and parts of |dG/dt|, dB/s."""
    return float(np.percentile(np.abs(np.diff(case.mixed.gain, axis=0)) * 10, 95))


def wander(case: Case) -> float:
    """Total variation of the gain after 20 s of the busiest part, dB a minute."""
    late = case.mixed.gain[LATE:]
    return float(np.abs(np.diff(late, axis=0)).sum(axis=0).max() / (len(late) / 600)) if len(late) > 10 else NAN


def false_rides(case: Case) -> float:
    """dB of upward movement of the worst part while it was silent."""
    return float(max(false_rise(gain, power).sum() for gain, power in zip(case.mixed.gain.T, case.material.powers.T, strict=True)))


def covered(case: Case) -> float:
    """dB summed over bands: how much of the lead is hidden by all else (spectrum.hidden)."""
    if not case.lead.any() or case.lead.all():
        return NAN
    front = np.sum([s for s, lead in zip(case.mixed.stems, case.lead, strict=True) if lead], axis=0)
    return hidden(front, np.sum(case.mixed.stems, axis=0) - front, case.singing)


def crest(case: Case) -> float:
    """Peak over rms of 3 s, dB: the median."""
    mix = case.mixed.mix[case.late]
    pieces = [mix[i:i + 3 * RATE] for i in range(0, max(len(mix) - 3 * RATE, 0) + 1, RATE)]
    found = [20 * np.log10(np.abs(p).max() / np.sqrt(np.mean(p ** 2))) for p in pieces if np.abs(p).max() > 1e-4]
    return float(np.median(found)) if found else NAN


def imbalance(case: Case) -> float:
    left, right = (case.mixed.mix[case.late] ** 2).sum(axis=0)
    return float((right - left) / max(right + left, 1e-12))


def width(case: Case) -> float:
    left, right = case.mixed.mix[case.late].T
    return float(np.mean((left - right) ** 2) / max(np.mean((left + right) ** 2), 1e-12))


def mono_loss(case: Case) -> float:
    """LU that the mix loses where both sides are added."""
    mix = case.mixed.mix[case.late]
    mono = mix.sum(axis=1, keepdims=True) / 2 ** 0.5
    return float(decibels(k_power(mix).sum()) - decibels(k_power(mono).sum()))


@dataclass(frozen=True)
class Figure:
    """One column: its head, the range it should be in, and decimals."""

    head: str
    low: float
    high: float
    digits: int
    of: Callable[[Case], float]

    @property
    def goal(self) -> str:
        if self.low == -np.inf and self.high == np.inf:
            return ""
        if self.low == -self.high:
            return f"±{self.high:g}"
        return f"≤ {self.high:g}" if self.low == -np.inf else f"{self.low:g} to {self.high:g}"

    def text(self, value: float) -> str:
        """The value, marked where it misses the goal."""
        if np.isnan(value):
            return "-"
        shown = "never" if np.isinf(value) else f"{value:.{self.digits}f}"
        return shown if self.low <= value <= self.high else f"**{shown}** ✗"


ANY = np.inf
FIGURES = (
    Figure("balance mean LU", -ANY, 1.5, 2, lambda c: float(c.errors.mean())),
    Figure("p95 LU", -ANY, 3.0, 2, lambda c: float(np.percentile(c.errors, 95))),
    Figure("by then LU", -ANY, ANY, 2, lambda c: float(c.errors_by_then.mean())),
    Figure("LAR dB", -ANY, ANY, 1, lambda c: c.lars[0]),
    Figure("LAR error dB", -ANY, 1.0, 2, lar_error),
    Figure("LAR swing dB", -ANY, ANY, 1, lar_swing),
    Figure("converged s", -ANY, 15.0, 1, convergence),
    Figure("riding p95 dB/s", -ANY, 1.0, 2, riding),
    Figure("wander dB/min", -ANY, 6.0, 1, wander),
    Figure("false rides dB", -ANY, 0.0, 2, false_rides),
    Figure("masked against raw %", -ANY, -20.0, 0, lambda c: 100 * (covered(c) / c.raw_hidden - 1)),
    Figure("crest dB", 10.0, 16.0, 1, crest),
    Figure("imbalance", -0.1, 0.1, 3, imbalance),
    Figure("width", 0.05, 0.35, 3, width),
    Figure("mono loss LU", -ANY, 2.0, 2, mono_loss),
    Figure("peak dBTP", -ANY, -1.0, 2, lambda c: true_peak(c.mixed.mix)),
    Figure("limiter p99 dB", -ANY, 3.0, 2, lambda c: limiting(np.sum(c.mixed.stems, axis=0), c.mixed.mix)),
    Figure("tilt dB", -ANY, 3.0, 1, lambda c: tilt(c.mixed.mix[c.late], mean_mix(c.lar))),
)
