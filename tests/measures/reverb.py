"""What a listener would find wrong with a reverb, in figures: how dense it is, how it decays by bands, whether it rings, what mono takes of it.

    python -m tests.measures.reverb

Heard in a pair of monitors that only the effect comes back to, through the whole engine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.signal import butter, fftconvolve, sosfiltfilt
from scipy.special import erfc

from gigbox.engine.core import Engine

HEADER = Path(__file__).resolve().parents[2] / "native/src/reverb.h"
RATE = 48000
FADE = 2400                                     # frames an engine takes to fade in
BANDS = (125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0)      # Hz, octaves
DENSE = 0.9                                     # echo density that is taken for a dense one: 1 is noise (Abel and Huang, AES 121, 2006)
WINDOW_S = 0.02
NEAR_HZ = 50.0                                  # a spectral line is told by what is so near
ALONE = {"box/lookahead": 0, "box/denoise": 0, "fx/1/type": 1, "fx/1/low_cut": 20, "strip/1/fxsend/1/level": 0, "fx/1/send/1/level": 0, "monitor/1/link": 1,
         "main/mute": 1, "monitor/1/limiter/ceiling": 0}

Sound = npt.NDArray[np.float64]


def wet(x: npt.ArrayLike, values: dict[str, float]) -> Sound:
    """(n, 2): what the effect makes of a mono sound, left and right."""
    x = np.asarray(x, np.float32)
    frames = np.zeros((FADE + 160 + len(x) + -(len(x) + FADE + 160) % 32, 1), np.float32)
    frames[FADE + 160 : FADE + 160 + len(x), 0] = x
    with Engine(1, ALONE | values) as engine:
        out = engine.process(frames)[0]
    return out[FADE + 160 : FADE + 160 + len(x), 2:4].astype(float)


@cache
def response(decay: float, tone: float = 16000.0, seconds: float = 0.0, time: float = 0.0) -> Sound:
    """Of an impulse, as long as 1.2 decays and no less than a second, or `seconds`."""
    x = np.zeros(round((seconds or max(1.2 * decay, 1.0)) * RATE))
    x[0] = 0.25
    return wet(x, {"fx/1/decay": decay, "fx/1/tone": tone, "fx/1/time": time}) / 0.25


def wanted_decay(decay: float, tone: float, hz: float) -> float:
    """What is set: air takes treble by the square of its frequency."""
    return decay / (1 + (hz / tone) ** 2)


def band_decay(h: Sound, hz: float) -> float:
    """Seconds for 60 dB in an octave, by Schroeder's integral from -5 to -35 dB."""
    edges = [hz / np.sqrt(2), min(hz * np.sqrt(2), 0.49 * RATE)]
    x = sosfiltfilt(butter(4, edges, "bandpass", fs=RATE, output="sos"), h, axis=0)
    left = np.cumsum((x**2).sum(1)[::-1])[::-1]
    curve = 10 * np.log10(left / left[0] + 1e-12)
    first, last = int(np.argmax(curve < -5)), int(np.argmax(curve < -35))
    slope = np.polyfit(np.arange(first, last) / RATE, curve[first:last], 1)[0]
    return float(-60 / slope)


def echo_density(h: Sound) -> Sound:
    """Of one side, every 20 ms: the share of samples beyond the standard deviation against that of noise."""
    n = round(WINDOW_S * RATE)
    parts = h[: len(h) // n * n].reshape(-1, n)
    beyond = np.abs(parts) > parts.std(1, keepdims=True)
    return np.asarray(beyond.mean(1) / erfc(1 / np.sqrt(2)))


def dense_within_ms(h: Sound) -> float:
    """From the first echo on, until they are as dense as noise."""
    begin = int(np.argmax(np.abs(h) > 1e-6))
    return 1000 * WINDOW_S * float(np.argmax(echo_density(h[begin:]) > DENSE) + 1)


def line_db(h: Sound, decay: float) -> float:
    """The strongest spectral line of the late tail, dB over the mean power within 50 Hz. Of noise it is about 10: peaks of an exponential distribution."""
    begin = round(0.5 * decay * RATE)
    tail = h[begin : begin + round(0.5 * decay * RATE)]
    tail = tail * 10 ** (3 * np.arange(len(tail)) / RATE / decay) * np.hanning(len(tail))      # as if it did not decay
    power = np.abs(np.fft.rfft(tail)) ** 2
    width = max(round(NEAR_HZ * len(tail) / RATE), 8)
    mean = fftconvolve(power, np.ones(2 * width + 1) / (2 * width + 1), "same")
    hz = np.fft.rfftfreq(len(tail), 1 / RATE)
    within = (hz > 100) & (hz < 8000)
    return float(10 * np.log10((power / mean)[within].max()))


def mono_db(h: Sound) -> float:
    """What left and right keep when they are added: 0 of sides that have nothing in common, -inf of opposite ones."""
    return float(10 * np.log10(np.mean(h.sum(1) ** 2) / np.mean(h**2) / 2))


def left_db(decay: float) -> float:
    """The most of any side after three decays, against its most of all."""
    h = response(decay, 5000.0, 3 * decay + 0.5)
    return float(20 * np.log10(np.abs(h[round(3 * decay * RATE) :]).max() / np.abs(h).max() + 1e-12))


@dataclass(frozen=True)
class Figures:
    """Of one decay, s."""

    decay: float
    bands: tuple[float, ...]      # decay in each octave over what is set there
    dense_ms: float
    line: float
    noise_line: float             # what the same measure says of noise
    mono: float
    left: float


def figures(decay: float) -> Figures:
    h = response(decay)
    long = response(decay, seconds=max(1.2 * decay, 1.0))
    noise = np.random.default_rng(1).normal(size=len(long)) * 10 ** (-3 * np.arange(len(long)) / RATE / decay)
    bands = tuple(band_decay(h, hz) / wanted_decay(decay, 16000.0, hz) for hz in BANDS)
    return Figures(decay, bands, dense_within_ms(h[:, 0]), max(line_db(long[:, k], decay) for k in (0, 1)), line_db(noise, decay), mono_db(h), left_db(decay))


def modal_density() -> float:
    """Modes a hertz: the seconds that all lines hold."""
    found = re.search(r"line_frames\[LINES\] = \{([\d, ]+)\}", HEADER.read_text())
    return sum(map(int, found[1].split(","))) / RATE if found else float("nan")


def main() -> None:
    print(f"modal density: {modal_density():.2f} a hertz, and none stays where it is")
    print("decay  " + "".join(f"{hz:>8.0f}" for hz in BANDS) + "   Hz: measured over set;  dense within  line (of noise)   mono   after 3 decays")
    for decay in (0.2, 0.3, 1.0, 1.6, 4.0, 8.0):
        f = figures(decay)
        print(f"{decay:4.1f} s " + "".join(f"{b:8.3f}" for b in f.bands)
              + f"{'':27}{f.dense_ms:6.0f} ms   {f.line:5.1f} dB ({f.noise_line:4.1f})  {f.mono:+5.2f} dB   {f.left:6.0f} dB")


if __name__ == "__main__":
    main()
