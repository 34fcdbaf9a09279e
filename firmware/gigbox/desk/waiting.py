"""Answers that wait for the card: scenes and reports are read and written in a thread of their own, one after the other."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from typing import Any

from gigbox.desk.card import beside
from gigbox.desk.connection import Connection
from gigbox.desk.requests import Answer, Later


class Waiting:
    """`wakes` is readable as soon as one has ended."""

    def __init__(self, make: Callable[[], Executor] = beside) -> None:
        self.wakes = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._executor = make()
        self._jobs: deque[tuple[Future[Any], Connection, Later]] = deque()

    def add(self, connection: Connection, later: Later) -> None:
        connection.wait_for(later.named)
        job = self._executor.submit(later.job)
        self._jobs.append((job, connection, later))
        job.add_done_callback(lambda _: os.eventfd_write(self.wakes, 1))

    def ended(self) -> Iterator[tuple[Connection, Answer]]:
        """Answers that have come, in the order of their requests."""
        try:
            os.eventfd_read(self.wakes)
        except BlockingIOError:
            return
        while self._jobs and self._jobs[0][0].done():
            job, connection, later = self._jobs.popleft()
            connection.waited_for(later.named)
            yield connection, later.finish(job)

    def close(self) -> None:
        self._executor.shutdown(wait=True)
        os.close(self.wakes)
