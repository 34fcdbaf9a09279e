"""A button: pressed and released without bounce, and told apart into a tap and a hold."""

from __future__ import annotations

BLIND_S = 0.02            # contacts bounce for less; what they say meanwhile is not looked at
HOLD_S = 0.6
SLIPS_S = 0.05            # so long after a push its encoder may still slip by a click


class Button:
    """`see` what the line says, `look` from time to time. A hold is told while the finger is still on it, a tap when it goes."""

    def __init__(self) -> None:
        self.down = False
        self._since = -1.0
        self._told = True
        self._line = False

    def see(self, down: bool, now: float) -> str:
        """`tap`, or nothing."""
        self._line = down
        return self._settle(now)

    def look(self, now: float) -> str:
        """`hold` once, `tap` where the line came to rest unseen, or nothing."""
        if settled := self._settle(now):
            return settled
        if self.down and not self._told and now - self._since >= HOLD_S:
            self._told = True
            return "hold"
        return ""

    def busy(self, now: float) -> bool:
        """Whether a finger pushes it, or did just now: what turns with it is not meant."""
        return self.down or now - self._since < SLIPS_S

    def due(self) -> float | None:
        """When to look next; None: not before an edge."""
        if self._line != self.down:
            return self._since + BLIND_S
        return self._since + HOLD_S if self.down and not self._told else None

    def _settle(self, now: float) -> str:
        if self._line == self.down or now - self._since < BLIND_S:
            return ""
        self.down, held, since = self._line, self._told, self._since
        self._since = now
        if self.down:
            self._told = False
            return ""
        self._told = True
        return "tap" if not held and now - since < HOLD_S else "" if held else "hold"
