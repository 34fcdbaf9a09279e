"""The brain as a program: it reads before it writes, thinks once for each 100 ms, keeps still when frozen, and survives its neighbours."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest

from gigbox.brain import brain as brain_of_box
from gigbox.brain.auto import Move
from gigbox.brain.taste.file import TasteFile
from gigbox.brain.worker import MISSED, Worker
from gigbox.desk.client import Change, Value
from gigbox.engine.core import Engine
from gigbox.errors import MachineError, ParamError, RequestError

SOUND = (0.01 * np.random.default_rng(1).normal(0, 1, (4800, 2))).astype(np.float32)


class FakeClient:
    """Takes wishes; `refused` are paths that it leaves alone."""

    def __init__(self) -> None:
        self.asked: list[dict[str, object]] = []
        self.why: dict[str, str] = {}
        self.refused: dict[str, str] = {}
        self.away = False
        self.wrong: set[str] = set()
        self.reports: dict[str, dict[str, object]] = {}

    def auto(self, values: Mapping[str, object], why: Mapping[str, str]) -> dict[str, str]:
        if self.away:
            raise MachineError("desk: not there")
        if all(path.endswith(("/guard", "/guard/on")) for path in values):      # has tests of its own
            return {}
        for path, value in values.items():
            if path in self.wrong or not np.isfinite(float(str(value))):
                raise ParamError(f"{path}: {value} is wrong")
        self.asked.append(dict(values))
        self.why.update(why)
        return {path: cause for path, cause in self.refused.items() if path in values}

    def post(self, name: str, told: Mapping[str, object]) -> None:
        self.reports[name] = dict(told)

    def report(self, name: str) -> dict[str, object]:
        if name not in self.reports:
            raise RequestError(f"report '{name}': none so far")
        return {"told": self.reports[name]}

    def last(self, path: str) -> object:
        return next((asked[path] for asked in reversed(self.asked) if path in asked), None)


class Brain:
    """A worker on a private engine with two channels, and a client that is none."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.client = engine, FakeClient()
        self.said: list[str] = []
        self.worker = Worker(self.client, say=self.said.append)     # type: ignore[arg-type]

    def told(self, by: str = "", **values: object) -> None:
        layers = {path.replace("__", "/"): Value(hand=v, auto=None, value=v) for path, v in values.items()}     # type: ignore[arg-type]
        self.worker.changed(Change(layers, by))

    def play(self, ticks: int) -> None:
        for _ in range(ticks):
            self.engine.process(SOUND)
            self.worker.step(self.engine.rack)


@pytest.fixture
def brain() -> Iterator[Brain]:
    with Engine(2) as engine:
        made = Brain(engine)
        made.told(strip__1__role="bass", strip__1__name="Low end", strip__2__role="unused", box__mode="soundcheck", box__freeze=False)
        yield made


def test_it_mixes_what_the_desk_says_is_there(brain: Brain) -> None:
    brain.play(30)
    paths = {path for asked in brain.client.asked for path in asked}
    assert "strip/1/trim" in paths
    assert all(path.startswith("strip/1/") for path in paths)
    assert all(why.startswith("Low end") for why in brain.client.why.values())


def test_it_thinks_once_for_each_100_ms(brain: Brain) -> None:
    brain.engine.process(SOUND)
    for _ in range(5):
        brain.worker.step(brain.engine.rack)
    assert len(brain.client.asked) == 1


def test_frozen_it_wants_nothing(brain: Brain) -> None:
    brain.told(by="web", box__freeze=True)
    brain.play(30)
    assert brain.client.asked == []


def test_a_role_that_a_hand_names_is_mixed_from_then_on(brain: Brain) -> None:
    brain.play(5)
    brain.told(by="web", strip__2__role="keys")
    brain.play(30)
    assert brain.client.last("strip/2/trim") is not None


def test_it_goes_on_from_where_auto_stands(brain: Brain) -> None:
    brain.worker.changed(Change({"strip/1/level": Value(hand=None, auto=-4.5, value=-4.5)}))
    brain.play(60)
    first = next(asked["strip/1/level"] for asked in brain.client.asked if "strip/1/level" in asked)
    assert first == pytest.approx(-4.5, abs=1.3)      # a placing's first step


