"""A pot on a converter: from raw readings to a position that stands still where nobody turns, and takes hold of a value only as it passes it."""

from __future__ import annotations

FULL = 1023               # of the converter's 10 bits
SLACK = 4                 # raw; noise of 2 to both sides is within it wherever the first reading fell
MARGIN = 10               # raw, at both ends: tracks do not reach the rails, and the slack would hide the last of the way
DETENT = 0.025            # of the way, to both sides of the middle
CLOSE = 0.012             # a pot that stands this near to the value has it in its hand already


class Pot:
    """One pot as it stands. `position` 0..1, `None` before the first reading."""

    def __init__(self) -> None:
        self._raw: float | None = None

    @property
    def position(self) -> float | None:
        return None if self._raw is None else position(self._raw)

    def doubtful(self, raw: int) -> bool:
        """Whether this reading would move it: read twice more at once and give `see` the middle one, so that a single spike moves nothing."""
        return self._raw is None or abs(raw - self._raw) > SLACK

    def jumped(self, raw: int, far: int) -> bool:
        """Whether this reading would move it further than `far`."""
        return self._raw is not None and abs(raw - self._raw) > far

    def see(self, raw: int) -> float | None:
        """The new position where it moved. Only what is beyond the slack moves it, so that it neither crawls nor trembles; the first reading is no move."""
        if self._raw is None:
            self._raw = float(raw)
            return None
        if abs(raw - self._raw) <= SLACK:
            return None
        before = position(self._raw)
        self._raw = raw - SLACK if raw > self._raw else raw + SLACK
        after = position(self._raw)
        return after if after != before else None


def position(raw: float) -> float:
    """The way of the pot, with a soft detent in the middle: there it stays at 0.5 for a little, and nothing jumps at its edges."""
    way = min(max((raw - MARGIN) / (FULL - 2 * MARGIN), 0.0), 1.0)
    off = way - 0.5
    if abs(off) <= DETENT:
        return 0.5
    return 0.5 + (off - DETENT if off > 0 else off + DETENT) * 0.5 / (0.5 - DETENT)


class Hold:
    """What one pot does to the value under it. It holds the value once its way has passed it; till then it moves nothing, and says which way to turn.

    Whoever else moves the value (a phone, another bank, a scene) takes it out of the hand: what stands elsewhere must pass it again.
    """

    def __init__(self) -> None:
        self._stands: float | None = None      # where the pot was seen last
        self._holds = False
        self._put = -1.0                       # where this pot put the value

    def stand(self, at: float) -> None:
        """Where it was found: nobody turned it, or nobody saw it. It holds nothing till it passes the value."""
        self._stands, self._holds = at, False

    def turn(self, to: float, value: float) -> float | None:
        """The hand turns it; `value` is where the value stands, 0..1. Where the value goes, or None while it is not in this hand."""
        came = to if self._stands is None else self._stands
        self._stands = to
        if self._holds and abs(value - self._put) > CLOSE:
            self._holds = False
        if not self._holds:
            passed = min(came, to) - CLOSE <= value <= max(came, to) + CLOSE
            if not passed:
                return None
            self._holds = True
        self._put = to
        return to
