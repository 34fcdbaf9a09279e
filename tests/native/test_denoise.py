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

BANDS, FINE, DELAY, RESPONSE = 32, 128, 128, 1536
HZ = np.fft.rfftfreq(4096, 1 / RATE)
HEARD = (HZ >= 80) & (HZ <= 16000)


def erb(hz: Signal | float) -> Signal:
    return 21.4 * np.log10(1 + 0.00437 * np.asarray(hz))


def fine_centres() -> Signal:
    """Hz: from bin 2 of a spectrum of 2048 on a bin further, or a share of an ERB where that is more; the share that ends at 20 kHz."""
    low, high, bin_hz = 0.0, 1.0, RATE / 2048
    while high - low > 1e-15:
        share, centres = (low + high) / 2, [2 * bin_hz]
        while len(centres) < FINE:
            centres.append(centres[-1] + max(bin_hz, share * 24.7 * (0.00437 * centres[-1] + 1)))
        low, high = (share, high) if centres[-1] < 20000 else (low, share)
    return np.array([*centres[:-1], 20000])


CENTRES = fine_centres()


def masks(count: int) -> Signal:
    """Random walks over the fine bands in steps of up to 3 dB, between -18 and 0: (count, FINE) dB."""
    rng = np.random.default_rng(5)
    walk = np.empty((count, FINE))
    walk[:, 0] = rng.uniform(-18, 0, count)
    for b in range(1, FINE):
        walk[:, b] = np.clip(walk[:, b - 1] + rng.uniform(-3, 3, count), -18, 0)
    return walk


def responses(builds: Path, dB: Signal, frame: int = 0) -> tuple[Signal, Signal]:
    """(count, RESPONSE) of filters with look-ahead, and without, to an impulse at that frame of a quantum."""
    done = subprocess.run([builds / "mask", str(frame)], input=(dB / 20 * np.log2(10)).astype(np.float32).tobytes(), capture_output=True, check=True)
    found = np.frombuffer(done.stdout, np.float32).reshape(len(dB), 2, RESPONSE).astype(float)
    return found[:, 0], found[:, 1]


@pytest.fixture(scope="module")
def filters(builds: Path) -> tuple[Signal, Signal, Signal]:
    """200 masks, and the responses with look-ahead and without."""
    walk = masks(200)
    return walk, *responses(builds, walk)


def error_db(response: Signal, walk: Signal) -> Signal:
    """RMS error of each filter over the heard range, dB."""
    got = 20 * np.log10(np.abs(np.fft.rfft(response, 4096))[:, HEARD])
    wanted = np.array([np.interp(HZ, CENTRES, mask)[HEARD] for mask in walk])      # straight lines in dB between the centres
    return np.sqrt(np.mean((got - wanted) ** 2, 1))


def test_both_filters_realise_the_mask(filters: tuple[Signal, Signal, Signal]) -> None:
    walk, mixed, minimum = filters
    for response in (mixed, minimum):
        error = error_db(response, walk)
        assert np.sqrt(np.mean(error**2)) < 0.2
        assert error.max() < 0.5


def phased(mask: Signal, ahead: int) -> Signal:
    """The filter by its definition, 2048 long and `ahead` frames late: what of the log gain is slower than the look-ahead has no phase, the rest the least."""
    n = np.arange(2048)
    log = np.interp(n[:1025] * RATE / 2048, CENTRES, mask) / 20 * np.log(10)
    quefrency = np.minimum(n, 2048 - n)
    slow = np.clip((ahead - quefrency) / (ahead / 2), 0, 1) if ahead else quefrency == 0
    phase = np.fft.rfft(np.fft.irfft(log) * (1 - slow) * (2 * (n < 1024))).imag
    return np.roll(np.fft.irfft(np.exp(log + 1j * phase)), ahead)


