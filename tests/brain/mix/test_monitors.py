"""A monitor stays as its musician set it while trims move, and follows the mix only where it was asked to."""

from __future__ import annotations

import pytest

from gigbox import params
from gigbox.brain.auto import Auto, Move
from gigbox.brain.mix.faders import TRIM_RATE
from gigbox.brain.mix.monitors import Monitors
from gigbox.brain.roles import sources

SEND = "strip/1/send/2/level"


class Hands:
    """What hands hold; whatever else is asked for reads its default."""

    def __init__(self, held: dict[str, float]) -> None:
        self.held = held

    def hand(self, path: str) -> float | None:
        return self.held.get(path)

    def auto(self, path: str) -> float | None:
        return None

    def value(self, path: str) -> float:
        return self.held.get(path, params.find(path).default)

    def text(self, path: str) -> str:
        return ""


class Wedge:
    """One strip in one monitor."""

    def __init__(self, send: float = -6.0, pairs: frozenset[int] = frozenset()) -> None:
        self.hands, self.auto, self.monitors = Hands({SEND: send}), Auto(), Monitors()
        self.sources = list(sources.find(["lead_vocal", "lead_vocal"], [], pairs))

    def tick(self, seconds: float = 0.1) -> list[Move]:
        return [m for _ in range(round(seconds * 10)) for m in self.monitors.think(self.sources, self.auto, self.hands)]

    def turn(self, name: str, db: float) -> None:
        list(self.auto.put(f"strip/1/{name}", self.auto[f"strip/1/{name}"] + db, "why"))

    @property
    def heard(self) -> float:
        """dB in the monitor against what comes in."""
        return self.hands.held[SEND] + self.auto[SEND] + self.auto["strip/1/trim"]


def test_a_send_stays_what_its_musician_hears_while_the_trim_moves() -> None:
    wedge = Wedge()
    wedge.tick()
    for _ in range(8):
        wedge.turn("trim", TRIM_RATE / 10)
        wedge.turn("level", -0.5)
        wedge.tick()
        assert wedge.heard == pytest.approx(-6, abs=0.1)
    for _ in range(12):
        wedge.turn("trim", -TRIM_RATE / 10)
        wedge.tick()
        assert wedge.heard == pytest.approx(-6, abs=0.1)


def test_a_musician_who_turns_a_send_moves_it_by_that_much_and_no_more() -> None:
    wedge = Wedge()
    wedge.tick()
    for _ in range(8):
        wedge.turn("trim", 1.0)
        wedge.tick()
    wedge.hands.held[SEND] = -5.0
    wedge.tick(30)
    assert wedge.heard == pytest.approx(-5, abs=0.1)


def test_nothing_moves_faster_than_a_trim_does() -> None:
    wedge = Wedge()
    wedge.turn("level", -20)
    wedge.hands.held["monitor/2/follow"] = 1.0
    moves = wedge.tick(3)
    assert [m.value for m in moves[:2]] == pytest.approx([-1.2, -2.4])
    assert moves[-1].value == -20


def test_it_follows_only_when_asked_and_comes_back() -> None:
    wedge = Wedge()
    wedge.turn("level", -4)
    assert wedge.tick() == []
    wedge.hands.held["monitor/2/follow"] = 1.0
    wedge.tick(2)
    assert wedge.auto[SEND] == -4
    wedge.hands.held["monitor/2/follow"] = 0.0
    wedge.tick(2)
    assert wedge.auto[SEND] == pytest.approx(0)


@pytest.mark.parametrize("send", [None, params.OFF_DB])
def test_a_send_that_nobody_set_is_left_alone(send: float | None) -> None:
    wedge = Wedge()
    wedge.hands.held = {} if send is None else {SEND: send}
    wedge.tick()
    wedge.turn("trim", 6)
    assert wedge.tick(1) == []


def test_a_brain_that_comes_back_holds_the_send_where_it_is() -> None:
    wedge = Wedge()
    wedge.tick()
    for _ in range(10):
        wedge.turn("trim", 0.5)
        wedge.tick()
    wedge.monitors = Monitors()
    assert wedge.tick(1) == []
    wedge.turn("trim", 1.0)
    wedge.tick()
    assert wedge.heard == pytest.approx(-6, abs=0.1)


def test_of_a_linked_pair_both_sends_are_kept() -> None:
    wedge = Wedge(pairs=frozenset([1]))
    wedge.hands.held["strip/2/send/2/level"] = -10.0
    wedge.tick()
    wedge.turn("trim", 1.0)
    assert {m.path: m.value for m in wedge.tick()} == {SEND: -1.0, "strip/2/send/2/level": -1.0}


def test_every_monitor_has_its_sends_kept() -> None:
    wedge, sends = Wedge(), [f"strip/1/send/{monitor}/level" for monitor in range(1, params.COUNTS["monitor"] + 1)]
    wedge.hands.held = dict.fromkeys(sends, -6.0)
    wedge.tick()
    wedge.turn("trim", 1.0)
    assert {m.path: m.value for m in wedge.tick()} == dict.fromkeys(sends, -1.0)
