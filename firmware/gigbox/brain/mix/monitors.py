"""Monitors stay as their musicians set them while trims move, and follow the mix only where they were asked to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gigbox import params
from gigbox.brain.auto import Auto, Move
from gigbox.brain.desk_view import View
from gigbox.brain.mix.trims import TRIM_RATE
from gigbox.brain.roles.sources import Source

LEAST_DB, MOST_DB = -24.0, 6.0
STEP_DB = 0.05
FOLLOW = {monitor: f"monitor/{monitor}/follow" for monitor in range(1, params.COUNTS["monitor"] + 1)}
SENDS = {(strip, monitor): f"strip/{strip}/send/{monitor}/level" for strip in range(1, params.COUNTS["strip"] + 1) for monitor in FOLLOW}


class Monitors:
    """`think` behind the rules of the mix. What a monitor hears is send + trim (+ fader, where it follows)."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, float]] = {}      # by send: what the hand set, and the trim at that time

    def think(self, sources: Sequence[Source], auto: Auto, view: View) -> Iterator[Move]:
        for monitor, follow in FOLLOW.items():
            follows = view.value(follow) > 0
            for source in sources:
                for n in source.strips:
                    yield from self._send(SENDS[n, monitor], source, monitor, auto, view, follows)

    def _send(self, send: str, source: Source, monitor: int, auto: Auto, view: View, follows: bool) -> Iterator[Move]:
        hand = view.hand(send)
        if hand is None or hand <= params.OFF_DB:
            self._kept.pop(send, None)
            return
        trim = auto[source.path("trim")]
        if send not in self._kept or self._kept[send][0] != hand:
            self._kept[send] = (hand, trim + (0.0 if follows else auto[send]))      # as the musician hears it now, so it is wanted
        level = auto[source.path("level")]
        wanted = level if follows else self._kept[send][1] - trim
        wanted = min(max(wanted, LEAST_DB), MOST_DB)
        if abs(wanted - auto[send]) < STEP_DB:
            return
        why = "follows the mix" if follows else "stays as loud as it was while the trim moves"
        yield from auto.toward(send, wanted, TRIM_RATE, f"{source.name} in monitor {monitor}: {why}")
