"""Where a compressor's threshold takes what it should: read off the peaks that came in, by the curve of the core's compressor (native/src/comp.h).

Its envelope stays under the peaks by what attack and release make of them. How far is read off what it takes; before it takes anything, a usual
distance is believed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np

from gigbox.brain.arrays import Array

MEMORY_TICKS = 100             # of playing: 10 s
LEAST_HEARD_DB = 0.3           # less on average tells nothing of that
RANGE_DB = (-45.0, -8.0)       # of thresholds
UNDER_DB = (0.0, 24.0)
HALVINGS = 12                  # of ranges of some 30 dB: to a hundredth


class Compression:
    """Of one strip. `note` each tick while it plays; then `threshold` says where it takes so much on average."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float, float]] = deque(maxlen=MEMORY_TICKS)

    def note(self, peak: float, taken: float, threshold: float) -> None:
        """dBFS before the trim, dB that it takes, and dB, also less the trim; `threshold` is NaN where that is not heard as it is held."""
        self._seen.append((peak, taken, threshold))

    def threshold(self, takes: float, ratio: float, knee_db: float, usual: float) -> float:
        """dB, less the trim, at which it takes that on average of what was heard. `usual`: dB that its envelope is likely to lie under its peaks."""
        peaks, taken, thresholds = np.array(self._seen).T
        under = self._under(peaks, taken, thresholds, ratio, knee_db, usual)
        return _where(lambda t: reduction(peaks - under - t, ratio, knee_db).mean() > takes, float(peaks.min()) - 30, float(peaks.max()))

    def _under(self, peaks: Array, taken: Array, thresholds: Array, ratio: float, knee_db: float, usual: float) -> float:
        known = np.isfinite(thresholds)
        if not known.any():
            return usual
        over, most = (peaks - thresholds)[known], max(float(taken[known].mean()), LEAST_HEARD_DB)
        found = _where(lambda under: reduction(over - under, ratio, knee_db).mean() > most, *UNDER_DB)
        return found if most > LEAST_HEARD_DB else max(found, usual)


def reduction(over: Array, ratio: float, knee_db: float) -> Array:
    """dB that is taken of an envelope so far over the threshold (Giannoulis, Massberg, Reiss 2012)."""
    knee = np.clip(over + knee_db / 2, 0, knee_db)
    return np.asarray((1 - 1 / ratio) * (knee**2 / (2 * knee_db) + np.maximum(over - knee_db / 2, 0)))


def _where(more: Callable[[float], bool], low: float, high: float) -> float:
    """Of a range at whose low end there is more than wanted: where that ends."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if more(middle) else (low, middle)
    return (low + high) / 2
