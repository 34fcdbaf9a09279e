"""What a hand does is taken back exactly, and what it keeps is not done once more."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract.gig import Action, Gig
from contract.scripts import hands
from contract.test_contract import EXAMPLES, PHASES

BAND = ("lead_vocal", "kick", "keys", "electric_guitar")
SOUNDS = ("voice", "drum", "pad", "bursts")
LEVELS = [f"strip/{n}/{name}" for n in range(1, 5) for name in ("trim", "level", "pan")]


@pytest.fixture
def gig() -> Iterator[Gig]:
    """A band after its soundcheck: trims and faders stand where they belong."""
    gig = Gig(BAND, SOUNDS)
    gig.play(400)
    yield gig
    gig.close()


@pytest.fixture(scope="module")
def left_alone() -> np.ndarray:
    """What becomes of it without hands."""
    gig = Gig(BAND, SOUNDS)
    gig.play(600)
    gig.close()
    return gains(gig)


def values(gig: Gig) -> np.ndarray:
    return np.array([gig.session.value(path) for path in LEVELS])


def gains(gig: Gig) -> np.ndarray:
    """dB of each strip: trim and fader together, which may share it otherwise when they find it anew."""
    return values(gig).reshape(4, 3)[:, :2].sum(axis=1)


@settings(max_examples=EXAMPLES // 3 + 1, deadline=None, suppress_health_check=list(HealthCheck), phases=PHASES)
@given(before=st.lists(hands, max_size=4), actions=st.lists(hands.filter(lambda a: a[0] not in ("undo", "save")), min_size=4, max_size=8),
       depth=st.sampled_from([0.0, 50.0, 100.0]))
def test_undo_takes_any_action_back_exactly(before: list[Action], actions: list[Action], depth: float) -> None:
    gig = Gig(BAND, SOUNDS, {"box/depth": depth})
    gig.play(40)
    for action in before:
        gig.act(action)
    gig.play(5)
    for action in actions:
        gig.takes_back(action)
    gig.play(5)
    gig.close()


@pytest.mark.parametrize("mode", ["soundcheck", "show"])
def test_what_was_kept_sounds_the_same_then_and_stays_so(gig: Gig, left_alone: np.ndarray, mode: str) -> None:
    """Otherwise the box would find the same once more, and do it on top."""
    gig.act(("set", "box/mode", mode))
    gig.play(2)
    gig.act(("keep", "*"))
    gig.play(200)
    np.testing.assert_allclose(gains(gig), left_alone, atol=1.2)


def test_what_was_kept_goes_on_from_there(gig: Gig) -> None:
    gig.act(("keep", "*"))
    gig.sounds[2] = "noise"
    gig.play(60)
    assert abs(gig.session.auto("strip/3/level") or 0) > 0.5
    assert gig.session.auto("strip/3/hpf/on") == 1         # the box is told again what it found, for when hands let go


def test_keep_of_a_half_turned_depth_keeps_what_was_heard(gig: Gig) -> None:
    gig.act(("set", "box/depth", 50.0))
    gig.play(20)
    before = values(gig)
    gig.act(("keep", "*"))
    gig.act(("set", "box/depth", 0.0))
    np.testing.assert_allclose(values(gig), before, atol=1e-6)


def test_undo_of_a_keep_gives_it_back_to_the_box(gig: Gig, left_alone: np.ndarray) -> None:
    gig.act(("keep", "*"))
    gig.play(20)
    gig.act(("undo",))
    gig.play(200)
    np.testing.assert_allclose(gains(gig), left_alone, atol=1.2)


def test_what_was_kept_and_released_is_found_again(gig: Gig, left_alone: np.ndarray) -> None:
    gig.act(("keep", "*"))
    gig.act(("release", "*"))
    assert gig.session.value("strip/3/level") == 0
    gig.play(300)
    np.testing.assert_allclose(gains(gig), left_alone, atol=1.2)


def test_both_sides_of_a_pair_are_kept() -> None:
    gig = Gig(("keys", "keys", "lead_vocal", "kick"), ("pad", "pad", "voice", "quiet drum"), {"strip/1/link": True})
    gig.play(100)
    gig.act(("keep", "strip/1/level"))
    gig.play(1)
    assert gig.session.value("strip/1/level") == gig.session.value("strip/2/level") != 0
    gig.close()


def test_two_strips_that_are_linked_late_do_not_jump() -> None:
    """The watch asserts it."""
    gig = Gig(("keys", "synth", "lead_vocal", "kick"), ("pad", "noise", "voice", "quiet drum"))
    gig.play(150)
    gig.act(("set", "strip/1/link", True))
    gig.play(50)
    gig.act(("set", "strip/1/link", False))
    gig.play(50)
    gig.close()


@pytest.mark.parametrize("path", ["strip/2/trim", "strip/2/level"])
def test_a_locked_fader_or_trim_does_not_confuse_the_other(gig: Gig, path: str) -> None:
    """The trim that auto may not move is taken as it is: the fader alone does what both would."""
    free = Gig(BAND, SOUNDS)
    free.act(("lock", path))
    free.play(250)
    assert free.session.value(path) == 0
    source = free.session.brain.automix.stage.activity.loudness[1]
    trims = free.session.auto("strip/2/trim") or 0
    came = gig.session.brain.automix.stage.activity.loudness[1] - (gig.session.auto("strip/2/trim") or 0)
    assert source - trims == pytest.approx(came, abs=1.0)
    free.close()


@pytest.mark.parametrize("depth", [0.0, 50.0])
def test_a_mix_that_is_turned_down_is_made_all_the_same(gig: Gig, depth: float) -> None:
    """What the box wants does not depend on how much of it is heard."""
    turned = Gig(BAND, SOUNDS, {"box/depth": depth})
    turned.play(200)
    for path in LEVELS:
        if path.endswith("trim"):
            assert turned.session.auto(path) or pytest.approx(gig.session.auto(path) or 0, abs=0.3) == 0
    turned.close()


def test_a_hand_on_a_threshold_does_not_drive_auto_to_the_end_of_its_range(gig: Gig) -> None:
    gig.act(("set", "strip/1/comp/threshold", 0.0))
    before = gig.session.auto("strip/1/comp/threshold")
    gig.play(250)
    assert gig.session.auto("strip/1/comp/threshold") == before


def test_what_was_locked_starts_when_it_is_unlocked() -> None:
    gig = Gig(BAND, SOUNDS)
    gig.act(("lock", "strip/1"))
    gig.play(20)
    assert gig.session.value("strip/1/hpf/on") == 0
    gig.act(("unlock", "strip/1"))
    gig.play(2)
    assert gig.session.value("strip/1/hpf/on") == 1
    gig.close()


def test_open_microphones_do_not_spend_the_feedback_margin_however_a_show_begins() -> None:
    """Three quiet singers that soundcheck never heard. The watch asserts the sum; here it is asserted that they do rise."""
    gig = Gig(("lead_vocal", "backing_vocal", "backing_vocal", "keys"), ("silence", "silence", "silence", "pad"))
    gig.play(30)
    gig.act(("set", "box/mode", "show"))
    gig.sounds[:3] = ["quiet voice"] * 3
    gig.play(250)
    assert max(gig.watch.gains()[:3]) > 1
    gig.close()
