"""Depth is one knob: it morphs without a step, however it is turned, and at 0 the box is the mixer that hands have set, to the bit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from engine.sounds import RATE, drum, noise, pad, tone, voice
from scipy.signal import hilbert

from gigbox import params
from gigbox.brain.denoise.denoiser import Denoiser
from gigbox.engine.song import Track
from gigbox.rack import METER_FRAMES, QUANTUM
from gigbox.render.session import Session

STEP_DB = 0.1        # a quantum of 32 frames
AMPLITUDE = 0.1
FAR: dict[str, float] = {
    "level": -24.0, "trim": 18.0, "pan": 0.6, "hpf/on": 1, "hpf/frequency": 100.0, "eq/1/gain": -6.0, "eq/3/gain": -6.0, "eq/3/frequency": 1500.0,
    "comp/on": 1, "comp/threshold": -24.0, "comp/ratio": 3.0, "comp/makeup": 3.0, "deess/on": 1, "gate/on": 1, "gate/threshold": -60.0,
}
HAND: dict[str, object] = {"strip/1/level": -2.0, "strip/2/eq/2/gain": 3.0, "strip/3/pan": -0.3, "strip/4/trim": 6.0}
KNOB = [(i * 0.02, 100.0 - i) for i in range(101)] + [(2.6 + i * 0.02, float(i)) for i in range(101)]      # seconds, per cent
WHEEL = [(i * 0.02, 100.0 - 20 * i) for i in range(6)] + [(1.6 + i * 0.02, 20.0 * i) for i in range(6)]
JUMPS = [(0.0, 0.0), (1.5, 100.0), (1.8, 0.0)]


def track(role: str) -> Track:
    return Track(Path(role), 0, role, role, "given")


def gains_while_turning(auto: Mapping[str, float], turns: Sequence[tuple[float, float]], hz: float) -> np.ndarray:
    """dB of a strip, power of both sides over the power of the tone that comes in, every quantum, from half a second before the first turn.

    A second at each end is cut off: there the analytic signal knows only one side of the tone."""
    session = Session([track("keys")], {"box/depth": 100.0, "box/denoise": "off"})
    tone_ = tone(hz, turns[-1][0] + 4.5, amplitude=AMPLITUDE).astype(np.float32)[:, None]
    tone_ = tone_[: len(tone_) // QUANTUM * QUANTUM]
    session.take(session.desk.move({f"strip/1/{path}": value for path, value in auto.items()}, "because", "brain", 0.0))
    stems, at = [], 0
    for when, depth in turns:
        end = round((1.5 + when) * RATE / QUANTUM) * QUANTUM
        stems.append(session.play(tone_[at:end], stems=True)[1])
        session.set({"box/depth": depth})
        at = end
    stems.append(session.play(tone_[at:], stems=True)[1])
    session.close()
    heard = np.concatenate([s[:, 0] for s in stems if s is not None]).astype(float)
    power = (np.abs(hilbert(heard, axis=0)) ** 2).sum(axis=1)
    return np.asarray(10 * np.log10(power[RATE:-RATE:QUANTUM] / AMPLITUDE ** 2))


@pytest.mark.parametrize("hz", [60.0, 1500.0, 6500.0])
@pytest.mark.parametrize("turns", [KNOB, WHEEL, JUMPS], ids=["knob", "wheel", "jumps"])
def test_no_turn_of_the_depth_steps(turns: Sequence[tuple[float, float]], hz: float) -> None:
    gains = gains_while_turning(FAR, turns, hz)
    assert np.abs(np.diff(gains)).max() <= STEP_DB
    assert abs(gains[0] - gains[round(RATE * 2.5) // QUANTUM]) > 2 or hz != 1500      # and it is turned


def test_a_jump_of_the_depth_is_over_in_a_second_and_a_half() -> None:
    gains = gains_while_turning({"level": -24.0}, [(0.0, 0.0)], 1500.0)
    begin = RATE // 2 // QUANTUM
    assert gains[begin - 5] == pytest.approx(-24, abs=0.01)
    assert gains[begin + RATE * 3 // 8 // QUANTUM] == pytest.approx(20 * np.log10(0.0631 + 0.25 * 0.9369), abs=0.1)
    assert gains[begin + RATE * 3 // 2 // QUANTUM + 5] == pytest.approx(0, abs=0.001)


@pytest.mark.parametrize("beside", [0.0, 12.0])
@pytest.mark.parametrize("denoise", ["classic", "model"])
def test_noise_comes_back_as_slowly_as_all_else_when_the_depth_jumps(denoise: str, beside: float) -> None:
    """`beside`: what a hand has taken on another strip, so that the model goes on."""
    hand = {"box/denoise": denoise, "strip/2/denoise/amount": beside}
    session = Session([track("lead_vocal"), track("keys")], hand, Denoiser() if denoise == "model" else None)
    session.take(session.desk.move({"strip/1/denoise/amount": 18.0}, "because", "brain", 0.0))
    hiss, parts = np.repeat(noise(3, 0.02).astype(np.float32)[:, None], 2, axis=1), []
    for depth in (100.0, 0.0, 100.0):
        session.set({"box/depth": depth})
        stems = session.play(hiss, stems=True)[1]
        assert stems is not None
        parts.append(stems[:, 0])
    session.close()
    power = (np.concatenate(parts) ** 2).sum(axis=1).reshape(-1, RATE // 20).mean(axis=1) / np.tile((hiss[:, 0] ** 2).reshape(-1, RATE // 20).mean(axis=1), 3)
    gains = 10 * np.log10(power)[50:]                               # every 50 ms, from half a second before it is turned down
    assert np.abs(np.diff(gains)).max() < 1.5
    assert gains[[9, 45, 69, 105]] == pytest.approx([-18, 0, 0, -18], abs=1)


@pytest.mark.parametrize("mute", ["strip/1/mute", "main/mute"])
def test_a_mute_waits_for_no_morph(mute: str) -> None:
    session = Session([track("keys")], {"box/depth": 100.0, "box/denoise": "off", "box/lookahead": "0"})
    session.take(session.desk.move({"strip/1/level": -24.0, "main/level": -6.0}, "because", "brain", 0.0))
    sound = tone(1500, 0.2, amplitude=AMPLITUDE).astype(np.float32)[:, None]
    session.play(sound)
    session.set({"box/depth": 0.0})
    session.play(sound)
    session.set({mute: "on"})
    out, _ = session.play(sound)
    assert not out[round(0.013 * RATE):].any()      # 10 ms, and the limiter's millisecond
    session.set({mute: "off"})
    out, _ = session.play(sound)
    assert np.abs(out[RATE // 10:, :2]).max() > AMPLITUDE / 4
    session.close()


def band(seconds: float) -> np.ndarray:
    sounds = [voice(seconds, 0.05), drum(seconds, 0.5), pad(seconds, 0.1), noise(seconds, 0.01)]
    frames = np.stack(sounds, axis=1).astype(np.float32)
    return frames[: len(frames) // METER_FRAMES * METER_FRAMES]


def played(depths: Mapping[int, float], frames: np.ndarray, denoise: str, thinking: bool = True) -> tuple[np.ndarray, Session]:
    """All eight outputs; `depths`: by the tick of 100 ms from which they hold."""
    roles = ("lead_vocal", "kick", "keys", "electric_guitar")
    hand = {"box/depth": depths[0], "box/denoise": denoise, "box/mode": "soundcheck", **HAND}
    session = Session([track(role) for role in roles], hand, Denoiser() if denoise == "model" else None)
    out = []
    for tick in range(len(frames) // METER_FRAMES):
        if tick and tick in depths:
            session.set({"box/depth": depths[tick]})
        out.append(session.play(frames[tick * METER_FRAMES:(tick + 1) * METER_FRAMES])[0])
        if thinking:
            session.think()
    session.close()
    return np.concatenate(out), session


@pytest.mark.parametrize("denoise", ["off", "classic", "model"])
def test_at_depth_zero_it_is_the_hands_own_mix_to_the_bit(denoise: str) -> None:
    frames = band(6)
    alone, _ = played({0: 0.0}, frames, denoise, thinking=False)
    together, session = played({0: 0.0}, frames, denoise)
    assert sum(value is not None for value in session.desk.auto) > 5      # the box has opinions
    assert session.value("strip/1/level") == -2
    np.testing.assert_array_equal(together, alone)


def test_what_was_turned_down_to_zero_ends_as_the_hands_own_mix() -> None:
    frames = band(8)
    alone, _ = played({0: 0.0}, frames, "off", thinking=False)
    turned, _ = played({0: 100.0, 30: 50.0, 32: 0.0}, frames, "off")
    assert np.abs(turned[:3 * RATE] - alone[:3 * RATE]).max() > 0.01
    np.testing.assert_allclose(turned[7 * RATE:], alone[7 * RATE:], atol=2e-6)


def test_nothing_but_adding_and_overriding_goes_with_the_depth() -> None:
    assert not [p.path for p in params.TABLE if p.blend == "hand" and p.effective(None, p.high, 1.0, p.default_of(0)) != p.default_of(0)]
