"""Meters of a rack that plays, in the console's numbers; and of one that is away."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from gigbox.rack import Rack
from gigbox.remote.osc.meters import KINDS, Meters


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def values(blob: bytes | None) -> list[float]:
    assert blob is not None
    (count,) = struct.unpack_from("<i", blob)
    return [value / 256 for value in struct.unpack_from(f"<{count}h", blob, 4)]


@pytest.fixture
def rack(tmp_path: Path) -> Rack:
    made = Rack(tmp_path / "rack", 8)
    made.view("strips.in_peak")[:8], made.view("strips.out_peak")[:8] = 0.1, 0.5
    made.view("strips.gate_gain")[:8], made.view("strips.comp_gain")[:8], made.view("strips.share_gain")[:8] = 1.0, 0.5, 1.0
    made.view("strips.comp_gain")[2] = 0.25
    made.view("buses.peak")[:], made.view("buses.limiter_gain")[:] = (0.5, 0.5, *[0.25] * 6), 1.0
    made.view("buses.limiter_gain")[1] = 0.5
    return made


def meters_of(rack: Rack, folder: Path) -> Meters:
    """They have seen it play."""
    meters = Meters(folder / "rack", Clock())
    assert meters.strips() == []
    rack.c.frames = 64
    return meters


def test_levels_and_reductions_are_where_a_console_has_them(rack: Rack, tmp_path: Path) -> None:
    meters = meters_of(rack, tmp_path)
    mix, inputs, outs = values(meters.blob(1, 0)), values(meters.blob(2, 0)), values(meters.blob(5, 0))
    assert mix[:8] == pytest.approx([-6.02] * 8, abs=0.01)
    assert mix[8:26] == [-128] * 18
    assert (mix[26:32], mix[36:40]) == (pytest.approx([-12.04] * 6, abs=0.01), pytest.approx([-6.02] * 4, abs=0.01))
    assert (inputs[0], inputs[8], outs[0], outs[6]) == (pytest.approx(-20, abs=0.01), -128, pytest.approx(-12.04, abs=0.01), pytest.approx(-6.02, abs=0.01))
    cuts = values(meters.blob(6, 0))
    assert (cuts[0], cuts[16], cuts[18], cuts[24], cuts[32], cuts[38]) == (0, pytest.approx(-6.02, abs=0.01), pytest.approx(-12.04, abs=0.01), 0, 0,
                                                                          pytest.approx(-6.02, abs=0.01))
    assert values(meters.blob(0, 2)) == pytest.approx([-20, -20, 0, -12.04, -6.02, -6.02, -20, -20], abs=0.01)
    assert values(meters.blob(7, 0)) == [0] * 16
    assert (meters.strips()[0], meters.outs()[0]) == (-6.0, -6.0)


def test_numbers_that_are_none_and_channels_that_are_not_are_silent_or_loud_and_never_a_fault(rack: Rack, tmp_path: Path) -> None:
    rack.view("strips.out_peak")[:3] = float("nan"), float("inf"), 0.0
    meters = meters_of(rack, tmp_path)
    assert values(meters.blob(1, 0))[:3] == [-128, 120, -128]
    assert values(meters.blob(0, 99)) == values(meters.blob(0, -1)) == [-128] * 8
    assert meters.blob(10, 0) is None


def test_a_rack_that_is_away_is_silent_and_is_found_when_it_comes(tmp_path: Path) -> None:
    clock = Clock()
    meters = Meters(tmp_path / "rack", clock)
    for kind, (size, _) in KINDS.items():
        assert values(meters.blob(kind, 0)) == [-128] * size
    rack = Rack(tmp_path / "rack", 4)
    rack.view("strips.out_peak")[:4] = 1.0
    assert meters.strips() == []
    clock.now += 1.1
    assert meters.strips() == []                      # it has to move first
    rack.c.frames = 64
    assert meters.strips() == [0.0] * 4
    clock.now += 1.1
    assert meters.strips() == []                      # and stands still
