"""Who of the singers is in front, where nobody said so: each of them leads by as much as they have sung more than the others, above all alone.

One who has sung far more than all others leads, and the others back; where that is in doubt each stands between both places, by how likely it is that they
lead, so that none is quite wrong. Two who take turns are then two leads, and who comes in late is not judged by the minutes before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gigbox.brain.roles.sources import HEARD, TOLD, Source

SINGERS = ("lead_vocal", "backing_vocal")
FIRST = 2.5                # the first of the voices counts so much more: input lists name the lead before the others
FIRST_S = 3.0              # once it has sung for so long
SURE = 0.15                # who leads so surely, or so surely does not, is in no doubt
WORTH = 0.2                # a share changes by no less, unless it is certain by now


def doubt(sources: Sequence[Source], sung: Mapping[int, tuple[float, float]]) -> None:
    """Sets how much each leads, None where its role says it. `sung`: what each strip has sung, and seconds of that, by 1-based strip."""
    singers = [s for s in sources if s.role_name in SINGERS]
    told = any(s.trust == TOLD and s.role_name == "lead_vocal" for s in singers)
    rivals = [s for s in singers if s.trust == HEARD] if not told and any(s.role_name == "lead_vocal" for s in singers) else []
    shares = _shares({s.strips[0]: sung.get(s.strips[0], (0.0, 0.0)) for s in rivals})
    for source in sources:
        share = shares.get(source.strips[0])
        if share is None or source.front is None or share in (0.0, 1.0) or abs(share - source.front) >= WORTH:
            source.front = share


def _shares(sung: Mapping[int, tuple[float, float]]) -> dict[int, float]:
    first = next((n for n, (_, seconds) in sorted(sung.items()) if seconds >= FIRST_S), 0)
    odds = {n: (weight * (FIRST if n == first else 1)) ** 2 for n, (weight, _) in sung.items()}
    whole = sum(odds.values())
    if not whole:
        return {}
    return {n: _certain(odd / whole) for n, odd in odds.items()}


def _certain(share: float) -> float:
    return 0.0 if share < SURE else 1.0 if share > 1 - SURE else share
