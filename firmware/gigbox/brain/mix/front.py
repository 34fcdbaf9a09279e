"""Who of the singers is in front, where nobody said so: each of them leads by as much as they have sung more than the others of late, above all alone.

One who has sung far more than all others leads, and the others back; where that is in doubt each stands between both places, by how likely it is that they
lead, so that none is quite wrong. Two who take turns are then two leads, and who comes in late is not judged by the minutes before. Where nobody is sure to
sing at all, but somebody may, the likeliest voice stands in front by as much: a singer whom nobody has recognised is not buried. Which of them is sooner
decided: a lead that stands halfway is wrong beside the whole band. In a show the whole band would swing with each doubt: of guesses it is believed only
when it lasts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from gigbox.brain.hear.meters import TICK_S
from gigbox.brain.roles.sources import HEARD, TOLD, Source

SINGERS = ("lead_vocal", "backing_vocal")
FIRST = 2.5                # the first of the voices counts so much more: input lists name the lead before the others
FIRST_S = 3.0              # once it has sung for so long
SURE = 0.18                # who leads so surely, or so surely does not, is in no doubt,
RATHER = 0.4               # nor of guesses the one that rather leads: halfway it is far from both places, and everybody else with it
ANYBODY = 0.15             # that somebody sings at all, where nobody is sure to, is in no doubt
MAY = 0.35                 # what is so likely a voice may lead where nobody surely does
WORTH = 0.3                # a share changes by no less, unless it is certain by now,
LASTS_S = 20.0             # nor, in a show, that of a guess, unless it has been otherwise for so long


def doubt(sources: Sequence[Source], sung: Mapping[int, tuple[float, float]], mode: str) -> None:
    """Once a tick: sets how much each leads, None where its role says it. `sung`: what each strip has sung, and seconds of that, by 1-based strip."""
    singers = [s for s in sources if s.role_name in SINGERS]
    told = any(s.trust == TOLD and s.role_name == "lead_vocal" for s in singers)
    rivals = [s for s in singers if s.trust == HEARD] if not told and any(s.role_name == "lead_vocal" for s in singers) else []
    sure = _shares({s.strips[0]: sung.get(s.strips[0], (0.0, 0.0)) for s in rivals})
    shares, least_s = sure or _guesses(sources), 0.0 if sure or mode == "soundcheck" else LASTS_S
    for source in sources:
        share, was = shares.get(source.strips[0]), source.front
        if share is None or was is None:
            source.front, source.doubted = share, 0.0
        elif share != was and (share in (0.0, 1.0) or abs(share - was) >= WORTH):
            source.doubted += TICK_S
            source.front = share if source.doubted > least_s else was
        else:
            source.doubted = 0.0


def _guesses(sources: Sequence[Source]) -> dict[int, float]:
    """Where nobody is sure to lead, and no choir sings: by how likely it is that anybody sings at all, and of those who may the likeliest voice most."""
    if any(s.sure and s.role and s.role.spectrum == "voice" for s in sources):
        return {}
    may = {s.strips[0]: s.voice for s in sources if s.likely and s.voice >= MAY}
    odds = {n: (voice ** 2 * (FIRST if n == min(may) else 1)) ** 2 for n, voice in may.items()}
    nobody = math.prod(1 - voice for voice in may.values())
    anybody = _certain((1 - nobody) ** 2 / ((1 - nobody) ** 2 + nobody ** 2), ANYBODY)
    return {n: anybody * _certain(odd / sum(odds.values()), RATHER) for n, odd in odds.items()}


def _shares(sung: Mapping[int, tuple[float, float]]) -> dict[int, float]:
    first = next((n for n, (_, seconds) in sorted(sung.items()) if seconds >= FIRST_S), 0)
    odds = {n: (weight * (FIRST if n == first else 1)) ** 2 for n, (weight, _) in sung.items()}
    whole = sum(odds.values())
    if not whole:
        return {}
    return {n: _certain(odd / whole, SURE) for n, odd in odds.items()}


def _certain(share: float, sure: float) -> float:
    return 0.0 if share < sure else 1.0 if share > 1 - sure else share
