"""No true peak leaves main above its ceiling, no sample a monitor's: whatever comes in, 20 dB too loud."""

from __future__ import annotations

import numpy as np
import pytest
import soxr
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


def exact_peak_db(x: Signal) -> float:
    """Of each column, sixteen times oversampled by a Fourier transform: no filter that rolls off below half the rate."""
    spectrum = np.zeros((8 * len(x) + 1, x.shape[1]), complex)
    spectrum[: len(x) // 2 + 1] = 16 * np.fft.rfft(x, axis=0)
    return float(20 * np.log10(np.abs(np.fft.irfft(spectrum, axis=0)).max()))


def told_peak_db(x: Signal) -> float:
    """As a render's report tells it."""
    return float(20 * np.log10(max(np.abs(x).max(), np.abs(soxr.resample(x, RATE, 8 * RATE)).max())))


def in_bursts(x: Signal) -> Signal:
    return x * (np.arange(len(x)) % 6000 < 3000)


def flips(every: int) -> Signal:
    """Full samples that alternate, turned over now and then: between the samples at a turn a long filter finds the most that there can be."""
    at = np.arange(RATE)
    return 1.5 * (-1.0) ** (at + at // every)


ABOVE_20_KHZ = {
    "white": noise(1, 1), "white, another": noise(1, 1, 52), "quiet white": noise(1, 0.2, 2), "clipped noise": np.clip(noise(1, 5, 70), -1, 1),
    "signs": np.sign(noise(1, 1, 3)), "uniform": np.random.default_rng(4).uniform(-1, 1, RATE), "clicks": clicks(), "train": np.arange(RATE) % 50 == 0,
    "cymbals": sosfilt(butter(8, 17000, "high", fs=RATE, output="sos"), noise(1, 1, 9)) * np.exp(-(np.arange(RATE) % 8000) / 600),
    **{f"{hz} Hz, {turn}": in_bursts(sine(hz, 0.5, 1, turn)) for hz in (20100, 21000, 21900, 22500, 23200, 23700, 23990) for turn in (0, 0.8, 1.57)},
    "every sample the other way": in_bursts((-1.0) ** np.arange(RATE)), "flips 37": flips(37), "flips 48": flips(48), "flips 1000": flips(1000),
}


@pytest.mark.parametrize("over", [0, 20])
@pytest.mark.parametrize("name", ABOVE_20_KHZ)
def test_the_figure_that_a_report_tells_stays_below_the_ceiling_whatever_comes_in(name: str, over: float) -> None:
    out = mains(ABOVE_20_KHZ[name], {"strip/1/trim": over, "strip/2/trim": over})
    assert told_peak_db(out) <= -1.0
    assert np.abs(out).max() <= db(-1)


@pytest.mark.parametrize("name", ["white", "white, another", "quiet white", "clipped noise", "signs", "uniform", "clicks", "train", "cymbals"])
def test_exact_interpolation_finds_no_more_in_noise_and_edges(name: str) -> None:
    """Not so in what alternates for long: there it has no bound, and no converter follows."""
    assert exact_peak_db(mains(ABOVE_20_KHZ[name], {"strip/1/trim": 20, "strip/2/trim": 20})) <= -1.0


def test_what_has_nothing_above_20_khz_is_limited_no_deeper_than_it_is_read() -> None:
    x = sosfilt(butter(12, 15000, fs=RATE, output="sos"), noise(1, 0.5, 8))
    assert true_peak_db(mains(x, {"strip/1/trim": 6, "strip/2/trim": 6})) == pytest.approx(-1.1, abs=0.1)


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


@pytest.mark.parametrize("left", [1, 2, 4, 5])
def test_the_sides_of_an_in_ear_mix_are_limited_alike(left: int) -> None:
    """Left is 12 dB over its ceiling half of the time; what is in the middle stays there."""
    loud = 4 * sine(431, 0.6) * (np.arange(round(0.6 * RATE)) % 12000 > 6000)
    x = np.column_stack([loud, sine(997, 0.6, 0.02)])
    sides = {f"monitor/{left}/link": 1, f"strip/1/send/{left}/level": 0, f"strip/2/send/{left}/level": 0,
             f"strip/1/send/{left}/pan": -1, f"strip/2/send/{left}/pan": 1}
    out, _ = play(x, sides | {"strip/1/pan": 0, "strip/2/pan": 0}, lead=FADE + 32)
    alone, _ = play(x * (0, 1), sides | {"strip/1/pan": 0, "strip/2/pan": 0}, lead=FADE + 32)
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = out[:, left + 2] / alone[:, left + 2]
        wanted = out[:, left + 1] / (loud.astype(np.float32) * np.abs(alone[:, left + 2]).max() / 0.02)
    heard = (np.abs(alone[:, left + 2]) > 0.005) & (np.abs(loud) > 0.5)
    assert gain[heard].min() < db(-11)
    np.testing.assert_allclose(gain[heard], wanted[heard], rtol=1e-3)


def test_monitors_that_are_no_pair_are_limited_each_for_itself() -> None:
    x = np.column_stack([4 * sine(431, 0.3), sine(997, 0.3, 0.02)])
    out, _ = play(x, {"strip/1/send/1/level": 0, "strip/2/send/2/level": 0}, lead=FADE + 32)
    np.testing.assert_array_equal(out[: len(x), 3], x[:, 1].astype(np.float32))
