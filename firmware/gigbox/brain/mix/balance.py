"""Where each source belongs in loudness: its role's place, its style's and taste's wish, and one common trim that sets the lead against the band.

The common trim makes places independent of how many channels play: b = -LAR - B, with B the loudness that the places alone would give to
everything but the lead, relative to it (guides: LAR of Gerdes and Siedenburg 2023; see styles.toml). B is not summed from the table but from
what really sounds together with the lead: each source at its place, with its own dynamics, since it came in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from gigbox.brain.arrays import Array, Flags
from gigbox.brain.hear.activity import Activity
from gigbox.brain.hear.meters import TICK_S
from gigbox.brain.roles.roles import ROLES, STYLES, UNKNOWN
from gigbox.brain.roles.sources import Source

TAU_S = {"soundcheck": 7.0, "show": 20.0}       # of time that the lead sounds
SURE_S = {"soundcheck": 2.0, "show": 6.0}       # of it, from which only what was heard with the lead counts; the first words say little of the rest
BEFORE_S = 30.0             # what the band comes to at all is an average over this long
GUESS_DB = -3.0             # until the lead is heard: as if all played at once, but no further down. What must come down later may, what must go up
                            # may cost feedback margin
CAREFUL_DB = 3.0            # who is a guess stays so far under its place,
LEADS = 1 / 3               # who is in front by so much of the doubt is one who leads
LIKELY, OVER_DB = 0.1, 2.0  # or is where it belongs on average of all that is so likely and of that, but never further over the lowest of these places
RANGE_DB = (-15.0, 4.0)     # of the common trim
SPARSE_DB = 6.0             # the band is never taken to be thinner behind the lead than this under its average
DYNAMICS_LU = 10.0          # a moment may be so far from its source's average
HELD_DB = {"soundcheck": 0.3, "show": 0.5}      # the common trim stays where it is while it is this right

Taste = Callable[[str, str, str], float]


def no_taste(kind: str, role: str, style: str) -> float:
    """Of somebody who was never here."""
    return 0.0


class Balance:
    """`offset` of each source: LU against LEAD_LUFS, NaN where the role is not known."""

    def __init__(self, taste: Taste = no_taste) -> None:
        self.taste = taste
        self.offset: Array = np.zeros(0)
        self._leads: Flags = np.zeros(0, bool)
        self.common = 0.0                  # dB, of all that do not lead
        self.short = 0.0                   # dB that these give way by to a lead that may not be raised any further (see lead_shortfall.py),
        self.at_once = False               # and whether they hurry, since that one has only begun
        self._with_lead, self._at_all = Presence(), Presence()
        self._led = False                  # it was heard how the band comes to a lead, if to another one

    def think(self, sources: Sequence[Source], activity: Activity, momentary: Array, style: str, mode: str, given: Array | float = 0.0) -> None:
        """Once a tick; `momentary`: LUFS of each source itself, as it comes in; `given`: dB that it gives way by while the lead sounds."""
        shares = _shares(sources)
        own = np.array([self._own(source, style, source.front) for source in sources])
        surely = 1.0 if leading(sources).any() else min(float(shares.sum()), 1.0)      # that anybody leads
        leads = _who(shares)
        if self._others_lead(leads, surely):      # what was heard with another lead says little now; a show goes on from where it is
            self._led |= self._with_lead.seconds >= SURE_S[mode]
            self._with_lead = Presence()
        self._leads = leads
        voices = np.array([source.voice for source in sources]) * (surely < 1)
        wanted = self._room(own, voices, sources, style) if surely < 1 else 0.0
        if surely > 0:
            full = own if surely == 1 else np.array([self._own(s, style, None if s.front is None else s.front / surely) for s in sources])
            wanted += surely * (self._common(full, shares / surely, leads, activity, momentary, STYLES[style].lead, mode, given) - wanted)
        if abs(wanted - self.common) > HELD_DB[mode]:
            self.common = wanted
        self.offset = own + (1 - np.maximum(shares, voices * (shares == 0))) * self.band

    def _others_lead(self, leads: Flags, surely: float) -> bool:
        """Whether others lead than before; one more guess, or one less, is no other singer."""
        if not len(self._leads) or np.array_equal(leads, self._leads):
            return False
        return surely == 1 or not (leads & self._leads).any()

    def told(self) -> dict[str, Any]:
        """What `recall` goes on from; plain JSON."""
        return {"common": self.common, "short": self.short, "led": self._led, "with lead": self._with_lead.told(),
                "at all": self._at_all.told()}

    def recall(self, saved: Mapping[str, Any]) -> None:
        self.common, self.short = float(saved["common"]), float(saved["short"])
        self._led = bool(saved.get("led"))
        self._with_lead.recall(saved["with lead"])
        self._at_all.recall(saved["at all"])

    @property
    def band(self) -> float:
        """dB of all that do not lead, beside their places."""
        return self.common - self.short

    def _own(self, source: Source, style: str, front: float | None) -> float:
        if source.role is None:
            return float("nan")
        if front is not None:
            behind = self._place("backing_vocal", style) if source.sure else self._unsure(source, style)
            return front * self._place("lead_vocal", style) + (1 - front) * behind
        return self._place(source.role_name, style) if source.sure else self._unsure(source, style)

    def _unsure(self, source: Source, style: str) -> float:
        """Where it belongs on average of what it may be, carefully by what is left of that, and hardly over the lowest of these places."""
        places = [(self._place(role, style), share) for role, share in source.likely if share >= LIKELY and role in ROLES]
        if not places:
            return self._place(source.role_name, style) - CAREFUL_DB
        careful = self._place(UNKNOWN, style) - CAREFUL_DB
        known = sum(share for _, share in places)
        return min(sum(place * share for place, share in places) + (1 - known) * careful, min(place for place, _ in places) + OVER_DB)

    def _place(self, role: str, style: str) -> float:
        return ROLES[role].offset + STYLES[style].offsets.get(role, 0.0) + self.taste("level", role, style)

    def _common(self, own: Array, shares: Array, leads: Flags, activity: Activity, momentary: Array, lar: float, mode: str, given: Array | float) -> float:
        rest = (shares < 1) & np.isfinite(own)
        if not rest.any():
            return 0.0
        places = 10 ** (np.where(np.isfinite(own), own - given, -np.inf) / 10)
        moment, entered = self._moment(activity, momentary), np.isfinite(activity.came)
        if moment[rest].any():
            self._at_all.hear(moment, entered, BEFORE_S)
        if (leads & activity.foreground).any():
            self._with_lead.hear(moment, entered, TAU_S[mode])
        front = _db(places[leads].max())
        table = _db((places * (1 - shares)).sum()) - front
        lead, band, usual = (presence.power(places * share) for presence, share in
                             ((self._with_lead, shares), (self._with_lead, 1 - shares), (self._at_all, 1 - shares)))
        sure = min(self._with_lead.seconds / SURE_S[mode], 1.0) if lead > 0 and band > 0 else 0.0
        guess = self.common if mode == "show" and self._led else float(np.clip(-lar - table, GUESS_DB, 0.0))
        thinnest = (_db(usual) - front if usual > 0 else table) - SPARSE_DB
        found = -lar - max(_db(band / lead), thinnest) if sure else guess
        return float(np.clip(guess + sure * (found - guess), *RANGE_DB))

    def _room(self, own: Array, voices: Array, sources: Sequence[Source], style: str) -> float:
        """Where nobody is sure to lead, but somebody may: the band leaves room, as until a lead is heard."""
        may_lead = np.array([not s.sure and (s.role_name == UNKNOWN or bool(s.role and s.role.spectrum == "voice")) for s in sources], bool)
        if not may_lead.any() or may_lead.all():
            return 0.0
        band = np.where(np.isfinite(own), (1 - voices) * 10 ** (own / 10), 0.0).sum()
        return float(np.clip(-STYLES[style].lead - _db(band), GUESS_DB, 0.0))

    def _moment(self, activity: Activity, momentary: Array) -> Array:
        """Power of each source at this moment, against its average."""
        swing = np.clip(momentary - activity.came, -DYNAMICS_LU, DYNAMICS_LU)
        return np.where(activity.active & np.isfinite(swing), 10 ** (swing / 10), 0.0)


class Presence:
    """How much of each source there is, on average of the time that is listened to: 1 where it always plays as it does on average.

    Of each only the time since it came in: who was not there yet says nothing of how he will play.
    """

    def __init__(self) -> None:
        self._mean, self._heard = np.zeros(0), np.zeros(0)

    @property
    def seconds(self) -> float:
        """That were listened to."""
        return float(self._heard.max(initial=0.0))

    def hear(self, moment: Array, entered: Flags, tau_s: float) -> None:
        """A tick; `moment`: (sources,) power of each against its average."""
        if len(self._mean) != len(moment):
            self._mean, self._heard = np.zeros(len(moment)), np.zeros(len(moment))
        self._heard += TICK_S * entered
        self._mean += np.where(entered, TICK_S / np.clip(self._heard, TICK_S, tau_s), 0.0) * (moment - self._mean)

    def power(self, places: Array) -> float:
        """Of all together, each at its place (a power)."""
        return float((self._mean * places).sum()) if len(self._mean) else 0.0

    def told(self) -> list[list[float]]:
        return [self._mean.tolist(), self._heard.tolist()]

    def recall(self, saved: Sequence[Sequence[float]]) -> None:
        self._mean, self._heard = (np.array(values, float) for values in saved)


def leading(sources: Sequence[Source]) -> Flags:
    """Of each source, whether it leads: lead vocals, or speech where there is none. A guess never does; of singers in doubt all who may."""
    return np.asarray(_who(_shares(sources)) & np.array([source.sure for source in sources], bool))


def _who(shares: Array) -> Flags:
    return np.asarray((shares > 0) & (shares >= min(LEADS, shares.max(initial=0.0))))


def _shares(sources: Sequence[Source]) -> Array:
    """Of each source, how much of it leads."""
    singers = np.array([s.front if s.front is not None else float(s.sure and s.role_name == "lead_vocal") for s in sources], float)
    return singers if singers.any() else np.array([float(bool(s.sure and s.role and s.role.leads)) for s in sources], float)


def reason(source: Source, offset: float, sources: Sequence[Source]) -> str:
    """Its place, as a musician says it: `5 dB under Anna`."""
    if not leading(sources).any():
        return "beside the others"
    if source.role and source.role.leads and not offset:
        return "in front"
    return f"{abs(offset):.0f} dB {'under' if offset < 0 else 'over'} {front(sources)}"


def front(sources: Sequence[Source]) -> str:
    """Who leads, in a few words."""
    names = [s.name for s, leads in zip(sources, leading(sources), strict=True) if leads]
    return names[0] if len(names) == 1 else "the leads"


def against(sources: Sequence[Source]) -> str:
    return f"under {front(sources)}" if leading(sources).any() else "beside each other"


def _db(power: float) -> float:
    return float(10 * np.log10(max(power, 1e-12)))
