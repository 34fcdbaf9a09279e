"""The line check: ten seconds of everybody playing, and the box says of each input what it is, what is wrong with it, and how far to turn it.

It only listens. Sounds come from the rack, roles and names from who calls; it knows no desk, sets nothing, and counts time in ticks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from gigbox.brain.linecheck.line import DC, NOISE_DB, SECOND, Line, Lines
from gigbox.brain.linecheck.polarity import Alignment, Polarity
from gigbox.brain.linecheck.preamps import OFFER, to_turn
from gigbox.rack import Rack

SECONDS = 10.0
SURE = 0.6                    # confidence, above which a name that the recogniser gives is told
CERTAIN = 0.95                # and above which it may speak against what people say
UNUSED = "unused"


class Heard(Protocol):
    """What a recogniser thinks of a channel: `name` of a class, or nothing while it is unsure; `confidence` 0..1."""

    @property
    def name(self) -> str: ...
    @property
    def confidence(self) -> float: ...


class Recogniser(Protocol):
    """Names what each channel carries from what it hears in the rack, every 100 ms."""

    def hear(self, rack: Rack) -> object: ...
    def verdicts(self) -> Sequence[Heard]: ...


@dataclass(frozen=True)
class Channel:
    """One input: `state` over the whole check (playing, if it ever was), `role` as the desk has it, and the words: problems first.

    `heard`: what the recogniser calls it, empty where it is unsure; `suggested`: the role for that, where the strip has none; `unlike`: where it
    has one, and that is something quite different.
    `pair`: polarity and delay against the strip before it, None where they hear different things or nothing is sure.
    """

    number: int
    name: str
    role: str
    line: Line
    heard: str = ""
    confidence: float = 0.0
    suggested: str = ""
    unlike: bool = False
    pair: Alignment | None = None

    @property
    def state(self) -> str:
        return "playing" if self.line.loudest is not None else self.line.state

    @property
    def problems(self) -> tuple[str, ...]:
        return tuple(_problems(self))

    @property
    def sentences(self) -> tuple[str, ...]:
        return (*self.problems, *_advice(self))

    def as_dict(self) -> dict[str, Any]:
        """As JSON holds it; levels in dBFS before trim, a tenth of a dB."""
        line = self.line
        return {"channel": self.number, "name": self.name, "role": self.role, "state": self.state, "now": line.state, "problems": list(self.problems),
                "sentences": list(self.sentences), "heard": self.heard, "confidence": round(self.confidence, 2), "suggested_role": self.suggested,
                "turn_db": line.turn, "advice": line.advice,
                "loudest_dbfs": _tenth(line.loudest), "peak_dbfs": _tenth(line.peak), "noise_dbfs": _tenth(line.noise),
                "hum_hz": round(line.hum[0], 2) if line.hum else None, "hum_dbfs": _tenth(line.hum[1]) if line.hum else None,
                "played_seconds": line.played, "clipped_tenths": line.clipped, "flat_tenths": line.flat, "pops": line.pops,
                "turned_against": self.number - 1 if self.pair and self.pair.turned else None,
                "late_ms": round(self.pair.late_ms, 2) if self.pair else None}


@dataclass(frozen=True)
class Report:
    """What a line check found, by channel."""

    seconds: float
    channels: tuple[Channel, ...]

    def as_dict(self) -> dict[str, Any]:
        return {"seconds": self.seconds, "channels": [channel.as_dict() for channel in self.channels]}

    @property
    def summary(self) -> str:
        return summary(self.as_dict())

    def text(self) -> str:
        """A table for a person, one line a channel."""
        return table(self.as_dict())


class LineCheck:
    """Call `hear` every 100 ms until `done`, then ask for the `report`."""

    def __init__(self, roles: Sequence[str], names: Sequence[str] = (), seconds: float = SECONDS, recogniser: Recogniser | None = None,
                 role_of: Callable[[str], str] = lambda name: "", unlike: Callable[[str, str], bool] = lambda role, name: False) -> None:
        """`roles` and `names` of the strips, in order; `role_of` gives the role for a recogniser's class, or nothing; `unlike` says whether such
        a class is something quite different from a role.

        The recogniser's `hear` is called here, once a tick: it must not be called elsewhere meanwhile.
        """
        self.roles, self.names = tuple(roles), tuple(names) or tuple(f"strip {n}" for n in range(1, len(roles) + 1))
        self.seconds = seconds
        self._ticks, self._lines, self._polarity = 0, Lines(roles), Polarity()
        self._recogniser, self._role_of, self._unlike = recogniser, role_of, unlike

    @property
    def progress(self) -> float:
        """0..1."""
        return min(self._ticks / max(self.seconds * SECOND, 1), 1.0)

    @property
    def done(self) -> bool:
        return self.progress >= 1.0

    def hear(self, rack: Rack) -> None:
        if self._recogniser is not None:
            self._recogniser.hear(rack)
        if self._ticks % SECOND == 0:                 # which neighbours may hear the same is known better each second
            self._polarity.expect([role if role != UNUSED else self._suggested(n) for n, role in enumerate(self.roles)])
        self._lines.hear(rack)
        self._polarity.hear(rack)
        self._ticks += 1

    def report(self) -> Report:
        """What is known by now."""
        pairs = self._polarity.verdicts()
        return Report(round(self._ticks / SECOND, 1), tuple(self._channel(n, line, pairs.get(n)) for n, line in enumerate(self._lines.lines())))

    def _channel(self, n: int, line: Line, pair: Alignment | None) -> Channel:
        role, heard = self.roles[n], self._heard(n)
        suggested = self._suggested(n) if role == UNUSED else ""
        unlike = heard is not None and role != UNUSED and heard.confidence >= CERTAIN and self._unlike(role, heard.name)
        return Channel(n + 1, self.names[n], role, line, heard.name if heard else "", heard.confidence if heard else 0.0, suggested, unlike, pair)

    def _heard(self, n: int) -> Heard | None:
        verdicts = self._recogniser.verdicts() if self._recogniser is not None else ()
        return verdicts[n] if n < len(verdicts) and verdicts[n].name else None

    def _suggested(self, n: int) -> str:
        heard = self._heard(n)
        return self._role_of(heard.name) if heard and heard.confidence >= SURE else ""


def summary(report: Mapping[str, Any]) -> str:
    """One line about `Report.as_dict()`."""
    count = sum(bool(c["problems"]) for c in report["channels"])
    return f"{count or 'no'} {'channel' if count == 1 else 'channels'} with a problem, after {report['seconds']:g} s"


def table(report: Mapping[str, Any]) -> str:
    """`Report.as_dict()` for a person, also one that a desk kept: one line a channel, and a last one that sums up."""
    rows = [("", "name", "is", "state", "turn", "")]
    for c in report["channels"]:
        turn = "" if c["turn_db"] is None else f"{c['turn_db']:+d} dB" if c["turn_db"] else "good"
        what = c["role"] if c["role"] != UNUSED else f"{c['suggested_role'] or c['heard'] or '?'}"
        said = [sentence for sentence in c["sentences"] if not turn or sentence != c["advice"]]
        rows.append((str(c["channel"]), c["name"], what.replace("_", " "), c["state"], turn, "; ".join(said)))
    wide = [max(len(row[i]) for row in rows) for i in range(5)]
    lines = ["  ".join([row[0].rjust(wide[0]), *(row[i].ljust(wide[i]) for i in range(1, 4)), row[4].rjust(wide[4]), row[5]]).rstrip() for row in rows]
    return "\n".join([*lines, summary(report), *([OFFER] if to_turn(report) else [])])


def _problems(c: Channel) -> Iterator[str]:
    line = c.line
    if c.state == "dead":
        yield "dead: look at its cable, its battery, phantom power"
    elif line.cut:
        yield "cut off while it played, and dead since: look at its plug"
    if line.clipped:
        yield f"clips, in {line.clipped / SECOND:.1f} s" + (": the tops of its waves are cut off" if line.flat else "")
    if c.pair and c.pair.turned:
        yield f"polarity is against strip {c.number - 1}: try its switch"
    if line.hum:
        yield f"hums at {line.hum[0]:.1f} Hz, {line.hum[1]:.0f} dBFS: look at its earth and its cable"
    elif c.state == "noise" and line.noise > NOISE_DB:
        yield f"noise at {line.noise:.0f} dBFS while nobody plays"
    if abs(line.dc) > DC:
        yield f"DC of {100 * line.dc:.0f} % of full scale: look at its converter"
    if line.pops:
        yield f"its plug has banged{f' {line.pops} times' if line.pops > 1 else ''}"


def _advice(c: Channel) -> Iterator[str]:
    if c.line.advice:
        yield c.line.advice
    if c.state == "quiet":
        yield "open, nobody plays"
    if c.suggested:
        yield f"sounds like {c.suggested.replace('_', ' ')} ({100 * c.confidence:.0f} %)"
    if c.unlike:
        yield f"is {c.role.replace('_', ' ')}, but sounds like {c.heard.replace('_', ' ')} ({100 * c.confidence:.0f} %): is it on the right strip?"
    if c.pair and abs(c.pair.late_ms) >= 0.1:
        late, before = c.pair.late_ms, c.number - 1
        yield (f"hears {abs(late):.1f} ms {'later' if late > 0 else 'sooner'} than strip {before}: "
               f"a delay of {abs(late):.1f} ms on strip {before if late > 0 else c.number} would align them")


def _tenth(db: float | None) -> float | None:
    return None if db is None else round(db, 1)