def test_what_a_hand_keeps_is_not_done_once_more(brain: Brain) -> None:
    """The desk tells of a keep with the auto gone and the hand where auto was; the box tells it again that there is nothing to add."""
    before, after = Value(hand=None, auto=-4.5, value=-4.5), Value(hand=-4.5, auto=None, value=-4.5)
    brain.worker.changed(Change({"strip/1/level": before}))
    brain.play(5)
    brain.worker.changed(Change({"strip/1/level": after}, "web", "hand"))
    count = len(brain.client.asked)
    brain.play(10)
    wishes = [float(str(asked["strip/1/level"])) for asked in brain.client.asked[count:] if "strip/1/level" in asked]
    assert wishes[0] == pytest.approx(0, abs=0.5)
    assert max(abs(wish) for wish in wishes) < 1.5


def test_what_a_hand_had_kept_and_gives_back_is_autos_again(brain: Brain) -> None:
    """An undone keep: what is heard stays, and goes on from there."""
    before, after = Value(hand=None, auto=-4.5, value=-4.5), Value(hand=-4.5, auto=None, value=-4.5)
    brain.worker.changed(Change({"strip/1/level": before}))
    brain.play(5)
    for value in (after, before):
        brain.worker.changed(Change({"strip/1/level": value}, "web", "hand"))
        brain.play(1)
    count = len(brain.client.asked)
    brain.play(60)
    wishes = [float(str(asked["strip/1/level"])) for asked in brain.client.asked[count:] if "strip/1/level" in asked]
    assert wishes[0] == pytest.approx(-4.5, abs=1.3)


def test_a_scene_is_where_it_goes_on_from(brain: Brain) -> None:
    brain.play(5)
    brain.worker.changed(Change({"strip/1/level": Value(hand=2.0, auto=-9.0, value=-7.0)}, "web", "hand", "scene two"))
    count = len(brain.client.asked)
    brain.play(60)
    first = next(asked["strip/1/level"] for asked in brain.client.asked[count:] if "strip/1/level" in asked)
    assert first == pytest.approx(-9, abs=1.3)


def test_its_own_moves_are_no_news(brain: Brain) -> None:
    brain.play(20)
    count, last = len(brain.client.asked), float(str(brain.client.last("strip/1/level")))
    brain.worker.changed(Change({"strip/1/level": Value(hand=None, auto=0.0, value=0.0)}, "brain", "auto"))      # an old one, told late
    brain.play(2)
    later = [asked["strip/1/level"] for asked in brain.client.asked[count:] if "strip/1/level" in asked]
    assert all(float(str(v)) == pytest.approx(last, abs=0.3) for v in later)


def test_what_the_desk_refused_is_taken_back(brain: Brain) -> None:
    brain.worker.changed(Change({"strip/1/trim": Value(hand=None, auto=-6.0, value=-6.0)}))
    brain.client.refused = {"strip/1/trim": "touched"}
    brain.play(40)
    wishes = [asked["strip/1/trim"] for asked in brain.client.asked if "strip/1/trim" in asked]
    assert wishes
    assert all(abs(float(str(w)) + 6.0) <= 1.2 + 1e-6 for w in wishes)


def test_it_asks_for_notches_where_a_channel_hums(brain: Brain) -> None:
    t = np.arange(12 * 48000) / 48000
    hum = np.sum([np.sin(2 * np.pi * 49.97 * k * t + k) for k in range(1, 11)], 0) * 1e-3
    sound = (hum[:, None] + 1e-5 * np.random.default_rng(1).normal(0, 1, (len(t), 2))).astype(np.float32)
    brain.told(by="web", strip__1__role="lead_vocal")
    for at in range(0, len(sound), 4800):
        brain.engine.process(sound[at : at + 4800])
        brain.worker.step(brain.engine.rack)
    assert brain.client.last("strip/1/hum/on") == 1
    assert brain.client.last("strip/1/hum/frequency") == pytest.approx(49.97, abs=0.01)
    assert brain.client.last("strip/2/hum/on") is None


def test_a_desk_that_is_away_does_not_end_it(brain: Brain) -> None:
    brain.client.away = True
    with pytest.raises(MachineError):
        brain.play(10)
    brain.client.away = False
    brain.told(strip__1__role="bass", box__mode="soundcheck")      # a desk that comes back tells everything anew
    brain.play(30)
    assert brain.client.last("strip/1/trim") is not None


