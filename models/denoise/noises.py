"""Noises that no recording covers well enough: mains hum, hiss, crackle, chirps, knocks, murmur. All unwanted, all seeded."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import signal

from models.denoise.looks import RATE

Sound = np.ndarray

Random = np.random.Generator


def coloured(rng: Random, frames: int) -> Sound:
    """Noise with a random tilt and a few broad humps; half of them breathe slowly."""
    spectrum = np.fft.rfft(rng.standard_normal(frames).astype(np.float32))
    hz = np.maximum(np.fft.rfftfreq(frames, 1 / RATE), 20)
    octaves = np.log2(hz / 1000)
    db = rng.uniform(-7, 1) * octaves
    for _ in range(rng.integers(0, 4)):
        db += rng.uniform(-12, 12) * np.exp(-0.5 * ((octaves - rng.uniform(-4, 4)) / rng.uniform(0.3, 1.5)) ** 2)
    sound = np.fft.irfft(spectrum * 10 ** (db / 20), frames)
    if rng.random() < 0.5:
        sound *= 10 ** (_wander(rng, frames, rng.uniform(0.3, 6)) * rng.uniform(2, 8) / 20)
    return _whole(sound)


def hum(rng: Random, frames: int) -> Sound:
    """50 or 60 Hz with harmonics, a little wander, and hiss."""
    base = rng.choice([50.0, 60.0]) + 0.3 * _wander(rng, frames, 0.2)
    phase = np.cumsum(base) / RATE
    sound = np.zeros(frames)
    odd = rng.uniform(0.2, 1)
    for harmonic in range(1, rng.integers(4, 40)):
        level = harmonic ** -rng.uniform(0.4, 1.6) * (1 if harmonic % 2 else odd) * rng.uniform(0.3, 1)
        sound += level * np.sin(2 * np.pi * (harmonic * phase + rng.random()))
    return _whole(sound / np.std(sound) + 10 ** (rng.uniform(-40, 0) / 20) * coloured(rng, frames))


def crackle(rng: Random, frames: int) -> Sound:
    """Clicks of bad contacts, rain on a roof, fire: short bursts at random, from rare to dense."""
    sound = np.zeros(frames)
    for at in rng.integers(0, frames, rng.integers(4, 400)):
        length = min(int(rng.uniform(0.0005, 0.02) * RATE), frames - at)
        sound[at:at + length] += rng.standard_normal(length) * np.exp(-np.linspace(0, 6, length)) * 10 ** (rng.uniform(-20, 0) / 20)
    low, high = np.sort(rng.uniform(100, 16000, 2))
    return _whole(signal.sosfilt(signal.butter(2, [low, max(high, 1.5 * low)], "band", fs=RATE, output="sos"), sound))


def knocks(rng: Random, frames: int) -> Sound:
    """Steps, knocks, dishes: a few damped resonances hit again and again."""
    sound, period = np.zeros(frames), rng.uniform(0.12, 1.2)
    modes = [(rng.uniform(60, 5000), rng.uniform(0.01, 0.15), rng.uniform(0.2, 1)) for _ in range(rng.integers(1, 6))]
    at = rng.uniform(0, period)
    while at * RATE < frames:
        start, hit = int(at * RATE), 10 ** (rng.uniform(-10, 0) / 20)
        t = np.arange(min(frames - start, RATE // 3)) / RATE
        for hz, decay, level in modes:
            sound[start:start + len(t)] += hit * level * np.sin(2 * np.pi * hz * rng.uniform(0.98, 1.02) * t) * np.exp(-t / decay)
        sound[start:start + len(t)] += hit * rng.uniform(0.05, 0.5) * rng.standard_normal(len(t)) * np.exp(-t / 0.015)
        at += period * rng.uniform(0.7, 1.4)
    return _whole(sound)


def chirps(rng: Random, frames: int) -> Sound:
    """Birds, squeaks, beeps and alarms: phrases of swept tones between 500 Hz and 9 kHz."""
    sound, at = np.zeros(frames), rng.uniform(0, 1)
    centre, alarm = rng.uniform(900, 7000), rng.random() < 0.25
    while at * RATE < frames:
        length = 0.12 if alarm else rng.uniform(0.02, 0.3)
        t = np.arange(int(length * RATE)) / RATE
        start = int(at * RATE)
        sweep = 0 if alarm else rng.uniform(-0.5, 0.5)
        hz = centre * (1 if alarm else rng.uniform(0.8, 1.25)) * 2 ** (sweep * t / length + (0 if alarm else 0.05 * np.sin(2 * np.pi * rng.uniform(5, 60) * t)))
        tone = sum(rng.uniform(0, 0.4) ** (k - 1) * np.sin(2 * np.pi * k * np.cumsum(hz) / RATE) for k in (1, 2, 3)) * np.hanning(len(t)) ** 0.5
        piece = tone[: max(frames - start, 0)]
        sound[start:start + len(piece)] += 10 ** (rng.uniform(-12, 0) / 20) * piece
        at += length + (0.1 if alarm else rng.choice([rng.uniform(0.02, 0.15), rng.uniform(0.3, 2)]))
    return _whole(sound)


def engine(rng: Random, frames: int) -> Sound:
    """Motors, fans, helicopters, saws: a wandering base with harmonics, and noise that beats with it."""
    base = rng.uniform(8, 180) * 2 ** (rng.uniform(0, 0.3) * _wander(rng, frames, rng.uniform(0.1, 1.5)))
    phase = np.cumsum(base) / RATE
    sound, beat = np.zeros(frames), np.abs(np.sin(np.pi * phase + rng.random())) ** rng.uniform(0.5, 8)
    for harmonic in range(1, rng.integers(2, 30)):
        sound += rng.uniform(0.1, 1) * harmonic ** -rng.uniform(0.3, 1.5) * np.sin(2 * np.pi * (harmonic * phase + rng.random()))
    rough = coloured(rng, frames)
    return _whole(sound / (np.std(sound) + 1e-9) * rng.uniform(0, 1) + rough * (1 - rng.uniform(0, 1) * (1 - beat)))


def gusts(rng: Random, frames: int) -> Sound:
    """Wind, waves, cars that pass: noise whose level and brightness swell together."""
    swell = _wander(rng, frames, rng.uniform(0.1, 2))
    dark = signal.sosfilt(signal.butter(1, rng.uniform(60, 1500), fs=RATE, output="sos"), rng.standard_normal(frames))
    bright = coloured(rng, frames)
    return _whole(dark / np.std(dark) * 10 ** (rng.uniform(2, 9) * swell / 20) + rng.uniform(0, 1) * bright * 10 ** (rng.uniform(4, 14) * swell / 20))


def hands(rng: Random, frames: int) -> Sound:
    """Applause, cutlery, rain on tin, typing: very many short resonant hits."""
    hits, sound = rng.integers(20, 1500), np.zeros(frames)
    for at in rng.integers(0, frames - 4000, hits):
        t = np.arange(int(rng.uniform(0.002, 0.03) * RATE)) / RATE
        ring = np.sin(2 * np.pi * rng.uniform(500, 9000) * t) * rng.uniform(0, 1) + rng.standard_normal(len(t)) * rng.uniform(0, 1)
        sound[at:at + len(t)] += ring * np.exp(-t / rng.uniform(0.001, 0.008)) * 10 ** (rng.uniform(-18, 0) / 20)
    return _whole(sound * 10 ** (rng.uniform(0, 5) * _wander(rng, frames, 0.5) / 20))


MADE: tuple[Callable[[Random, int], Sound], ...] = (coloured, coloured, hum, crackle, knocks, chirps, engine, engine, gusts, hands)


def _wander(rng: Random, frames: int, hz: float) -> np.ndarray:
    """A smooth random walk with unit deviation that changes about `hz` times a second."""
    knots = rng.standard_normal(max(int(frames / RATE * hz) + 4, 4))
    at = np.linspace(0, len(knots) - 1, frames)
    return np.asarray(np.interp(at, np.arange(len(knots)), knots))


def _whole(sound: np.ndarray) -> Sound:
    """Unit RMS."""
    return np.asarray(sound / (np.sqrt(np.mean(np.square(sound))) + 1e-9), np.float32)
