"""Which moves of a hand are corrections: what stands, was heard, and was not taken back. Time is an argument.

A fader is touched for many reasons: to find out who is on it, for a solo, by a sleeve. A correction is what is left at the end: at least
one step off from where the song began, standing for 20 s without being touched again, and heard for 8 s of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from gigbox.brain.desk_view import Layers
from gigbox.brain.taste.belief import KINDS, noise_of
from gigbox.brain.taste.pace import Pace
from gigbox.params import COUNTS, find

PATHS = {"level": "level", "eq_low": "eq/1/gain", "eq_high": "eq/4/gain", "pan": "pan", "denoise": "denoise/amount", "comp": "comp/threshold"}
SHELVES = {"eq_low": ("eq/1", "low_shelf", 50.0, 200.0), "eq_high": ("eq/4", "high_shelf", 4000.0, 16000.0)}     # an octave around where it starts
KIND_OF = {path: kind for kind, path in PATHS.items()}
LEAST_STEPS = 1.0
UNDONE_S = 20.0               # so long may a hand take back what it did
HEARD_S = 8.0                 # so long must it have been heard
LEAST_DEPTH = 75.0            # %: below it the hand makes the mix, and corrects nobody
PULLED_DB = -20.0             # a hand that pulls a fader below this mutes, whatever it is called
IN_USE = {"eq_low": "eq/on", "eq_high": "eq/on", "comp": "comp/on"}      # what is off is not heard
WATCHED = (*(f"strip/*/{name}" for name in ("role", "link", "mute", "solo", "eq/on", "eq/1", "eq/4", "comp/on")),
           *(f"strip/*/{PATHS[kind]}" for kind in ("level", "pan", "denoise", "comp")),
           *(f"box/{name}" for name in ("mode", "style", "depth", "freeze", "denoise", "taste")))


class Told(Layers, Protocol):
    """The same, and whether a lock holds."""

    @property
    def locked(self) -> bool: ...


@dataclass(frozen=True)
class Correction:
    """`steps`: how far the hand stands from what the box does, in steps; None: it stands where the song began, so nothing was said."""

    strip: int
    kind: str
    role: str
    style: str
    steps: float | None
    noise: float


@dataclass
class Touch:
    """A hand that has moved and not yet settled."""

    since: float
    noise: float
    heard: float = 0.0


@dataclass
class Corrections:
    """The desk as far as taste must know it, and the touches that are not yet settled, by (strip, kind)."""

    known: dict[str, Told] = field(default_factory=dict)
    pending: dict[tuple[int, str], Touch] = field(default_factory=dict)
    _began: dict[tuple[int, str], float] = field(default_factory=dict)        # steps when the song began, of what was touched since
    _zero: dict[tuple[int, str], float] = field(default_factory=dict)         # hands that are no correction: kept, or of a scene
    _playing: Sequence[bool] = ()
    _pace: Pace = field(default_factory=Pace)

    def take(self, path: str, told: Told, now: float, by: str, why: str) -> None:
        """A path as it is now. `by` is empty where that is no change but the present, and "brain" for what the box does."""
        before = self.known.get(path)
        strip, kind = _place(path)
        place = strip, kind
        steps = self.steps(*place) if kind else 0.0
        self.known[path] = told
        if path.endswith("/role") and (before is None or before.value != told.value):
            self._forget(strip)
        if not kind or before is None or told.hand == before.hand:
            return
        if told.hand is None:
            self._zero.pop(place, None)
        if _not_listened(before, told, why):
            self._forget(strip, kind)
            if isinstance(told.hand, (int, float)) and not why.startswith("takes back"):
                self._zero[place] = float(told.hand)
        elif not self._set(strip, kind) and not self._active(strip):      # hands off while nobody plays: a new start, no answer to what was heard
            self._forget(strip, kind)
        elif by and by != "brain" and self._counts(*place):
            self._began.setdefault(place, steps)
            self.pending[place] = Touch(now, noise_of(self.mode))
        else:
            self.pending.pop(place, None)

    def tick(self, now: float, active: Sequence[bool]) -> Iterator[Correction]:
        """What has settled by now. `active`: of each strip, whether it plays."""
        passed, self._playing = self._pace.passed(now), tuple(active)
        for (strip, kind), touch in list(self.pending.items()):
            if not self._counts(strip, kind):
                continue
            touch.heard += passed if self._active(strip) else 0.0
            if now < touch.since:
                touch.since = now                                        # the clock was set back
            if touch.heard >= HEARD_S and now - touch.since >= UNDONE_S:
                del self.pending[strip, kind]
                steps = self.steps(strip, kind)
                said = abs(steps - self._began[strip, kind]) >= LEAST_STEPS
                yield Correction(strip, kind, self.role(strip), self.style, steps if said else None, touch.noise)

    def next_song(self) -> None:
        """From now on a correction is what differs from here; a touch that has not settled yet goes on."""
        self._began = {place: steps for place, steps in self._began.items() if place in self.pending}

    def drop(self, kind: str | None = None, role: str | None = None) -> None:
        """Nothing that was touched until now is a correction; of a kind and role, or at all."""
        for place in [p for p in self._began if kind in (None, p[1]) and role in (None, self.role(p[0]))]:
            self.pending.pop(place, None)
            del self._began[place]

    def audible(self, strip: int) -> bool:
        """Whether it plays and is not muted."""
        return self._active(strip) and not self._value(f"strip/{strip}/mute", False)

    def steps(self, strip: int, kind: str) -> float:
        """How far the hand stands from what the box does, in steps; 0 where no hand has set it."""
        path = f"strip/{strip}/{PATHS[kind]}"
        told = self.known.get(path)
        if told is None or not isinstance(told.hand, (int, float)):
            return 0.0
        address, hand = find(path), float(told.hand)
        auto = float(told.auto) if isinstance(told.auto, (int, float)) else None
        if kind == "pan":                                                # the width: to the other side is as wide
            start = self._zero.get((strip, kind), address.default) + (auto or 0.0) * self.depth / 100
            return (abs(address.param.clamp(start + hand - self._zero.get((strip, kind), address.default))) - abs(start)) / KINDS[kind].step
        start = address.default if address.param.blend == "add" or auto is None else auto
        return (hand - self._zero.get((strip, kind), start)) / KINDS[kind].step

    def stands(self, kind: str, role: str) -> bool:
        """Whether a hand has moved this on any strip of the role: then nothing learnt may move there."""
        return any(self._set(n, kind) for n in self.strips(role))

    def strips(self, role: str) -> list[int]:
        """The strips that carry a role; of a linked pair the left one."""
        return [n for n in range(1, COUNTS["strip"] + 1) if self.role(n) == role and self._first(n)]

    def role(self, strip: int) -> str:
        return str(self._value(f"strip/{strip}/role", "unused"))

    @property
    def mode(self) -> str:
        return str(self._value("box/mode", ""))

    @property
    def style(self) -> str:
        return str(self._value("box/style", "pop"))

    @property
    def depth(self) -> float:
        """%."""
        return float(self._value("box/depth", 100.0))

    @property
    def answering(self) -> bool:
        """Whether the box mixes at all. Frozen it cannot answer to what is played; at little depth the hand makes the mix."""
        return not self._value("box/freeze", False) and self.depth >= LEAST_DEPTH

    def _counts(self, strip: int, kind: str) -> bool:
        """Whether a hand here says something now about what the box does."""
        told = self.known[f"strip/{strip}/{PATHS[kind]}"]
        if self._value(f"strip/{strip}/mute", False) or any(self._value(f"strip/{n}/solo", False) for n in range(1, COUNTS["strip"] + 1)):
            return False
        if told.locked or not self.answering or self.role(strip) == "unused" or not self._first(strip):
            return False
        if kind in IN_USE and not self._value(f"strip/{strip}/{IN_USE[kind]}", True):
            return False
        if kind == "denoise":
            return self._value("box/denoise", "") != "off"
        if kind == "comp" and told.auto is None:        # the box has no threshold of its own, so none is corrected
            return False
        if kind == "level":
            return told.hand is None or (isinstance(told.hand, (int, float)) and told.hand > PULLED_DB)
        return kind not in SHELVES or self._is_shelf(strip, *SHELVES[kind])

    def _is_shelf(self, strip: int, band: str, shape: str, low: float, high: float) -> bool:
        """Whether a band still is the shelf it starts as; otherwise its gain is of something else."""
        corner = self._value(f"strip/{strip}/{band}/frequency", low)
        return self._value(f"strip/{strip}/{band}/type", shape) == shape and isinstance(corner, (int, float)) and low <= corner <= high

    def _set(self, strip: int, kind: str) -> bool:
        path = f"strip/{strip}/{PATHS[kind]}"
        told = self.known.get(path)
        if told is None or told.hand is None:
            return False
        return find(path).param.blend != "add" or told.hand != find(path).default

    def _active(self, strip: int) -> bool:
        return strip <= len(self._playing) and self._playing[strip - 1]

    def _first(self, strip: int) -> bool:
        return strip == 1 or not self._value(f"strip/{strip - 1}/link", False)

    def _value(self, path: str, missing: float | str | bool) -> float | str | bool:
        told = self.known.get(path)
        return missing if told is None or told.value is None else told.value

    def _forget(self, strip: int, kind: str = "") -> None:
        for each in [kind] if kind else KINDS:
            self.pending.pop((strip, each), None)
            self._began.pop((strip, each), None)
            self._zero.pop((strip, each), None)


def _not_listened(before: Told, told: Told, why: str) -> bool:
    """Whether a hand moved because auto was kept in it, a scene was recalled, or one of the two taken back: that is no correction."""
    kept = told.auto is None and before.auto is not None
    return kept or why.startswith("scene ") or (why.startswith("takes back: ") and told.auto != before.auto)


def _place(path: str) -> tuple[int, str]:
    """Strip and kind that a path is about; 0 and "" where none is learnt."""
    words = path.split("/", 2)
    if words[0] != "strip" or len(words) < 3 or not words[1].isdecimal():
        return 0, ""
    return int(words[1]), KIND_OF.get(words[2], "")
