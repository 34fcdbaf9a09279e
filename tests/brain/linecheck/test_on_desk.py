"""A line check that the desk asks for: begun, told and ended by the brain; whoever dies meanwhile, no box is left in soundcheck."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from desk.fakes import Box as Desk

from gigbox.brain.linecheck.ask import check_seconds, line_check
from gigbox.brain.linecheck.on_desk import PATH, WATCHED, LineCheckOnDesk
from gigbox.desk.client import Change, Client, Value
from gigbox.engine.core import Engine
from gigbox.errors import GigboxError, MachineError, ParamError

RATE, TICK = 48000, 4800
SOUND = np.stack([0.1 * np.sin(2 * np.pi * 300 * np.arange(RATE) / RATE) * (np.arange(RATE) % 12000 < 6000), np.zeros(RATE)], axis=1).astype(np.float32)


class FakeDesk:
    """Notes what it is asked; away, it does nothing."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, object]] = []
        self.away = False

    def get(self, pattern: str) -> dict[str, Value]:
        raise ParamError(f"{pattern}: the card has none")

    def set(self, values: Mapping[str, object], why: str = "", by: str = "") -> None:
        self._note("set", {**values, "why": why})

    def keep(self, patterns: object, by: str = "") -> int:
        self._note("keep", patterns)
        return 0

    def post(self, name: str, told: Mapping[str, Any]) -> None:
        self._note("post", {name: dict(told)})

    def _note(self, verb: str, what: object) -> None:
        if self.away:
            raise MachineError("desk: not there")
        self.asked.append((verb, what))


class Brain:
    """A Checking on a private engine with two channels; `play` is the worker's loop."""

    def __init__(self, desk: Any) -> None:
        self.checking, self.engine, self.ticks, self.ended = LineCheckOnDesk(desk), Engine(2), 0, 0
        self.known = {"strip/1/role": Value("keys", None, "keys"), "strip/1/name": Value("Piano", None, "Piano")}

    def told(self, seconds: float, by: str = "web") -> None:
        self.checking.changed(Change({PATH: Value(seconds, None, seconds)}, by))

    def play(self, ticks: int) -> None:
        for _ in range(ticks):
            begin = self.ticks % 10 * TICK
            self.engine.process(SOUND[begin:begin + TICK])
            self.ticks += 1
            self.ended += self.checking.step(self.engine.rack, self.known)


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def brain(desk: FakeDesk) -> Iterator[Brain]:
    made = Brain(desk)
    yield made
    made.engine.close()


def test_it_listens_as_long_as_was_asked_then_tells_keeps_the_trims_and_ends(brain: Brain, desk: FakeDesk) -> None:
    brain.play(5)
    brain.told(2)
    brain.play(20)
    assert (desk.asked, brain.ended, brain.checking.running) == ([], 0, True)
    brain.play(1)
    assert [verb for verb, _ in desk.asked] == ["post", "keep", "set"]
    assert desk.asked[0][1]["linecheck"]["seconds"] == 2.0     # type: ignore[index]
    assert [c["name"] for c in desk.asked[0][1]["linecheck"]["channels"]] == ["Piano", "strip 2"]     # type: ignore[index]
    assert desk.asked[1][1] == "strip/*/trim"
    assert desk.asked[2][1] == {PATH: 0, "why": "1 channel with a problem, after 2 s"}
    brain.play(5)
    assert (len(desk.asked), brain.ended, brain.checking.running) == (3, 1, False)


def test_while_it_goes_on_the_brain_works_as_in_soundcheck_and_the_mode_is_never_written(brain: Brain, desk: FakeDesk) -> None:
    modes = []
    for seconds in (0.0, 1.0):
        brain.told(seconds)
        for _ in range(12):
            brain.play(1)
            modes.append(brain.checking.mode("show"))
    assert modes == ["show"] * 12 + ["soundcheck"] * 10 + ["show"] * 2
    assert not any("box/mode" in str(what) for _, what in desk.asked)


def test_a_hand_breaks_it_off_and_nothing_is_told(brain: Brain, desk: FakeDesk) -> None:
    brain.told(2)
    brain.play(10)
    brain.told(0)
    brain.play(30)
    assert desk.asked == []
    assert not brain.checking.running


def test_another_length_begins_anew(brain: Brain, desk: FakeDesk) -> None:
    brain.told(2)
    brain.play(10)
    brain.told(1)
    brain.play(11)
    assert desk.asked[0][1]["linecheck"]["seconds"] == 1.0     # type: ignore[index]


