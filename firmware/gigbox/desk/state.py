"""The truth: both layers of every parameter, locks, and every request that changes them. No I/O; clocks are arguments.

A request first decides everything, then applies its events at once: all or nothing. `replay` of all events gives the same desk.
Each request's `now` is the wall clock, only written down; the 20 s of a touch and the 1 s of a gesture go by the desk's monotonic clock.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from gigbox.desk import links, paths, preamps, scene_kinds
from gigbox.desk.choices import meant, said
from gigbox.desk.events import LONG_AGO, Event, Setting
from gigbox.desk.fences import auto_value, hand_value, held
from gigbox.desk.paths import ADDRESSES, INDEX, TEXTS
from gigbox.desk.tap_tempo import TapTempo
from gigbox.desk.undo import UNDO_PART, History, Undo
from gigbox.devices.preamps import Knob
from gigbox.errors import RequestError

FORMATS = (1, 2)              # of snapshots; 1 has choices by number, and no clock but the wall's
GLIDING = ("scene", "back")   # kinds of action that are gone to in time, and taken back so
TOUCH_S = 20.0                # so long the box leaves alone what a hand has set
DEPTH, FREEZE = INDEX["box/depth"], INDEX["box/freeze"]

Change = tuple[str, str, Setting, str]        # path, layer, new, why


@dataclass(frozen=True)
class Outcome:
    """What a request did: its events, the paths whose hand, auto, value or lock is new, what of auto was ignored and why, and whether what is heard
    goes to the new values in time instead of at once."""

    events: tuple[Event, ...] = ()
    paths: tuple[str, ...] = ()
    ignored: Mapping[str, str] = field(default_factory=dict)
    glides: bool = False


class Desk:
    """`hand` and `auto`: the layers, None where nobody has set them. `values`: what is heard. All by the index of THE table.

    `strange` is what files of another version say and this table does not know: kept, told, not heard.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.monotonic = monotonic
        self.knobs: tuple[Knob, ...] = ()        # of the card that is played through now
        self.taps = TapTempo()
        self.clear()

    def clear(self) -> None:
        """As a new box has it."""
        self.hand: list[float | None] = [None] * len(ADDRESSES)
        self.auto: list[float | None] = [None] * len(ADDRESSES)
        self.values: list[float] = [float(a.default) for a in ADDRESSES]
        self.texts: dict[str, str] = {}
        self.locks: set[str] = set()
        self.undoable = Undo()
        self.history = History()
        self._locked: set[str] = set()
        self._touch: dict[str, float] = {}
        self._action = 0
        self.strange: dict[str, dict[str, Setting]] = {"hand": {}, "auto": {}, "lock": {}}
        self.boot = ""            # of which start of the machine the monotonic clock is
        self._latest = LONG_AGO

    @property
    def depth(self) -> float:
        """How much of auto is heard, 0..1."""
        return self.values[DEPTH] / 100.0

    @property
    def frozen(self) -> bool:
        return self.values[FREEZE] > 0

    def touched(self, path: str) -> bool:
        """Whether a hand has set it in the last 20 s."""
        return self.monotonic() - self._touch.get(path, LONG_AGO) < TOUCH_S

    def begin(self, boot: str, at: float) -> None:
        """Durations are of this boot's clock from now on. What a hand set in the last 20 s before the other boot's end has its 20 s anew."""
        if boot != self.boot:
            self._touch = {path: at for path, touch in self._touch.items() if self._latest - touch < TOUCH_S}
            self._latest, self.boot = at, boot
            self.undoable.rest()
            self.history.rest()

    def locked(self, path: str) -> bool:
        return path in self._locked

    @property
    def offer(self) -> dict[str, Knob]:
        """The rows of the card that there are now, and the knob that each turns."""
        return preamps.offered(self.knobs, self.values) if self.knobs else {}

    def serves(self, path: str) -> bool:
        """Whether a row may be shown: one of the card, where that has it."""
        return path not in paths.OF_CARD or path in self.offer

    def layer(self, path: str, layer: str) -> Setting:
        """What a layer holds: hand, auto, or lock (of a place such as strip/3)."""
        if layer == "lock":
            return path in self.locks
        if path in TEXTS:
            return self.texts.get(path)
        return (self.hand if layer == "hand" else self.auto)[INDEX[path]]

    def set(self, values: Mapping[str, object], by: str, now: float, why: str = "") -> Outcome:
        """A hand sets values: all of them, or none and the reason."""
        offer = self.offer
        wanted = {path: preamps.checked(offer, path, hand_value(paths.known(path), value)) for path, value in values.items()}
        wanted = self.taps.take(wanted, self.monotonic())
        wanted = _with(wanted, links.sides(self.values, wanted))
        wanted = _with(wanted, preamps.sides(offer, wanted))
        wanted = _with(wanted, preamps.regain(self.hand, wanted))
        changes = self._changes([*((path, "hand", value, why) for path, value in wanted.items()), *links.joins(self.values, self.auto, wanted, why)])
        drawn = changes and not any(paths.stepped(path) for path, *_ in changes)
        action = self.undoable.gesture(by, [(path, layer) for path, layer, *_ in changes], self.monotonic()) if drawn else None
        outcome = self._commit("set", by, now, changes, action)
        self._touch.update(dict.fromkeys(wanted, self.monotonic()))        # also where it is the same value: a hand is on it
        return outcome

    def let_go(self, held: Iterable[str], by: str, now: float, why: str = "nobody holds it any more") -> Outcome:
        """Whoever held these is gone."""
        down = self._both(path for path in held if self.values[INDEX[path]])
        return self._commit("set", by, now, self._changes((path, "hand", None, why) for path in down))

    def found(self, values: Mapping[str, Setting], by: str, now: float) -> Outcome:
        """What the card has otherwise than it was told: a hand on its own knobs, its steps. No undo takes that back."""
        wanted = {**preamps.regain(self.hand, values), **values}
        return self._commit("card", by, now, self._changes((path, "hand", value, "as the card has it") for path, value in wanted.items()))

    def move(self, values: Mapping[str, object], why: str | Mapping[str, str], by: str, now: float) -> Outcome:
        """The box wants values (None: has no opinion); what is locked, frozen or just touched by a hand stays as it is."""
        wanted = {path: auto_value(paths.known(path), value) for path, value in values.items()}
        reasons = dict.fromkeys(wanted, why) if isinstance(why, str) else dict(why)
        for path in wanted:
            if not reasons.get(path, "").strip():
                raise RequestError(f"{path}: auto gave no reason, expected 'why'")
        pairs = dict(links.pairs(self.values, wanted))
        ignored = {path: cause for path in wanted if (cause := self._ignored(path) or (self._ignored(pairs[path]) if path in pairs else ""))}
        moved = {path: value for path, value in wanted.items() if path not in ignored}
        heard = {**links.sides(self.values, moved), **moved}
        reason = {**{side: reasons[path] for path, side in pairs.items()}, **reasons}
        outcome = self._commit("auto", by, now, self._changes((path, "auto", value, reason[path]) for path, value in heard.items()))
        return Outcome(outcome.events, outcome.paths, ignored)

    def lock(self, pattern: str, by: str, now: float, why: str = "") -> Outcome:
        """Auto stays as it is there, until unlock."""
        return self._commit("lock", by, now, self._changes((place, "lock", True, why) for place in paths.lock_places(pattern)))

    def unlock(self, pattern: str, by: str, now: float, why: str = "") -> Outcome:
        """Takes away every lock that lies wholly within the pattern."""
        meant = frozenset(paths.matching(pattern))
        inside = [place for place in sorted(self.locks) if meant.issuperset(paths.matching(place))]
        if not inside:
            around = [place for place in sorted(self.locks) if not meant.isdisjoint(paths.matching(place))]
            raise RequestError(f"{pattern}: " + (f"locked as part of {around[0]}, unlock that" if around else "not locked"))
        return self._commit("unlock", by, now, self._changes((place, "lock", False, why) for place in inside))

    def release(self, patterns: Iterable[str], by: str, now: float, why: str = "") -> Outcome:
        """Hands off: back to the default, as the box mixes it. What only hands may set, and what a strip is, goes back only where its name is said."""
        given = [path for pattern in patterns for path in paths.matching(pattern)
                 if paths.released(pattern, path) and path not in paths.OF_CARD]
        return self._commit("release", by, now, self._changes((path, "hand", None, why) for path in self._both(given)))

    def keep(self, patterns: Iterable[str], by: str, now: float, why: str = "") -> Outcome:
        """What is heard of auto becomes the hand's: depth 0 then sounds the same. Where nothing of auto is heard nothing changes."""
        changes: list[Change] = []
        for path in self._both(paths.matching_any(patterns)):
            if self._heard(path):
                changes += [(path, "hand", self.values[INDEX[path]], why), (path, "auto", None, why)]
        return self._commit("keep", by, now, self._changes(changes))

    def undo(self, by: str, now: float, whose: str | None = None, of: str | None = None) -> Outcome:
        """Takes back the newest action of `whose` hand (None: of anybody's) that is still in force somewhere, or that part of it that lies within `of`."""
        found = self.undoable.last(whose, lambda key: self.layer(*key), meant_by(of, self._both))
        if found is None:
            place = f" of {of}" if of else ""
            raise RequestError(f"undo: {whose} has done nothing{place} that can be taken back" if whose else f"undo: there is nothing{place} to take back")
        done, back = found
        why = f"takes back: {done.kind} by {done.by}"
        outcome = self._commit(UNDO_PART if of else "undo", by, now, self._changes((path, layer, old, why) for (path, layer), old in back.items()),
                               undoes=done.action)
        return replace(outcome, glides=done.kind in GLIDING)

    def recall(self, saved: Mapping[str, Any], by: str, now: float, why: str, scope: Iterable[str] = ("*",), kinds: object = None) -> Outcome:
        """Both layers and texts as in a checked scene (hand, auto, texts by path), within `scope` and `kinds` and beyond all safes; one action."""
        changes, _ = self.preview(saved, why, scope, kinds)
        return replace(self._commit("scene", by, now, changes), glides=True)

    def preview(self, saved: Mapping[str, Any], why: str = "", scope: Iterable[str] = ("*",), kinds: object = None) -> tuple[list[Change], int]:
        """What a recall would change, and how many changes safes keep it from."""
        wanted, safe = scene_kinds.checked(kinds), scene_kinds.safe(self.values)
        changes: list[Change] = []
        for path in self._both(paths.matching_any(scope)):
            if path in paths.UNSAVED or scene_kinds.kind_of(path) not in wanted:
                continue
            if path in TEXTS:
                changes.append((path, "hand", saved["texts"].get(path), why))
            elif path not in paths.OF_CARD or saved["hand"].get(path) is not None:
                changes += [(path, layer, meant(path, layer, saved[layer].get(path)), why) for layer in ("hand", "auto")]
        changes = self._changes(changes)
        free = [change for change in changes if not safe(change[0])]
        return free, len(changes) - len(free)

    def back(self, then: Mapping[tuple[str, str], Setting], by: str, now: float, why: str, scope: Iterable[str] = ("*",)) -> Outcome:
        """As it was `then` (by path and layer), within `scope`, but for what only passes and what is the card's; one action."""
        return replace(self._commit("back", by, now, self.otherwise(then, why, scope)), glides=True)

    def otherwise(self, then: Mapping[tuple[str, str], Setting], why: str = "", scope: Iterable[str] = ("*",)) -> list[Change]:
        """What was otherwise than it is."""
        wanted = self._both(paths.matching_any(scope))
        return self._changes((path, layer, old, why) for (path, layer), old in then.items()
                             if path in wanted and path not in paths.PASSING and path not in paths.OF_CARD and not (isinstance(old, str) and path in INDEX))

    def scene(self) -> dict[str, dict[str, Any]]:
        """What a scene holds: every setting that anybody made, but for what only passes and how scenes are recalled; choices by name."""
        return {layer: {path: value for path, value in made.items() if path not in paths.UNSAVED} for layer, made in self._made().items()}

    def snapshot(self) -> dict[str, Any]:
        """All of the desk as JSON holds it; `restore` brings it back."""
        now = self.monotonic()
        made = self._made()
        return {"format": FORMATS[-1], "action": self._action, "boot": self.boot, "touch": {p: at for p, at in self._touch.items() if now - at < TOUCH_S},
                **made, "hand": {**made["hand"], **self.strange["hand"]}, "auto": {**made["auto"], **self.strange["auto"]},
                "locks": sorted(self.locks | self.strange["lock"].keys()), "undo": self.undoable.saved(), "history": self.history.saved()}

    def still(self) -> Desk:
        """A copy that no request changes, from which a snapshot can be made in any thread."""
        still, now = copy.copy(self), self.monotonic()
        still.monotonic = lambda: now
        still.hand, still.auto, still.values = list(self.hand), list(self.auto), list(self.values)
        still.texts, still.locks, still._touch = dict(self.texts), set(self.locks), dict(self._touch)
        still.strange = {layer: dict(kept) for layer, kept in self.strange.items()}
        still.undoable, still.history = self.undoable.still(), self.history.still()
        return still

    def restore(self, saved: Mapping[str, Any]) -> None:
        """Becomes a snapshot. What this table does not have is `strange`, values beyond its range are held in it."""
        self.clear()
        for layer, part in (("hand", "hand"), ("auto", "auto"), ("hand", "texts")):
            for path, value in saved[part].items():
                self._put(path, layer, meant(path, layer, value))
        for place in saved["locks"]:
            self._put(place, "lock", True)
        self._relock()
        self._action, self.boot = int(saved["action"]), str(saved.get("boot", ""))
        self._touch = {path: float(at) for path, at in saved.get("touch", {}).items()}
        self._latest = max(self._touch.values(), default=LONG_AGO)
        self.undoable.restore(saved["undo"])
        self.history.restore(saved["history"])
        self._hear(range(len(ADDRESSES)))

    def replay(self, events: tuple[Event, ...]) -> tuple[str, ...]:
        """Applies the events of one request; tells the paths whose hand, auto, value or lock is new."""
        if not events:
            return ()
        told: dict[str, None] = {}
        for e in events:
            if self._put(e.path, e.layer, e.new):
                told.update(dict.fromkeys(paths.matching(e.path) if e.layer == "lock" else (e.path,)))
        if any(e.layer == "lock" for e in events):
            self._relock()
        told.update(dict.fromkeys(self._hear(INDEX[path] for path in tuple(told) if path in INDEX)))
        for e in (e for e in events if e.layer == "hand"):
            if e.kind == "set":
                self._touch[e.path] = e.at
            elif e.kind in ("release", "undo", UNDO_PART):
                self._touch.pop(e.path, None)
        self._latest = max(self._latest, events[0].at)
        self._action = max(self._action, events[0].action)
        self.undoable.note(events)
        self.history.note(events)
        return tuple(told)

    def _made(self) -> dict[str, dict[str, Any]]:
        """Every setting that anybody made: hand, auto, texts."""
        layers = {name: {ADDRESSES[i].path: said(ADDRESSES[i].path, name, v) for i, v in enumerate(values) if v is not None}
                  for name, values in (("hand", self.hand), ("auto", self.auto))}
        return {**layers, "texts": dict(sorted(self.texts.items()))}

    def _commit(self, kind: str, by: str, now: float, changes: Iterable[Change], action: int | None = None, undoes: int = 0) -> Outcome:
        number, at = self._action + 1 if action is None else action, self.monotonic()
        events = tuple(Event(now, by, path, layer, self.layer(path, layer), new, why, number, kind, undoes, at) for path, layer, new, why in changes)
        return Outcome(events, self.replay(events))

    def _changes(self, wanted: Iterable[Change]) -> list[Change]:
        return [change for change in wanted if self.layer(change[0], change[1]) != change[2]]

    def _put(self, path: str, layer: str, value: Setting) -> bool:
        """One setting into its layer; False where this table knows no such thing, which is kept aside."""
        strange = self.strange["hand" if layer not in self.strange else layer]
        strange.pop(path, None)
        if layer == "lock":
            if not paths.any_in(path):
                strange.update({path: True} if value else {})
                return False
            (self.locks.add if value else self.locks.discard)(path)
        elif path in TEXTS:
            self.texts.pop(path, None)
            if value:
                self.texts[path] = str(value)
        elif path in INDEX:
            known = not isinstance(value, str)
            (self.hand if layer == "hand" else self.auto)[INDEX[path]] = held(path, layer, float(value)) if known and value is not None else None
            strange.update({} if known else {path: value})
        else:
            strange.update({} if value is None else {path: value})
            return False
        return True

    def _hear(self, stale: Iterable[int]) -> list[str]:
        """What is heard now: `stale` indexes, and where the depth changed all that auto moves. The paths that sound different."""
        indexes = set(stale)
        if DEPTH in indexes:
            self._hear_one(DEPTH)
            indexes.update(i for i, value in enumerate(self.auto) if value is not None)
        return [ADDRESSES[i].path for i in sorted(indexes) if self._hear_one(i)]

    def _hear_one(self, index: int) -> bool:
        address, before = ADDRESSES[index], self.values[index]
        self.values[index] = float(address.param.effective(self.hand[index], self.auto[index], self.depth, address.default))
        return self.values[index] != before

    def _both(self, given: Iterable[str]) -> dict[str, None]:
        """These paths, and those of the other sides of linked strips."""
        given = tuple(given)
        return dict.fromkeys([*given, *(side for _, side in links.pairs(self.values, given))])

    def _heard(self, path: str) -> bool:
        """Whether auto has a say in what is heard of a parameter."""
        if path in TEXTS or self.depth <= 0:
            return False
        hand, auto = self.hand[INDEX[path]], self.auto[INDEX[path]]
        return bool(auto) if ADDRESSES[INDEX[path]].param.blend == "add" else auto is not None and hand is None

    def _ignored(self, path: str) -> str:
        """Why auto does not move a parameter now, or nothing."""
        if self.frozen:
            return "frozen"
        if self.locked(path):
            return "locked"
        return "touched" if self.touched(path) else ""

    def _relock(self) -> None:
        self._locked = {path for place in self.locks for path in paths.matching(place)}


def meant_by(pattern: str | None, both: Callable[[Iterable[str]], Iterable[str]] = iter) -> Callable[[tuple[str, str]], bool]:
    """Whether a path and its layer lie within a pattern (None: all do), of `both` sides; a lock's place does where it has any of it."""
    if pattern is None:
        return lambda key: True
    wanted = frozenset(both(paths.matching(pattern)))
    return lambda key: key[0] in wanted or (key[1] == "lock" and not wanted.isdisjoint(paths.matching(key[0]) if paths.any_in(key[0]) else ()))


def _with(wanted: Mapping[str, Setting], more: Mapping[str, Setting]) -> dict[str, Setting]:
    """What follows from a wish, behind it; it overrules nothing that was said."""
    return {**wanted, **{path: value for path, value in more.items() if path not in wanted}}
