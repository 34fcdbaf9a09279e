"""What stands between an electric instrument and the desk: pedals, a valve stage or several, a loudspeaker and the microphone before it, hum and hiss."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import signal

from models.recognise.midi import RATE, Sound
from models.recognise.scores import Random

Array = np.ndarray


@dataclass(frozen=True)
class Style:
    """Bounds of a kind of sound. `drive_db` into each of `stages`; `tight_hz`: what is kept out of them; `squeeze`: of a pedal before them, 0..1;
    `effects`: how likely chorus, tremolo, echoes and springs each are; `takes`: how often it is played over."""

    drive_db: tuple[float, float]
    stages: tuple[int, int]
    tight_hz: tuple[float, float]
    squeeze: float
    effects: float
    takes: tuple[int, int] = (1, 1)
    cabinet: bool = True


STYLES = {"direct": Style((-20, -6), (1, 1), (20, 80), 0.3, 0.25, cabinet=False),
          "clean": Style((-12, 3), (1, 1), (40, 120), 0.5, 0.4),
          "edge": Style((2, 14), (1, 2), (60, 220), 0.3, 0.25),
          "crunch": Style((12, 28), (1, 2), (70, 250), 0.2, 0.15, (1, 2)),
          "lead": Style((14, 30), (2, 3), (90, 350), 0.3, 0.4),
          "metal": Style((16, 34), (2, 3), (90, 260), 0.1, 0.05, (1, 3)),
          "fuzz": Style((25, 45), (1, 2), (30, 150), 0.0, 0.15, (1, 2))}


def level(sound: Sound, peak: float = 0.5) -> Sound:
    """-6 dBFS peak."""
    return np.asarray(sound * (peak / max(float(np.abs(sound).max(initial=0)), 1e-9)), np.float32)


def guitar(rng: Random, sound: Sound, style: str) -> Sound:
    """Through one amplifier, played over as often as its style has it. `style`: of STYLES."""
    s = STYLES[style]
    takes = int(rng.integers(s.takes[0], s.takes[1] + 1))
    whole = sum((_one(rng, sound if n == 0 else again(rng, sound), s) for n in range(takes)), np.zeros(len(sound)))
    return level(_effects(rng, whole, s.effects))


def again(rng: Random, sound: Sound) -> Sound:
    """A little out of time and of tune with the one before, as guitars are doubled."""
    late = int(rng.uniform(0, 0.025) * RATE)
    at = np.arange(len(sound)) * 2 ** (rng.normal(0, 4) / 1200) - late
    return np.interp(at, np.arange(len(sound)), sound, left=0, right=0).astype(np.float32)


def amplified(rng: Random, sound: Sound, drive_db: float) -> Sound:
    """A bass' or a keyboard's: a valve stage between a high-pass and a tone stack, and a loudspeaker: its resonance, and nothing over some 5 kHz."""
    x = level(sound, 1.0) * 10 ** (drive_db / 20)
    x = signal.sosfilt(signal.butter(1, rng.uniform(60, 220), "high", fs=RATE, output="sos"), x)
    if rng.random() < 0.5:      # a treble booster before the stage
        x = x + rng.uniform(0, 2) * signal.sosfilt(signal.butter(1, rng.uniform(700, 2500), "high", fs=RATE, output="sos"), x)
    bias = rng.uniform(0, 0.3)
    x = np.tanh(x + bias) - np.tanh(bias)
    if rng.random() < 0.5:
        x = np.tanh(rng.uniform(1, 4) * x)
    x = signal.sosfilt(signal.butter(2, [rng.uniform(55, 110), rng.uniform(3200, 6500)], "band", fs=RATE, output="sos"), x)
    b, a = signal.iirpeak(rng.uniform(1800, 3500), rng.uniform(0.7, 2), fs=RATE)
    x = x + rng.uniform(0, 1.2) * signal.lfilter(b, a, x)
    return level(np.asarray(x, np.float32))


def _one(rng: Random, sound: Sound, s: Style) -> Array:
    x = _squeezed(rng, level(sound, 1.0).astype(float)) if rng.random() < s.squeeze else level(sound, 1.0).astype(float)
    x = signal.sosfilt(signal.butter(1, rng.uniform(*s.tight_hz), "high", fs=RATE, output="sos"), x)
    if rng.random() < 0.5:      # a treble booster or a screamer before the stages
        b, a = signal.iirpeak(rng.uniform(600, 2500), rng.uniform(0.4, 1.2), fs=RATE)
        x = x + rng.uniform(0, 2.5) * signal.lfilter(b, a, x)
    hum = _hum(rng, len(x)) * 10 ** (rng.uniform(-85, -55) / 20)
    stages = int(rng.integers(s.stages[0], s.stages[1] + 1))
    drive = rng.uniform(*s.drive_db)
    for n in range(stages):
        bias = rng.uniform(0, 0.4)
        x = np.tanh((x + hum if n == 0 else x) * 10 ** (drive / stages / 20 + 0.15 * n) + bias) - np.tanh(bias)
        x = signal.sosfilt(signal.butter(1, [rng.uniform(20, 90), rng.uniform(6000, 14000)], "band", fs=RATE, output="sos"), x)
    x = x / (np.abs(x).max() + 1e-9)
    return _cabinet(rng, _stack(rng, x)) if s.cabinet else _stack(rng, x)


def _hum(rng: Random, count: int) -> Array:
    """Mains in the pickups, and hiss."""
    t, mains = np.arange(count) / RATE, float(rng.choice([50, 60]))
    tones = sum(rng.uniform(0, 1) / n * np.sin(2 * np.pi * mains * n * t + rng.uniform(0, 6)) for n in range(1, 16))
    return np.asarray(rng.uniform(0, 1) * tones + rng.uniform(0.1, 1) * rng.standard_normal(count))


def _squeezed(rng: Random, x: Array) -> Array:
    """A compressor's pedal."""
    env = signal.lfilter([0.001], [1, -0.999], np.abs(x)) + 1e-4
    return np.asarray(x * (env / env.max()) ** -rng.uniform(0.2, 0.7))


