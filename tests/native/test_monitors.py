"""What musicians hear: their strips as they are shaped, without waiting; two monitors as one in-ear mix; ambience, the engineer's wedge, talkback."""

from __future__ import annotations

import numpy as np
import pytest

from gigbox.engine.core import Engine
from tests.measures.loudness import CALIBRATION, decibels, k_power

from .sounds import FADE, PLAIN, RATE, Signal, db, noise, play, quanta, sine, voice

SHAPED = {f"strip/1/{path}": value for path, value in {
    "gate/on": 1, "gate/threshold": -30, "eq/1/gain": 5, "eq/2/gain": -8, "eq/4/gain": 6, "deess/on": 1, "deess/threshold": -24, "comp/on": 1,
    "comp/threshold": -35, "comp/ratio": 6, "send/1/level": 0}.items()}
KNOBS = [("strip/1/eq/2/gain", 9), ("strip/1/comp/makeup", 8), ("strip/1/gate/range", 60), ("strip/1/deess/range", 3), ("strip/1/eq/3/q", 4)]


def turned(values: dict[str, float], lookahead: int, fault: bool = False) -> Signal:
    """Monitor 1, of a voice whose strip is turned at on the way."""
    x = quanta(voice(1, 0.2) + noise(1, 0.003))
    if fault:
        x[24000] = np.inf
    parts = []
    with Engine(1, PLAIN | values | {"box/lookahead": lookahead}) as engine:
        for n, at in enumerate(range(0, len(x), 9600)):
            parts.append(engine.process(x[at : at + 9600])[0][:, 2])
            engine.set(*KNOBS[n % len(KNOBS)])
    return np.concatenate(parts)


@pytest.mark.parametrize("fault", [False, True], ids=["", "with a fault"])
def test_monitors_hear_the_shaped_strip_not_one_frame_later_than_without_look_ahead(fault: bool) -> None:
    """Bit by bit what they hear where main has none: gate, equaliser, de-esser and compressor, at rest and while knobs move."""
    wanted = turned(SHAPED, 0, fault)
    assert np.abs(wanted - turned({"strip/1/send/1/level": 0}, 0, fault)).max() > 0.1
    np.testing.assert_array_equal(turned(SHAPED, 1, fault), wanted)


def test_a_monitor_that_is_sent_something_late_does_not_hear_the_past_of_it() -> None:
    """The second pass begins anew: its equaliser and compressor hold nothing of when it last ran."""
    x = quanta(np.concatenate([noise(0.5, 0.3), np.zeros(4800)]))
    with Engine(1, PLAIN | SHAPED | {"box/lookahead": 1}) as engine:
        engine.process(x[:12000])
        engine.set("strip/1/send/1/level", -90)
        engine.process(x[12000:])
        engine.set("strip/1/send/1/level", 0)
        assert not engine.process(np.zeros((4800, 1), np.float32))[0][:, 2].any()


@pytest.mark.parametrize("lookahead", [0, 1])
@pytest.mark.parametrize("values", [{"strip/2/duck/key": 1, "strip/1/duck/level": 12, "strip/1/duck/bell": 6}, {"strip/1/share/on": 1, "strip/2/share/on": 1}],
                         ids=["duck", "share"])
def test_no_monitor_hears_its_strip_make_way_for_another(values: dict[str, float], lookahead: int) -> None:
    x = np.column_stack([voice(1, 0.05), voice(1, 0.2, 2)])
    out, stems = play(x, values | {"strip/1/send/1/level": 0, "strip/1/pan": -1, "box/lookahead": lookahead}, lead=FADE + 32)
    np.testing.assert_allclose(out[: len(x), 2], x[:, 0], atol=1e-6)
    assert np.abs(stems[: len(x), 0, 0]).max() < 0.8 * np.abs(x[:, 0]).max()


def test_a_monitor_hears_nothing_of_it_when_others_begin_to_make_way() -> None:
    x = quanta(np.column_stack([sine(997, 1, 0.1), sine(300, 1, 0.3)]))
    with Engine(2, PLAIN | {"strip/1/send/1/level": 0, "strip/2/duck/key": 1}) as engine:
        heard = [engine.process(x[:24000])[0]]
        engine.set("strip/1/duck/level", 12)
        heard.append(engine.process(x[24000:36000])[0])
        engine.set("strip/1/duck/level", 0)
        heard.append(engine.process(x[36000:])[0])
    assert np.abs(np.vstack(heard)[FADE:, 2] - x[FADE:, 0]).max() < 0.01


