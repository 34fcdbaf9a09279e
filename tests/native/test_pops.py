"""A cable that is pulled or plugged bangs, and the PA hears next to nothing of it; a drum, a voice or a note is never taken for one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from gigbox.engine.core import Engine

from .sounds import RATE, Signal, db, noise, quanta, sine, voice

AT = 24005                  # the frame of the bang, in no round place
HEARD_MS = 2.0              # so much of a bang may be heard
MUTE, RAMP = 14400, 9600    # frames: 300 ms closed, 200 ms to open
DEMO = Path(__file__).resolve().parents[2] / "demo/gig"


def decay(height: float, tau_s: float, seconds: float = 1.5) -> Signal:
    """A step that dies away, through the filter of a converter: two samples to rise, and a little overshoot."""
    t = np.arange(round(seconds * RATE)) / RATE
    return np.convolve(height * np.exp(-t / tau_s), [0.1, 0.95, -0.09, 0.06, -0.02])[: len(t)]


def telegraph(seed: int, height: float) -> Signal:
    """A contact that bounces for 30 ms, then holds."""
    x, at, on, rng = np.zeros(round(1.5 * RATE)), 0, True, np.random.default_rng(seed)
    while at < 1440:
        end = at + 2 + round(rng.exponential(0.0015) * RATE)
        x[at:end], at, on = height * on, end, not on
    x[at:] = height * np.exp(-np.arange(len(x) - at) / RATE / 0.1)
    return x


def crackle(seed: int) -> Signal:
    rng = np.random.default_rng(seed)
    x = np.zeros(round(1.5 * RATE))
    x[rng.integers(0, 9600, 40)] = rng.uniform(0.4, 1, 40) * rng.choice([-1, 1], 40)
    return x


BANGS = {"a plug": decay(0.8, 0.2), "a plug that falls": decay(-0.5, 0.02), "a quiet plug": decay(0.2, 0.1), "a clipped plug": np.clip(decay(10, 0.1), -1, 1),
         "a plug with buzz": np.clip(decay(2, 0.05) + 0.5 * np.sign(sine(50, 1.5)), -1, 1), "crackle": crackle(3), "a loose contact": telegraph(2, -0.9)}
SLOW = {"phantom power": np.clip(3 * (decay(1, 0.3) - decay(1, 0.004)), -1, 1), "a soft thump": decay(0.5, 0.2) - decay(0.5, 0.003)}


def kick(hz: float, click: float, seed: int = 1) -> Signal:
    """A drum that falls to `hz`, with a beater's click of 3 ms, at full scale."""
    t = np.arange(RATE) / RATE
    x = np.sin(2 * np.pi * np.cumsum(hz * (1 + 2 * np.exp(-t / 0.02))) / RATE) * np.exp(-t / 0.15)
    x += click * noise(1, 1, seed) * np.exp(-t / 0.003)
    return x / np.abs(x).max()


def plosive(seed: int = 1) -> Signal:
    """A puff of air: 25 ms below 60 Hz, rough, far above the voice before it."""
    t = np.arange(RATE) / RATE
    x = np.sin(2 * np.pi * 35 * t) * np.exp(-t / 0.015) * (1 + 0.2 * noise(1, 1, seed)) + 0.1 * voice(1)
    return x / np.abs(x).max()


def envelope(x: Signal, attack_s: float) -> Signal:
    return x * np.minimum(1, np.arange(len(x)) / RATE / attack_s)


MUSIC = {"a kick": kick(50, 0.3), "a soft kick": kick(45, 0), "a clicky kick": kick(60, 1), "a deep kick": kick(32, 0.1),
         "a clipped kick": np.clip(2 * kick(50, 0.3), -1, 1),
         "a plosive": plosive(), "a bass note": envelope(sine(41.2, 1) + 0.5 * sine(82.4, 1), 0.004) / 1.4, "a slapped string": kick(82.4, 0.8, 5),
         "a snare": noise(1, 0.3, 4) * np.exp(-np.arange(RATE) / RATE / 0.05) + 0.3 * kick(180, 0.5), "a voice": voice(1) / np.abs(voice(1)).max(),
         "an organ": envelope(sine(49, 1), 0.01), "hiss": noise(1, 0.2), "a click": np.eye(1, RATE, 0)[0]}


def heard(event: Signal, values: dict[str, float] | None = None, before: Signal | None = None) -> tuple[Signal, int]:
    """What came out of strip 1 from the bang on, and how often it was counted. A room's noise lies under it, or `before` comes before it."""
    x = np.concatenate([noise(1, 3e-4)[:AT] if before is None else before[:AT], event + noise(len(event) / RATE, 3e-4, 2)])
    with Engine(1, {"box/lookahead": 0, "box/denoise": 0, "strip/1/pan": -1} | (values or {})) as engine:
        stems = engine.process(quanta(x), stems=True)[1]
        assert stems is not None
        return stems[AT : len(x), 0, 0].astype(float), int(engine.rack.view("strips.pops")[0])


