"""What the rules see is each source itself: what leaks into its microphone counts as somebody else's, in loudness, in who plays, and in colour."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gigbox.brain.auto import Auto
from gigbox.brain.hear.activity import NEAR_LU
from gigbox.brain.hear.bands import LOUD, loudness
from gigbox.brain.hear.meters import Heard
from gigbox.brain.mix.balance import Balance
from gigbox.brain.mix.stage import Stage
from gigbox.brain.roles import sources
from gigbox.rack import BANDS, lufs
from tests.brain.band import band

LEAK_DB = -25.0
VOICE_POWER, SNARE_POWER = 10**-5.0, 10**-4.5
VOICE, SNARE = (10 ** np.random.default_rng(seed).uniform(-1, 0, BANDS) for seed in (1, 2))


class Floor:
    """A singer whose microphone hears the snare 20 dB down, ten ticks a second."""

    def __init__(self) -> None:
        self.stage = Stage.of(list(sources.find(["lead_vocal", "snare"])), Auto(), Balance())
        self.stage.mode = "soundcheck"
        self.dice, self.last = np.random.default_rng(7), np.zeros((2, 2, BANDS))

    def look(self, sings: bool, hits: bool) -> None:
        flicker = 10 ** self.dice.normal(0, 0.15, (2, BANDS))
        own = np.array([VOICE_POWER * VOICE * sings, SNARE_POWER * SNARE * (1 if hits else 1e-3)]) * flicker + 1e-13
        self.last = np.array([[own[0], own[1] * 10 ** (LEAK_DB / 10)], [np.zeros(BANDS), own[1]]])
        power = self.last.sum(axis=1)
        level = lufs(power @ LOUD)
        zeros = np.zeros(2)
        self.stage.hear(Heard(level, level, level + 12, zeros, squares=level, taken=zeros, bands=power, trims=zeros))

    def play(self, seconds: float, sings: bool = True) -> None:
        for t in range(round(seconds * 10)):
            self.look(sings and t % 60 < 35, t % 5 < 2)


@pytest.fixture(scope="module")
def floor() -> Floor:
    made = Floor()
    made.play(40)
    return made


def test_between_her_phrases_her_microphone_is_not_as_loud_as_what_it_hears(floor: Floor) -> None:
    for _ in range(6):
        floor.look(False, True)
    heard = float(loudness(floor.last[0].sum(axis=0)))
    assert floor.stage.momentary[0] < heard - 4
    assert floor.stage.momentary[1] == pytest.approx(float(loudness(floor.last[1].sum(axis=0))), abs=0.5)


def test_the_colour_of_a_source_is_its_own(floor: Floor) -> None:
    floor.play(20)
    got, voice = floor.stage.spectrum[0], VOICE_POWER * VOICE
    assert np.abs(10 * np.log10(got / voice)).mean() < 2.0


def test_how_clear_a_microphone_is_says_how_much_of_it_is_its_own(floor: Floor) -> None:
    floor.play(20)
    assert floor.stage.clear[1] > -0.5
    assert -3 < floor.stage.clear[0] < -0.01


def test_the_trim_of_a_hand_is_seen_by_no_rule(floor: Floor) -> None:
    alone = Stage.of(list(sources.find(["keys"])), Auto(), Balance())
    level, zeros = np.array([-30.0]), np.zeros(1)
    look = Heard(level, level, level + 12, zeros, bands=np.full((1, BANDS), 1e-4), trims=zeros)
    alone.hear(look)
    before = alone.momentary.copy()
    louder = np.full((1, BANDS), 1e-4 * 10 ** 0.6)
    alone.hear(replace(look, momentary=level + 6, latest=level + 6, peaks=level + 18, hands=zeros + 6, trims=zeros + 6, bands=louder))
    np.testing.assert_allclose(alone.momentary, before, atol=0.01)


def test_what_cleaning_holds_back_is_no_time_to_raise_a_fader() -> None:
    stage = band("backing_vocal")
    assert stage.is_heard(0)
    stage.left[0] = stage.activity.loudness[0] - NEAR_LU - 1
    assert not stage.is_heard(0)


def test_what_inserts_take_at_the_whole_depth_is_known_while_the_depth_is_down() -> None:
    """The mix behind the knob waits as it was: a compressor that is not heard for a moment makes nobody louder in it."""
    stage = Stage.of(list(sources.find(["keys"])), Auto(), Balance())
    power = np.full((1, BANDS), 1e-4)
    came, zeros = lufs(power @ LOUD), np.zeros(1)

    def play(seconds: float, taken: float, depth: float) -> float:
        for _ in range(round(seconds * 10)):
            level = came - taken
            stage.hear(Heard(level, level, came + 12, zeros, squares=came, taken=zeros + taken, bands=power, trims=zeros, depth=depth))
        return float(stage.activity.loudness[0] - came[0])

    assert play(20, 8.0, 100) == pytest.approx(-8, abs=0.1)
    for taken, depth, seconds in ((0.0, 0, 30), (4.0, 50, 30), (0.0, 100, 1.4)):      # the last while the knob's jump is still on its way
        assert play(seconds, taken, depth) == pytest.approx(-8, abs=0.1)
        assert stage.taken[0] == pytest.approx(8, abs=0.1)
    assert play(20, 6.0, 100) == pytest.approx(-6, abs=0.7)


def test_while_a_jump_of_the_depth_is_on_its_way_nothing_is_heard() -> None:
    """The rack says at once where the trim goes, and what comes in behind it follows in a second: that is no step of loudness."""
    stage = Stage.of(list(sources.find(["keys"])), Auto(), Balance())
    stage.auto.take("strip/1/trim", 18.0)
    power, zeros = np.full((1, BANDS), 1e-6), np.zeros(1)
    level = lufs(power @ LOUD)

    def look(there_db: float, told_db: float, depth: float) -> float:
        behind = level + there_db
        stage.hear(Heard(behind, behind, behind + 12, zeros + told_db - 18, squares=behind, taken=zeros, bands=power * 10 ** (there_db / 10),
                         trims=zeros + told_db, depth=depth))
        return float(stage.momentary[0] - level[0])

    for _ in range(100):
        before = look(18.0, 18.0, 100)
    for tick in range(30):
        assert look(max(18.0 - 1.5 * tick, 0.0), 0.0, 0) == pytest.approx(before, abs=0.1)
    assert stage.activity.came[0] - level[0] == pytest.approx(before, abs=0.1)