@pytest.mark.parametrize("lookahead", [0, 1])
def test_the_input_tap_lies_before_gate_equaliser_and_dynamics(lookahead: int) -> None:
    x = voice(0.5, 0.2)
    out, _ = play(x, SHAPED | {"strip/1/send/1/tap": 2, "strip/1/level": -20, "box/lookahead": lookahead}, lead=FADE + 32)
    np.testing.assert_array_equal(out[: len(x), 2], x.astype(np.float32))


def in_ears(values: dict[str, float], lookahead: int = 1) -> Signal:
    """The eight outputs for a steady 0.25 in each of three strips; monitors 2 and 3 are one mix."""
    out, _ = play(np.full((9600, 3), 0.25), {"monitor/2/link": 1, "main/mute": 1, "box/lookahead": lookahead} | values)
    return out[-1]


@pytest.mark.parametrize(("strip", "send", "heard"), [(0, 0, 0), (-1, 0, -1), (0.5, 0.25, 0.75), (0.5, -0.5, 0), (0.8, 0.8, 1)])
def test_two_linked_monitors_are_one_mix_with_pan(strip: float, send: float, heard: float) -> None:
    out = in_ears({"strip/1/send/2/level": 0, "strip/1/pan": strip, "strip/1/send/2/pan": send})
    angle = (heard + 1) * np.pi / 4
    assert out[3:5] == pytest.approx([0.25 * np.cos(angle), 0.25 * np.sin(angle)], abs=1e-6)


def test_the_right_one_of_two_goes_by_the_left() -> None:
    left = {"strip/1/send/2/level": -6, "monitor/2/level": -10, "strip/1/send/2/tap": 1, "strip/1/level": -3}
    right = {"strip/1/send/3/level": 6, "monitor/3/level": 8, "monitor/3/mute": 1, "strip/1/send/3/pan": 1}
    out = in_ears(left | right)
    assert out[3] == out[4] == pytest.approx(0.25 * db(-19) * np.sqrt(0.5), rel=1e-4)
    assert not in_ears(left | {"monitor/2/mute": 1}).any()
    assert np.flatnonzero(in_ears({"monitor/2/link": 0} | right | {"monitor/3/mute": 0})).tolist() == [4]


def test_the_last_link_of_a_row_of_them_leaves_nobody_in_two_pairs() -> None:
    """1 and 2 are a pair, so 2 is nobody's left."""
    out = in_ears({"monitor/1/link": 1, "strip/1/send/1/level": 0, "strip/1/pan": -1, "strip/2/send/3/level": 0})
    assert out[2:5] == pytest.approx([0.25, 0, 0.25], abs=1e-6)


def test_a_pair_follows_its_left_at_once() -> None:
    with Engine(1, PLAIN | {"monitor/2/link": 1, "strip/1/send/2/level": 0}) as engine:
        engine.process(np.full((9600, 1), 0.25, np.float32))
        engine.set("monitor/2/level", -12)
        out = engine.process(np.full((9600, 1), 0.25, np.float32))[0][-1]
        engine.set("monitor/2/link", 0)
        apart = engine.process(np.full((9600, 1), 0.25, np.float32))[0][-1]
    assert out[3] == out[4] == pytest.approx(0.25 * db(-12) * np.sqrt(0.5), rel=1e-4)
    assert apart[3:5] == pytest.approx([0.25 * db(-12), 0], abs=1e-6)


def test_ambience_goes_into_ears_and_never_into_a_wedge() -> None:
    values = {"strip/2/role": 17, "strip/2/pan": -1, "strip/3/mute": 1} | {f"monitor/{m}/ambience": -6 for m in range(1, 7)}
    out = in_ears(values)
    assert np.flatnonzero(np.abs(out) > 1e-6).tolist() == [3]
    assert out[3] == pytest.approx(0.25 * db(-6), rel=1e-5)
    assert not in_ears(values | {"strip/2/mute": 1}).any()


def test_the_engineers_wedge_carries_the_solo_while_there_is_one() -> None:
    values = {"monitor/1/solo": 1, "monitor/2/solo": 1, "strip/1/send/1/level": 0, "strip/2/pan": -1, "strip/1/send/4/level": 0}
    assert in_ears(values)[[2, 3, 4, 5]] == pytest.approx([0.25, 0, 0, 0.25], abs=1e-6)
    assert in_ears(values | {"strip/2/solo": 1})[[2, 3, 4, 5]] == pytest.approx([0.25 * np.sqrt(0.5), 0.25, 0, 0.25], abs=1e-6)


