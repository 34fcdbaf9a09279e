"""What hands taught: corrections of people that settled move the starting point of that role next time.

A liking is kept for each kind and role, for all styles together and for each style it was corrected in. What was learnt is applied when
the next song or soundcheck begins, and never under a hand that has moved the same thing: that hand already is the correction.
Nothing here reads a clock or the desk; `file.py` keeps it on disk.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from gigbox import params
from gigbox.brain.taste.belief import KINDS, MOST, Belief, said
from gigbox.brain.taste.corrections import Correction, Corrections, Told
from gigbox.brain.taste.pace import Pace
from gigbox.errors import TasteError

PLAYED_S = 20.0               # so long must a role be heard before an untouched song says that it was right
ALL = ""                      # the style that stands for all of them
Key = tuple[str, str, str]    # kind, role, style


@dataclass(frozen=True)
class Entry:
    """One liking, for showing. `style` is empty for all styles; `offset` in the kind's unit, as it is applied; `sure` 0..1."""

    role: str
    kind: str
    style: str
    offset: float
    sure: float
    count: int

    @property
    def sentence(self) -> str:
        kind = KINDS[self.kind]
        digits = 2 if kind.step < 1 else 1
        amount = f"{abs(self.offset):.{digits}f}{' ' if kind.unit else ''}{kind.unit}"
        source = f"{self.count} correction{'' if self.count == 1 else 's'}" if self.count else "set by hand"
        style = f" in {self.style.replace('_', ' ')}" if self.style else ""
        return f"You like {_several(self.role)} {amount} {kind.more if self.offset >= 0 else kind.less}{style} ({source})"


