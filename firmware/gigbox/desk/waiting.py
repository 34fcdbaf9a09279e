"""Answers that wait for the card: scenes and reports are read and written in a thread of their own, one after the other. What may take minutes, the journal
of a week, is read in another: no scene waits for it."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from typing import Any

from gigbox.desk.card import beside
from gigbox.desk.connection import Connection
from gigbox.desk.requests import Answer, Later


class _Line:
    """Those who wait for one thread, in order."""

    def __init__(self, executor: Executor) -> None:
        self.executor = executor
        self.jobs: deque[tuple[Future[Any], Connection, Later]] = deque()


class Waiting:
    """`wakes` is readable as soon as one has ended."""

    def __init__(self, make: Callable[[], Executor] = beside) -> None:
        self.wakes = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._quick, self._long = _Line(make()), _Line(make())

    def add(self, connection: Connection, later: Later) -> None:
        connection.wait_for(later.named)
        line = self._long if later.takes_long else self._quick
        job = line.executor.submit(later.job)
        line.jobs.append((job, connection, later))
        job.add_done_callback(lambda _: os.eventfd_write(self.wakes, 1))

    def ended(self) -> Iterator[tuple[Connection, Answer]]:
        """Answers that have come, in the order of their requests."""
        try:
            os.eventfd_read(self.wakes)
        except BlockingIOError:
            return
        for line in (self._quick, self._long):
            while line.jobs and line.jobs[0][0].done():
                job, connection, later = line.jobs.popleft()
                connection.waited_for(later.named)
                yield connection, later.finish(job)

    def close(self) -> None:
        for line in (self._quick, self._long):
            line.executor.shutdown(wait=True)
        os.close(self.wakes)