@pytest.mark.parametrize("lookahead", [0, 1])
def test_who_is_held_to_talk_is_heard_where_talkback_goes_and_nowhere_else(lookahead: int) -> None:
    values = {"strip/1/mute": 1, "strip/1/send/1/level": 0, "strip/1/level": -40, "strip/1/talk": 1, "box/talk/level": -6, "monitor/5/talk": 0, "main/mute": 0}
    out = in_ears(values, lookahead)
    loud = 0.25 * db(-6)
    assert out[2:] == pytest.approx([loud, loud * np.sqrt(0.5), loud * np.sqrt(0.5), loud, 0, loud], rel=1e-5, abs=1e-7)
    both = 0.5 * np.sqrt(0.5)      # strips 2 and 3 alone
    assert out[:2] == pytest.approx([both, both], rel=1e-5)



GUARD = {f"monitor/{m}/loudness/{word}": value for m in (1, 2) for word, value in (("on", 1), ("most", -30))}


def guarded(x: Signal, values: dict[str, float], others: Signal | None = None) -> Signal:
    """Monitors 1 and 2, of which one strip goes to each."""
    out, _ = play(np.column_stack([x, x if others is None else others]), {"strip/1/send/1/level": 0, "strip/2/send/2/level": 0} | values, lead=FADE + 32)
    return out[: len(x), 2:4]


def lufs(x: Signal) -> float:
    """Of the last two seconds, all columns together."""
    return float(CALIBRATION + decibels(k_power(x)[-20:].mean()))


def test_a_monitor_stays_no_louder_than_it_may_be_and_what_is_softer_is_left_alone() -> None:
    loud, soft = noise(8, 0.2), noise(8, 0.01, 2)
    out = guarded(loud, GUARD, soft)
    assert lufs(out[:, :1]) == pytest.approx(-30, abs=0.5)
    np.testing.assert_array_equal(out[:, 1], soft.astype(np.float32))


def test_a_pair_is_guarded_as_one() -> None:
    out = guarded(noise(8, 0.2), GUARD | {"monitor/1/link": 1, "strip/2/send/1/level": 0, "strip/1/pan": -1, "strip/2/pan": 1}, noise(8, 0.05, 2))
    assert lufs(out) == pytest.approx(-30, abs=0.5)
    assert lufs(out[:, :1]) - lufs(out[:, 1:]) == pytest.approx(12, abs=0.2)      # nothing leans to one side


def test_a_single_hit_is_left_to_the_peak_limiter() -> None:
    x = np.zeros(RATE)
    x[:480] = noise(0.01, 0.1)
    np.testing.assert_array_equal(guarded(x, GUARD)[:, 0], x.astype(np.float32))


def test_its_gain_moves_no_faster_than_20_db_a_second_and_comes_back() -> None:
    x = np.concatenate([np.full(2 * RATE, 0.5), np.full(10 * RATE, 0.001)])
    x *= sine(1000, 12)
    with np.errstate(divide="ignore"):
        level = 20 * np.log10(np.abs(guarded(x, GUARD)[:, 0]).reshape(-1, 480).max(1) / np.abs(x).reshape(-1, 480).max(1))
    assert np.abs(np.diff(level)).max() < 0.25
    assert level.min() < -20
    assert level[-1] == pytest.approx(0, abs=0.01)


def test_a_strip_that_is_unmuted_comes_to_monitors_as_compressed_as_it_stays() -> None:
    """The second pass begins where main's is, not with an empty compressor."""
    x = quanta(sine(440, 1.0, 0.5))
    squeezed = {"strip/1/comp/on": 1, "strip/1/comp/threshold": -40, "strip/1/comp/ratio": 10, "strip/1/comp/attack": 30, "strip/1/comp/makeup": 0,
                "strip/1/send/1/level": 0, "strip/1/mute": 1, "box/lookahead": 1}
    with Engine(1, PLAIN | squeezed) as engine:
        engine.process(x[:24000])
        engine.set("strip/1/mute", 0)
        out = np.abs(engine.process(x[24000:])[0][:, 2])
    assert out[-4800:].max() > 0.01
    assert out.max() < 1.15 * out[-4800:].max()
