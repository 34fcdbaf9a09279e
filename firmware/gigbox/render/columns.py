"""Time across a picture: ticks of 100 ms, joined where there are more than can be drawn."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gigbox.rack import lufs

Array = npt.NDArray[np.float64]
A_PIXEL = 2      # columns


class Columns:
    """`x`: the middle of each column, pixels; the song lies between `left` and `right`."""

    def __init__(self, ticks: int, left: int, right: int) -> None:
        self.ticks, self._left, self._right = max(ticks, 1), left, right
        count = min(self.ticks, A_PIXEL * (right - left))
        self._first = np.arange(count) * self.ticks // count
        self.x = left + (np.append(self._first[1:], self.ticks) + self._first) / 2 * ((right - left) / self.ticks)

    def of(self, seconds: float) -> float:
        """Where a moment lies; what is outside of the song at its edge."""
        return float(self._left + min(max(seconds * 10 / self.ticks, 0), 1) * (self._right - self._left))

    def mean(self, values: Array) -> Array:
        """(ticks,) to one mean a column."""
        counts = np.diff(np.append(self._first, self.ticks))
        return np.asarray(np.add.reduceat(np.asarray(values, float), self._first) / counts)

    def loudness(self, power: Array) -> Array:
        """LUFS a column of K-weighted powers (ticks,), each over 400 ms."""
        return lufs(self.mean(windowed(power, 4)))


def windowed(power: Array, ticks: int) -> Array:
    """The mean of each tick and those before it, so many together; silence before the first."""
    return np.convolve(np.concatenate([np.zeros(ticks - 1), np.asarray(power, float)]), np.full(ticks, 1 / ticks), "valid")
