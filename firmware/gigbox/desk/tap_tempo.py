"""A tempo out of taps: `box/tap` is set at each beat, by a finger on any surface, and `box/tempo` follows the last of them."""

from __future__ import annotations

from collections.abc import Mapping

from gigbox import params
from gigbox.desk.events import Setting

TAP, TEMPO = "box/tap", "box/tempo"
MOST = 8                     # taps that a tempo is of: what a finger and a network are late by falls away
LONGEST_S = 60.0 / params.find(TEMPO).param.low * 1.1
APART = 0.3                  # a beat that is longer or shorter than those before by this share belongs to another tempo


class TapTempo:
    """`take` what a hand sets: taps become a tempo, as soon as there are two."""

    def __init__(self) -> None:
        self._taps: list[float] = []

    def take(self, wanted: Mapping[str, Setting], now: float) -> dict[str, Setting]:
        """The same without taps, with the tempo that they say at `now` (seconds of any clock that only goes forward)."""
        rest = {path: value for path, value in wanted.items() if path != TAP}
        if wanted.get(TAP):
            tempo = self._tapped(now)
            return rest if tempo is None else {TEMPO: tempo, **rest}
        return rest

    def _tapped(self, now: float) -> float | None:
        beat = self._beat()
        if self._taps and now - self._taps[-1] > LONGEST_S:
            self._taps = []
        elif beat and abs(now - self._taps[-1] - beat) > APART * beat:
            self._taps = self._taps[-1:]
        self._taps = [*self._taps, now][-MOST:]
        beat = self._beat()
        return round(params.find(TEMPO).param.clamp(60.0 / beat), 1) if beat else None

    def _beat(self) -> float:
        """Seconds, 0 where nobody knows yet."""
        return (self._taps[-1] - self._taps[0]) / (len(self._taps) - 1) if len(self._taps) > 1 else 0.0
