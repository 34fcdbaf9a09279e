"""Two microphones on one source: is one of them turned against its neighbour, and how much later does it hear?

Only ever a suggestion: the switch is a hand's, and a wrong word costs more than none. So nothing is said unless lag and sign stand still.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from gigbox.brain.arrays import Array
from gigbox.rack import METER_FRAMES, RATE, Floats, Rack

FRAME = 8192                  # samples a look is long, one look every 100 ms
POINTS = 2 * FRAME            # of its transform, so that lags do not wrap
KEPT = 200                    # looks that are remembered: 20 s
WHITE = 0.75                  # exponent of PHAT: 1 would hear the noise between the partials as loud as the partials
HZ = np.fft.rfftfreq(POINTS, 1 / RATE)
BAND = (HZ >= 100) & (HZ <= 4000)
LOW = (HZ >= 40) & (HZ <= 500)
QUIET = 1e-3                  # RMS; a look in which either input is quieter than -60 dBFS says nothing
REACH_MS = {"snare": 1.0, "kick": 2.5, "bass": 6.0, "electric_guitar": 4.0, "acoustic_guitar": 3.0, "hihat_overhead": 2.0}
WIDE = 960                    # frames, 20 ms: a source that is further from one of them is another one, and what is near is its echo
NEARER = 0.8                  # so much of the highest peak up to there must the one within reach have
SAME_MS = 0.25                # two lags so near are one
APART_MS = 0.5                # a second peak is at least so far from the first
LEAST_LOOKS, LEAST_HITS = 15, 5.0
STABLE, SURE = 0.7, 0.85      # share of the weight whose lag, and whose sign, agree
ALIKE = 0.35                  # correlation below 500 Hz, at the lag
CLEAR = 1.5                   # the peak against the second, and the sign's side against the other one nearby
ONSET_DB = 6.0                # a rise of so much makes a look count twice


def reach_ms(role: str, neighbour: str) -> float:
    """How far apart in time two neighbours with these roles hear one source, at most; 0: they do not hear the same, or sign means nothing there.

    Snare top and bottom, kick in and out, DI and amplifier, two microphones on a guitar, a pair of overheads. Toms and voices never.
    """
    return REACH_MS.get(role, 0.0) if role == neighbour else 0.0


@dataclass(frozen=True)
class Alignment:
    """`turned`: the second strip's polarity is against the first's. `late_ms`: how much later the second hears (negative: earlier).

    `stable`: share of the looks, by weight, that say the same sign; `alike`: correlation below 500 Hz at that lag, without its sign.
    """

    turned: bool
    late_ms: float
    stable: float
    alike: float


@dataclass
class Pair:
    """What was heard of strips n and n + 1: a row each look; `wide` for lags of -20 to 20 ms, `low` from -reach to +reach. Up to 2 MB."""

    reach: int
    weights: deque[float] = field(default_factory=lambda: deque(maxlen=KEPT))
    wide: deque[Floats] = field(default_factory=lambda: deque(maxlen=KEPT))
    low: deque[Floats] = field(default_factory=lambda: deque(maxlen=KEPT))

    def hear(self, first: Floats, second: Floats) -> None:
        """(FRAME,) each, the newest; GCC-PHAT with an exponent (Knapp and Carter 1976) for the lag, plain correlation below 500 Hz for the sign."""
        rms = [float(np.sqrt(np.mean(np.square(x, dtype=np.float64)))) for x in (first, second)]
        if not (QUIET < rms[0] < 100 and QUIET < rms[1] < 100):       # false for what is not a number, too
            return
        spectra = [np.fft.rfft(x * WINDOW, POINTS) for x in (first, second)]
        cross = np.conj(spectra[0]) * spectra[1]
        wide = _lags(np.where(BAND, cross / (np.abs(cross) ** WHITE + 1e-20), 0), WIDE)
        near = wide[WIDE - self.reach: WIDE + self.reach + 1]
        power = [float(np.sum(np.abs(s[LOW]) ** 2)) for s in spectra]
        low = _lags(np.where(LOW, cross, 0), self.reach) * (POINTS / 2) / (np.sqrt(power[0] * power[1]) + 1e-20)
        self.wide.append((wide / (np.sqrt(np.mean(near ** 2)) + 1e-20)).astype(np.float32))
        self.low.append(low.astype(np.float32))
        self.weights.append(float(np.sqrt(rms[0] * rms[1])) * (1 + max(_onset(first), 0) / ONSET_DB))

    def verdict(self) -> Alignment | None:
        """None where anything is doubtful."""
        weights = np.array(self.weights)
        if len(weights) < LEAST_LOOKS or weights.sum() ** 2 / np.sum(weights ** 2) < LEAST_HITS:
            return None
        weights /= weights.sum()
        wide, low = np.array(self.wide), np.array(self.low)
        white = wide[:, WIDE - self.reach: WIDE + self.reach + 1]
        mean = np.asarray(weights @ white, np.float64)
        everywhere = np.abs(weights @ wide).max()
        lag = int(np.argmax(np.abs(mean)))
        sign = float(np.sign(mean[lag]))
        near = np.abs(np.arange(len(mean)) - lag)
        beside = np.abs(mean)[near > _frames(APART_MS)].max(initial=0.0)
        at = np.argmax(white * sign, axis=1)
        low_mean = weights @ low
        nearby = (low_mean * sign)[near <= _frames(APART_MS)]
        alike, stable = float(low_mean[lag] * sign), float(weights[low[:, lag] * sign > 0].sum())
        still = float(weights[np.abs(at - lag) <= _frames(SAME_MS)].sum())
        peak = abs(float(mean[lag]))
        if peak < NEARER * everywhere or peak < CLEAR * beside or still < STABLE or stable < SURE or alike < ALIKE or nearby.max() < CLEAR * -nearby.min():
            return None
        return Alignment(sign < 0, (lag - self.reach + _between(mean * sign, lag)) * 1000 / RATE, stable, alike)


class Polarity:
    """Listens to neighbours whose roles say that they hear the same. Call `hear` every 100 ms; cheap enough only for a line check."""

    def __init__(self, roles: Sequence[str] = ()) -> None:
        self.pairs: dict[int, Pair] = {}
        self.expect(roles)

    def expect(self, roles: Sequence[str]) -> None:
        """Roles of the strips, in order, as far as they are known by now; what was heard of a pair stays while its roles do."""
        reaches = {n: _frames(reach_ms(*both)) for n, both in enumerate(itertools.pairwise(roles), 1)}
        kept = {n: pair for n, pair in self.pairs.items() if reaches.get(n) == pair.reach}
        self.pairs = kept | {n: Pair(reach) for n, reach in reaches.items() if reach and n not in kept}

    def hear(self, rack: Rack) -> None:
        if not self.pairs or (frames := rack.newest(FRAME)) is None:
            return
        for n, pair in self.pairs.items():
            pair.hear(frames[:, n - 1], frames[:, n])

    def verdicts(self) -> dict[int, Alignment]:
        """By the number of the first strip of the two, where it is sure."""
        return {n: verdict for n, pair in sorted(self.pairs.items()) if (verdict := pair.verdict())}


def _lags(cross: Array, reach: int) -> Array:
    """(2 * reach + 1,) of the correlation, lag 0 in the middle."""
    whole = np.fft.irfft(cross, POINTS)
    return np.asarray(np.concatenate([whole[-reach:], whole[: reach + 1]]))


def _onset(frames: Floats) -> float:
    """dB by which the newest 100 ms are louder than what was before them."""
    power = [float(np.mean(np.square(part, dtype=np.float64))) for part in (frames[-METER_FRAMES:], frames[:-METER_FRAMES])]
    return float(10 * np.log10((power[0] + 1e-12) / (power[1] + 1e-12)))


def _between(curve: Array, at: int) -> float:
    """Where the top lies between samples, by the parabola through three of them."""
    if not 0 < at < len(curve) - 1:
        return 0.0
    below, here, above = curve[at - 1: at + 2]
    return float(0.5 * (below - above) / min(below - 2 * here + above, -1e-12))


def _frames(ms: float) -> int:
    return round(ms * RATE / 1000)


WINDOW = np.hanning(FRAME)