def test_filters_are_what_their_definition_says(filters: tuple[Signal, Signal, Signal]) -> None:
    """But for their ends, which are faded, and what a quarter of the rate cannot carry."""
    walk, mixed, minimum = filters
    for ahead, found in ((DELAY, mixed), (0, minimum)):
        for mask, response in zip(walk[:20], found, strict=False):
            wanted = phased(mask, ahead)
            begin = max(ahead - 64, 0)
            np.testing.assert_allclose(response[begin:ahead + 64], wanted[begin:ahead + 64], atol=5e-5)
            apart = response[begin:ahead + 768] - wanted[begin:ahead + 768]
            assert np.sum(apart**2) < 1e-3 * np.sum(wanted**2)


def test_a_slow_mask_is_128_frames_late_at_every_frequency(builds: Path) -> None:
    """Tilts and wide humps, as voices and rooms have them: linear phase."""
    slow = np.stack([-9 + 9 * np.cos(2 * np.pi * CENTRES / hz) for hz in (3000, 6000, 24000)])
    mixed, _ = responses(builds, slow)
    np.testing.assert_allclose(mixed[:, DELAY + 1:DELAY + 64], mixed[:, DELAY - 63:DELAY][:, ::-1], atol=3e-3)


def test_what_parts_harmonics_rings_behind_and_not_before(builds: Path) -> None:
    comb = np.where((CENTRES < 2000) & (np.abs((CENTRES + 58) % 117.2 - 58) > 30), -18.0, 0.0)
    for before, response in zip((DELAY, 0), responses(builds, np.stack([comb])), strict=True):
        early, late = (np.sum(part**2) for part in (response[0, :max(before - 20, 0)], response[0, before + 20:]))
        assert early < 0.1 * late


def test_minimum_phase_is_a_quarter_of_a_millisecond_late_at_most(filters: tuple[Signal, Signal, Signal]) -> None:
    energy = filters[2] ** 2
    late = energy @ np.arange(RESPONSE) / energy.sum(1) / RATE * 1000
    assert np.percentile(late, 95) <= 0.25


def test_a_filter_is_the_same_wherever_in_a_quantum_the_sound_falls(builds: Path) -> None:
    """Its late part has a quarter of the rate: what that folds is 40 dB below."""
    walk = masks(20)
    for first, *others in zip(*(responses(builds, walk, frame) for frame in (0, 1, 2, 3, 31)), strict=True):
        for frame, other in zip((1, 2, 3, 31), others, strict=True):
            assert np.sum((other[:, frame:] - first[:, :-frame]) ** 2) < 1e-4 * np.sum(first**2)


def test_a_flat_mask_is_a_flat_filter(builds: Path) -> None:
    click = np.zeros((2, RESPONSE))
    click[0, DELAY] = click[1, 0] = 1
    np.testing.assert_allclose(np.concatenate(responses(builds, np.zeros((1, FINE)))), click, atol=1e-5)


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


def flutter_db(x: Signal) -> float:
    """How far the level of a band 470 Hz wide moves from one window of 20 ms to the next, on the mean of the bands up to 14 kHz."""
    looks = np.lib.stride_tricks.sliding_window_view(x, 1024)[::512] * np.hanning(1024)
    power = np.abs(np.fft.rfft(looks)) ** 2
    return float(np.mean([(10 * np.log10(power[:, at : at + 10].mean(1))).std() for at in range(10, 300, 10)]))


def test_what_is_left_of_steady_noise_is_steady() -> None:
    """No musical noise: the gains do not follow what the noise does by chance."""
    x = noise(3, 0.01)
    assert flutter_db(denoised(x, 0)[2 * RATE :]) < flutter_db(x[2 * RATE :]) + 0.3


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


def fine_look() -> tuple[Signal, Signal]:
    window, weights = np.empty(1920, np.float32), np.empty((1024, FINE), np.float32)
    lib.gb_look(2, ffi.from_buffer("float[]", window), ffi.from_buffer("float[]", weights))
    return window.astype(float), weights.astype(float)


def test_fine_bands_are_single_bins_below_and_shares_of_an_erb_above() -> None:
    _, weights = fine_look()
    assert np.sum(np.diff(CENTRES) < 23.44) == 21
    hz = np.arange(1024) * RATE / 2048
    for b in (0, 1, 20, 60, 126):
        peak = np.zeros(FINE)
        peak[b] = 1
        shape = np.interp(hz, CENTRES, peak) * (hz > 0)
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
