"""Gate, compressor, de-esser, gain sharing and ducking against what their headers say, written down again in plain numpy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import butter, oaconvolve, sosfilt

from gigbox.engine.core import Engine

from .sounds import PLAIN, RATE, Signal, db, noise, play, quanta, rms_db, sine, strip, voice
from .test_clicks import HIGH_PASS

CONTROL = 8


def levels(*parts: tuple[float, float]) -> Signal:
    """A 1 kHz sine in stretches of (seconds, dBFS of its peak)."""
    return np.concatenate([sine(1000, seconds, db(level)) for seconds, level in parts])


def gain_db(out: Signal, x: Signal, begin: float, end: float) -> float:
    cut = slice(round(begin * RATE), round(end * RATE))
    return rms_db(out[cut]) - rms_db(x[cut])


GATE = {"gate/on": 1, "gate/threshold": -30, "gate/range": 40, "gate/attack": 1, "gate/hold": 0, "gate/release": 20}


def test_the_gate_opens_at_its_threshold() -> None:
    x = levels((0.5, -31), (0.5, -29))
    out = strip(x, GATE)
    assert gain_db(out, x, 0.3, 0.5) == pytest.approx(-40, abs=0.5)
    assert gain_db(out, x, 0.6, 1) == pytest.approx(0, abs=0.05)


def test_the_gate_closes_3_db_lower() -> None:
    x = levels((0.3, -28), (0.5, -32.7), (0.5, -33.5))
    out = strip(x, GATE)
    assert gain_db(out, x, 0.4, 0.8) == pytest.approx(0, abs=0.05)
    assert gain_db(out, x, 1.1, 1.3) == pytest.approx(-40, abs=0.5)


@pytest.mark.parametrize("hold", [0, 100, 400])
def test_the_gate_holds(hold: float) -> None:
    x = levels((0.3, -20), (1, -80))
    out = strip(x, GATE | {"gate/hold": hold})
    fall = 0.020 * np.log(10 ** (13 / 20))                  # its envelope takes 20 ms an e-fold
    begins = 0.3 + fall + hold / 1000
    assert gain_db(out, x, 0.31, begins - 0.004) == pytest.approx(0, abs=0.1)
    assert gain_db(out, x, begins + 0.1, begins + 0.2) < -30


def test_the_gate_closes_as_far_as_its_range_and_as_fast_as_its_release() -> None:
    x = levels((0.3, -20), (1.5, -80))
    for gate_range, release in ((10, 50), (30, 150)):
        out = strip(x, GATE | {"gate/range": gate_range, "gate/release": release})
        assert gain_db(out, x, 1.7, 1.8) == pytest.approx(-gate_range, abs=0.7)
        after = 0.3 + 0.030 + release / 1000
        wanted = 20 * np.log10(db(-gate_range) + (1 - db(-gate_range)) / np.e)
        assert gain_db(out, x, after - 0.002, after + 0.002) == pytest.approx(wanted, abs=0.5)


@pytest.mark.parametrize(("ratio", "below"), [(2, 10), (2, 20), (3, 8), (1.5, 20)])
def test_the_expander_follows_its_ratio(ratio: float, below: float) -> None:
    x = levels((0.8, -30 - below))
    out = strip(x, GATE | {"gate/ratio": ratio, "gate/attack": 5, "gate/release": 5})
    assert gain_db(out, x, 0.5, 0.8) == pytest.approx(-(ratio - 1) * below, abs=0.6)


def test_an_expander_takes_no_more_than_its_range() -> None:
    x = levels((0.8, -70))
    assert gain_db(strip(x, GATE | {"gate/ratio": 4, "gate/range": 15}), x, 0.5, 0.8) == pytest.approx(-15, abs=0.3)


def test_a_gate_that_is_switched_off_is_not_there() -> None:
    x = noise(0.2)
    np.testing.assert_array_equal(strip(x, {}), x.astype(np.float32))


COMP = {"comp/on": 1, "comp/threshold": -20, "comp/ratio": 4, "comp/knee": 6, "comp/attack": 1, "comp/release": 50}


def curve(level: Signal | float, threshold: float, ratio: float, knee: float) -> Signal:
    """Giannoulis, Massberg and Reiss: level in, level out, dB."""
    over = np.asarray(level, float) - threshold
    bend = (1 / ratio - 1) * (over + knee / 2) ** 2 / (2 * max(knee, 1e-9))
    return level + np.where(2 * over < -knee, 0, np.where(2 * np.abs(over) <= knee, bend, (1 / ratio - 1) * over))


@pytest.mark.parametrize(("threshold", "ratio", "knee"), [(-20, 2, 6), (-20, 4, 0), (-40, 20, 24), (-10, 1.5, 12)])
def test_the_compressors_static_curve(threshold: float, ratio: float, knee: float) -> None:
    for level in np.arange(-54, 0.1, 3.0):
        x = db(level) * np.sign(sine(500, 0.5, phase=0.01))
        out = strip(x, COMP | {"comp/threshold": threshold, "comp/ratio": ratio, "comp/knee": knee})
        assert rms_db(out[-9600:]) == pytest.approx(float(curve(level, threshold, ratio, knee)), abs=0.1)


def compressed(x: Signal, attack: float, release: float, mix: float = 1) -> Signal:
    """The compressor again, slowly: COMP with these times."""
    rise, fall = (1 - np.exp(-1000 / (RATE * ms)) for ms in (attack, release))
    env, gain, y = 0.0, 1.0, np.array(x)
    for begin in range(0, len(x) - CONTROL + 1, CONTROL):
        for v in np.abs(x[begin : begin + CONTROL]):
            env += (v - env) * (rise if v > env else fall)
        level = 20 * np.log10(env + 1e-9)
        following = 1 + mix * (db(float(curve(level, -20, 4, 6)) - level) - 1)
        y[begin : begin + CONTROL] *= gain + (following - gain) * np.arange(1, CONTROL + 1) / CONTROL
        gain = following
    return y


@pytest.mark.parametrize(("attack", "release", "mix"), [(1, 50, 100), (30, 500, 100), (0.1, 5, 100), (10, 100, 40)])
def test_the_compressor_in_motion(attack: float, release: float, mix: float) -> None:
    x = (voice(1, 0.2) + levels((0.5, -60), (0.2, 0), (0.3, -40))).astype(np.float32).astype(float)
    out = strip(x, COMP | {"comp/attack": attack, "comp/release": release, "comp/mix": mix})
    wanted = compressed(x, attack, release, mix / 100)
    assert rms_db(out - wanted) - rms_db(wanted) < -80


def test_the_attack_takes_its_time() -> None:
    x = np.concatenate([np.full(4800, 0.001), np.full(24000, 1.0)]) * np.sign(sine(500, 0.6, phase=0.01))
    for attack in (10, 100):
        out = strip(x, COMP | {"comp/attack": attack})
        at = 4800 + round(attack * 48)
        level = 20 * np.log10(1 - 1 / np.e)
        assert 20 * np.log10(np.abs(out[at - 8 : at + 8]).mean()) == pytest.approx(float(curve(level, -20, 4, 6)) - level, abs=0.2)


def test_auto_make_up_gives_back_3_db_at_most() -> None:
    for level, given in ((-17, None), (0, 3.0)):
        x = db(level) * np.sign(sine(500, 12, phase=0.01))
        off, on = (rms_db(strip(x, COMP | {"comp/auto_makeup": auto})[-9600:]) for auto in (0, 1))
        taken = level - off
        assert on - off == pytest.approx(taken if given is None else given, abs=0.1)


def test_make_up_is_added() -> None:
    x = levels((0.3, -60))
    assert gain_db(strip(x, COMP | {"comp/makeup": 9}), x, 0.1, 0.3) == pytest.approx(9, abs=0.01)


def hiss(seconds: float, rms: float) -> Signal:
    """An s: noise from 5 to 9 kHz."""
    x = sosfilt(butter(4, (5000, 9000), "band", fs=RATE, output="sos"), noise(seconds))
    return rms * x / np.sqrt(np.mean(x**2))


DEESS = {"deess/on": 1, "deess/threshold": -12, "deess/range": 8}


@pytest.mark.parametrize("loud", [0, -12, -24])
def test_the_de_esser_takes_an_s_down_whatever_its_level(loud: float) -> None:
    x = db(loud) * hiss(0.5, 0.1)
    assert gain_db(strip(x, DEESS), x, 0.1, 0.5) == pytest.approx(gain_db(strip(hiss(0.5, 0.1), DEESS), hiss(0.5, 0.1), 0.1, 0.5), abs=0.1)
    assert gain_db(strip(x, DEESS), x, 0.1, 0.5) < -4


@pytest.mark.parametrize("loud", [0, -24])
def test_the_de_esser_leaves_a_vowel_alone(loud: float) -> None:
    x = db(loud) * sosfilt(butter(2, 3000, fs=RATE, output="sos"), voice(1, 0.2))
    assert rms_db(strip(x, DEESS) - x) - rms_db(x) < -40


def test_the_de_esser_takes_no_more_than_its_range() -> None:
    x = sine(6500, 0.5, 0.3)
    for deess_range in (3, 8, 12):
        assert gain_db(strip(x, DEESS | {"deess/threshold": -30, "deess/range": deess_range}), x, 0.2, 0.5) == pytest.approx(-deess_range, abs=0.3)


def shared(x: Signal, values: dict[str, float] | None = None) -> Signal:
    """Gain in dB of every strip of a speech group over the last half."""
    n = x.shape[1]
    _, stems = play(x, {f"strip/{k}/{path}": value for k in range(1, n + 1) for path, value in (("share/on", 1), ("pan", -1))} | (values or {}))
    half = len(x) // 2
    return np.array([rms_db(stems[half : len(x), k, 0]) - rms_db(x[half:, k]) for k in range(n)])


def crowd(n: int, seconds: float = 2) -> Signal:
    return np.stack([noise(seconds, 0.1, seed) for seed in range(n)], 1)


@pytest.mark.parametrize("n", [2, 4, 8, 12])
def test_n_equal_microphones_share_one_gain(n: int) -> None:
    assert shared(crowd(n)) == pytest.approx(np.full(n, -10 * np.log10(n)), abs=0.5)


def test_two_coherent_microphones_are_6_db_down() -> None:
    assert shared(np.repeat(crowd(1), 2, 1)) == pytest.approx([-6.02, -6.02], abs=0.2)


def test_a_talker_3_db_louder_comes_out_6_db_louder() -> None:
    x = crowd(2) * [db(3), 1]
    gains = shared(x)
    assert gains[0] - gains[1] + 3 == pytest.approx(6, abs=0.3)


def test_weight_counts_like_loudness() -> None:
    gains = shared(crowd(2), {"strip/1/share/weight": 6})
    assert gains[0] - gains[1] == pytest.approx(6, abs=0.3)


def test_sharing_takes_no_more_than_its_depth() -> None:
    assert shared(crowd(2) * [1, db(-50)], {"box/share/depth": 20}) == pytest.approx([0, -20], abs=0.3)


def test_the_groups_gain_is_never_more_than_one() -> None:
    """The sum of squared gains at every moment, of talkers that come and go."""
    x = np.stack([voice(2, 0.1, seed) + noise(2, 0.002, seed) for seed in range(5)], 1)
    x[:, 4] = x[:, 3]
    _, stems = play(x, {f"strip/{k}/{path}": value for k in range(1, 6) for path, value in (("share/on", 1), ("pan", -1))} | {"box/share/depth": 40})
    power = np.zeros(len(x) // 32)
    for k in range(5):
        power += (stems[31 : len(x) : 32, k, 0] / x[31::32, k].astype(np.float32)) ** 2        # where each ramp ends
    assert power[10:].max() < 1.001


def test_strips_outside_the_group_are_left_alone() -> None:
    assert shared(crowd(3), {"strip/2/share/on": 0})[1] == pytest.approx(0, abs=1e-6)


DUCK = {"strip/1/duck/key": 1, "strip/2/duck/level": 12, "box/duck/threshold": -30, "box/duck/attack": 30, "box/duck/hold": 250, "box/duck/release": 200}


def ducked(key: Signal, values: dict[str, float], hz: float = 2200) -> Signal:
    """Gain of strip 2, a steady sine, in dB, one value a millisecond."""
    tone = sine(hz, len(key) / RATE, 0.1)
    _, stems = play(np.column_stack([key, tone]), DUCK | {"strip/2/pan": -1} | values)
    blocks = stems[: len(key) // 480 * 480, 1, 0].reshape(-1, 480)
    return np.array([rms_db(block) for block in blocks]) - rms_db(tone)


def test_ducking_goes_as_deep_as_asked() -> None:
    key = np.concatenate([np.zeros(24000), levels((1, -20))])
    gain = ducked(key, {})
    assert gain[:49] == pytest.approx(0, abs=0.01)
    assert gain[-20:] == pytest.approx(-12, abs=0.1)


def test_a_quiet_key_ducks_nobody() -> None:
    assert ducked(levels((1, -31)), {}) == pytest.approx(0, abs=0.01)


def test_the_key_itself_is_not_ducked() -> None:
    x = levels((0.5, -20))
    _, stems = play(np.column_stack([x, x]), DUCK | {"strip/1/pan": -1})
    np.testing.assert_array_equal(stems[:, 0, 0], quanta(x)[:, 0])


def test_ducking_attacks_holds_and_releases_in_its_times() -> None:
    gain = ducked(np.concatenate([np.zeros(24000), levels((1, -20)), np.zeros(72000)]), {})
    assert gain[50 + 3] == pytest.approx(-12 * (1 - np.exp(-3.5 / 3)), abs=1)       # 30 ms, blocks of 10
    assert gain[150 + 24] == pytest.approx(-12, abs=0.1)                            # 240 of 250 ms of hold
    assert gain[150 + 25 + 20] == pytest.approx(-12 / np.e, abs=0.5)                # and 200 ms later
    assert gain[-1] == pytest.approx(0, abs=0.1)


def test_the_bell_ducks_around_the_voice_only() -> None:
    key, bell = levels((1, -20)), {"strip/2/duck/level": 0, "strip/2/duck/bell": 9}
    assert ducked(key, bell)[-20:] == pytest.approx(-9, abs=0.2)
    assert ducked(key, bell, 100)[-20:] == pytest.approx(0, abs=0.3)


def test_ducking_does_not_click_as_it_comes_and_goes() -> None:
    key = np.concatenate([np.zeros(24000), levels((0.5, -20)), np.zeros(24000)])
    _, stems = play(np.column_stack([key, sine(2200, len(key) / RATE, 0.1)]), DUCK | {"strip/2/pan": -1, "strip/2/duck/bell": 9, "box/duck/hold": 0})
    assert np.abs(oaconvolve(stems[4800:-4800, 1, 0], HIGH_PASS, "valid")).max() < db(-20 - 60)


def test_meters_tell_what_was_taken() -> None:
    with Engine(1, PLAIN | {f"strip/1/{path}": value for path, value in COMP.items()}) as engine:
        engine.process(quanta(np.sign(sine(500, 0.5, phase=0.01))))
        assert 20 * np.log10(engine.rack.view("strips.comp_gain")[0]) == pytest.approx(-15, abs=0.1)
