"""An encoder with detents: from the levels of its two lines to clicks, and from clicks to steps that grow with speed."""

from __future__ import annotations

GRAY = {(0, 0): 0, (0, 1): 1, (1, 1): 2, (1, 0): 3}      # a quarter further clockwise each
SAME_WAY_S = 0.05        # two quarters at once are those of a hand that goes on; after a longer rest nobody knows which way they were
FAST = ((0.012, 8), (0.022, 4), (0.045, 2))               # seconds between clicks, and how many steps each then is


class Encoder:
    """Counts quarters, and tells a click where the knob comes to rest in a detent.

    Contacts that bounce go one quarter to and fro, and come to no other detent. A quarter that was missed is made up for at the next detent, because
    the count is rounded there: what is lost is a click at the worst, never a click the other way.
    """

    def __init__(self, quarters: int = 4, rest: tuple[int, int] = (1, 1)) -> None:
        """`quarters` between two detents: 4, or 2. `rest`: the lines in a detent."""
        self._quarters, self._rest = quarters, GRAY[rest] % quarters
        self._at: int | None = None
        self._count = 0                       # quarters since the last detent
        self._way, self._behind, self._moved = 0, 0, 0.0      # where the hand goes, and how many quarters it is behind where it was furthest

    def see(self, a: int, b: int, now: float) -> int:
        """Call at each edge, in their order, or often enough: clicks, clockwise above 0. The first levels are where it stands."""
        at = GRAY[(a, b)]
        before, self._at = self._at, at
        if before is None or at == before:
            return 0
        if now - self._moved >= SAME_WAY_S:
            self._way = 0
        step = (0, 1, 2 * self._way, -1)[(at - before) % 4]
        self._moved = now
        self._follow(step)
        self._count += step
        return self._arrived() if at % self._quarters == self._rest else 0

    def _follow(self, step: int) -> None:
        """One quarter back is a contact that bounces, two are a hand that turns round."""
        self._behind = max(self._behind - step * self._way, 0)
        if not self._way or self._behind >= 2:
            self._way, self._behind = (step > 0) - (step < 0), 0

    def _arrived(self) -> int:
        clicks = int(self._count / self._quarters + (0.5 if self._count > 0 else -0.5))
        self._count = 0
        return clicks


class Lines:
    """The two levels of an encoder whose edges are told one by one, in order, each with the level after it.

    Who reads the lines instead is late on a busy machine, and sees them as they are by then; who turns a line over at each edge is wrong after two
    that bounced too fast for the chip, which tells them as one. `settle` is for the rest: it takes what is there.
    """

    def __init__(self, a: int, b: int) -> None:
        self.levels = [a, b]

    def edge(self, line: int, level: int) -> tuple[int, int]:
        self.levels[line] = level
        return self.levels[0], self.levels[1]

    def settle(self, a: int, b: int) -> tuple[int, int]:
        self.levels = [a, b]
        return a, b


class Speed:
    """Slow turns are exact, fast ones go far."""

    def __init__(self) -> None:
        self._last, self._way = -1.0, 0

    def steps(self, clicks: int, now: float) -> int:
        """How many steps these clicks are; none are more than eight each."""
        if not clicks:
            return 0
        way = 1 if clicks > 0 else -1
        each = (now - self._last) / abs(clicks)
        factor = next((factor for seconds, factor in FAST if each < seconds), 1) if way == self._way else 1
        self._last, self._way = now, way
        return clicks * factor
