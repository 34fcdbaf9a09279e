"""Every filter against the textbook, in double precision: Butterworth from scipy, bells and shelves from R. Bristow-Johnson's cookbook."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import butter, freqz, lfilter, sosfilt

from .sounds import RATE, Signal, db, main_bus, monitor, noise, strip

NOISE = noise(0.3, 0.01).astype(np.float32).astype(float)
TYPES = {"bell": 0, "low_shelf": 1, "high_shelf": 2}
BANDS = [("bell", 20, 18, 10), ("bell", 100, -18, 0.1), ("bell", 1000, 6, 0.8), ("bell", 1000, -18, 10), ("bell", 20000, 18, 0.7), ("bell", 20000, -12, 10),
         ("low_shelf", 20, 18, 0.7), ("low_shelf", 100, -12, 0.8), ("low_shelf", 2000, 18, 2), ("low_shelf", 20000, 9, 0.3),
         ("high_shelf", 20, 12, 0.7), ("high_shelf", 8000, -18, 0.8), ("high_shelf", 3000, 18, 2), ("high_shelf", 20000, 18, 0.7)]


def cookbook(kind: str, hz: float, gain: float, q: float) -> tuple[Signal, Signal]:
    """b, a of the Audio EQ Cookbook."""
    big, w = 10 ** (gain / 40), 2 * np.pi * hz / RATE
    cos, alpha = np.cos(w), np.sin(w) / (2 * q)
    if kind == "bell":
        return np.array([1 + alpha * big, -2 * cos, 1 - alpha * big]), np.array([1 + alpha / big, -2 * cos, 1 - alpha / big])
    s = -1 if kind == "high_shelf" else 1       # a high shelf is a low one with the sign of cos turned
    root = 2 * np.sqrt(big) * alpha
    b = big * np.array([big + 1 - s * (big - 1) * cos + root, 2 * s * (big - 1 - s * (big + 1) * cos), big + 1 - s * (big - 1) * cos - root])
    a = np.array([big + 1 + s * (big - 1) * cos + root, -2 * s * (big - 1 + s * (big + 1) * cos), big + 1 + s * (big - 1) * cos - root])
    return b, a


def off_by(got: Signal, wanted: Signal) -> float:
    return float(np.abs(got - wanted).max() / np.abs(wanted).max())


def band(owner: str, kind: str, hz: float, gain: float, q: float) -> dict[str, float]:
    return {f"{owner}eq/2/type": TYPES[kind], f"{owner}eq/2/frequency": hz, f"{owner}eq/2/gain": gain, f"{owner}eq/2/q": q}


@pytest.mark.parametrize("kind_hz_gain_q", BANDS, ids=str)
def test_a_strips_band_is_the_cookbooks(kind_hz_gain_q: tuple[str, float, float, float]) -> None:
    assert off_by(strip(NOISE, band("", *kind_hz_gain_q)), lfilter(*cookbook(*kind_hz_gain_q), NOISE)) < 1e-5


@pytest.mark.parametrize("kind_hz_gain_q", BANDS, ids=str)
def test_mains_band_is_the_cookbooks_on_both_sides(kind_hz_gain_q: tuple[str, float, float, float]) -> None:
    x = np.column_stack([NOISE, NOISE[::-1]])
    out = main_bus(x, band("main/", *kind_hz_gain_q))
    assert off_by(out, lfilter(*cookbook(*kind_hz_gain_q), x, axis=0)) < 1e-5


@pytest.mark.parametrize("kind_hz_gain_q", BANDS, ids=str)
def test_a_monitors_band_is_the_cookbooks(kind_hz_gain_q: tuple[str, float, float, float]) -> None:
    assert off_by(monitor(NOISE, band("monitor/1/", *kind_hz_gain_q)), lfilter(*cookbook(*kind_hz_gain_q), NOISE)) < 1e-5


def test_four_bands_are_four_filters_in_a_row() -> None:
    bands = [("low_shelf", 80, 6, 0.7), ("bell", 500, -9, 2), ("bell", 3000, 12, 4), ("high_shelf", 9000, -6, 0.7)]
    values = {}
    wanted = NOISE
    for n, (kind, hz, gain, q) in enumerate(bands, 1):
        values |= {f"eq/{n}/type": TYPES[kind], f"eq/{n}/frequency": hz, f"eq/{n}/gain": gain, f"eq/{n}/q": q}
        wanted = lfilter(*cookbook(kind, hz, gain, q), wanted)
    assert off_by(strip(NOISE, values), wanted) < 1e-5
    assert off_by(strip(NOISE, values | {"eq/on": 0}), NOISE) == 0


@pytest.mark.parametrize("hz", [16, 80, 400])
@pytest.mark.parametrize(("slope", "order"), [(0, 2), (1, 4)])
def test_the_high_pass_is_a_butterworth(slope: int, order: int, hz: float) -> None:
    got = strip(NOISE, {"hpf/on": 1, "hpf/frequency": hz, "hpf/slope": slope})
    assert off_by(got, sosfilt(butter(order, hz, "high", fs=RATE, output="sos"), NOISE)) < 1e-5


@pytest.mark.parametrize(("slope", "octave"), [(0, -12.3), (1, -24.1)])
def test_the_high_pass_is_3_db_down_at_its_corner(slope: int, octave: float) -> None:
    click = np.zeros(48000)
    click[0] = 0.5
    response = 2 * np.abs(np.fft.rfft(strip(click, {"hpf/on": 1, "hpf/frequency": 200, "hpf/slope": slope})))      # a bin a Hz
    assert 20 * np.log10(response[[200, 100]]) == pytest.approx([-3.01, octave], abs=0.1)


def hum(depth: float, harmonics: int, hz: float = 50) -> Signal:
    """The strip's magnitude in dB, eight bins a Hz."""
    click = np.zeros(8 * RATE)
    click[0] = 0.5
    values = {"hum/on": 1, "hum/frequency": hz, "hum/depth": depth, "hum/harmonics": harmonics}
    return 20 * np.log10(2 * np.abs(np.fft.rfft(strip(click, values))))


@pytest.mark.parametrize("depth", [6, 18, 30])
def test_hum_notches_are_as_deep_as_asked(depth: float) -> None:
    assert hum(depth, 8)[[8 * 50 * h for h in range(1, 9)]] == pytest.approx([-depth] * 8, abs=0.3)


def test_hum_notches_are_a_hertz_and_a_half_wide() -> None:
    response = hum(18, 8)
    for h in range(1, 9):
        near = response[8 * (50 * h - 10) : 8 * (50 * h + 10)]
        assert np.sum(near < -9) / 8 == pytest.approx(1.5, abs=0.3)
        assert near[[0, -1]] == pytest.approx([0, 0], abs=0.3)


def test_as_many_harmonics_are_cut_as_asked() -> None:
    response = hum(18, 3, 60)
    assert response[[8 * 60, 8 * 120, 8 * 180]] == pytest.approx([-18] * 3, abs=0.3)
    assert np.abs(response[8 * 200 : 8 * 20000]).max() < 0.1


def test_the_cookbook_here_is_right() -> None:
    """The reference itself: gains where they must be."""
    for kind, at, gain in (("bell", 1000, 6), ("low_shelf", 5, 6), ("high_shelf", 23900, 6)):
        _, response = freqz(*cookbook(kind, 1000, 6, 0.7), worN=[at], fs=RATE)
        assert np.abs(response[0]) == pytest.approx(db(gain), rel=0.01)
