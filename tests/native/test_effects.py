"""Reverb and delay: as long, as dense and as loud as they are set; they ring out whatever is chosen next; and they cost nothing while they are silent."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from gigbox import params
from gigbox.engine.core import Engine
from tests.measures import reverb
from tests.measures.reverb import ALONE, BANDS, wet

from .sounds import FADE, LATENCY, RATE, Signal, db, noise, play, rms_db, sine

DELAY = {"fx/1/type": 2, "fx/1/division": 0, "fx/1/time": 100, "fx/1/tone": 16000}


@pytest.mark.parametrize("decay", [0.2, 0.3, 1.0, 4.0])
def test_a_reverb_decays_as_it_is_set_in_every_octave(decay: float) -> None:
    h = reverb.response(decay)
    assert {hz: reverb.band_decay(h, hz) / reverb.wanted_decay(decay, 16000, hz) for hz in BANDS} == pytest.approx(dict.fromkeys(BANDS, 1.0), abs=0.1)


def test_tone_is_where_the_decay_is_half() -> None:
    """Up to there; what two low-passes cannot take away above is no shorter than it would be in air."""
    h = reverb.response(2.0, tone=4000.0)
    for hz in BANDS[:-1]:
        assert reverb.band_decay(h, hz) / reverb.wanted_decay(2.0, 4000, hz) == pytest.approx(1, abs=0.1), hz


@pytest.mark.parametrize("decay", [0.3, 1.0, 4.0])
def test_a_tail_rings_nowhere(decay: float) -> None:
    """The strongest line of the late tail stands out as little as it does in noise that decays alike: 3 dB more at most, of both sides."""
    figures = reverb.figures(decay)
    assert figures.line < figures.noise_line + 3
    assert figures.dense_ms <= 60
    assert figures.left < -60
    assert figures.mono > -1


@pytest.mark.parametrize("decay", [0.3, 1.6, 8.0])
def test_a_reverb_is_as_loud_as_what_it_is_given_whatever_its_decay(decay: float) -> None:
    x = sosfilt(butter(4, 4000, fs=RATE, output="sos"), noise(1 + decay, 0.1))      # air takes of what is above
    heard = wet(x, {"fx/1/decay": decay, "fx/1/tone": 16000})[-RATE // 2 :]
    assert rms_db(heard[:, 0]) == pytest.approx(rms_db(heard[:, 1]), abs=1)
    assert 10 * np.log10(np.mean(heard**2) * 2) - rms_db(x) == pytest.approx(0, abs=1)


def test_the_pre_delay_is_added() -> None:
    near, far = (int(np.argmax(np.abs(reverb.response(0.3, time=ms)[:, 0]) > 1e-6)) for ms in (0.0, 80.0))
    assert far - near == 3840


def test_the_low_cut_keeps_the_bass_out() -> None:
    low, high = (rms_db(wet(sine(60, 1, 0.1), {"fx/1/low_cut": hz})[RATE // 2 :]) for hz in (400, 20))
    assert low < high - 25


def test_a_narrow_effect_is_the_same_on_both_sides() -> None:
    sides = wet(noise(0.5), {"fx/1/width": 0})
    np.testing.assert_allclose(sides[:, 0], sides[:, 1], atol=1e-6)
    sides = wet(noise(0.5), {})
    assert abs(np.corrcoef(sides[:, 0], sides[:, 1])[0, 1]) < 0.15


def impulse(seconds: float) -> Signal:
    x = np.zeros(round(seconds * RATE))
    x[0] = 0.5
    return x


def echoes(values: dict[str, float], seconds: float = 1.0) -> list[tuple[int, float, float]]:
    """When (frames) an echo of an impulse peaks, and what comes from the left and the right around it."""
    heard = wet(impulse(seconds), DELAY | values)
    found, at = [], 0
    while (loud := np.abs(heard[at:]).max(1) > 0.01).any():
        begin = at + int(np.argmax(loud))
        part = heard[begin : begin + 400].sum(0) / 0.5
        found.append((begin, float(part[0]), float(part[1])))
        at = begin + 400
    return found


def test_echoes_come_when_they_are_due_and_fall_by_60_db_in_the_decay() -> None:
    found = echoes({"fx/1/decay": 1.0})
    assert [at for at, _, _ in found[:4]] == [4800, 9600, 14400, 19200]
    assert found[0][1] == pytest.approx(found[0][2])
    falls = [20 * np.log10(found[k + 1][1] / found[k][1]) for k in range(3)]
    assert falls == pytest.approx([-6] * 3, abs=0.3)


def test_ping_pong_throws_them_from_side_to_side() -> None:
    found = echoes({"fx/1/pingpong": 1, "fx/1/decay": 2.0})
    assert [(at, left > 10 * abs(right), right > 10 * abs(left)) for at, left, right in found[:4]] == [
        (4800, True, False), (9600, False, True), (14400, True, False), (19200, False, True)]


@pytest.mark.parametrize(("division", "tempo", "ms"), [
    ("1/4", 120, 500), ("1/8d", 100, 450), ("1/4t", 60, 2000 / 3), ("1/8", 150, 200), ("1/1", 60, 1000), ("1/16", 300, 50)])
def test_a_division_follows_the_tempo_and_is_halved_until_it_fits(division: str, tempo: float, ms: float) -> None:
    found = echoes({"fx/1/division": params.DIVISIONS.index(division), "box/tempo": tempo}, 1.2)
    assert found[0][0] == pytest.approx(ms * 48, abs=1)


def driven(values: dict[str, float], moves: dict[int, tuple[str, float]], x: Signal) -> Signal:
    """Both sides of the effect, while things are moved at those frames (of whole quanta)."""
    heard = []
    with Engine(1, ALONE | values) as engine:
        engine.process(np.zeros((FADE + 160, 1), np.float32))
        for at in range(0, len(x), 480):
            if at in moves:
                engine.set(*moves[at])
            heard.append(engine.process(x[at : at + 480, None].astype(np.float32))[0][:, 2:4])
    return np.vstack(heard).astype(float)


@pytest.mark.parametrize("decay", [0.5, 4.0])
def test_a_new_tempo_neither_clicks_nor_squeals(decay: float) -> None:
    """A tone stays that tone: nothing beyond 250 Hz beside it, while taps change the tempo again and again."""
    x = sine(997, 4, 0.1) * np.minimum(np.sin(np.linspace(0, 20 * np.pi, 4 * RATE)) ** 2 + np.arange(4 * RATE) // 4800, 1)      # it begins softly
    tempos = {at: ("box/tempo", bpm) for at, bpm in ((48000, 132), (72000, 131), (96000, 90), (100800, 91), (105600, 150), (144000, 60))}
    heard = driven(DELAY | {"fx/1/division": 3, "fx/1/decay": decay}, tempos, x)[:, 0]
    power = np.abs(np.fft.rfft(heard[24000:] * np.blackman(len(heard) - 24000))) ** 2
    hz = np.fft.rfftfreq(len(heard) - 24000, 1 / RATE)
    assert 10 * np.log10(power[np.abs(hz - 997) > 250].sum() / power.sum()) < -55


@pytest.mark.parametrize(("values", "move"), [
    ({"fx/1/type": 1}, ("fx/1/type", 2)), ({"fx/1/type": 1}, ("fx/1/type", 0)), ({"fx/1/type": 1}, ("fx/1/decay", 0.2)), (DELAY, ("fx/1/type", 1)),
    (DELAY, ("fx/1/type", 0)), (DELAY, ("fx/1/time", 330)), (DELAY, ("fx/1/decay", 0.1))], ids=str)
def test_what_rings_goes_on_as_it_was_whatever_is_chosen_next(values: dict[str, float], move: tuple[str, float]) -> None:
    x = np.concatenate([noise(0.2), np.zeros(48000 - 9600)])
    values = values | {"fx/1/decay": 3.0}
    np.testing.assert_allclose(driven(values, {14400: move}, x), driven(values, {}, x), atol=1e-6)


def test_new_sound_goes_into_the_new_effect_alone() -> None:
    """A hall rings out while a small room is already at work."""
    x = np.concatenate([np.zeros(24000), noise(0.1), np.zeros(24000)])
    small = driven({"fx/1/decay": 4.0}, {4800: ("fx/1/decay", 0.2)}, x)
    assert rms_db(small[-9600:]) < rms_db(small[24000:28800]) - 60


def test_a_mute_silences_what_rings_at_once() -> None:
    x = np.concatenate([noise(0.2), np.zeros(24000)])
    heard = driven({"fx/1/decay": 4.0}, {9600: ("fx/1/type", 0), 12000: ("fx/1/mute", 1)}, x)
    assert np.abs(heard[11000:12000]).max() > 1e-3
    assert not heard[12480:].any()


def test_an_effect_comes_back_to_main_and_to_each_monitor_at_its_level_and_is_in_no_stem() -> None:
    x = noise(0.5)
    values = {"fx/2/type": 1, "strip/1/fxsend/2/level": -6, "strip/1/pan": -1, "fx/2/level": -3, "fx/2/send/3/level": -9}
    values |= {"fx/2/send/5/level": 0, "monitor/5/link": 1}
    out, stems = play(x, values, lead=FADE + 32)
    main = out[LATENCY:, :2] - stems[:-LATENCY].sum(1)
    ears = out[:, 6:8]
    np.testing.assert_allclose(main[:20000], db(-3) * ears[: 20000], atol=1e-6)
    np.testing.assert_allclose(out[:, 4], db(-9) * np.sqrt(0.5) * ears.sum(1), atol=1e-6)
    assert not out[:, [2, 3, 5]].any()


def test_a_send_is_behind_fader_mute_and_group() -> None:
    def loud(values: dict[str, float]) -> float:
        return rms_db(wet(noise(0.3), values)[-4800:])
    assert loud({"strip/1/level": -10}) == pytest.approx(loud({}) - 10, abs=0.1)
    assert loud({"strip/1/group/1/on": 1, "group/1/level": -10}) == pytest.approx(loud({}) - 10, abs=0.1)
    assert loud({"strip/1/mute": 1}) < -150


def test_a_fault_does_not_ring() -> None:
    x = noise(1)
    x[9600] = np.nan
    heard = driven({}, {}, x)
    assert np.isfinite(heard).all()
    assert rms_db(heard[-4800:]) > -40


def test_nothing_is_left_to_hear_after_it_slept() -> None:
    """Some two seconds after the last of it was heard an effect sleeps; what wakes it is as loud as the first, and nothing old comes with it."""
    x = np.concatenate([noise(0.1, 0.3), np.zeros(3 * RATE), impulse(0.3)])
    heard = driven({"fx/1/decay": 0.2}, {}, x)
    fresh = wet(impulse(0.3), {"fx/1/decay": 0.2})
    assert np.abs(heard[2 * RATE : len(x) - len(fresh)]).max() < 1e-6
    assert rms_db(heard[-len(fresh) :]) == pytest.approx(rms_db(fresh), abs=4)      # its lines have turned meanwhile


def test_an_effect_that_sleeps_stands_still() -> None:
    """Nothing of it is computed then: its lines do not turn, so that it is woken the same after any time."""
    def woken(seconds: float) -> Signal:
        return driven({"fx/1/decay": 0.2}, {}, np.concatenate([noise(0.1, 0.3), np.zeros(round(seconds * RATE)), impulse(0.2)]))[-9600:]
    np.testing.assert_array_equal(woken(3), woken(3.7))
