"""The health of the box as the desk tells it: the sound is looked at each second, the machine in a thread beside, for it may take its time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from typing import Any

from gigbox.desk.card import beside
from gigbox.health.health import health

LOOK_S, MACHINE_S = 1.0, 5.0

Sound = Callable[[float], Mapping[str, Any] | None]
Machine = Callable[[], dict[str, Any]]


class Vitals:
    """`sound` is told the monotonic clock; `machine` runs beside."""

    def __init__(self, sound: Sound, machine: Machine, make: Callable[[], Executor] = beside) -> None:
        self._sound, self._machine = sound, machine
        self._executor = make()
        self._job: Future[dict[str, Any]] = self._executor.submit(machine)
        self._heard: Mapping[str, Any] | None = None
        self._known: dict[str, Any] | None = None
        self._due, self._machine_due = 0.0, 0.0

    def tick(self, now: float) -> None:
        """Call each 100 ms or so."""
        if now >= self._due:
            self._heard, self._due = self._sound(now), now + LOOK_S
        if self._job.done() and now >= self._machine_due:
            self._known, self._machine_due = self._job.result(), now + MACHINE_S
            self._job = self._executor.submit(self._machine)

    def told(self, clients: Sequence[str], disk: Mapping[str, object]) -> dict[str, Any]:
        """The one structure, as of the newest look; `disk` is what the journal says of it."""
        known = self._known or self._job.result()          # only who asks in the very first moment waits
        return health(self._heard, known, {"clients": sorted(clients), "disk": disk["card"], "slowest_s": disk["slowest_s"]})

    def close(self) -> None:
        self._executor.shutdown(wait=True)
