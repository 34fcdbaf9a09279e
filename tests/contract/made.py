"""What comes into the strips of a made gig: music, and everything that cables, switches and broken converters send."""

from __future__ import annotations

import functools

import numpy as np
from engine.sounds import drum, noise, pad, tone, voice

from gigbox.rack import METER_FRAMES, RATE, Floats

LOOP_S = 6


def _bursts(seconds: float) -> np.ndarray:
    return noise(seconds, 0.1) * (np.arange(round(seconds * RATE)) % RATE < 0.3 * RATE)


def _hum(seconds: float) -> np.ndarray:
    return np.sum([tone(50 * n, seconds, amplitude=0.02 / n) for n in range(1, 9)], axis=0) + noise(seconds, 1e-4)


def _every(value: float, sound: np.ndarray) -> np.ndarray:
    """A bad sample every 70 ms."""
    sound = sound.copy()
    sound[:: RATE * 7 // 100] = value
    return sound


MADE = {
    "silence": lambda: np.zeros(LOOP_S * RATE),
    "hiss": lambda: noise(LOOP_S, 1e-4, 3),
    "noise": lambda: noise(LOOP_S, 0.05, 4),
    "bursts": lambda: _bursts(LOOP_S),
    "sine": lambda: tone(440, LOOP_S, amplitude=0.1),
    "drum": lambda: drum(LOOP_S, 0.6),
    "quiet drum": lambda: drum(LOOP_S, 0.02, hz=180),
    "voice": lambda: voice(LOOP_S, 0.05),
    "quiet voice": lambda: voice(LOOP_S, 0.006, 2),
    "loud voice": lambda: voice(LOOP_S, 0.25, 3),
    "pad": lambda: pad(LOOP_S, 0.04),
    "square": lambda: np.sign(tone(110, LOOP_S)),
    "dc": lambda: np.full(LOOP_S * RATE, 0.5),
    "nan": lambda: _every(np.nan, voice(LOOP_S, 0.05)),
    "inf": lambda: _every(np.inf, voice(LOOP_S, 0.05)),
    "huge": lambda: 1e6 * tone(300, LOOP_S),
    "denormal": lambda: 1e-40 * np.sign(tone(300, LOOP_S)),
    "hum": lambda: _hum(LOOP_S),
}


@functools.cache
def loop(kind: str) -> Floats:
    """(LOOP_S * RATE,) float32."""
    return np.asarray(MADE[kind](), np.float32)


def tenth(kind: str, tick: int) -> Floats:
    """The 100 ms of it that begin at `tick`."""
    sound = loop(kind)
    at = tick * METER_FRAMES % len(sound)
    return sound[at:at + METER_FRAMES]