@dataclass
class Taste:
    """`on` False: nothing is learnt and `offset` is 0. `beliefs` is all that was learnt; `in_use` what the rules were last told, by
    (kind, role), in steps: where a hand stands it stays.
    """

    on: bool = True
    beliefs: dict[Key, Belief] = field(default_factory=dict)
    in_use: dict[tuple[str, str], float] = field(default_factory=dict)
    corrections: Corrections = field(default_factory=Corrections)
    _told: dict[Key, float] = field(default_factory=dict)                      # what the rules were told in this song
    _before: dict[Key, Belief | None] = field(default_factory=dict)            # beliefs when the song began, of what it has corrected
    _said: dict[tuple[str, str], dict[int, tuple[str, float, float]]] = field(default_factory=dict)     # by strip: style, steps, noise
    _played: dict[str, float] = field(default_factory=dict)                    # seconds of this song, by role
    _pace: Pace = field(default_factory=Pace)
    _due: bool = False

    def offset(self, kind: str, role: str, style: str) -> float:
        """What to add to the role's own place, in the kind's unit, within +-6 steps. The same from one song's beginning to the next."""
        if not self.on:
            return 0.0
        key, place = (kind, role, style), (kind, role)
        if key not in self._told:
            stands = self.corrections.stands(kind, role)
            self._told[key] = self.in_use[place] = self.in_use.get(place, 0.0) if stands else self._belief(key).offset
        return self._told[key] * KINDS[kind].step

    def take(self, path: str, told: Told, now: float, by: str = "", why: str = "") -> None:
        """A parameter as the desk tells it; `by`, `why` of the change, both empty for the present that a watch begins with.

        Wants all paths of `corrections.WATCHED`, the present first. Others are no harm.
        """
        before = self.corrections.known.get(path)
        self.corrections.take(path, told, now, by, why)
        if path == "box/taste":
            self._switch(bool(told.value))
        elif before is not None and before.value != told.value and (path == "box/style" or (path == "box/mode" and told.value == "soundcheck")):
            self._due = True

    def tick(self, now: float, active: Sequence[bool]) -> bool:
        """Call each 100 ms or so; `active`: of each strip, whether it plays. True where something was learnt."""
        due, self._due = self._due, False
        if due:
            self.song_ended()
        settled = list(self.corrections.tick(now, active))
        passed = self._pace.passed(now) if self.corrections.answering else 0.0
        for role in {self.corrections.role(n) for n in range(1, len(active) + 1) if self.corrections.audible(n)}:
            self._played[role] = self._played.get(role, 0.0) + passed
        for correction in settled if self.on else ():
            self._learn(correction)
        return due or (self.on and bool(settled))

    def song_ended(self) -> None:
        """Forgets a little, takes what nobody corrected as a faint yes, and lets the rules have what was learnt."""
        if self.on and (self._said or max(self._played.values(), default=0.0) >= PLAYED_S):
            for (kind, role), corrections in self._said.items():
                self._fold(kind, role, list(corrections.values()), over=True)
            self._accept()
            self.beliefs = {key: belief.older() for key, belief in self.beliefs.items()}
        self._forget_song()
        self.corrections.next_song()

    def entries(self) -> list[Entry]:
        """All that was ever corrected or set, by role and kind; of a style only where it was corrected in that style."""
        found = [Entry(role, kind, style, belief.offset * KINDS[kind].step, belief.sure, belief.count) for (kind, role, style), belief in self.beliefs.items()]
        return sorted(found, key=lambda e: (params.ROLES.index(e.role), list(KINDS).index(e.kind), e.style))

    def told(self) -> list[Entry]:
        """What is worth saying: a style only where it differs from what is liked in all of them by half a step or more."""
        every = {(e.role, e.kind): e.offset for e in self.entries() if e.style == ALL}
        return [e for e in self.entries() if e.style == ALL or abs(e.offset - every.get((e.role, e.kind), 0.0)) >= KINDS[e.kind].step / 2]

    def erase(self, role: str | None = None, kind: str | None = None) -> int:
        """Forgets all, or all of a role, a kind, or both, at once. How many likings that were; TasteError for what there is not."""
        for what, name, known in (("role", role, params.ROLES), ("kind", kind, KINDS)):
            if name is not None:
                _check(what, name, known)
        gone = [key for key in self.beliefs if role in (None, key[1]) and kind in (None, key[0])]
        for key in gone:
            del self.beliefs[key]
        for place in {key[:2] for key in gone} | {place for place in self.in_use if role in (None, place[1]) and kind in (None, place[0])}:
            self._edited(place, 0.0)
            self.corrections.drop(*place)
        return len(gone)

    def forget(self, what: str) -> int:
        """Erases what is named: ROLE, ROLE/KIND, or all of it where that is empty. How many likings that were; TasteError as in `erase`."""
        role, _, kind = what.partition("/")
        return self.erase(role or None, kind or None)

    def set(self, kind: str, role: str, style: str, value: float) -> None:
        """A person says it: from now on the role starts `value` (in the kind's unit) from its own place. Style "": in every style."""
        check_liking(kind, role, style)
        most, unit = MOST * KINDS[kind].step, f" {KINDS[kind].unit}" if KINDS[kind].unit else ""
        if not abs(value) <= most * (1 + 1e-9):
            raise TasteError(f"{role}/{kind}: {value:g}{unit} is not within -{most:g}..{most:g}{unit}")
        for key in [key for key in self.beliefs if key[:2] == (kind, role) and style in (ALL, key[2])]:
            del self.beliefs[key]
        self.beliefs[kind, role, style] = said(min(max(value / KINDS[kind].step, -MOST), MOST))
        if style in (ALL, self.corrections.style):
            self._edited((kind, role), value / KINDS[kind].step)

    def adopt(self, other: Taste) -> None:
        """Believes what another does, as when its file was edited; what is the same in both goes on as it was."""
        edited = {key[:2] for key in other.beliefs.keys() - self.beliefs.keys()}
        edited |= {key[:2] for key, belief in self.beliefs.items() if not belief.like(other.beliefs.get(key))}
        self.beliefs = dict(other.beliefs)
        for kind, role in edited:
            self._edited((kind, role), self._belief((kind, role, self.corrections.style)).offset)

    def _edited(self, place: tuple[str, str], steps: float) -> None:
        """What a person says of taste itself acts at once, also under a hand, and what the song has said of it so far is void."""
        self.in_use[place] = steps
        self._told = {key: value for key, value in self._told.items() if key[:2] != place}
        self._before = {key: belief for key, belief in self._before.items() if key[:2] != place}
        self._said.pop(place, None)

    def _belief(self, key: Key) -> Belief:
        kind, role, _ = key
        return self.beliefs.get(key) or self.beliefs.get((kind, role, ALL), Belief())

    def _learn(self, correction: Correction) -> None:
        """One a strip and song: what was said last counts, and what was taken back was never said."""
        place = correction.kind, correction.role
        said_so_far = self._said.setdefault(place, {})
        said_so_far.pop(correction.strip, None)
        if correction.steps is not None:
            liked = self.in_use.get(place, 0.0) + correction.steps
            said_so_far[correction.strip] = correction.style, liked, correction.noise
        self._fold(*place, list(said_so_far.values()))

    def _fold(self, kind: str, role: str, corrections: list[tuple[str, float, float]], over: bool = False) -> None:
        """The beliefs as they were when the song began, and all its corrections."""
        general = self._began((kind, role, ALL)) or Belief()
        before = {key[2] for key in self._before if key[:2] == (kind, role)}
        for style in sorted({ALL, *before, *(style for style, *_ in corrections)}):
            key = kind, role, style
            began = self._began(key)
            heard = [(liked, noise) for each, liked, noise in corrections if style in (ALL, each)]
            if heard:
                start = began or (general if style == ALL else general.narrowed())
                self.beliefs[key] = start.closed(heard) if over else start.corrected(heard)
            elif began:
                self.beliefs[key] = began
            else:
                self.beliefs.pop(key, None)

    def _began(self, key: Key) -> Belief | None:
        """The belief when the song began."""
        return self._before.setdefault(key, self.beliefs.get(key))

    def _accept(self) -> None:
        """Silence says something only where somebody once spoke: many never look at a compressor."""
        for key, belief in self.beliefs.items():
            kind, role, style = key
            if style in (ALL, self.corrections.style) and self._played.get(role, 0.0) >= PLAYED_S and not self._said.get((kind, role)):
                strips = self.corrections.strips(role)
                stands = sum(self.corrections.steps(n, kind) for n in strips) / len(strips) if strips else 0.0
                self.beliefs[key] = belief.accepted(self.in_use.get((kind, role), 0.0) + stands)

    def _switch(self, on: bool) -> None:
        if on == self.on:
            return
        self.on = on
        self.in_use.clear()               # off, the rules have nothing; on again, hands that were set meanwhile stay right
        self._forget_song()
        self.corrections.drop()

    def _forget_song(self) -> None:
        self._told.clear()
        self._before.clear()
        self._said.clear()
        self._played.clear()


def check_liking(kind: str, role: str, style: str) -> None:
    """TasteError where there is no such kind, role or style; style "" is all of them."""
    _check("kind", kind, KINDS)
    _check("role", role, params.ROLES[1:])
    if style:
        _check("style", style, params.STYLES)


def _check(what: str, name: str, known: Collection[str]) -> None:
    if name not in known:
        raise TasteError(f"{what}: {name!r} is not one of {', '.join(known)}")


def _several(role: str) -> str:
    """Of a role, as one says it of all of them."""
    words = role.replace("_", " ").replace("hihat overhead", "hihat and overheads").replace("brass sax", "brass and sax")
    return words if words.endswith(("s", "sax")) or words in ("speech", "bass", "ambience", "playback") else f"{words}s"