def test_one_move_that_the_desk_refuses_costs_no_other(brain: Brain) -> None:
    brain.worker.changed(Change({"strip/1/trim": Value(hand=None, auto=-6.0, value=-6.0)}))
    brain.client.wrong = {"strip/1/trim"}
    brain.play(40)
    assert brain.client.last("strip/1/level") is not None
    assert brain.client.last("strip/1/trim") is None


def test_what_was_refused_is_told_once_and_the_brain_goes_on_from_what_the_desk_holds(brain: Brain) -> None:
    brain.worker.changed(Change({"strip/1/hpf/on": Value(hand=None, auto=None, value=0.0)}))
    brain.client.wrong = {"strip/1/hpf/on"}
    brain.play(10)
    assert brain.said == ["strip/1/hpf/on: 1.0 is wrong; that move is left out"]
    assert not brain.worker._brain.automix.auto.knows("strip/1/hpf/on")


def test_a_move_that_is_no_number_never_reaches_the_desk(brain: Brain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brain.worker._brain, "think", lambda *_: [Move("strip/1/level", float("nan"), "a"), Move("strip/1/pan", 0.25, "b")])
    brain.play(1)
    assert brain.client.asked == [{"strip/1/pan": 0.25}]
    assert brain.said == ["strip/1/level: nan is no number; that move is left out"]


def test_a_desk_that_does_not_answer_has_done_nothing_as_far_as_the_brain_knows(brain: Brain) -> None:
    brain.worker.changed(Change({"strip/1/level": Value(hand=None, auto=-4.5, value=-4.5)}))
    brain.play(1)
    brain.client.away = True
    for _ in range(30):
        with contextlib.suppress(MachineError):
            brain.play(1)
    assert brain.worker._brain.automix.auto["strip/1/level"] == -4.5


def test_changes_that_nobody_reads_do_not_pile_up(brain: Brain, tmp_path: Path) -> None:
    """While the engine stands still; when it plays again the present is what counts."""
    brain.worker = Worker(brain.client, taste=TasteFile(tmp_path / "taste.json", pytest.fail))     # type: ignore[arg-type]
    for n in range(5 * MISSED):
        brain.worker.changed(Change({"strip/1/level": Value(hand=None, auto=-n / 1000, value=-n / 1000)}, "web", "hand"))
    assert len(brain.worker._changes) + len(brain.worker._others) <= MISSED
    brain.play(1)
    assert brain.worker._brain.automix.auto["strip/1/level"] == pytest.approx(-5 * MISSED / 1000, abs=0.01)


def test_durations_do_not_go_by_the_wall_clock(brain: Brain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", pytest.fail)
    brain.worker = Worker(brain.client, taste=TasteFile(tmp_path / "taste.json", pytest.fail))     # type: ignore[arg-type]
    brain.told(by="web", strip__1__level=-3.0)
    brain.play(5)


def test_a_report_that_cannot_be_left_costs_no_move(brain: Brain, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(name: str, told: object) -> None:
        raise MachineError(f"report '{name}': not kept: No space left on device")

    monkeypatch.setattr(brain_of_box.Brain, "questions", property(lambda self: [{"id": "x"}]))
    monkeypatch.setattr(brain.client, "post", full)
    for _ in range(30):
        with contextlib.suppress(MachineError):
            brain.play(1)
    assert brain.client.last("strip/1/trim") is not None


def test_what_a_person_should_decide_is_a_report_that_is_posted_when_it_changes(brain: Brain, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, object]] = []
    monkeypatch.setattr(brain_of_box.Brain, "questions", property(lambda self: list(asked)))
    brain.play(3)
    assert "questions" not in brain.client.reports
    asked.append({"strip": 1, "takes": 8.0, "why": "Low end: noise off here?", "proposal": {"strip/1/denoise/amount": 0.0}})
    brain.play(1)
    assert brain.client.reports.pop("questions") == {"questions": asked}
    brain.play(3)
    assert "questions" not in brain.client.reports
    asked.clear()
    brain.play(1)
    assert brain.client.reports["questions"] == {"questions": []}
