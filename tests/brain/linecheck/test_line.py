"""Each input is told for what it is: dead, quiet, humming, noisy or played; whether it clips, and how far to turn its preamplifier."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from gigbox.brain.linecheck.line import Line, Lines
from gigbox.engine.core import Engine
from tests.harmonics import harmonics

RATE, TICK = 48000, 4800
Signal = npt.NDArray[np.float64]


class Box:
    """An engine that plays made sounds, and the lines that are heard."""

    def __init__(self, roles: tuple[str, ...] = (), channels: int = 1) -> None:
        self.engine, self.lines = Engine(channels), Lines(roles)

    def play(self, sound: Signal) -> list[str]:
        """(n,) or (n, channels); the state of the first input after each tick."""
        frames = np.asarray(sound if sound.ndim == 2 else sound[:, None], np.float32)
        states = []
        for at in range(0, len(frames), TICK):
            self.engine.process(frames[at:at + TICK])
            self.lines.hear(self.engine.rack)
            states.append(self.lines.lines()[0].state)
        return states

    @property
    def line(self) -> Line:
        return self.lines.lines()[0]


def heard(sound: Signal, *roles: str) -> Line:
    box = Box(roles)
    box.play(sound)
    return box.line


def at(s: float) -> Signal:
    return np.arange(round(s * RATE)) / RATE


def db(level: float) -> float:
    return float(10 ** (level / 20))


def hiss(rms_db: float, s: float = 10, seed: int = 1) -> Signal:
    return np.random.default_rng(seed).normal(0, db(rms_db), round(s * RATE))


def dither() -> Signal:
    """What 16 bits make of silence: -90 dBFS at its peaks, triangular."""
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, (10 * RATE, 2)).sum(axis=1)
    return np.asarray(np.rint(noise) / 32768)


def silence(s: float = 10) -> Signal:
    return np.zeros(round(s * RATE))


def to_rms(x: Signal, rms_db: float) -> Signal:
    return np.asarray(x * db(rms_db) / np.sqrt(np.mean(x ** 2)))


def hum(rms_db: float, hz: float = 49.98, s: float = 10) -> Signal:
    return to_rms(harmonics(2 * np.pi * hz * at(s), 20, lambda k: db(-k), lambda k: k * k), rms_db)


def buzz(rms_db: float, s: float = 10) -> Signal:
    """Single coils near a dimmer: pulses at twice the mains, up to many kHz."""
    return to_rms(harmonics(2 * np.pi * 100 * at(s), 59, lambda k: db(-0.4 * k)), rms_db)


def speech(rms_db: float, s: float = 10) -> Signal:
    """A gliding voice in syllables, with breaths; RMS while it speaks."""
    t = at(s)
    turn = 2 * np.pi * np.cumsum(130 + 25 * np.sin(2 * np.pi * 0.6 * t)) / RATE
    voice = harmonics(turn, 29, lambda k: 1 / k, lambda k: k * k) * np.maximum(0, np.sin(2 * np.pi * 2.1 * t)) ** 0.7
    return to_rms(voice, rms_db) * (t % 5 < 4)


def drums(peak_db: float, every: float, s: float = 10) -> Signal:
    """A hit each `every` seconds, gone in a fifth of a second, in a quiet room."""
    t = at(s)
    return db(peak_db) * np.sin(2 * np.pi * 180 * (t % every) + 0.3) * np.exp(-(t % every) / 0.05) + hiss(-85, s)


def chord(rms_db: float, s: float = 10) -> Signal:
    return to_rms(np.sum([np.sin(2 * np.pi * hz * k * at(s) + k) / k for hz in (220.0, 277.2, 329.6) for k in range(1, 7)], axis=0), rms_db)


def pulled(sound: Signal, s: float) -> Signal:
    return np.concatenate([sound, silence(s), sound])


@pytest.mark.parametrize(("sound", "state"), [
    (silence(), "dead"),
    (dither(), "dead"),
    (hiss(-97) + 0.05, "dead"),                       # a converter's offset is no sound
    (hiss(-78), "quiet"),
    (hiss(-60), "noise"),
    (hiss(-40), "noise"),
    (hum(-50) + hiss(-85), "hum"),
    (hum(-50, 60.02) + hiss(-85), "hum"),
    (hum(-55) + hiss(-60), "hum"),
    (hum(-12), "hum"),                                # a plug that a finger touches
    (buzz(-45) + hiss(-75), "hum"),
    (speech(-45), "playing"),
    (speech(-45) + hiss(-70), "playing"),
    (drums(-10, 0.5), "playing"),
    (drums(-10, 3.0), "playing"),
    (chord(-25), "playing"),                          # it stands still, but no mains sound so
    (chord(-25) + hum(-60) + hiss(-80), "playing"),
], ids=["digital zero", "dither", "dither and DC", "open line", "hiss", "loud hiss", "hum", "60 Hz", "hum and hiss", "loud hum", "buzz", "soft speech",
        "speech and hiss", "drums", "drums with gaps", "chord", "chord and hum"])
def test_a_line_is_told_for_what_it_is(sound: Signal, state: str) -> None:
    box = Box()
    states = box.play(sound)
    if state == "playing":
        assert state in states
        assert box.line.played >= 0.5
    else:
        assert states[-1] == state
        assert box.line.played == 0


def test_hum_is_told_with_frequency_and_level() -> None:
    line = heard(hum(-50) + hiss(-85))
    assert line.hum is not None
    assert line.hum == pytest.approx((49.98, -50), abs=1.0)
    assert line.hum[0] == pytest.approx(49.98, abs=0.02)


@pytest.mark.parametrize("sound", [speech(-20), chord(-20), drums(-6, 0.4), to_rms(np.sin(2 * np.pi * 49.0 * at(10)), -20)],
                         ids=["speech", "chord", "drums", "low G"])
@pytest.mark.parametrize("role", ["unused", "electric_guitar", "bass", "keys"])
def test_what_is_played_does_not_hum(sound: Signal, role: str) -> None:
    assert heard(sound + hiss(-80), role).hum is None


def test_hum_beneath_a_guitar_that_never_rests_is_heard_where_the_role_is_known() -> None:
    notes = np.concatenate([chord(-25, 0.5) * 2 ** (n % 5 / 12) * np.exp(-at(0.5) / 0.3) for n in range(20)])
    assert heard(notes + hum(-45) + hiss(-80), "electric_guitar").hum is not None


def test_hum_is_heard_in_the_pauses_of_who_plays() -> None:
    words = hiss(-30) * (at(10) % 1 < 0.25)
    line = heard(hum(-50) + words)
    assert line.state == "playing"
    assert line.hum is not None
    assert line.hum[1] == pytest.approx(-50, abs=2)


def test_hum_that_is_not_heard_is_none() -> None:
    assert heard(hum(-84) + hiss(-95)).hum is None


def test_a_pulled_cable_is_dead_within_two_seconds_and_plays_again_within_two() -> None:
    states = Box().play(pulled(speech(-25, 4), 4))
    assert states[20:40] == ["playing"] * 20
    assert states[60:80] == ["dead"] * 20
    assert "playing" in states[80:100]


def test_a_cable_pulled_in_a_sound_is_told_from_a_sound_that_ends() -> None:
    pulls, ends = Box(), Box()
    pulls.play(np.concatenate([chord(-25, 3), silence(2)]))
    ends.play(np.concatenate([chord(-25, 3) * np.exp(-at(3) / 0.3), silence(2)]))
    assert (pulls.line.state, pulls.line.cut) == ("dead", True)
    assert (ends.line.state, ends.line.cut) == ("dead", False)


def test_one_dead_and_one_live_neighbour_are_told_apart() -> None:
    box = Box(channels=2)
    box.play(np.stack([silence(), speech(-25)], axis=1))
    assert [line.state for line in box.lines.lines()] == ["dead", "playing"]
    assert [line.turn is None for line in box.lines.lines()] == [True, False]


def test_a_rest_of_a_second_is_part_of_playing() -> None:
    states = Box().play(drums(-10, 1.0))
    assert set(states[10:]) == {"playing"}


def test_a_single_click_is_no_playing_worth_a_word_about_gain() -> None:
    sound = hiss(-80)
    sound[5 * RATE: 5 * RATE + 48] += 0.2
    assert heard(sound).turn is None


def test_clipping_is_counted_in_tenths_and_the_cut_top_is_seen() -> None:
    line = heard(np.clip(1.5 * np.sin(2 * np.pi * 220 * at(3)), -1, 1) * (at(3) >= 1))
    assert (line.clipped, line.flat) == (20, 20)
    assert line.turn == -16                               # what is left of its RMS, -2 dBFS, asks for more than the 6 dB of any clipping
    assert line.advice.endswith(": clips")


def test_a_peak_that_touches_full_scale_without_being_cut_is_told_as_such() -> None:
    sound = hiss(-60, 3)
    sound[[RATE, 2 * RATE]] = 0.99
    line = heard(sound)
    assert (line.clipped, line.flat) == (2, 0)
    assert line.advice == "turn down: clips"


def test_loud_and_just_below_full_scale_does_not_clip() -> None:
    assert heard(0.96 * np.sin(2 * np.pi * 220 * at(3)) * (at(3) % 1 < 0.5)).clipped == 0


@pytest.mark.parametrize(("sound", "turn", "advice"), [
    (speech(-32), 13, "turn up by 13 dB"),                  # its loudest 400 ms are a little over the mean
    (speech(-20), 0, "good"),
    (speech(-8), -11, "turn down by 11 dB"),
    (drums(-4.5, 0.5), 0, "good"),                        # peaks decide, and 2 dB are no reason to turn
    (drums(-1, 0.5), -5, "turn down by 5 dB"),
    (drums(-30, 0.5), 24, "turn up by 24 dB"),
    (speech(-56), None, None),
], ids=["soft", "right", "loud", "hits", "loud hits", "soft hits", "faint"])
def test_the_gain_aims_at_minus_18_with_12_db_of_headroom(sound: Signal, turn: int | None, advice: str | None) -> None:
    line = heard(sound)
    if turn is None:
        assert line.turn is None
        assert line.advice.startswith("faint, -5")
        return
    assert line.turn == pytest.approx(turn, abs=2)
    assert line.advice.split(" by ")[0] == (advice or "").split(" by ")[0]


@pytest.mark.parametrize("make", [speech, lambda level: drums(level + 12, 0.5)], ids=["speech", "drums"])
def test_a_preamplifier_that_was_turned_as_advised_is_good(make: Callable[[float], Signal]) -> None:
    sound = make(-38)
    turn = heard(sound).turn
    assert turn is not None
    turned = heard(sound * db(turn))
    assert (turned.turn, turned.advice) == (0, "good")
    assert turned.loudest is not None
    assert turned.peak is not None
    assert turned.loudest <= -17
    assert turned.peak <= -5


def test_the_trim_plays_no_part() -> None:
    with Engine(1, {"strip/1/trim": 20.0}) as engine:
        lines, sound = Lines(), speech(-30, 4).astype(np.float32)
        for begin in range(0, len(sound), TICK):
            engine.process(sound[begin:begin + TICK, None])
            lines.hear(engine.rack)
        assert lines.lines()[0].loudest == heard(speech(-30, 4)).loudest


def bang() -> Signal:
    sound, t = hiss(-80, 6), at(0.2)
    sound[3 * RATE: 3 * RATE + len(t)] += 1.2 * np.exp(-t / 0.08) * np.cos(2 * np.pi * 12 * t)
    return np.clip(sound, -1, 1)


def test_a_bang_of_a_plug_is_told_and_is_neither_clipping_nor_playing() -> None:
    line = heard(bang())
    assert line.pops == 1
    assert (line.clipped, line.played, line.turn) == (0, 0, None)


def test_dc_is_told() -> None:
    assert heard(speech(-25) + 0.04).dc == pytest.approx(0.04, abs=0.003)


def test_wrong_numbers_are_no_sound() -> None:
    sound = speech(-25, 4)
    sound[::1000], sound[1::1000], sound[2::1000] = np.nan, np.inf, 1e30
    line = heard(sound)
    assert (line.state, line.clipped) == ("playing", 0)
    assert line.peak == pytest.approx(heard(speech(-25, 4)).peak, abs=0.5)


def test_an_engine_that_begins_anew_is_heard_on() -> None:
    box = Box()
    box.play(bang())
    box.engine.close()
    box.engine = Engine(1)
    assert box.play(speech(-25, 3))[-1] == "playing"
    assert box.line.pops == 1


def test_another_number_of_inputs_begins_anew() -> None:
    box = Box()
    box.play(speech(-25, 3))
    box.engine = Engine(3)
    box.play(np.zeros((2 * RATE, 3)))
    assert [line.state for line in box.lines.lines()] == ["dead"] * 3


def test_what_comes_late_is_heard_once() -> None:
    """A look each 300 ms hears the same as one each 100 ms."""
    sound, played = np.clip(4 * speech(-10, 6), -1, 1).astype(np.float32)[:, None], []
    for step in (TICK, 3 * TICK):
        with Engine(1) as engine:
            lines = Lines()
            for begin in range(0, len(sound), step):
                engine.process(sound[begin:begin + step])
                lines.hear(engine.rack)
            played.append(lines.lines()[0])
    assert played[0].clipped == pytest.approx(played[1].clipped, abs=2)
    assert played[0].peak == played[1].peak
