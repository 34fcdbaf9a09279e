"""One open page: what it is told of the desk's changes and the meters, and what its person asks of the desk."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from gigbox.errors import GigboxError, RequestError
from gigbox.web import wishes
from gigbox.web.access import Visitor
from gigbox.web.desk_line import DeskLine
from gigbox.web.meters import SPECTRA, Meters

HEALTH_S = 1.0
MOST_HZ, LATE_HZ, FULL = 20.0, 5.0, 10       # of meters: for the first FULL pages that want them, and for those after them
SPECTRUM_S = 0.1
STRIPS = 8               # shown while no engine has told how many there are


@dataclass(frozen=True)
class Vitals:
    """What every page is told of the rack at one moment: `meters` is the message, or empty while no engine runs."""

    meters: bytes = b""
    health: dict[str, Any] = field(default_factory=dict)
    channels: int = 0
    now: float = 0.0


class Nurse:
    """Looks at the rack once for all pages."""

    def __init__(self, meters: Meters, clock: Callable[[], float]) -> None:
        self._meters, self._clock = meters, clock
        self._health: dict[str, Any] = {}
        self._due = clock()

    def look(self) -> Vitals:
        """`health` is a new object each HEALTH_S, and as soon as the engine comes or goes."""
        reading, now = self._meters.reading(), self._clock()
        if now >= self._due or (reading is not None) != self._health.get("engine"):
            self._health, self._due = self._meters.health(), now + HEALTH_S
        return Vitals(reading or b"", self._health, self._meters.channels(), now)

    def spectrum(self, of: str) -> list[float]:
        return self._meters.spectrum(of)


class Page:
    """`visitor` is who they are now; `epoch` and `since` what the page knew before its last connection was lost, `hz` how often it wants meters."""

    def __init__(self, desk: DeskLine, visitor: Visitor, epoch: str = "", since: int = -1, hz: float = 0.0) -> None:
        self._desk, self.visitor = desk, visitor
        self._epoch, self._seq = epoch, since
        self._told: Visitor | None = None        # what of the person the page knows; None: it has to begin anew
        self._desk_told: bool | None = None
        self._health: dict[str, Any] = {}
        self._hz, self._due = hz, 0.0
        self._spectrum, self._spectrum_due = "", 0.0

    @property
    def wants_meters(self) -> bool:
        return self._hz > 0

    def news(self, channels: int) -> Iterator[str]:
        """What the desk said and this page has not been told."""
        if not self._desk.alive:
            if self._desk_told is not False:
                yield written({"desk": False, "channels": channels or STRIPS})
            self._desk_told, self._told = False, None
            return
        if self._told != self.visitor or not self._desk_told:
            self._desk_told, self._told = True, self.visitor
            first = self._desk.first(self._epoch, self._seq)
            self._epoch, self._seq = first["epoch"], first["seq"]
            yield written({**first, "desk": True, "channels": channels or STRIPS, "by": self.visitor.by, "you": you(self.visitor)})
            return
        texts, self._seq = self._desk.missed(self._seq)
        yield from texts

    def vitals(self, nurse: Nurse, vitals: Vitals, most_hz: float = MOST_HZ) -> Iterator[str | bytes]:
        """Meters and spectrum as often as the page wants them and may have them, and how the box does."""
        if vitals.meters and self._hz > 0 and vitals.now >= self._due:
            period = 1 / min(self._hz, most_hz)
            self._due = max(self._due + period, vitals.now + period / 2)
            yield vitals.meters
        if self._spectrum and vitals.now >= self._spectrum_due and (bands := nurse.spectrum(self._spectrum)):
            self._spectrum_due = vitals.now + SPECTRUM_S
            yield written({"spectrum": {"of": self._spectrum, "db": bands}})
        if vitals.health is not self._health:
            self._health = vitals.health
            yield written({"health": vitals.health, **({"channels": vitals.channels} if vitals.channels else {})})

    def take(self, message: str | bytes) -> str:
        """The person's wish; the answer, or nothing where the change itself will tell. Waits for the desk."""
        number: int | str | None = None
        try:
            wanted, number = wishes.wish(message)
            if wanted.verb == "want":
                wishes.grant(wanted, self.visitor)
                self._want(wanted.what)
                done: Any = None
            elif wishes.VERBS[wanted.verb].changes and self._told is None and self._desk.alive:
                raise RequestError(f"{wanted.verb}: this page has not been told the state yet, expected it to read first")
            else:
                done = wishes.do(self._desk, wanted, self.visitor)
        except GigboxError as e:
            return written({"error": str(e)} if number is None else {"answer": number, "error": str(e)})
        if number is not None:
            return written({"answer": number, "ok": done})
        return written(done) if wanted.verb == "undo" else ""

    def _want(self, what: Any) -> None:
        if not isinstance(what, dict) or not what or not what.keys() <= {"meters", "spectrum"}:
            raise RequestError('want: expected an object such as {"meters": 20, "spectrum": "strip/3"}')
        hz = what.get("meters", self._hz)
        if not isinstance(hz, (int, float)) or isinstance(hz, bool) or not 0 <= hz <= 1000:
            raise RequestError(f"want: meters {json.dumps(hz)[:20]}, expected 0 to {MOST_HZ:g} a second")
        spectrum = self._spectrum
        if "spectrum" in what:
            of = what["spectrum"]
            if of is not None and (not isinstance(of, str) or of not in SPECTRA):
                raise RequestError(f"want: spectrum {json.dumps(of)[:20]}, expected a strip such as strip/3, listen, main, monitor/1, or null")
            spectrum = of or ""
        self._hz, self._spectrum = min(float(hz), MOST_HZ), spectrum


def you(visitor: Visitor) -> dict[str, Any]:
    """Who somebody is, as they are told it."""
    return {**asdict(visitor), "strips": list(visitor.strips)}


def written(message: Mapping[str, Any]) -> str:
    return json.dumps(message, separators=(",", ":"))