def test_a_brain_that_begins_in_the_middle_of_one_breaks_it_off(brain: Brain, desk: FakeDesk) -> None:
    brain.told(10, by="")
    brain.play(1)
    assert desk.asked == [("set", {PATH: 0, "why": "the line check was broken off: the brain has begun anew"})]
    assert brain.checking.mode("show") == "show"
    brain.told(0, by="brain")
    brain.told(1)                                              # and the next one is heard
    brain.play(11)
    assert [verb for verb, _ in desk.asked[1:]] == ["post", "keep", "set"]


def test_a_desk_that_comes_back_in_the_middle_finds_it_going_on(brain: Brain, desk: FakeDesk) -> None:
    brain.told(1)
    brain.play(5)
    brain.told(1, by="")
    brain.play(6)
    assert [verb for verb, _ in desk.asked] == ["post", "keep", "set"]


def test_a_desk_that_is_away_at_the_end_is_told_when_it_is_back(brain: Brain, desk: FakeDesk) -> None:
    brain.told(1)
    brain.play(10)
    desk.away = True
    for _ in range(3):
        with pytest.raises(MachineError):
            brain.play(1)
    desk.away = False
    brain.play(1)
    assert [verb for verb, _ in desk.asked] == ["post", "keep", "set"]
    assert desk.asked[0][1]["linecheck"]["seconds"] == 1.0     # type: ignore[index]


class LiveBrain:
    """The same on a real desk, in a thread of its own."""

    def __init__(self, served: Desk) -> None:
        self.client, self.stopping = Client(served.socket, by="brain"), threading.Event()
        self.brain = Brain(self.client)
        self.client.watch([*WATCHED, "strip/*/trim"], self.brain.checking.changed)
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        while not self.stopping.is_set():
            try:
                self.brain.play(1)
            except GigboxError:
                return
            self.stopping.wait(0.001)

    def die(self) -> None:
        self.stopping.set()
        self.thread.join(5)
        self.client.close()
        self.brain.engine.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    made.start()
    yield made
    made.stop()


def test_who_asks_gets_the_report_and_any_client_reads_it_later(served: Desk) -> None:
    live, done = LiveBrain(served), list[float]()
    try:
        with Client(served.socket, by="test") as client:
            live.client.auto({"strip/1/trim": 3.0}, "came in softly")
            client.set({"strip/1/trim": 2.0})
            report = line_check(served.socket, 2.0, done.append)
            assert [c["state"] for c in report["channels"]] == ["playing", "dead"]
            assert client.report("linecheck")["told"] == report
            assert client.report("linecheck")["by"] == "brain"
            told = client.get(PATH, "strip/1/trim", "box/mode")
            assert (told[PATH].value, told["box/mode"].value) == (0, "show")
            assert (told["strip/1/trim"].hand, told["strip/1/trim"].auto, told["strip/1/trim"].value) == (5.0, None, 5.0)
            assert done == sorted(done)
            assert done[-1] <= 2.0
    finally:
        live.die()


def test_without_a_brain_it_says_so_and_leaves_nothing_going_on(served: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gigbox.brain.linecheck.ask.GRACE_S", -0.8)
    with pytest.raises(MachineError, match=r"^linecheck: the brain does not answer, expected it and the engine to run$"):
        line_check(served.socket, 1.0)
    with Client(served.socket) as client:
        assert client.get(PATH)[PATH].value == 0


def test_a_second_one_is_refused_while_one_goes_on(served: Desk) -> None:
    with Client(served.socket) as client:
        client.get(PATH)
        client.set({PATH: 10})
        with pytest.raises(MachineError, match=r"^linecheck: one goes on already, expected none$"):
            line_check(served.socket, 1.0)
        assert client.get(PATH)[PATH].value == 10


def test_one_that_is_broken_off_is_told_with_who_and_why(served: Desk) -> None:
    def stop(_: float) -> None:
        with Client(served.socket, by="web:phone-2") as client:
            client.get(PATH)
            client.set({PATH: 0}, "not now")

    with pytest.raises(MachineError, match=r"^linecheck: broken off by web:phone-2 \(not now\)$"):
        line_check(served.socket, 5.0, stop)


@pytest.mark.parametrize(("seconds", "error"), [
    (61.0, "--seconds: 61 s is above 60 s"), (-1.0, "--seconds: -1 s is below 0 s"), (0.5, "--seconds: 0.5 s is below 1 s"),
    (float("nan"), "--seconds: nan is not a number")])
def test_a_length_that_cannot_be_is_one_line(seconds: float, error: str) -> None:
    with pytest.raises((ParamError, GigboxError), match=rf"^{error}$"):
        check_seconds(seconds, "--seconds")
