"""Groups are faders and mutes for many strips at once; mute all keeps what was muted before; some strips are safe from that."""

from __future__ import annotations

import numpy as np
import pytest

from gigbox.engine.core import Engine
from gigbox.rack import OUTPUTS

from .sounds import PLAIN, Signal, db, play

SENDS = {f"strip/{n}/{path}": value for n in (1, 2, 3) for path, value in {"pan": -1, "send/1/level": 0, "send/2/level": 0, "send/2/tap": 1}.items()}


def stems(values: dict[str, float]) -> tuple[Signal, Signal]:
    """Of three strips with a steady 0.25: what each gives to main, and the outputs."""
    out, stem = play(np.full((9600, 3), 0.25), SENDS | values)
    return stem[-1, :, 0], out[-1]


def test_a_group_is_a_fader_of_its_strips() -> None:
    members = {"strip/1/group/1/on": 1, "strip/2/group/1/on": 1, "strip/2/group/4/on": 1}
    strips, out = stems(members | {"group/1/level": -6, "group/4/level": -10, "group/2/level": -50, "strip/1/level": -3})
    assert strips == pytest.approx([0.25 * db(-9), 0.25 * db(-16), 0.25], rel=1e-5)
    assert out[2] == pytest.approx(0.75, rel=1e-5)                            # before the fader a group is not heard
    assert out[3] == pytest.approx(sum(strips), rel=1e-5)


def test_a_muted_group_is_silent_everywhere_but_for_who_is_safe() -> None:
    muted = {"strip/1/group/2/on": 1, "strip/2/group/2/on": 1, "group/2/mute": 1, "strip/2/mute_safe": 1}
    strips, out = stems(muted)
    assert strips == pytest.approx([0, 0.25, 0.25])
    assert out[2] == out[3] == pytest.approx(0.5)
    assert stems(muted | {"strip/2/mute": 1})[0] == pytest.approx([0, 0, 0.25])      # its own mute is its own


def moved(values: dict[str, float], *moves: tuple[str, float]) -> list[Signal]:
    """Stems, left: before, and after each of the moves."""
    x = np.full((4800, 3), 0.25, np.float32)
    heard = []
    with Engine(3, PLAIN | SENDS | values) as engine:
        for move in (("strip/1/level", 0.0), *moves):
            engine.set(*move)
            stem = engine.process(x, stems=True)[1]
            assert stem is not None
            heard.append(stem[:, :, 0].astype(float))
    return heard


def test_mute_all_takes_5_ms_and_leaves_what_was_muted_before() -> None:
    before, muted, after = moved({"strip/2/mute": 1, "strip/3/mute_safe": 1}, ("box/mute_all", 1), ("box/mute_all", 0))
    assert muted[-1] == pytest.approx([0, 0, 0.25])
    assert int(np.argmax(muted[:, 0] == 0)) == pytest.approx(240, abs=32)
    np.testing.assert_array_equal(after[-1], before[-1])


def test_a_strip_that_joins_a_group_glides_there() -> None:
    _, joined, back = moved({"group/1/level": -20}, ("strip/1/group/1/on", 1), ("group/1/level", 0))
    assert np.abs(np.diff(joined[:, 0])).max() < 0.001
    assert (joined[-1, 0], back[-1, 0]) == pytest.approx((0.025, 0.25), rel=1e-4)


def test_who_is_solo_safe_stays_while_others_are_soloed() -> None:
    def listened(values: dict[str, float]) -> float:
        with Engine(3, PLAIN | SENDS | values) as engine:
            engine.process(np.full((9600, 3), 0.25, np.float32) * np.array([1, 0.5, 0.25], np.float32))
            return float(engine.rack.view("tap_out")[(engine.rack.frames - 1) % 65536, OUTPUTS])
    safe = {"strip/3/solo_safe": 1}
    assert listened(safe) == pytest.approx(0.4375, abs=1e-6)                       # nothing is soloed: main
    assert listened(safe | {"strip/2/solo": 1}) == pytest.approx(0.1875, abs=1e-6)
    assert listened(safe | {"strip/2/solo": 1, "strip/3/mute": 1}) == pytest.approx(0.125, abs=1e-6)
