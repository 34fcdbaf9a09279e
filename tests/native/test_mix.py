"""Where the strips go: pan, mute, sends, solo, listen; what the rack carries; and how an engine begins."""

from __future__ import annotations

import numpy as np
import pytest

from gigbox import params
from gigbox.engine.core import Engine
from gigbox.rack import OUTPUTS, Rack

from .sounds import FADE, LATENCY, PLAIN, RATE, Signal, db, noise, play, quanta, rms_db, sine, voice

ONES = np.ones((9600, 1), np.float32) * 0.25


def settled(values: dict[str, float], channels: int = 1) -> tuple[Signal, Signal]:
    """Outputs (8,) and stems (channels, 2) for a steady 0.25 in every strip."""
    out, stems = play(np.repeat(ONES, channels, 1), values)
    return out[-1], stems[-1]


@pytest.mark.parametrize("pan", [-1, -0.5, 0, 0.3, 1])
def test_pan_keeps_the_power(pan: float) -> None:
    left, right = settled({"strip/1/pan": pan})[1][0]
    assert left**2 + right**2 == pytest.approx(0.0625, rel=1e-5)
    assert np.arctan2(right, left) == pytest.approx((pan + 1) * np.pi / 4, abs=1e-5)


@pytest.mark.parametrize(("level", "gain"), [(-90, 0), (-20, 0.1), (0, 1), (10, db(10))])
def test_the_fader_is_in_decibels(level: float, gain: float) -> None:
    assert settled({"strip/1/pan": -1, "strip/1/level": level})[1][0, 0] == pytest.approx(0.25 * gain, rel=1e-5)


def test_mute_takes_5_ms() -> None:
    with Engine(1, PLAIN | {"strip/1/pan": -1}) as engine:
        engine.process(ONES)
        engine.set("strip/1/mute", 1)
        stems = engine.process(ONES[:960], stems=True)[1]
    assert stems is not None
    frames = int(np.argmax(stems[:, 0, 0] == 0))
    assert frames == pytest.approx(240, abs=32)
    np.testing.assert_allclose(np.diff(stems[:frames, 0, 0]), -0.25 / 256, rtol=1e-3)
    assert not stems[frames:].any()


def test_a_muted_strip_is_silent_everywhere() -> None:
    out, _ = settled({"strip/1/mute": 1, "strip/1/send/1/level": 0, "strip/1/send/2/level": 0, "strip/1/send/2/tap": 1})
    assert not out.any()


def test_a_pre_send_leaves_the_fader_alone_and_a_post_send_follows() -> None:
    out, _ = settled({"strip/1/level": -20, "strip/1/send/1/level": -6, "strip/1/send/2/level": -6, "strip/1/send/2/tap": 1})
    assert out[2] == pytest.approx(0.25 * db(-6), rel=1e-5)
    assert out[3] == pytest.approx(0.25 * db(-26), rel=1e-5)


@pytest.mark.parametrize("m", range(1, 7))
def test_every_monitor_has_its_own_send(m: int) -> None:
    out, _ = settled({f"strip/1/send/{m}/level": 0, "main/mute": 1, f"monitor/{m}/level": -6})
    assert np.flatnonzero(out).tolist() == [m + 1]
    assert out[m + 1] == pytest.approx(0.25 * db(-6), rel=1e-5)


@pytest.mark.parametrize("lookahead", [0, 1])
def test_monitors_never_wait_for_the_look_ahead(lookahead: int) -> None:
    x = noise(0.5, 0.1)
    out, _ = play(x, {"strip/1/send/1/level": 0, "box/lookahead": lookahead, "strip/1/pan": -1}, lead=FADE + 32)
    late = LATENCY + 128 * lookahead
    np.testing.assert_array_equal(out[:, 2], x.astype(np.float32))
    np.testing.assert_array_equal(out[late:, 0], x[:-late].astype(np.float32))


@pytest.mark.parametrize(("lookahead", "main"), [(0, 48), (1, 176)])
def test_the_engine_says_how_late_it_is(lookahead: int, main: int) -> None:
    with Engine(1, {"box/lookahead": lookahead}) as engine:
        assert (engine.latency_main, engine.latency_monitor) == (main, 0)


@pytest.mark.parametrize("lookahead", [0, 1])
def test_the_stems_add_up_to_main(lookahead: int) -> None:
    x = np.stack([voice(1, 0.05, n) for n in range(11)], 1)
    values = {f"strip/{n}/pan": (n - 6) / 5 for n in range(1, 12)} | {f"strip/{n}/level": -n for n in range(1, 12)} | {"box/lookahead": lookahead}
    out, stems = play(x, values, lead=FADE + 32)
    np.testing.assert_allclose(out[LATENCY:, :2], stems.sum(1)[:-LATENCY], atol=1e-6)


def listened(values: dict[str, float]) -> tuple[Signal, Signal]:
    with Engine(3, PLAIN | values) as engine:
        out, _ = engine.process(np.repeat(ONES, 3, 1) * [1, 0.5, 0.25])
        frame = engine.rack.frames - 1
        return engine.rack.view("tap_out")[frame % 65536, OUTPUTS:].copy(), out[-1]


