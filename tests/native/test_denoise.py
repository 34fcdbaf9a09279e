"""The denoise filter does what its mask says, in the time it says; the classical denoiser takes noise and leaves the voice."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest
from gigbox._core import ffi, lib

from gigbox.engine.core import Engine
from gigbox.rack import FEATURE_HOPS

from .sounds import RATE, Signal, db, noise, play, quanta, rms_db, sine, strip, voice

BANDS, FINE, TAPS, SHORT, DELAY = 32, 128, 256, 128, 128
HZ = np.fft.rfftfreq(4096, 1 / RATE)
HEARD = (HZ >= 80) & (HZ <= 16000)


def erb(hz: Signal | float) -> Signal:
    return 21.4 * np.log10(1 + 0.00437 * np.asarray(hz))


def masks(count: int) -> Signal:
    """Random walks over the bands in steps of up to 6 dB, between -18 and 0: (count, 32) dB."""
    rng = np.random.default_rng(5)
    walk = np.empty((count, BANDS))
    walk[:, 0] = rng.uniform(-18, 0, count)
    for b in range(1, BANDS):
        walk[:, b] = np.clip(walk[:, b - 1] + rng.uniform(-6, 6, count), -18, 0)
    return walk


def wanted_db(mask: Signal) -> Signal:
    """Straight lines in dB between the band centres, which are evenly spaced on the ERB scale from 50 Hz to 20 kHz."""
    return np.interp(erb(HZ), np.linspace(erb(50), erb(20000), BANDS), mask)


@pytest.fixture(scope="module")
def filters(builds: Path) -> tuple[Signal, Signal, Signal]:
    """200 masks, their linear-phase taps and their minimum-phase taps."""
    walk = masks(200)
    done = subprocess.run([builds / "mask"], input=(walk / 20 * np.log2(10)).astype(np.float32).tobytes(), capture_output=True, check=True)
    taps = np.frombuffer(done.stdout, np.float32).reshape(200, TAPS + SHORT).astype(float)
    return walk, taps[:, :TAPS], taps[:, TAPS:]


def error_db(taps: Signal, walk: Signal) -> Signal:
    """RMS error of each filter over the heard range, dB."""
    got = 20 * np.log10(np.abs(np.fft.rfft(taps, 4096))[:, HEARD])
    wanted = np.array([wanted_db(mask)[HEARD] for mask in walk])
    return np.sqrt(np.mean((got - wanted) ** 2, 1))


def test_both_filters_realise_the_mask(filters: tuple[Signal, Signal, Signal]) -> None:
    walk, linear, minimum = filters
    for taps in (linear, minimum):
        error = error_db(taps, walk)
        assert np.sqrt(np.mean(error**2)) < 0.5


def test_linear_phase_is_128_frames_late_at_every_frequency(filters: tuple[Signal, Signal, Signal]) -> None:
    _, linear, _ = filters
    np.testing.assert_array_equal(linear[:, 1:DELAY], linear[:, :DELAY:-1])
    assert not linear[:, 0].any()


def test_minimum_phase_is_a_quarter_of_a_millisecond_late_at_most(filters: tuple[Signal, Signal, Signal]) -> None:
    energy = filters[2] ** 2
    late = energy @ np.arange(SHORT) / energy.sum(1) / RATE * 1000
    assert np.percentile(late, 95) <= 0.25


def earliest(taps: Signal) -> Signal:
    """The minimum-phase sequence of the same magnitude, by way of its cepstrum."""
    n = 1 << 15
    cepstrum = np.fft.irfft(np.log(np.abs(np.fft.rfft(taps, n))))
    cepstrum[1 : n // 2] *= 2
    cepstrum[n // 2 + 1 :] = 0
    return np.fft.irfft(np.exp(np.fft.rfft(cepstrum)))[: len(taps)]


def test_minimum_phase_is_minimum(filters: tuple[Signal, Signal, Signal]) -> None:
    for taps in filters[2]:
        np.testing.assert_allclose(taps, earliest(taps), atol=2e-3 * np.abs(taps).max())


def test_a_flat_mask_is_a_flat_filter(builds: Path) -> None:
    done = subprocess.run([builds / "mask"], input=np.zeros(BANDS, np.float32).tobytes(), capture_output=True, check=True)
    taps = np.frombuffer(done.stdout, np.float32)
    click = np.zeros(TAPS + SHORT)
    click[[DELAY, TAPS]] = 1
    np.testing.assert_allclose(taps, click, atol=1e-5)


X = voice(1, 0.1) + noise(1, 0.001)


@pytest.mark.parametrize("denoise", [0, 1])
def test_without_an_amount_a_strip_passes_exactly(denoise: int) -> None:
    np.testing.assert_array_equal(strip(X, {"denoise/amount": 0}), X.astype(np.float32))
    _, stems = play(X, {"strip/1/pan": -1, "box/denoise": denoise})
    np.testing.assert_array_equal(stems[:, 0, 0], X.astype(np.float32))


def test_look_ahead_is_a_delay_of_128_frames_exactly() -> None:
    _, stems = play(X, {"strip/1/pan": -1, "box/lookahead": 1, "box/denoise": 1})
    np.testing.assert_array_equal(stems[DELAY:, 0, 0], X[:-DELAY].astype(np.float32))


def test_a_strip_without_denoise_passes_exactly_beside_one_with_it() -> None:
    _, stems = play(np.column_stack([X, X]), {"strip/1/pan": -1, "box/lookahead": 1, "box/denoise": 1, "strip/2/denoise/amount": 18})
    np.testing.assert_array_equal(stems[DELAY:, 0, 0], X[:-DELAY].astype(np.float32))


def denoised(x: Signal, lookahead: int, amount: float = 18) -> Signal:
    _, stems = play(x, {"strip/1/pan": -1, "box/lookahead": lookahead, "box/denoise": 1, "strip/1/denoise/amount": amount})
    return stems[DELAY * lookahead : len(x), 0, 0]


@pytest.mark.parametrize("lookahead", [0, 1])
def test_steady_noise_falls(lookahead: int) -> None:
    x = noise(5, 0.01)
    out = denoised(x, lookahead)
    assert rms_db(out[2 * RATE :]) - rms_db(x) < -10
    assert rms_db(out[2 * RATE :]) - rms_db(x) > -18.5


@pytest.mark.parametrize("lookahead", [0, 1])
def test_a_clean_voice_keeps_its_level(lookahead: int) -> None:
    x = voice(5, 0.15) + noise(5, 1e-5)
    assert rms_db(denoised(x, lookahead)[RATE:]) - rms_db(x[RATE:]) == pytest.approx(0, abs=1)


def test_the_voice_stands_out_better() -> None:
    """The residual noise between syllables falls far more than the voice does."""
    clean, hum = voice(6, 0.1), noise(6, 0.01)
    out = denoised(clean + hum, 1)
    loud = np.abs(clean[: len(out)]) > 0.1
    quiet = np.convolve(np.abs(clean[: len(out)]), np.ones(960) / 960, "same") < 1e-4
    late = np.arange(len(out)) > 2 * RATE
    x = (clean + hum)[: len(out)]
    voice_lost = rms_db(x[loud & late]) - rms_db(out[loud & late])
    noise_lost = rms_db(x[quiet & late]) - rms_db(out[quiet & late])
    assert voice_lost < 1
    assert noise_lost > 8


def test_the_amount_is_the_most_that_is_taken() -> None:
    x = noise(4, 0.01)
    for amount in (6, 12):
        taken = rms_db(x[2 * RATE :]) - rms_db(denoised(x, 1, amount)[2 * RATE :])
        assert amount * 0.7 < taken <= amount + 0.5


def features(x: Signal) -> Signal:
    """The newest energies of one strip: (32,) dB."""
    with Engine(1, {"box/denoise": 1}) as engine:
        engine.process(quanta(x))
        newest = engine.rack.c.features[(int(engine.rack.c.hops) - 1) % FEATURE_HOPS]
        return np.array([newest.energy[b][0] for b in range(BANDS)])


@pytest.mark.parametrize("hz", [100, 1000, 5000])
def test_the_features_tell_where_a_tone_is_and_how_loud(hz: float) -> None:
    """A band reads the mean over its width, so a tone in a wide one reads less: by the width in bins."""
    column = features(sine(hz, 0.5, db(-12)))
    centres = np.linspace(erb(50), erb(20000), BANDS)
    assert abs(np.argmax(column) - np.interp(erb(hz), centres, np.arange(BANDS))) <= 1
    step = (centres[1] - centres[0]) * (24.7 + hz / 9.265) / (RATE / 1024)
    assert column.max() == pytest.approx(-12 - 10 * np.log10(max(step, 1)), abs=4)
    assert features(sine(hz, 0.5, db(-32))).max() == pytest.approx(column.max() - 20, abs=0.1)


def fine_centres() -> Signal:
    """Hz: from bin 2 of a spectrum of 2048 on a bin further, or a share of an ERB where that is more; the share that ends at 20 kHz."""
    low, high, bin_hz = 0.0, 1.0, RATE / 2048
    while high - low > 1e-15:
        share, centres = (low + high) / 2, [2 * bin_hz]
        while len(centres) < FINE:
            centres.append(centres[-1] + max(bin_hz, share * 24.7 * (0.00437 * centres[-1] + 1)))
        low, high = (share, high) if centres[-1] < 20000 else (low, share)
    return np.array([*centres[:-1], 20000])


def fine_look() -> tuple[Signal, Signal]:
    window, weights = np.empty(1920, np.float32), np.empty((1024, FINE), np.float32)
    lib.gb_look(2, ffi.from_buffer("float[]", window), ffi.from_buffer("float[]", weights))
    return window.astype(float), weights.astype(float)


def test_fine_bands_are_single_bins_below_and_shares_of_an_erb_above() -> None:
    centres, (_, weights) = fine_centres(), fine_look()
    assert np.sum(np.diff(centres) < 23.44) == 21
    hz = np.arange(1024) * RATE / 2048
    for b in (0, 1, 20, 60, 126):
        peak = np.zeros(FINE)
        peak[b] = 1
        shape = np.interp(hz, centres, peak) * (hz > 0)
        np.testing.assert_allclose(weights[:, b] / weights[:, b].max(), shape / shape.max(), atol=1e-6)


def test_a_fine_window_rises_long_and_falls_in_128_frames() -> None:
    window, _ = fine_look()
    np.testing.assert_allclose(window[[0, 896, 1791, 1792, 1856, 1919]], np.sin(np.pi / 2 * np.array([0.5 / 1792, 896.5 / 1792, 1791.5 / 1792, 1 - 0.5 / 128,
                                                                                                      1 - 64.5 / 128, 0.5 / 128])), atol=1e-6)


def test_fine_features_are_what_their_look_says() -> None:
    x = (voice(0.5, 0.1) + noise(0.5, 0.001)).astype(np.float32)
    x = x[: len(x) // 256 * 256]
    with Engine(1, {"box/denoise": 2}) as engine:
        engine.process(quanta(x))
        fine = np.array([band[0] for band in engine.rack.c.features[(int(engine.rack.c.hops) - 1) % FEATURE_HOPS].fine])
    window, weights = fine_look()
    power = np.abs(np.fft.rfft(x[-1920:] * window, 2048)[:-1]) ** 2 @ weights
    np.testing.assert_allclose(fine, 10 * np.log10(power + 1e-12), atol=0.01)
