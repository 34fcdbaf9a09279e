"""The card (or disk) beside the desk: a thread that does one thing at a time for it, and how well the card keeps up. No hand waits here."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any

SLOW_S = 0.5                  # what takes longer is told
WELL_S = 10.0                 # so long nothing may be slow before that is told


def beside() -> Executor:
    """A thread of its own, which is there already: a machine that refuses one later ends no desk."""
    made = ThreadPoolExecutor(1, "desk card")
    made.submit(int)
    return made


class Card:
    """Runs jobs beside, one at a time. Whoever starts them collects them, in one and the same thread; `warn` gets a line when the card
    begins to be slow, and one when it is well again."""

    def __init__(self, warn: Callable[[str], None], make: Callable[[], Executor] = beside) -> None:
        self._warn = warn
        self._executor = make()
        self._job: Future[Any] | None = None
        self._since = 0.0
        self._slow_at: float | None = None       # when it was slow last; None: it is well
        self.slowest_s = 0.0

    @property
    def busy(self) -> bool:
        return self._job is not None

    @property
    def slow(self) -> bool:
        return self._slow_at is not None

    def start(self, job: Callable[[], Any], now: float) -> None:
        """Only while it is not busy."""
        self._job, self._since = self._executor.submit(job), now

    def collect(self, now: float) -> Future[Any] | None:
        """The job that has ended since the last call, if one has."""
        if self._job is None:
            return None
        took = now - self._since
        self.slowest_s = max(self.slowest_s, took)
        if took >= SLOW_S:
            if not self.slow:
                self._warn(f"card: slow, {took:.1f} s for what takes 0.01 s; hands are not held up, but a power cut would cost that much")
            self._slow_at = now
        if not self._job.done():
            return None
        if took < SLOW_S and self._slow_at is not None and now - self._slow_at >= WELL_S:
            self._warn(f"card: keeps up again; it took {self.slowest_s:.1f} s at worst")
            self._slow_at, self.slowest_s = None, 0.0
        job, self._job = self._job, None
        return job

    def close(self) -> None:
        """Waits for what is under way."""
        self._executor.shutdown(wait=True)
