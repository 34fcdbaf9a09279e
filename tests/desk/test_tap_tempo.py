"""Taps become a tempo: from the second on, steadier with each, and anew where the beat changes."""

from __future__ import annotations

import pytest

from gigbox import params

from .fakes import OneClock

TEMPO, TAP = (params.find(path).index for path in ("box/tempo", "box/tap"))


def tapped(*at: float) -> OneClock:
    desk = OneClock()
    for now in at:
        desk.set({"box/tap": True}, "web:phone", now)
    return desk


@pytest.mark.parametrize(("at", "tempo"), [
    ((10.0,), 120), ((10.0, 10.4), 150), ((10.0, 10.62, 11.18, 11.8), 100), ((10.0, 10.5, 11.0, 11.25, 11.5), 240), ((10.0, 10.5, 14.0, 15.0), 60),
    ((10.0, 10.1, 10.2), 300), ((10.0, 13.0), 120)], ids=str)
def test_taps_say_the_tempo(at: tuple[float, ...], tempo: float) -> None:
    assert tapped(*at).values[TEMPO] == pytest.approx(tempo, abs=0.5)


def test_a_tap_leaves_nothing_behind_but_the_tempo() -> None:
    desk = tapped(1.0, 1.5)
    assert desk.values[TAP] == 0
    assert desk.scene()["hand"] == {"box/tempo": 120.0}
    assert desk.set({"box/tap": False}, "ann", 2.0).events == ()


def test_what_is_set_beside_a_tap_is_set() -> None:
    desk = tapped(1.0)
    desk.set({"box/tap": True, "strip/1/level": -3}, "ann", 1.5)
    assert (desk.values[TEMPO], desk.hand[params.find("strip/1/level").index]) == (120.0, -3.0)
