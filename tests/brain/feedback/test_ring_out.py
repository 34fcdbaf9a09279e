"""Ringing out: loud, the output rises until something rings and goes back; quiet, the highest peaks of a response are found."""

from __future__ import annotations

import numpy as np
import pytest

from gigbox.brain.feedback.loop_gain import peaks
from gigbox.brain.feedback.ring_out import RingOut
from gigbox.desk.client import Value
from gigbox.engine.core import Engine
from gigbox.rack import RATE, Notch
from tests.brain.feedback.test_guard_on_desk import Desk, Rack


def known(**values: object) -> dict[str, Value]:
    return {path.replace("__", "/"): Value(v, None, v) for path, v in values.items()}      # type: ignore[arg-type]


def rung(at_db: float) -> tuple[Desk, list[float]]:
    """A room where 800 Hz rings from `at_db` on."""
    desk, rack, boosts = Desk(), Rack([]), []
    ring, asked = RingOut(desk), known(monitor__1__guard__ringout="loud")      # type: ignore[arg-type]
    for _ in range(600):
        ring.step(rack, asked)      # type: ignore[arg-type]
        if "ringout" in desk.posts:
            break
        boosts.append(float(str(desk.hand["monitor/1/guard/boost"])))
        rack.held = [Notch(1, 9, 800.0, 6.0, 14.5, 96001, "live", 50.0, -40.0, 1, "grew")] if boosts[-1] >= at_db else []
    return desk, boosts


def test_the_output_rises_a_db_a_second_and_ends_6_db_above_the_first_ring() -> None:
    desk, boosts = rung(-4)
    assert np.diff(boosts) == pytest.approx(0.1)
    assert max(boosts) == pytest.approx(2.1, abs=0.2)
    assert desk.hand["monitor/1/guard/boost"] == 0
    assert desk.hand["monitor/1/guard/ringout"] == "off"
    assert (desk.hand["monitor/1/notch/1/frequency"], desk.hand["monitor/1/notch/1/gain"], desk.hand["monitor/1/guard/kill"]) == (800.0, -6.0, 17)
    assert desk.posts["ringout"]["says"] == ["800 Hz: 6 dB"]
    assert float(str(desk.posts["ringout"]["margin_db"])) == pytest.approx(-4, abs=0.2)


def test_where_nothing_rings_it_ends_at_the_end_of_the_way() -> None:
    desk, boosts = rung(99)
    assert max(boosts) == 12
    assert desk.posts["ringout"]["says"] == ["nothing rang"]


def test_broken_off_the_output_goes_back() -> None:
    desk, rack = Desk(), Rack([])
    ring = RingOut(desk)      # type: ignore[arg-type]
    ring.step(rack, known(main__guard__ringout="loud"))      # type: ignore[arg-type]
    assert desk.hand["main/guard/boost"] == -20
    ring.step(rack, known(main__guard__ringout="off"))       # type: ignore[arg-type]
    assert desk.hand["main/guard/boost"] == 0


def test_the_highest_peaks_of_a_response_are_found() -> None:
    rng = np.random.default_rng(0)
    played = 0.1 * rng.standard_normal(3 * RATE)
    t = np.arange(RATE // 2) / RATE
    room = 0.02 * rng.standard_normal(len(t)) * 10 ** (-3 * t / 0.2)
    for hz, level in ((431.0, 0.02), (2210.0, 0.012)):
        room += level * np.sin(2 * np.pi * hz * t) * 10 ** (-3 * t / 0.6)
    heard = np.fft.irfft(np.fft.rfft(played, 1 << 18) * np.fft.rfft(room, 1 << 18))[: len(played)]
    found, margin = peaks(played.astype(np.float32), heard.astype(np.float32))
    assert sorted(hz for hz, _, _ in found)[:2] == pytest.approx([431, 2210], rel=0.01) or {round(hz / 10) for hz, _, _ in found} >= {43, 221}
    assert all(3 <= depth <= 12 for _, depth, _ in found)
    assert -60 < margin < 0


def test_quiet_the_sweep_is_played_and_what_comes_back_is_measured() -> None:
    """With the real core: strip 1 hears monitor 1 through a filter that has a peak at 900 Hz."""
    desk, asked = Desk(), known(monitor__1__guard__ringout="quiet", strip__1__send__1__level=0.0)
    values = {"box/generator/kind": 4.0, "box/generator/output": 3.0, "box/generator/level": -20.0, "box/lookahead": 0.0}
    t = np.arange(4800) / RATE
    room = 0.05 * np.sin(2 * np.pi * 900 * t) * np.exp(-t / 0.03)
    with Engine(1, values) as engine:
        ring, tail, block = RingOut(desk), np.zeros(4800), np.zeros(4800)      # type: ignore[arg-type]
        for _ in range(60):
            ring.step(engine.rack, asked)
            if "ringout" in desk.posts:
                break
            out = engine.process(block.astype(np.float32)[:, None])[0][:, 2].astype(float)
            whole = np.convolve(out, room)
            whole[:4799] += tail[:4799]
            block, tail = whole[:4800], np.append(whole[4800:], 0)
    assert desk.hand["box/generator/kind"] == "off"
    assert any(abs(float(str(n["hz"])) / 900 - 1) < 0.02 for n in desk.posts["ringout"]["notches"])      # type: ignore[attr-defined]
