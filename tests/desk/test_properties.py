"""What holds after any requests: values in range, replay gives the same desk, undo of everything returns to the start."""

from __future__ import annotations

import contextlib
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gigbox import params
from gigbox.desk.events import Event
from gigbox.desk.records import Shorthand
from gigbox.errors import GigboxError

from .fakes import OneClock as Desk

PATHS = ["strip/1/level", "strip/2/level", "strip/1/pan", "strip/2/pan", "strip/1/gate/threshold", "strip/1/eq/2/frequency", "strip/1/role",
         "strip/1/mute", "strip/1/link", "strip/1/name", "strip/1/send/2/level", "main/level", "box/depth", "box/freeze", "strip/99/level"]
PATTERNS = ["strip/1", "strip/*/level", "*", "strip/1/eq", "main", "strip/1/level", "box", "nowhere"]
VALUES = st.one_of(st.floats(-100, 100), st.floats(allow_nan=True), st.integers(), st.booleans(), st.sampled_from(["kick", "on", "Anna", ""]), st.none())
TARGETS = st.dictionaries(st.sampled_from(PATHS), VALUES, min_size=1, max_size=3)
BY = st.sampled_from(["ann", "bob"])
TAKES = st.floats(0, 15)
HANDS = st.one_of(st.tuples(st.just("set"), TARGETS), *(st.tuples(st.just(kind), st.sampled_from(PATTERNS)) for kind in ("lock", "unlock", "release")))
REQUESTS = st.one_of(HANDS, st.tuples(st.just("auto"), TARGETS), st.tuples(st.just("keep"), st.sampled_from(PATTERNS)),
                     st.tuples(st.sampled_from(["undo", "save", "recall"]), st.none()))
QUICK = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Night:
    """Drives a desk through requests and gathers its events."""

    def __init__(self) -> None:
        self.desk = Desk()
        self.events: list[tuple[Event, ...]] = []
        self.scene = self.desk.scene()
        self.now = 1000.0

    def ask(self, kind: str, target: object, by: str, takes: float) -> None:
        self.now += takes
        with contextlib.suppress(GigboxError):
            outcome = self._outcome(kind, target, by)
            if outcome.events:
                self.events.append(outcome.events)

    def _outcome(self, kind, target, by):  # type: ignore[no-untyped-def]
        desk, now = self.desk, self.now
        if kind == "save":
            self.scene = desk.scene()
        calls = {"set": lambda: desk.set(target, by, now), "auto": lambda: desk.move(target, "reason", "brain", now),
                 "lock": lambda: desk.lock(target, by, now), "unlock": lambda: desk.unlock(target, by, now),
                 "release": lambda: desk.release([target], by, now), "keep": lambda: desk.keep([target], by, now),
                 "undo": lambda: desk.undo(by, now, by), "recall": lambda: desk.recall(self.scene, by, now, "scene"),
                 "save": lambda: desk.set({}, by, now)}
        return calls[kind]()


def tell(desk: Desk) -> str:
    """But for touches: one that changed nothing is in no event."""
    return json.dumps({"values": desk.values, **desk.snapshot(), "touch": {}})


@QUICK
@given(st.lists(st.tuples(REQUESTS, BY, TAKES), max_size=25))
def test_values_never_leave_their_range_and_are_what_the_layers_say(requests: list[tuple[tuple[str, object], str, float]]) -> None:
    night = Night()
    for (kind, target), by, takes in requests:
        night.ask(kind, target, by, takes)
    desk = night.desk
    depth = desk.values[params.find("box/depth").index] / 100
    for address, hand, auto, value in zip(params.addresses(), desk.hand, desk.auto, desk.values, strict=True):
        assert address.param.low <= value <= address.param.high
        assert value == address.param.effective(hand, auto, depth, address.default)
        assert auto is None or address.param.blend != "hand"
    assert all((desk.layer(f"strip/{n}/level", "auto") or 0) <= 6 for n in range(1, 33))  # type: ignore[operator]


@QUICK
@given(st.lists(st.tuples(REQUESTS, BY, TAKES), max_size=25))
def test_replay_of_all_events_gives_the_same_desk(requests: list[tuple[tuple[str, object], str, float]]) -> None:
    night, copy = Night(), Desk()
    for (kind, target), by, takes in requests:
        night.ask(kind, target, by, takes)
    writer, reader = Shorthand(), Shorthand()
    for events in night.events:
        copy.replay(reader.events(json.loads(json.dumps(writer.record(events)))))
    assert tell(copy) == tell(night.desk)


@QUICK
@given(st.lists(st.tuples(REQUESTS, BY, TAKES), max_size=15), st.lists(st.tuples(REQUESTS, BY, TAKES), max_size=10))
def test_a_snapshot_holds_all_that_goes_on(first: list[tuple[tuple[str, object], str, float]], then: list[tuple[tuple[str, object], str, float]]) -> None:
    night, copy = Night(), Desk()
    for (kind, target), by, takes in first:
        night.ask(kind, target, by, takes)
    copy.restore(json.loads(json.dumps(night.desk.snapshot())))
    night.events = []
    for (kind, target), by, takes in then:
        night.ask(kind, target, by, takes)
    for events in night.events:
        copy.replay(events)
    assert tell(copy) == tell(night.desk)


@QUICK
@given(st.lists(st.tuples(HANDS, BY, TAKES), max_size=25))
def test_undo_of_everything_returns_to_the_start(requests: list[tuple[tuple[str, object], str, float]]) -> None:
    night = Night()
    night.desk.move({"strip/1/level": -2, "strip/1/gate/threshold": -60}, "reason", "brain", 0)
    before = night.desk.scene(), list(night.desk.values), set(night.desk.locks)
    for (kind, target), by, takes in requests:
        night.ask(kind, target, by, takes)
    with contextlib.suppress(GigboxError):
        while True:
            night.desk.undo("ann", night.now)
    assert (night.desk.scene(), night.desk.values, night.desk.locks) == before


@QUICK
@given(st.lists(st.tuples(REQUESTS, BY, TAKES), max_size=25))
def test_what_is_told_is_all_that_changed(requests: list[tuple[tuple[str, object], str, float]]) -> None:
    night = Night()
    seen = {a.path: night.desk.values[a.index] for a in params.addresses()}
    for (kind, target), by, takes in requests:
        count = len(night.events)
        paths: tuple[str, ...] = ()
        with contextlib.suppress(GigboxError):
            night.now += takes
            paths = night._outcome(kind, target, by).paths
        assert len(night.events) == count
        seen.update((path, night.desk.values[params.find(path).index]) for path in paths if params.find_text(path) is None)
        assert seen == {a.path: night.desk.values[a.index] for a in params.addresses()}