def _stack(rng: Random, x: Array) -> Array:
    """Bass, middle (often scooped) and treble."""
    for low_hz, high_hz, usual_db in ((80, 200, 0), (350, 900, -2), (2000, 4500, 0)):
        hz, db = rng.uniform(low_hz, high_hz), rng.normal(usual_db, 4)
        x = x + (10 ** (db / 20) - 1) * signal.lfilter(*signal.iirpeak(hz, 0.7, fs=RATE), x)
    return x


def _cabinet(rng: Random, x: Array) -> Array:
    """A loudspeaker's resonance, its breaking up, and nothing above; a microphone some way off its middle, and what the floor sends back."""
    low, high = rng.uniform(55, 120), rng.uniform(3000, 6500)
    x = signal.sosfilt(signal.butter(2, low, "high", fs=RATE, output="sos"), x)
    x = signal.sosfilt(signal.butter(int(rng.integers(2, 5)), high, fs=RATE, output="sos"), x)
    for _ in range(int(rng.integers(2, 6))):
        x = x + rng.uniform(-0.6, 1.2) * signal.lfilter(*signal.iirpeak(np.exp(rng.uniform(np.log(90), np.log(4500))), rng.uniform(0.7, 4), fs=RATE), x)
    late = int(rng.uniform(0.0005, 0.006) * RATE)
    x[late:] += rng.uniform(0, 0.5) * x[:-late].copy()
    return x


def _effects(rng: Random, x: Array, share: float) -> Array:
    t = np.arange(len(x)) / RATE
    if rng.random() < share:      # chorus or vibrato
        late = (0.010 + rng.uniform(0.001, 0.004) * np.sin(2 * np.pi * rng.uniform(0.3, 4) * t)) * RATE
        x = x + rng.uniform(0.3, 1) * np.interp(np.arange(len(x)) - late, np.arange(len(x)), x)
    if rng.random() < share / 2:
        x = x * (1 - rng.uniform(0.2, 0.9) * (0.5 + 0.5 * np.sin(2 * np.pi * rng.uniform(3, 9) * t)))
    if rng.random() < share:
        gap, kept, left = int(rng.uniform(0.08, 0.5) * RATE), rng.uniform(0.15, 0.5), x.copy()
        for n in range(1, 5):
            if gap * n < len(x):
                x[gap * n:] += kept**n * left[: len(x) - gap * n]
    if rng.random() < share:      # springs: a chirping tail of a narrow band
        tail = np.arange(int(1.5 * RATE)) / RATE
        spring = rng.standard_normal(len(tail)) * 10 ** (-3 * tail / rng.uniform(0.8, 2.5))
        spring = signal.sosfilt(signal.butter(2, [rng.uniform(150, 500), rng.uniform(2500, 4500)], "band", fs=RATE, output="sos"), spring)
        wet = signal.fftconvolve(x, spring)[: len(x)]
        x = x + wet * np.std(x) / (np.std(wet) + 1e-9) * 10 ** (rng.uniform(-22, -4) / 20)
    return x
