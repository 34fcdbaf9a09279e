"""One brain on a rack and a desk: what strips are called and sound like becomes roles that are trusted as far as they may be."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from gigbox import params
from gigbox.brain.brain import Brain
from gigbox.brain.roles.roles import UNKNOWN, UNNAMED
from gigbox.brain.roles.sources import GUESS, HEARD, TOLD
from gigbox.brain.who.recogniser import Verdict
from gigbox.engine.core import Engine
from gigbox.rack import METER_FRAMES, Rack

NOISE = (0.02 * np.random.default_rng(1).normal(0, 1, (METER_FRAMES, 3))).astype(np.float32)


class Ears:
    """A recogniser that knows from the start."""

    def __init__(self, *verdicts: Verdict) -> None:
        self.known = verdicts
        self.forgotten: list[int] = []

    def hear(self, rack: Rack) -> None:
        """Nothing new."""

    def verdicts(self) -> tuple[Verdict, ...]:
        return self.known

    def forget(self, channel: int) -> None:
        self.forgotten.append(channel)


class Stage:
    """Three strips; the desk holds hands and names, and takes every move."""

    def __init__(self, engine: Engine, *verdicts: Verdict) -> None:
        self.engine, self.brain = engine, Brain(Ears(*verdicts))      # type: ignore[arg-type]
        self.hands: dict[str, float] = {}
        self.autos: dict[str, float] = {}
        self.names = ["", "", ""]

    def hand(self, path: str) -> float | None:
        return self.hands.get(path)

    def auto(self, path: str) -> float | None:
        return self.autos.get(path)

    def value(self, path: str) -> float:
        return self.hands.get(path, self.autos.get(path, params.find(path).default))

    def text(self, path: str) -> str:
        return self.names[int(path.split("/")[1]) - 1]

    def play(self, ticks: int, mode: str = "soundcheck") -> None:
        for _ in range(ticks):
            self.engine.process(NOISE)
            self.autos |= {move.path: move.value for move in self.brain.think(self.engine.rack, self, mode)}

    @property
    def sources(self) -> list[tuple[str, str]]:
        return [(source.role_name, source.trust) for source in self.brain.sources]


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(3) as engine:
        yield engine


def verdict(name: str, share: float, seconds: float = 9.0) -> Verdict:
    return Verdict(name if share >= 0.75 else "", share, ((name, share), ("keys" if name != "keys" else "synth", 1 - share)), seconds)


def test_what_is_told_is_trusted_more_than_what_is_heard_and_that_more_than_a_guess(engine: Engine) -> None:
    stage = Stage(engine, verdict("keys", 0.9), verdict("bass", 0.95), verdict("synth", 0.65))
    stage.hands["strip/1/role"] = float(params.ROLES.index("kick"))
    stage.play(5)
    assert stage.sources == [("kick", TOLD), ("bass", HEARD), ("synth", GUESS)]


def test_a_name_is_told_and_a_new_one_counts_at_once_in_a_show(engine: Engine) -> None:
    stage = Stage(engine, verdict("keys", 0.9), verdict("keys", 0.9), Verdict())
    stage.names = ["Bass DI", "Spare", "Anna voc"]
    stage.play(5)
    assert stage.sources == [("bass", TOLD), ("unused", TOLD), ("lead_vocal", TOLD)]
    stage.names[0] = "Sax"
    stage.play(3, "show")
    assert stage.sources[0] == ("brass_sax", TOLD)


def test_who_plays_and_has_no_name_is_mixed_within_a_second_or_so_and_trusted_in_nothing(engine: Engine) -> None:
    stage = Stage(engine, verdict("synth", 0.4, 0.5), verdict("synth", 0.4, 1.5), verdict("silence_noise", 0.9))
    stage.play(5)
    assert stage.sources == [(UNNAMED, GUESS), (UNKNOWN, GUESS), (UNNAMED, GUESS)]


def test_what_is_said_of_a_name_is_said_once(engine: Engine) -> None:
    stage = Stage(engine, verdict("singing", 0.98), Verdict(), Verdict())
    stage.names[0] = "Kick"
    stage.play(3)
    assert [line.startswith("strip 1 is named 'Kick', but sounds like singing") for line in stage.brain.remarks()] == [True]
    stage.play(3)
    assert stage.brain.remarks() == []


def test_a_microphone_that_heard_but_the_others_is_listened_to_anew_when_somebody_sings_into_it(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty seconds of bleed are a recording of the whole band, and not of who comes in then."""
    ears = Ears(*[verdict("playback", 0.95)] * 3)
    brain, heard, anew = Brain(ears), [], []      # type: ignore[arg-type]
    monkeypatch.setattr(brain, "_own", lambda channels: np.array(heard[-1]))
    monkeypatch.setattr(brain._casting, "forget", anew.append)
    stage = Stage(engine)
    stage.brain = brain
    for own, forgotten in (([1, 1, 1], []), ([0.1, 0.4, 1], []), ([0.3, 0.4, 1], []), ([0.9, 0.9, 1], [0]), ([0.9, 0.9, 1], [0])):
        heard.append(own)
        stage.play(1)
        assert ears.forgotten == forgotten
    assert anew == [1]


def test_of_two_singers_that_were_only_heard_each_leads_by_what_it_has_sung(engine: Engine) -> None:
    stage = Stage(engine, verdict("singing", 0.95), verdict("singing", 0.95), verdict("keys", 0.95))
    stage.play(30)
    assert [source.front is None for source in stage.brain.sources] == [False, False, True]
    surely = stage.brain.sources[0].front
    doubtful = Stage(engine, verdict("singing", 0.76), verdict("singing", 0.95), verdict("keys", 0.95))      # a pad that sings, perhaps
    doubtful.play(30)
    assert surely is not None
    assert doubtful.brain.sources[0].front is not None
    assert doubtful.brain.sources[0].front < surely
    stage.hands["strip/2/role"] = float(params.ROLES.index("lead_vocal"))
    stage.play(5)
    assert [source.front for source in stage.brain.sources] == [None, None, None]


def test_what_is_listened_to_anew_is_mixed_on_until_it_is_named(engine: Engine) -> None:
    """Otherwise the band would rise into the room that it leaves for whoever may lead, just when somebody begins to."""
    stage, ears = Stage(engine), Ears(Verdict("", 0.4, (("playback", 0.4), ("tom", 0.3), ("snare", 0.3)), 3.0), *[verdict("keys", 0.95)] * 2)
    stage.brain = Brain(ears)      # type: ignore[arg-type]
    stage.play(3)
    assert stage.sources[0] == (UNKNOWN, GUESS)
    ears.known = (Verdict(), *ears.known[1:])
    stage.play(3)
    assert stage.sources[0] == (UNKNOWN, GUESS)


def test_what_an_unsure_strip_may_be_is_asked_beside_all_others(engine: Engine) -> None:
    """A second bass beside one that is sure is less likely than a synth."""
    unsure = Verdict("", 0.5, (("bass", 0.5), ("synth", 0.4), ("keys", 0.05)), 9.0)
    stage = Stage(engine, verdict("bass", 0.97), unsure, verdict("kick", 0.97))
    stage.play(5)
    assert stage.brain.sources[1].likely[0][0] == "synth"
