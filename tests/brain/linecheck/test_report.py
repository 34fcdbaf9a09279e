"""The line check: problems first, in words; a table and JSON that say the same; the recogniser only where it is sure."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pytest

from gigbox.brain.linecheck.line import Line
from gigbox.brain.linecheck.polarity import Alignment
from gigbox.brain.linecheck.report import Channel, LineCheck, Report, table
from gigbox.engine.core import Engine
from gigbox.rack import Rack

RATE, TICK = 48000, 4800


@dataclass(frozen=True)
class Heard:
    name: str
    confidence: float
    top: tuple[tuple[str, float], ...] = ()
    seconds: float = 0.0


@dataclass
class Recogniser:
    """Knows from the start what it was given."""

    known: list[Heard]
    ticks: int = field(default=0)

    def hear(self, rack: Rack) -> None:
        self.ticks += 1

    def verdicts(self) -> list[Heard]:
        return self.known


def play(check: LineCheck, sound: npt.NDArray[np.float64]) -> Report:
    with Engine(sound.shape[1]) as engine:
        for begin in range(0, len(sound), TICK):
            engine.process(sound[begin:begin + TICK].astype(np.float32))
            check.hear(engine.rack)
    return check.report()


def stage(s: float = 10) -> npt.NDArray[np.float64]:
    """A drum twice, the second microphone turned; nothing; hiss; a voice that clips."""
    rng, t = np.random.default_rng(1), np.arange(round(s * RATE)) / RATE
    drum = 0.4 * np.exp(-(t % 0.5) / 0.05) * (np.sin(2 * np.pi * 190 * (t % 0.5)) + 0.2 * rng.normal(0, 1, len(t)))
    voice = np.sin(2 * np.pi * np.cumsum(200 + 40 * np.sin(4 * t)) / RATE) * np.maximum(0, np.sin(12 * t))
    return np.stack([drum, -np.roll(drum, 20) + rng.normal(0, 1e-4, len(t)), 0 * t, rng.normal(0, 3e-3, len(t)), np.clip(1.3 * voice, -1, 1)], axis=1)


ROLES, NAMES = ("snare", "snare", "keys", "unused", "lead_vocal"), ("Snare top", "Snare bottom", "Keys", "strip 4", "Anna")


def line(state: str = "playing", **known: object) -> Line:
    """A good line, but for what is said."""
    usual = {"clipped": 0, "flat": 0, "played": 8.0, "loudest": -20.0, "peak": -8.0, "noise": -80.0, "hum": None, "dc": 0.0, "pops": 0, "cut": False}
    return Line(state, **{**usual, **known})     # type: ignore[arg-type]


@pytest.fixture(scope="module")
def report() -> Report:
    return play(LineCheck(ROLES, NAMES), stage())


def test_each_channel_is_told_for_what_it_is(report: Report) -> None:
    assert [c.state for c in report.channels] == ["playing", "playing", "dead", "noise", "playing"]
    assert [c.problems for c in report.channels] == [
        (), ("polarity is against strip 1: try its switch",), ("dead: look at its cable, its battery, phantom power",),
        ("noise at -51 dBFS while nobody plays",), (report.channels[4].problems[0],)]
    assert report.channels[4].problems[0].startswith("clips, in ")
    assert report.channels[4].problems[0].endswith(": the tops of its waves are cut off")
    assert report.channels[1].sentences[-1] == "hears 0.4 ms later than strip 1: a delay of 0.4 ms on strip 1 would align them"


def test_table_and_json_say_the_same(report: Report) -> None:
    told = json.loads(json.dumps(report.as_dict(), allow_nan=False))
    assert table(told) == report.text()
    lines = report.text().splitlines()
    assert len(lines) == 7
    assert lines[3].split()[:4] == ["3", "Keys", "keys", "dead"]
    assert lines[-1] == report.summary == "4 channels with a problem, after 10 s"
    assert told["channels"][1]["turned_against"] == 1
    assert told["channels"][2]["turn_db"] is None


def test_it_is_done_after_its_seconds() -> None:
    check = LineCheck(ROLES, seconds=2)
    play(check, stage(1.9))
    assert not check.done
    assert check.progress == pytest.approx(0.95)
    assert play(check, stage(0.1)).seconds == 2.0
    assert check.done


def test_the_recogniser_hears_each_tick_and_names_what_has_no_role() -> None:
    recogniser = Recogniser([Heard("snare", 0.9), Heard("snare", 0.9), Heard("keys", 0.99), Heard("keys", 0.5), Heard("", 0.3)])
    check = LineCheck(["unused"] * 5, seconds=10, recogniser=recogniser, role_of=lambda name: {"snare": "snare", "keys": "keys"}[name])
    report = play(check, stage())
    assert recogniser.ticks == 100
    assert [c.suggested for c in report.channels] == ["snare", "snare", "keys", "", ""]      # the fourth is not sure enough
    assert [c.heard for c in report.channels] == ["snare", "snare", "keys", "keys", ""]
    assert report.channels[1].pair is not None
    assert report.channels[1].pair.turned                                               # what is suggested is enough to compare two
    assert "sounds like snare (90 %)" in report.channels[0].sentences


def test_a_role_that_a_person_gave_is_not_questioned() -> None:
    recogniser = Recogniser([Heard("vocal", 1.0)])
    check = LineCheck(["backing_vocal"], recogniser=recogniser, role_of=lambda name: "lead_vocal")
    channel = play(check, stage(1)[:, :1]).channels[0]
    assert (channel.role, channel.suggested, channel.heard) == ("backing_vocal", "", "vocal")


@pytest.mark.parametrize(("channel", "sentences"), [
    (Channel(1, "a", "keys", line()), ("good",)),
    (Channel(1, "a", "keys", line("quiet", loudest=None, peak=None)), ("open, nobody plays",)),
    (Channel(1, "a", "keys", line(loudest=-40.0, peak=-25.0)), ("turn up by 19 dB",)),
    (Channel(1, "a", "keys", line(loudest=-30.0, peak=-6.5)), ("good",)),
    (Channel(1, "a", "keys", line(loudest=-15.0, peak=0.0, clipped=3, flat=1)),
     ("clips, in 0.3 s: the tops of its waves are cut off", "turn down by 6 dB: clips")),
    (Channel(1, "a", "keys", line("hum", loudest=None, peak=None, hum=(50.02, -48.3))), ("hums at 50.0 Hz, -48 dBFS: look at its earth and its cable",)),
    (Channel(1, "a", "keys", line("dead", cut=True)), ("cut off while it played, and dead since: look at its plug", "good")),
    (Channel(1, "a", "keys", line("dead")), ("good",)),                       # it has only ended
    (Channel(1, "a", "keys", line(dc=-0.03)), ("DC of -3 % of full scale: look at its converter", "good")),
    (Channel(1, "a", "keys", line(pops=1)), ("its plug has banged", "good")),
    (Channel(1, "a", "keys", line(pops=3)), ("its plug has banged 3 times", "good")),
    (Channel(1, "a", "keys", line(loudest=-55.0, peak=-40.0)), ("faint, -55 dBFS: play up, or turn up",)),
    (Channel(3, "a", "snare", line(), pair=Alignment(True, -0.52, 0.9, 0.6)),
     ("polarity is against strip 2: try its switch", "good", "hears 0.5 ms sooner than strip 2: a delay of 0.5 ms on strip 3 would align them")),
    (Channel(3, "a", "snare", line(), pair=Alignment(False, 0.02, 0.9, 0.6)), ("good",)),
])
def test_problems_come_first_and_in_words(channel: Channel, sentences: tuple[str, ...]) -> None:
    assert channel.sentences == sentences


def test_one_problem_and_none_are_counted_as_people_do() -> None:
    good, dead = Channel(1, "a", "keys", line()), Channel(2, "b", "keys", line("dead", loudest=None, peak=None))
    assert Report(10, (good,)).summary == "no channels with a problem, after 10 s"
    assert Report(2.5, (good, dead)).summary == "1 channel with a problem, after 2.5 s"


def test_what_sounds_like_something_quite_different_is_asked_about() -> None:
    known = [Heard("singing", 0.98), Heard("drums", 0.98), Heard("singing", 0.8), Heard("kick", 0.98), Heard("singing", 0.98)]
    check = LineCheck(ROLES, NAMES, 1, Recogniser(known), unlike=lambda role, name: (role, name) in {("snare", "singing"), ("keys", "singing")})
    said = ["; ".join(channel.sentences) for channel in play(check, stage(1)).channels]
    assert "is snare, but sounds like singing (98 %): is it on the right strip?" in said[0]
    assert not any("but sounds like" in words for words in said[1:])
