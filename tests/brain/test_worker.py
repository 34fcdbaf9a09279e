"""The brain as a program: it reads before it writes, thinks once for each 100 ms, keeps still when frozen, and survives its neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pytest

from gigbox.brain.worker import Worker
from gigbox.desk.client import Change, Value
from gigbox.engine.core import Engine
from gigbox.errors import MachineError

SOUND = (0.01 * np.random.default_rng(1).normal(0, 1, (4800, 2))).astype(np.float32)


class FakeClient:
    """Takes wishes; `refused` are paths that it leaves alone."""

    def __init__(self) -> None:
        self.asked: list[dict[str, object]] = []
        self.why: dict[str, str] = {}
        self.refused: dict[str, str] = {}
        self.away = False

    def auto(self, values: Mapping[str, object], why: Mapping[str, str]) -> dict[str, str]:
        if self.away:
            raise MachineError("desk: not there")
        self.asked.append(dict(values))
        self.why.update(why)
        return {path: cause for path, cause in self.refused.items() if path in values}

    def last(self, path: str) -> object:
        return next((asked[path] for asked in reversed(self.asked) if path in asked), None)


class Brain:
    """A worker on a private engine with two channels, and a client that is none."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.client = engine, FakeClient()
        self.worker = Worker(self.client)     # type: ignore[arg-type]

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