def loud_ms(out: Signal, event: Signal) -> float:
    """For how long more than a fifth of the bang's peak came through in half a second."""
    return float(np.sum(np.abs(out[: RATE // 2]) > 0.2 * np.abs(event).max()) / RATE * 1000)


@pytest.mark.parametrize("name", BANGS)
def test_a_bang_is_muted_before_two_milliseconds_of_it_are_heard(name: str) -> None:
    for event in (BANGS[name], -BANGS[name]):
        out, pops = heard(event)
        assert loud_ms(out, event) < HEARD_MS + (2 if name == "a loose contact" else 0)      # that one is told by its second step
        assert pops == 1


@pytest.mark.parametrize("name", SLOW)
def test_a_slow_thump_is_muted_when_no_note_could_last_so_long_on_one_side(name: str) -> None:
    out, pops = heard(SLOW[name])
    assert loud_ms(out, SLOW[name]) < 25
    assert pops == 1


@pytest.mark.parametrize("name", MUSIC)
@pytest.mark.parametrize("peak", [0, -6], ids=["0 dBFS", "-6 dBFS"])
def test_music_out_of_silence_is_no_bang(name: str, peak: float) -> None:
    out, pops = heard(MUSIC[name] * db(peak))
    assert pops == 0
    np.testing.assert_array_equal(out, heard(MUSIC[name] * db(peak), {"strip/1/pop/on": 0})[0])


@pytest.mark.parametrize("channel", sorted(DEMO.glob("*.ogg")), ids=lambda p: p.stem)
def test_nothing_of_the_demo_gig_is_a_bang_even_at_full_scale(channel: Path) -> None:
    x = soundfile.read(channel, dtype="float32", frames=20 * RATE)[0]
    with Engine(2) as engine:
        engine.process(np.zeros((4800, 2), np.float32))
        engine.process(quanta(np.column_stack([x, x / np.abs(x).max()])))
        assert not engine.rack.view("strips.pops").any()


@pytest.mark.parametrize("hz", [41.2, 55, 110, 220])
def test_a_hard_square_wave_out_of_silence_comes_through_after_three_swings(hz: float) -> None:
    """Its edge is a plug's; that it swings evenly shows only later."""
    out, pops = heard(0.9 * np.sign(sine(hz, 1) + 1e-9))
    assert pops == 0
    swings = round(2 / hz * RATE)
    assert np.abs(out[swings + 480 : 2 * swings + 480]).max() > 0.8


@pytest.mark.parametrize("level", [-30, -20])
def test_a_plug_that_is_pulled_while_music_plays_is_muted(level: float) -> None:
    event = np.clip(decay(3, 0.1), -1, 1)
    out, pops = heard(event, before=db(level) * sine(147, 1))
    assert (loud_ms(out, event) < HEARD_MS, pops) == (True, 1)


def test_what_is_no_louder_than_what_was_played_is_no_bang() -> None:
    assert heard(decay(0.6, 0.2), before=0.5 * sine(147, 1))[1] == 0


def test_after_300_ms_the_strip_opens_over_200_ms() -> None:
    tone = 0.02 * sine(1000, 1.5)
    out, _ = heard(decay(0.8, 0.02) + tone)
    level = np.sqrt(2 * np.convolve(out**2, np.ones(480) / 480, "same")) / 0.02
    assert level[960 : MUTE - 480].max() < 1e-3
    assert level[MUTE + RAMP // 2] == pytest.approx(0.5, abs=0.1)
    np.testing.assert_allclose(out[MUTE + RAMP + 480 :], (decay(0.8, 0.02) + tone + noise(1.5, 3e-4, 2))[MUTE + RAMP + 480 :], atol=1e-6)


def test_a_plug_that_crackles_on_stays_muted() -> None:
    event = np.concatenate([crackle(1)[:9600], crackle(2)[:9600], crackle(4)])
    out, pops = heard(event)
    assert (loud_ms(out, event) < HEARD_MS, pops) == (True, 1)


def test_a_strip_that_is_delayed_is_muted_as_well() -> None:
    out, _ = heard(decay(0.8, 0.2), {"strip/1/delay": 7})
    assert loud_ms(out, decay(0.8, 0.2)) < HEARD_MS


def test_switched_off_it_lets_everything_through() -> None:
    out, pops = heard(decay(0.8, 0.2), {"strip/1/pop/on": 0})
    assert pops == 0
    np.testing.assert_allclose(out, decay(0.8, 0.2) + noise(1.5, 3e-4, 2), atol=1e-6)


def test_only_the_strip_that_bangs_is_muted_and_counted() -> None:
    x = np.tile(noise(2, 0.01, 7)[:, None], 9).astype(np.float32)
    x[AT : AT + 48000, 5] += decay(0.8, 0.2)[:48000]
    with Engine(9, {"box/lookahead": 0, "box/denoise": 0}) as engine:
        stems = engine.process(x, stems=True)[1]
        assert stems is not None
        assert list(engine.rack.view("strips.pops")[:9]) == [0, 0, 0, 0, 0, 1, 0, 0, 0]
        np.testing.assert_array_equal(stems[:, 4], stems[:, 8])
        assert not stems[AT + 480 : AT + MUTE, 5].any()


@pytest.mark.parametrize("begin", [0, 4800])
def test_a_recording_that_begins_in_the_middle_of_a_note_is_heard_from_its_beginning(begin: int) -> None:
    x = quanta(np.concatenate([np.zeros(begin), 0.7 * np.cos(2 * np.pi * 45 * np.arange(RATE) / RATE)]))
    with Engine(1, {"box/lookahead": 0, "box/denoise": 0}) as engine:
        engine.process(x)
        assert engine.rack.view("strips.pops")[0] == 0