def test_solo_is_heard_on_the_listen_bus_alone() -> None:
    tap, out = listened({"strip/2/solo": 1, "strip/2/pan": -1, "strip/2/level": -6})
    assert tap == pytest.approx([0.125 * db(-6), 0], abs=1e-6)
    np.testing.assert_array_equal(out, listened({"strip/2/pan": -1, "strip/2/level": -6})[1])


def test_the_listen_bus_carries_main_or_a_monitor() -> None:
    values = {"strip/1/send/4/level": 0, "strip/1/pan": -1, "strip/2/pan": 1, "strip/3/mute": 1}
    assert listened(values)[0] == pytest.approx([0.25, 0.125], abs=1e-6)
    assert listened(values | {"box/listen": 4})[0] == pytest.approx([0.25, 0.25], abs=1e-6)


def test_the_rack_keeps_what_went_in_and_out() -> None:
    x = quanta(np.stack([noise(0.2, 0.1, n) for n in range(3)], 1))
    with Engine(3, PLAIN) as engine:
        out, _ = engine.process(x)
        np.testing.assert_array_equal(engine.rack.view("tap_in")[: len(x), :3], x)
        np.testing.assert_array_equal(engine.rack.view("tap_out")[: len(x), :OUTPUTS], out)


def test_alignment_is_a_delay_in_whole_frames() -> None:
    x = noise(0.5, 0.1)
    for ms, frames in ((1, 48), (7.5, 360), (20, 960)):
        _, stems = play(x, {"strip/1/pan": -1, "strip/1/delay": ms})
        np.testing.assert_array_equal(stems[frames:, 0, 0], x[:-frames].astype(np.float32))


def test_polarity_and_trim_are_exact() -> None:
    x = noise(0.2, 0.1)
    _, stems = play(x, {"strip/1/pan": -1, "strip/1/polarity": 1})
    np.testing.assert_array_equal(stems[:, 0, 0], -x.astype(np.float32))
    _, stems = play(x, {"strip/1/pan": -1, "strip/1/trim": -12})
    assert rms_db(stems[:, 0, 0]) - rms_db(x) == pytest.approx(-12, abs=1e-4)


def test_a_full_queue_says_no_and_nothing_breaks() -> None:
    with Engine(1, PLAIN) as engine:
        index = params.find("strip/1/level").index
        took = [engine.rack.push(index, -float(n % 60)) for n in range(10000)]
        assert sum(took) == 8192
        assert not any(took[8192:])
        engine.process(ONES)
        assert engine.rack.push(index, -3.0)
        engine.process(ONES)
        assert engine.rack.values()[index] == -3


def test_values_are_kept_within_their_range() -> None:
    with Engine(1, PLAIN) as engine:
        engine.set("strip/1/level", 99)
        engine.process(ONES)
        assert engine.rack.values()[params.find("strip/1/level").index] == 10


def test_an_engine_begins_where_the_rack_stands() -> None:
    rack = Rack(None, 2)
    x = quanta(np.column_stack([sine(440, 1, 0.2), sine(300, 1, 0.2)]))
    with Engine(2, PLAIN, rack) as engine:
        engine.set("strip/1/level", -12)
        engine.set("strip/2/eq/2/gain", 9)
        engine.set("strip/1/delay", 3)
        engine.process(x)
        wanted = engine.process(x)[0]
    with Engine(2, None, rack) as engine:
        got = engine.process(x)[0]
    late = slice(FADE + 9600, None)
    assert rms_db(got[late, 0]) == pytest.approx(rms_db(wanted[late, 0]), abs=0.05)
    np.testing.assert_allclose(got[late, :2], wanted[late, :2], atol=1e-3)


def test_an_engine_fades_in_within_50_ms_and_is_never_louder() -> None:
    x = quanta(np.ones(9600) * 0.25)
    with Engine(1, PLAIN | {"strip/1/pan": -1, "strip/1/send/1/level": 0, "strip/1/gate/on": 1, "strip/1/comp/on": 1}) as engine:
        out = engine.process(x)[0]
    line = 0.25 * np.minimum(np.arange(1, len(out) + 1) / FADE, 1) + 1e-6
    assert (out[:, 2] <= line).all()
    assert (out[LATENCY:, 0] <= line[:-LATENCY]).all()
    np.testing.assert_allclose(out[FADE + LATENCY : FADE + 4800, 0], out[-1, 0], rtol=0.05)


def test_a_rack_that_survived_a_crash_is_not_trusted() -> None:
    rack = Rack(None, 1)
    rack.values()[:] = np.random.default_rng(1).choice([np.nan, np.inf, -np.inf, 1e30, -1e30], params.VALUES)
    with Engine(1, None, rack) as engine:
        out, _ = engine.process(quanta(noise(0.2, 0.1)))
        assert np.isfinite(out).all()
        assert all(a.param.low <= value <= a.param.high for a, value in zip(params.addresses(), rack.values().astype(float).round(4), strict=True))


def test_what_is_no_number_in_a_rack_becomes_its_default() -> None:
    rack = Rack(None, 1)
    rack.values()[:] = np.nan
    with Engine(1, None, rack):
        np.testing.assert_array_equal(rack.values(), Rack(None, 1).values())


def test_the_clock_counts_frames() -> None:
    with Engine(1, PLAIN) as engine:
        engine.process(np.zeros((RATE // 2, 1), np.float32))
        assert engine.rack.frames == RATE // 2
        assert engine.rack.c.meter_blocks == 5
