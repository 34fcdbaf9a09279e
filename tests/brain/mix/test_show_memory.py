"""A brain that dies in a show begins again where it was: no fader moves, no margin is spent twice, and what soundcheck ended with still holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from contract.made import tenth

from gigbox.brain.brain import Brain
from gigbox.engine.song import Track
from gigbox.render.session import Session

ROLES, SOUNDS = ("lead_vocal", "kick", "keys", "electric_guitar"), ("voice", "drum", "pad", "bursts")
LEVELS = [f"strip/{n}/{name}" for n in range(1, 5) for name in ("trim", "level")]
STEP_DB = 0.1


class Gig:
    """20 s of soundcheck and 30 of show. `dies`: the brain, by SIGKILL; another begins with what the desk and the report hold."""

    def __init__(self) -> None:
        self.session = Session([Track(Path(role), 0, role, role, "given") for role in ROLES], {"box/mode": "soundcheck", "box/denoise": "off"})
        self.tick, self.left = 0, dict[str, object]()

    def play(self, seconds: float) -> None:
        for _ in range(round(seconds * 10)):
            self.session.play(np.stack([tenth(kind, self.tick) for kind in SOUNDS], axis=1))
            self.session.think()
            self.tick += 1
            if self.tick % 100 == 0:
                self.left = json.loads(json.dumps(self.session.brain.remember()))

    def dies(self, saved: dict[str, object] | None = None) -> None:
        self.session.brain = Brain()
        self.session.brain.recall(self.left if saved is None else saved)
        self.session.brain.begin(self.session, [path for path in self.session._known if "/name" not in path])

    def gains(self) -> np.ndarray:
        return np.array([self.session.value(path) for path in LEVELS])


@pytest.fixture
def gig() -> Iterator[Gig]:
    gig = Gig()
    gig.play(20)
    gig.session.set({"box/mode": "show"})
    gig.play(30)
    yield gig
    gig.session.close()


def test_no_fader_moves_by_more_than_a_step_after_a_brain_died_in_a_show(gig: Gig) -> None:
    gig.dies()
    before = gig.gains()
    gig.play(15)
    np.testing.assert_allclose(gig.gains(), before, atol=STEP_DB)


def test_what_soundcheck_ended_with_and_the_margin_are_known_again(gig: Gig) -> None:
    before = gig.session.brain.automix
    gig.dies()
    gig.play(0.1)
    after = gig.session.brain.automix
    assert after is not before
    assert [s.anchor for s in after.sources] == [s.anchor for s in before.sources]
    assert after.margin.told() == before.margin.told()
    assert after.stage.balance.common == pytest.approx(before.stage.balance.common, abs=0.3)


def test_kept_faders_are_believed_to_be_the_boxs_own(gig: Gig) -> None:
    """Otherwise they would be done once more."""
    gig.session.take(gig.session.desk.keep(["strip/*/level"], "somebody", gig.session.now))
    gig.play(10)
    held, before = gig.session.brain.automix.auto["strip/4/level"], gig.gains()
    gig.dies()
    gig.play(15)
    assert gig.session.brain.automix.auto["strip/4/level"] == pytest.approx(held, abs=STEP_DB)
    np.testing.assert_allclose(gig.gains(), before, atol=STEP_DB)


@pytest.mark.parametrize("change", [{"boot": "another"}, {"format": 0}, {"sources": []}])
def test_the_memory_of_another_show_is_not_believed(gig: Gig, change: dict[str, object]) -> None:
    gig.dies({**gig.left, **change})
    gig.play(0.1)
    assert all(s.anchor is None for s in gig.session.brain.automix.sources)      # nothing was heard yet


def test_soundcheck_leaves_nothing(gig: Gig) -> None:
    gig.session.set({"box/mode": "soundcheck"})
    gig.play(10)
    assert gig.left == {}
