"""What is believed of one liking, and how a correction moves it: a scalar Kalman filter. Pure numbers, no desk, no clock.

All is in steps: one step is what 1 dB is on a fader; `KINDS` says what one is elsewhere. A person at a fader says the answer itself, in dB,
so there is nothing to explore and no comparison to ask for (structure after hearing aids that learn from their wheel: Ypma, Geurts, Ozer,
van der Werf, de Vries 2008, "Online personalization of hearing instruments").
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

START_VARIANCE = 3.0**2         # before anything was heard: likings lie about 3 dB around the role's place
MOST = 6.0                      # no liking is believed, and none applied, beyond; and no single surprise counts for more (Huber)
NOISE = {"soundcheck": 1.5**2, "show": 3.0**2}      # of a correction: with time to listen, and in the heat of a song
NOISE_ELSE = 2.0**2
ACCEPTED_NOISE = 8.0**2         # nobody corrected it all song: a faint yes
FORGETS = 0.05                  # variance a song
STYLE_VARIANCE = 1.5**2         # how far a style's liking lies from the one for all styles
TURNED = 2.0                    # two songs in a row off by so much to the same side: taste has turned

Said = tuple[float, float]      # what somebody wants in all, in steps, and the variance of its noise


@dataclass(frozen=True)
class Kind:
    """What can be learnt. `step`: what 1 dB on a fader is worth, in `unit`; `more`, `less`: what a person hears."""

    unit: str
    step: float
    more: str
    less: str


# A pan of 0.1 is a twentieth of the way from left to right. Denoise is set in jumps of 6 dB, and a compressor of 2:1 makes 1 dB of 2.
KINDS: dict[str, Kind] = {
    "level": Kind("dB", 1.0, "louder", "softer"),
    "eq_low": Kind("dB", 1.0, "more in the lows", "less in the lows"),
    "eq_high": Kind("dB", 1.0, "more in the highs", "less in the highs"),
    "pan": Kind("", 0.1, "wider", "narrower"),
    "denoise": Kind("dB", 2.0, "more of noise reduction", "less of noise reduction"),
    "comp": Kind("dB", 2.0, "higher in compressor threshold", "lower in compressor threshold"),
}


@dataclass(frozen=True)
class Belief:
    """`mean`, `variance`: of the liking, in steps from the role's own place. `count`: corrections. `last`: what the last song said, if anything."""

    mean: float = 0.0
    variance: float = START_VARIANCE
    count: int = 0
    last: Said | None = None

    @property
    def sure(self) -> float:
        """0 (nothing known) to 1."""
        return 1.0 - self.variance / START_VARIANCE

    @property
    def offset(self) -> float:
        """Steps to apply, within +-6: acts only as far as it is known."""
        return self.mean * self.sure

    def like(self, other: Belief | None) -> bool:
        """Whether another is the same, but for what a file rounds."""
        if other is None or self.count != other.count or (self.last is None) != (other.last is None):
            return False
        mine, theirs = ((b.mean, b.variance, *(b.last or ())) for b in (self, other))
        return all(math.isclose(a, b, abs_tol=1e-6) for a, b in zip(mine, theirs, strict=True))

    def heard(self, liked: float, noise: float) -> Belief:
        """After one observation: somebody wants `liked` steps in all, with noise of that variance."""
        gain = self.variance / (self.variance + noise)
        return replace(self, mean=_held(self.mean + gain * _held(liked - self.mean)), variance=(1 - gain) * self.variance)

    def corrected(self, corrections: Sequence[Said]) -> Belief:
        """After a song's corrections, one for each strip that was corrected."""
        after = self
        for liked, noise in corrections:
            after = after.heard(liked, noise)
        return replace(after, count=self.count + len(corrections))

    def closed(self, corrections: Sequence[Said]) -> Belief:
        """The same when the song is over. Where two songs in a row contradict to the same side, taste has turned: they are the new beginning,
        and what was believed before is forgotten.
        """
        song = _joined(corrections)
        start = self
        if self.last:
            before, now = (_held(liked) - self.mean for liked, _ in (self.last, song))
            if min(abs(before), abs(now)) >= TURNED and before * now > 0:
                start = Belief(count=self.count).heard(*self.last)
        return replace(start.corrected(corrections), last=song)

    def accepted(self, liked: float) -> Belief:
        """After a song in which nobody touched it, while `liked` was applied."""
        return replace(self.heard(liked, ACCEPTED_NOISE), last=None)

    def older(self) -> Belief:
        """One song later."""
        return replace(self, variance=min(self.variance + FORGETS, START_VARIANCE))

    def narrowed(self) -> Belief:
        """Where a style's own liking starts from, given the one for all styles."""
        return Belief(self.mean, min(self.variance + STYLE_VARIANCE, START_VARIANCE))


def said(offset: float) -> Belief:
    """A belief that applies just this offset: as sure as a standard deviation of 1 dB, or surer where 6 dB ask for it."""
    sure = max(1 - 1 / START_VARIANCE, abs(offset) / MOST)
    return Belief(offset / sure, START_VARIANCE * (1 - sure))


def noise_of(mode: str) -> float:
    """How much a correction made in this mode is doubted: a variance."""
    return NOISE.get(mode, NOISE_ELSE)


def _joined(corrections: Sequence[Said]) -> Said:
    """Several corrections as one: each weighs as its noise allows."""
    certainty = sum(1 / noise for _, noise in corrections)
    return sum(_held(liked) / noise for liked, noise in corrections) / certainty, 1 / certainty


def _held(steps: float) -> float:
    return min(max(steps, -MOST), MOST) if math.isfinite(steps) else 0.0
