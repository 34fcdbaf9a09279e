"""No true peak leaves main above its ceiling, no sample a monitor's: whatever comes in, 20 dB too loud."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import butter, firwin, resample_poly, sosfilt

from .sounds import FADE, LATENCY, RATE, Signal, db, monitor, noise, play, rms_db, sine, voice

SHARP = firwin(16 * 64 + 1, 1 / 16, window=("kaiser", 8))


def true_peak_db(x: Signal, window: str | tuple[str, float] | Signal = ("kaiser", 5.0)) -> float:
    """Sixteen times oversampled, by scipy's own filter unless another is given."""
    return float(20 * np.log10(np.abs(resample_poly(x, 16, 1, axis=0, window=window)).max()))


def bursts(seed: int) -> Signal:
    return sosfilt(butter(12, 20000, fs=RATE, output="sos"), noise(1, 1, seed)) * (np.sin(2 * np.pi * 7 * np.arange(RATE) / RATE) > 0.3)


def clicks() -> Signal:
    x = np.zeros(RATE)
    x[np.random.default_rng(3).integers(0, RATE, 200)] = np.random.default_rng(4).choice([-1.0, 1.0], 200)
    return x


def between_samples() -> Signal:
    """Sines whose peaks lie between the samples, each in a short burst, from 1 to 16 kHz; the textbook's worst signals."""
    tones = (1000, 6000, RATE / 4, RATE / 6, RATE / 5, 15000, 16000)
    return np.concatenate([sine(hz, 0.02, 1, phase) * np.hanning(960) for hz in tones for phase in (0, np.pi / 4, np.pi / 3, np.pi / 2)])


SOUNDS = {"fs/4 at 45 degrees": sine(RATE / 4, 0.5, 1, np.pi / 4), "noise bursts": bursts(1), "white": noise(1, 1), "clicks": clicks(),
          "square 997 Hz": np.sign(sine(997, 1)), "square 60 Hz": np.sign(sine(60.3, 1)), "between samples": between_samples(), "voice": voice(1, 0.4),
          "steps": np.repeat(noise(0.05, 1, 7), 20),
          "alternating pairs": np.tile([1.0, 1.0, -1.0, -1.0], 6000)}


def mains(x: Signal, values: dict[str, float]) -> Signal:
    """Main with everything it says at the end, from the moment it is fully open."""
    both = np.column_stack([x, 0.5 * x[::-1]])
    padded = np.vstack([both, np.zeros((9600, 2))])
    out, _ = play(padded, {"strip/1/pan": -1, "strip/2/pan": 1} | values, lead=FADE + 32)
    return out[:, :2]


HEARD = [name for name in SOUNDS if name != "white"]


@pytest.mark.parametrize("over", [0, 20])
@pytest.mark.parametrize("name", HEARD)
def test_mains_true_peak_stays_below_the_ceiling(name: str, over: float) -> None:
    """A ceiling of -1 dB means at most -1.0 dBTP, which is what broadcasters check."""
    assert true_peak_db(mains(SOUNDS[name], {"strip/1/trim": over, "strip/2/trim": over})) <= -1.0


@pytest.mark.parametrize("name", HEARD)
def test_a_sharper_judge_finds_a_tenth_of_a_db_at_most(name: str) -> None:
    assert true_peak_db(mains(SOUNDS[name], {"strip/1/trim": 6, "strip/2/trim": 6, "main/limiter/ceiling": -6}), SHARP) <= -5.9


def test_noise_that_no_converter_lets_through_is_kept_too() -> None:
    """White up to half the rate: a third of a dB more, and no sample above."""
    out = mains(SOUNDS["white"], {"strip/1/trim": 20})
    assert true_peak_db(out) <= -0.7
    assert np.abs(out).max() <= db(-1)


def test_fast_release_keeps_the_ceiling_too() -> None:
    for name in ("noise bursts", "square 997 Hz", "clicks"):
        assert true_peak_db(mains(SOUNDS[name], {"strip/1/trim": 20, "main/limiter/release": 20})) <= -1.0


def test_the_limiter_is_48_frames_late_and_else_not_there() -> None:
    x = 0.5 * noise(1, 0.1)
    out, _ = play(x, {"strip/1/pan": -1}, lead=FADE + 32)
    np.testing.assert_array_equal(out[LATENCY : len(x), 0], x[:-LATENCY].astype(np.float32))


def test_left_and_right_are_limited_alike() -> None:
    x = np.column_stack([sine(997, 1, 0.02), 2 * sine(431, 1) * (np.arange(RATE) > 24000)])
    out, _ = play(x, {"strip/1/pan": -1, "strip/2/pan": 1}, lead=FADE + 32)
    taken = rms_db(out[36000:48000, 0]) - rms_db(out[12000:23000, 0])
    assert taken == pytest.approx(20 * np.log10(db(-1.1) / 2), abs=0.3)


def test_the_limiter_lets_go_in_its_release_time() -> None:
    x = np.column_stack([sine(1000, 1.5, 0.02), np.concatenate([2 * sine(500, 0.5), np.zeros(RATE)])])
    out, _ = play(x, {"strip/1/pan": -1, "strip/2/pan": 1, "main/limiter/release": 200}, lead=FADE + 32)
    at = 24000 + LATENCY + 9600
    least = db(-1.1) / 2
    assert rms_db(out[at - 480 : at + 480, 0]) - rms_db(x[:, 0]) == pytest.approx(20 * np.log10(1 - (1 - least) / np.e), abs=0.3)
    assert rms_db(out[-4800:, 0]) - rms_db(x[:, 0]) == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize("ceiling", [-1, -12, -24])
@pytest.mark.parametrize("name", SOUNDS)
def test_a_monitor_never_passes_its_ceiling(name: str, ceiling: float) -> None:
    assert np.abs(monitor(SOUNDS[name], {"strip/1/trim": 20, "monitor/1/limiter/ceiling": ceiling})).max() <= db(ceiling) * (1 + 1e-6)


def test_a_monitor_is_not_late() -> None:
    x = 0.5 * noise(0.5, 0.1)
    np.testing.assert_array_equal(monitor(x, {}), x.astype(np.float32))
