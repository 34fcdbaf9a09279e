"""Values that do not jump but go: after the recall of a scene, levels and the like move to where they are wanted, along their own taper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gigbox.desk.paths import ADDRESSES

STEP_S = 0.02                 # between two values; the engine smooths each over as long
LONGEST_S = 2 * STEP_S        # of one step
LEAST_S = 2 * STEP_S          # what is shorter jumps, and the engine smooths it


@dataclass(frozen=True)
class Glide:
    """From one place of a knob's way, 0..1, to a value."""

    start: float
    goal: float
    begun: float
    ends: float


class Glides:
    """By index of THE table. `now` is the monotonic clock; where the desk comes late the glides wait for it, so that no step is much longer than others."""

    def __init__(self) -> None:
        self._on: dict[int, Glide] = {}
        self._time, self._seen = 0.0, 0.0

    def __bool__(self) -> bool:
        return bool(self._on)

    def begin(self, index: int, value: float, goal: float, now: float, seconds: float) -> bool:
        """False where it cannot glide: a switch, a choice, or no time for it."""
        param = ADDRESSES[index].param
        if param.taper == "step" or seconds < LEAST_S or value == goal:
            self._on.pop(index, None)
            return False
        begun = self._pass(now)
        self._on[index] = Glide(param.position(param.clamp(value)), goal, begun, begun + seconds)
        return True

    def turn(self, index: int, goal: float) -> bool:
        """Another goal on the way; False where nothing is on the way."""
        if (glide := self._on.get(index)) is None:
            return False
        self._on[index] = Glide(glide.start, goal, glide.begun, glide.ends)
        return True

    def stop(self, index: int) -> None:
        self._on.pop(index, None)

    def step(self, now: float) -> Mapping[int, float]:
        """Where each is now; those that have arrived are there exactly."""
        found, now = {}, self._pass(now)
        for index, glide in tuple(self._on.items()):
            param, way = ADDRESSES[index].param, (now - glide.begun) / (glide.ends - glide.begun)
            if way >= 1:
                del self._on[index]
            found[index] = glide.goal if way >= 1 else param.at(glide.start + way * (param.position(glide.goal) - glide.start))
        return found

    def _pass(self, now: float) -> float:
        """The glides' own time."""
        if self._on:
            self._time += min(max(now - self._seen, 0.0), LONGEST_S)
        self._seen = now
        return self._time
