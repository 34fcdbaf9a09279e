"""What the core's guard did reaches the desk, with a reason; what people ask for is done; who hears no room is never suspected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from gigbox.brain.feedback.guard_on_desk import GuardOnDesk, said
from gigbox.desk.client import Change, Value
from gigbox.rack import Notch

NOTCH = Notch(2, 9, 2512.3, 6.0, 12.0, 48000, "live", 140.0, -31.0, 3, "grew")


@dataclass
class Desk:
    auto_: dict[str, object] = field(default_factory=dict)
    hand: dict[str, object] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    posts: dict[str, Mapping[str, object]] = field(default_factory=dict)
    calls: int = 0

    def auto(self, values: Mapping[str, object], why: Mapping[str, str]) -> dict[str, str]:
        self.auto_.update(values)
        self.why.update(why)
        self.calls += 1
        return {}

    def set(self, values: Mapping[str, object], why: str = "", by: str = "") -> None:
        self.hand.update(values)
        self.why.update(dict.fromkeys(values, why))

    def post(self, name: str, told: Mapping[str, object]) -> None:
        self.posts[name] = told


@dataclass
class Rack:
    held: list[Notch]
    channels: int = 4
    frames: int = 96000

    def notches(self) -> list[Notch]:
        return self.held


def guard(**values: object) -> tuple[Desk, GuardOnDesk]:
    desk = Desk()
    found = GuardOnDesk(desk)      # type: ignore[arg-type]
    found.changed(Change({path.replace("__", "/"): Value(hand=v, auto=None, value=v) for path, v in values.items()}, "ann"))      # type: ignore[arg-type]
    return desk, found


def test_a_notch_is_told_once_in_plain_words() -> None:
    desk, told = guard()
    for _ in range(3):
        told.step(Rack([NOTCH]))      # type: ignore[arg-type]
    assert {path: value for path, value in desk.auto_.items() if "notch" in path} == {
        "monitor/2/notch/9/frequency": 2512.3, "monitor/2/notch/9/gain": -6.0, "monitor/2/notch/9/q": 12.0}
    assert desk.why["monitor/2/notch/9/gain"] == "feedback 2.51 kHz in monitor 2: grew 140 dB/s, microphone of strip 3; a cut of 6 dB stopped it"
    assert desk.calls == 1


def test_a_notch_that_is_gone_is_told_to_be_lifted() -> None:
    desk, told = guard()
    told.step(Rack([NOTCH]))      # type: ignore[arg-type]
    told.step(Rack([]))           # type: ignore[arg-type]
    assert desk.auto_["monitor/2/notch/9/gain"] == 0
    assert desk.why["monitor/2/notch/9/gain"] == "monitor 2: a notch was lifted, nothing rings there"


def test_a_trial_is_no_news() -> None:
    desk, told = guard()
    told.step(Rack([Notch(**{**NOTCH.__dict__, "state": "testing"})]))      # type: ignore[arg-type]
    assert desk.calls == 0


def test_frozen_nothing_is_told_until_it_thaws() -> None:
    desk, told = guard()
    told.step(Rack([NOTCH]), True)      # type: ignore[arg-type]
    assert desk.calls == 0
    told.step(Rack([NOTCH]), False)     # type: ignore[arg-type]
    assert desk.calls == 1


@pytest.mark.parametrize(("cause", "words"), [("howled", "howled at -31 dBFS"), ("rang", "soon after another"), ("told", "as it was before")])
def test_each_cause_has_its_words(cause: str, words: str) -> None:
    assert words in said(Notch(**{**NOTCH.__dict__, "cause": cause}))


def test_outputs_that_a_microphone_reaches_are_guarded_and_lines_are_trusted() -> None:
    desk, told = guard(strip__1__role="lead_vocal", strip__2__role="playback", strip__1__send__3__level=-6.0, strip__2__send__4__level=0.0)
    told.step(Rack([]))      # type: ignore[arg-type]
    assert desk.auto_ == {"main/guard/on": 1.0, "monitor/3/guard/on": 1.0, "strip/2/guard": 0.0}
    assert desk.why["strip/2/guard"] == "playback hears no room"
    assert desk.why["monitor/3/guard/on"] == "strip 1 is a microphone, and heard there"


def test_playback_alone_leaves_main_unguarded() -> None:
    desk, told = guard(strip__1__role="playback")
    told.step(Rack([]))      # type: ignore[arg-type]
    assert "main/guard/on" not in desk.auto_


def test_a_kill_reads_nothing_again() -> None:
    desk, told = guard(main__guard__kill=9.0)
    told.step(Rack([]))      # type: ignore[arg-type]
    assert desk.hand == {"main/guard/kill": 0}
    assert desk.why["main/guard/kill"] == "main: notch 9 taken away"


def test_keep_moves_a_notch_to_the_first_free_fixed_place() -> None:
    desk, told = guard(monitor__2__guard__keep=9.0, monitor__2__notch__1__gain=-3.0)
    told.step(Rack([NOTCH]))      # type: ignore[arg-type]
    assert desk.hand == {"monitor/2/guard/keep": 0, "monitor/2/guard/kill": 9, "monitor/2/notch/2/frequency": 2512.3, "monitor/2/notch/2/gain": -6.0,
                         "monitor/2/notch/2/q": 12.0}


def test_where_all_fixed_places_are_taken_that_is_said() -> None:
    desk, told = guard(monitor__2__guard__keep=17.0, **{f"monitor__2__notch__{n}__gain": -3.0 for n in range(1, 9)})
    told.step(Rack([NOTCH]))      # type: ignore[arg-type]
    assert desk.hand == {"monitor/2/guard/keep": 0}
    assert desk.why["monitor/2/guard/keep"] == "monitor 2: 0 of the guard's notches kept, 1 found no place: all eight are taken"
