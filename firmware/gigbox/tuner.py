"""A tuner for one strip: reads the dry input's tap in the rack. The pitch is found by autocorrelation, then measured by how the phases of its
harmonics move between two halves of what was heard, which is exact to a few hundredths of a cent on a steady string."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gigbox.rack import RATE, TAP_FRAMES, Floats, Rack

LOW_HZ, HIGH_HZ = 26.0, 2100.0
HEARD = 8192              # frames: 171 ms
LEAST_DB, LEAST_SURE = -60.0, 0.75
NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


@dataclass(frozen=True)
class Pitch:
    """`cents` from the note, -50 to 50; `sure` 0..1: how periodic the sound is."""

    hz: float
    note: str
    octave: int
    cents: float
    sure: float


class Tuner:
    """`hear` as often as a needle is drawn; it looks at the newest 171 ms."""

    def __init__(self, rack: Rack, a4: float = 440.0) -> None:
        self._rack, self._a4 = rack, a4

    def hear(self, strip: int) -> Pitch | None:
        """The note of strip `strip` (from 1), or None where there is none."""
        end = self._rack.frames
        if end < HEARD:
            return None
        return pitch(self._rack.view("tap_in")[np.arange(end - HEARD, end) % TAP_FRAMES, strip - 1], self._a4)


def pitch(x: Floats, a4: float = 440.0) -> Pitch | None:
    """The note of (HEARD,) frames; None where it is silent or has none."""
    x = np.asarray(x, float) - x.mean()
    if 10 * math.log10((x ** 2).mean() + 1e-15) < LEAST_DB:
        return None
    rough, sure = _period(x)
    if sure < LEAST_SURE:
        return None
    hz = _by_phase(x, RATE / rough)
    away = 12 * math.log2(hz / a4) + 69
    note = round(away)
    return Pitch(float(hz), NAMES[note % 12], note // 12 - 1, float(100 * (away - note)), min(sure, 1.0))


def _period(x: np.ndarray) -> tuple[float, float]:
    """Frames of a period, and how well the sound repeats after it (normalised square difference: McLeod and Wyvill 2005)."""
    longest = int(RATE / LOW_HZ)
    size = 1 << (2 * len(x) - 1).bit_length()
    spectrum = np.fft.rfft(x, size)
    same = np.fft.irfft(np.abs(spectrum) ** 2)[:longest + 2]
    square = np.concatenate([[0], np.cumsum(x ** 2)])
    lags = np.arange(longest + 2)
    like = 2 * same / (square[len(x) - lags] + square[-1] - square[lags] + 1e-12)
    shortest = int(RATE / HIGH_HZ)
    tops = [k for k in range(max(shortest, 2), longest) if like[k] > 0.5 and like[k - 1] < like[k] >= like[k + 1]]
    if not tops:
        return 0.0, 0.0
    best = max(like[k] for k in tops)
    k = next(k for k in tops if like[k] > 0.93 * best)
    bend = like[k - 1] - 2 * like[k] + like[k + 1]
    return k + 0.5 * (like[k - 1] - like[k + 1]) / bend if bend else float(k), float(like[k])


def _by_phase(x: np.ndarray, hz: float) -> float:
    """From a pitch within a percent to the exact one: the turn of each harmonic between two windows, weighed by its power; coarse to fine."""
    n = len(x)
    for apart in (n // 8, n // 2) if hz > 60 else (n // 8, n // 4, n // 4):      # harmonics of a low note lie close: a longer window parts them
        window = np.hanning(n - apart)
        t = np.arange(n - apart) / RATE
        total = weight = 0.0
        for k in range(1, 7):
            if k * hz > 6000:
                break
            wave = window * np.exp(-2j * np.pi * k * hz * t)
            one, two = (x[: n - apart] * wave).sum(), (x[apart:] * wave).sum()
            turn = np.angle(two * np.conj(one) * np.exp(-2j * np.pi * k * hz * apart / RATE)) / (2 * np.pi)
            power = float(abs(one) * abs(two)) * k * k
            total += power * turn * RATE / apart / k
            weight += power
        hz += total / (weight + 1e-30)
    return hz
