"""How much one sender may ask and be told, and all together: buckets that fill with time."""

from __future__ import annotations

from collections.abc import Callable

SENDERS = 64                  # of which the newest are kept in mind


class Bucket:
    """Holds `most`, gains `rate` a second."""

    def __init__(self, rate: float, most: float, now: float) -> None:
        self._rate, self._most, self._level, self._at = rate, most, most, now

    def take(self, amount: float, now: float) -> bool:
        """Whether so much was in it; if not, it stays."""
        self._level = min(self._most, self._level + (now - self._at) * self._rate)
        self._at = now
        if amount > self._level:
            return False
        self._level -= amount
        return True


class Limits:
    """One bucket for each sender, by its host, and one for all."""

    def __init__(self, rate: float, most: float, all_rate: float, clock: Callable[[], float]) -> None:
        self._rate, self._most, self._clock = rate, most, clock
        self._all = Bucket(all_rate, max(most, all_rate), clock())
        self._of: dict[str, Bucket] = {}

    def take(self, host: str, amount: float = 1) -> bool:
        now = self._clock()
        bucket = self._of.pop(host, None) or Bucket(self._rate, self._most, now)
        self._of[host] = bucket
        if len(self._of) > SENDERS:
            del self._of[next(iter(self._of))]
        return bucket.take(amount, now) and self._all.take(amount, now)
