"""A trim brings what a strip cleans to the nominal level, and is set from nothing that is not its source."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gigbox.brain.auto import Auto
from gigbox.brain.denoise.denoiser import Denoiser
from gigbox.brain.hear.bands import loudness
from gigbox.brain.hear.meters import Heard
from gigbox.brain.mix.balance import Balance
from gigbox.brain.mix.feedback_margin import FeedbackMargin
from gigbox.brain.mix.stage import Stage
from gigbox.brain.mix.trims import LATE_UP_RATE, TRIM_RATE, Trims
from gigbox.brain.roles import sources
from gigbox.brain.roles.roles import ROLES
from gigbox.engine.pieces import cut
from gigbox.engine.player import Player
from gigbox.engine.song import Song
from gigbox.rack import BANDS, METER_FRAMES, RATE
from gigbox.render.session import Session
from tests.brain.band import band, tick

DEMO = Path(__file__).parents[3] / "demo/gig"


@pytest.mark.parametrize(("mode", "db"), [("soundcheck", 8.0 + ROLES["kick"].takes), ("show", 8.0)])
def test_soundcheck_makes_up_for_cleaning_and_for_the_compressor_and_a_show_for_cleaning_alone(mode: str, db: float) -> None:
    stage = band("kick", mode=mode)
    stage.activity.taken, stage.taken, stage.activity.loudness = np.array([10.0]), np.array([2.0]), np.array([-33.0])
    stage.activity.peak[:] = -30.0
    tick(Trims(FeedbackMargin()), stage, 2)
    assert stage.auto["strip/1/trim"] == pytest.approx(db)


def test_a_microphone_that_hears_only_another_is_not_trimmed_though_it_was_told_what_it_is() -> None:
    """A singer in phrases, and a saxophone that has not begun: its microphone has the singer, 15 dB down."""
    stage, dice = Stage.of(list(sources.find(["lead_vocal", "brass_sax"])), Auto(), Balance()), np.random.default_rng(4)
    stage.mode, trims, zeros = "soundcheck", Trims(FeedbackMargin()), np.zeros(2)
    for n in range(120):
        sung = 10 ** ((-55 + dice.normal(0, 4)) / 10) * np.ones(BANDS) if n % 30 < 22 else np.full(BANDS, 1e-11)
        power = np.stack([sung, sung * 10 ** -1.5])
        came = loudness(power)
        stage.hear(Heard(came, came, came + 12, zeros, came, zeros, power, zeros))
        list(trims.think(stage))
        stage.auto.take("strip/1/trim", None)
    assert not stage.activity.active[1]
    assert stage.auto["strip/2/trim"] == 0


def test_a_singer_who_is_awaited_is_trimmed_once() -> None:
    """The demo: a crowd and the band are in her microphone for six seconds before she begins."""
    song = Song.open(DEMO)
    session, heard = Session(song.tracks, {"box/mode": "soundcheck"}, Denoiser()), [0.0]
    with Player(song) as player:
        for frames in cut(player.pieces(20 * RATE), METER_FRAMES, METER_FRAMES):
            session.play(frames)
            session.think()
            heard.append(float(session.value("strip/1/trim")))
    session.close()
    steps = np.diff(heard)
    assert np.abs(steps).sum() == pytest.approx(abs(heard[-1]), abs=0.1)
    assert heard[60] == 0


@pytest.mark.parametrize(("mode", "place", "db"), [("show", -14.0, -4.0), ("show", 0.0, 10.0), ("soundcheck", -14.0, 10.0)])
def test_who_comes_late_is_never_brought_over_its_place_which_its_fader_would_take_long_to_mend(mode: str, place: float, db: float) -> None:
    """A show trims as its fader stands, at 0; soundcheck to the nominal level, since its faders hurry."""
    stage = band("synth", mode=mode)
    stage.activity.came[:] = stage.activity.loudness[:] = -33.0
    stage.activity.peak[:], stage.balance.offset[:] = -30.0, place
    tick(Trims(FeedbackMargin()), stage, 0.9)
    assert stage.auto["strip/1/trim"] == pytest.approx(db, abs=0.5)


@pytest.mark.parametrize(("borne", "rate"), [(True, TRIM_RATE), (False, LATE_UP_RATE)])
def test_a_late_microphone_is_raised_slowly_but_not_up_to_where_the_room_has_borne_it(borne: bool, rate: float, monkeypatch: pytest.MonkeyPatch) -> None:
    margin, stage = FeedbackMargin(), band("lead_vocal", mode="show")
    stage.activity.came[:] = stage.activity.loudness[:] = stage.activity.peak[:] = -40.0
    for name, value in (("room", 15.0), ("silent", True), ("borne", borne)):
        monkeypatch.setattr(margin, name, lambda *_, value=value: value)
    tick(Trims(margin), stage, 0.5)
    assert stage.auto["strip/1/trim"] == pytest.approx(rate * 0.5, abs=0.1)
