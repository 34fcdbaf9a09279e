"""Where each source belongs in loudness: its role's place, its style's and taste's wish, and one common trim that sets the lead against the band.

The common trim makes places independent of how many channels play: b = -LAR - B, with B the loudness that the places alone would give to
everything but the lead, relative to it (guides: LAR of Gerdes and Siedenburg 2023; see styles.toml). B is not summed from the table but from
what really sounds together with the lead: each source at its place, with its own dynamics.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from gigbox.brain.activity import Activity, Array, Flags
from gigbox.brain.moves import TICK_S
from gigbox.brain.roles import LEAD_LUFS, STYLES
from gigbox.brain.sources import Source

TAU_S = 10.0                # of time that the lead sounds
SURE_S = 4.0                # of it, from which what was heard counts more than the table
RANGE_DB = (-15.0, 4.0)     # of the common trim
DYNAMICS_LU = 10.0          # a moment may be so far from its source's average

Taste = Callable[[str, str, str], float]


def no_taste(kind: str, role: str, style: str) -> float:
    """Of somebody who was never here."""
    return 0.0


class Balance:
    """`offset` of each source: LU against LEAD_LUFS, NaN where the role is not known."""

    def __init__(self, taste: Taste = no_taste) -> None:
        self.taste = taste
        self.offset: Array = np.zeros(0)
        self.common = 0.0                  # dB, of all that do not lead
        self._lead, self._rest, self._heard = 0.0, 0.0, 0.0

    def think(self, sources: Sequence[Source], activity: Activity, momentary: Array, style: str) -> None:
        """Once a tick; `momentary`: LUFS of each source itself."""
        own = np.array([self._own(source, style) for source in sources])
        leads = leading(sources)
        self.common = self._common(own, leads, activity, momentary, style) if leads.any() else 0.0
        self.offset = own + np.where(leads, 0.0, self.common)

    def _own(self, source: Source, style: str) -> float:
        if source.role is None:
            return float("nan")
        return source.role.offset + STYLES[style].offsets.get(source.role_name, 0.0) + self.taste("level", source.role_name, style)

    def _common(self, own: Array, leads: Flags, activity: Activity, momentary: Array, style: str) -> float:
        rest = ~leads & np.isfinite(own)
        if not rest.any():
            return 0.0
        if (leads & activity.foreground).any():
            self._listen(own, leads, rest, activity, momentary)
        table = _db((10 ** (own[rest] / 10)).sum()) - _db((10 ** (own[leads] / 10)).max())
        heard = _db(self._rest / self._lead) if self._lead > 0 and self._rest > 0 else table
        sure = min(self._heard / SURE_S, 1.0)
        return float(np.clip(-STYLES[style].lead - (table + sure * (heard - table)), *RANGE_DB))

    def _listen(self, own: Array, leads: Flags, rest: Flags, activity: Activity, momentary: Array) -> None:
        """What lead and rest come to at this moment, each source at its place: averages over the time that the lead sounds."""
        self._heard += TICK_S
        share = TICK_S / min(self._heard, TAU_S)
        swing = np.clip(momentary - activity.loudness, -DYNAMICS_LU, DYNAMICS_LU)
        power = np.where(activity.active & np.isfinite(own + swing), 10 ** ((own + swing) / 10), 0.0)
        self._lead += share * (power[leads].sum() - self._lead)
        self._rest += share * (power[rest].sum() - self._rest)


def leading(sources: Sequence[Source]) -> Flags:
    """Of each source, whether it leads: lead vocals, or speech where there is none."""
    singers = np.array([s.role_name == "lead_vocal" for s in sources], bool)
    return singers if singers.any() else np.array([bool(s.role and s.role.leads) for s in sources], bool)


def reason(source: Source, offset: float) -> str:
    return f"{source.what} sits {offset:+.1f} LU from the lead at {LEAD_LUFS:.0f}"


def _db(power: float) -> float:
    return float(10 * np.log10(max(power, 1e-12)))
