"""When what a fader says is a hand's: the clock is an argument, and all positions are ways 0..1.

Nothing moves by being plugged in, by a motor, by a finger that rests, or by a fader that stands elsewhere than its value.
"""

from __future__ import annotations

from collections import deque

SLACK = 1 / 256           # a finger that rests on a fader moves it so far
CLOSE = 0.012             # a fader that stands so near to its value has it in its hand
NEAR = 0.1                # a motor that stands further from where it was sent than this did not get there
LEAP = 0.25               # no hand goes so far from one report to the next
RESTS_S = 1.0             # so long after its last report an untouched fader is in nobody's hand
GREETING_S = 2.0          # what is plugged in or switched on may tell where everything stands: nobody moved it


class Grip:
    """A fader with a motor that feels fingers. Where it stands elsewhere than its value, the value goes as far as the hand does, and neither leaps."""

    def __init__(self) -> None:
        self.touched = False
        self._sent: float | None = None
        self._base: float | None = None      # where the finger came down
        self._moved = False
        self._last = self._put = 0.0
        self._offset = 0.0                   # of the value from where the fader stands

    def touch(self, sent: float | None) -> None:
        """A finger is on it; `sent` is where its motor was sent, where it was sent anywhere."""
        self.touched, self._base = True, None
        self._sent = sent

    def release(self) -> None:
        self.touched = False

    def move(self, at: float, value: float) -> float | None:
        """The finger moved it there; `value` is where the value stands. Where that goes, or None."""
        if self._base is None:
            self._base = at if self._sent is None or abs(at - self._sent) > NEAR else self._sent
            self._last, self._put, self._offset, self._moved = self._base, value, 0.0, False
            self._offset = value - self._base
        if not self._moved and abs(at - self._base) <= SLACK:
            return None
        if abs(value - self._put) > CLOSE:         # somebody else put it elsewhere meanwhile
            self._offset = value - self._last
        if abs(self._offset) <= CLOSE:
            self._offset = 0.0
        self._moved, self._last = True, at
        self._put = 0.0 if at <= 0 else min(max(at + self._offset, 0.0), 1.0)       # pulled down is off
        return self._put


class PickUp:
    """A control without motor or feeling. It takes hold of the value as it passes it, and loses it when somebody else puts that elsewhere."""

    def __init__(self) -> None:
        self._stands: float | None = None
        self._sent: deque[tuple[float, float]] = deque()         # when and where to: the newest, and those of the last RESTS_S
        self.holds = False
        self._put = 0.0
        self.at = -RESTS_S                   # when it was moved last

    def send(self, at: float, now: float) -> None:
        """Its motor is sent there, or its lamps show it."""
        if not self._sent or self._sent[-1][1] != at:
            self._sent.append((now, at))
        self._forget(now)

    def stand(self, at: float) -> None:
        """It told where it is, and nobody moved it."""
        self._stands, self.holds = at, False

    def move(self, at: float, value: float, now: float, near: float = CLOSE) -> float | None:
        """Where the value goes, or None while it is not in this hand. `near`: half a step of the control, where that is more than CLOSE."""
        if self._is_motor(at, now, near):
            self.holds = False
            return None
        came, self._stands = self._stands, at
        if came is not None and abs(at - came) > LEAP:          # told anew after it was away: no hand
            self.holds = abs(at - value) <= near
            return None
        if self.holds and abs(value - self._put) > near:
            self.holds = False
        if not self.holds:
            start = at if came is None else came
            if not min(start, at) - near <= value <= max(start, at) + near:
                return None
            self.holds = True
        self._put, self.at = at, now
        self._sent = deque(((now - RESTS_S - 1, at),))          # it is in the hand
        return at

    def _is_motor(self, at: float, now: float, near: float) -> bool:
        """Whether it is where it was sent just now, or comes nearer to it: then its motor says so, or the cable sends all back."""
        self._forget(now)
        if not self._sent or now - self._sent[-1][0] > RESTS_S:
            return False
        ways, came = [way for _, way in self._sent], self._stands
        if came is not None and not min(ways) - near <= came <= max(ways) + near:          # it comes from where no motor was
            return False
        place = min(range(len(ways)), key=lambda n: abs(ways[n] - at))
        if abs(ways[place] - at) <= (near if place < len(ways) - 1 else min(near, SLACK)):
            for _ in range(place):                   # there it is by now
                self._sent.popleft()
        elif not (min(ways) <= at <= max(ways) and (came is None or abs(at - ways[-1]) < abs(came - ways[-1]))):
            return False
        self._stands = at
        return True

    def _forget(self, now: float) -> None:
        while len(self._sent) > 1 and now - self._sent[1][0] > RESTS_S:
            self._sent.popleft()
