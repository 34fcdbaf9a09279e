"""What the engine's and the render's tests play: generated recordings, and songs made of them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import soundfile
import soxr

from tests.harmonics import harmonics

RATE = 48000


def tone(hz: float, seconds: float, rate: int = RATE, amplitude: float = 0.5) -> np.ndarray:
    return amplitude * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)


def noise(seconds: float, rms: float = 0.1, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, rms, round(seconds * RATE))


def click(at: float, seconds: float, rate: int = RATE) -> np.ndarray:
    """A soft click of 2 ms whose middle is at `at` seconds: it lives through any rate and any codec."""
    t = np.arange(round(seconds * rate)) / rate - at
    return 0.8 * np.exp(-((t / 0.5e-3) ** 2))


def middle(sound: np.ndarray) -> float:
    """The frame on which the click's energy is centred."""
    power = np.where(np.abs(sound) > 0.05, sound**2, 0)
    return float((np.arange(len(sound)) * power).sum() / power.sum())


def pitch(sound: np.ndarray, rate: int = RATE) -> float:
    """Hz of the strongest partial, between FFT bins."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) + 1e-12
    k = int(spectrum.argmax())
    a, b, c = np.log(spectrum[k - 1: k + 2])
    return float((k + 0.5 * (a - c) / (a - 2 * b + c)) * rate / len(sound))


def song_folder(folder: Path, files: Mapping[str, np.ndarray], rate: int = RATE, subtype: str | None = None) -> Path:
    """A folder with these recordings."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, sound in files.items():
        soundfile.write(os.fsencode(folder / name), sound, rate, subtype)
    return folder


def voice(seconds: float, rms: float = 0.1, seed: int = 1) -> np.ndarray:
    """Like talking: harmonics of a gliding pitch in syllables, with a breath every three seconds."""
    t = np.arange(round(seconds * RATE)) / RATE
    turn = 2 * np.pi * np.cumsum(150 + 30 * np.sin(2 * np.pi * 0.7 * t + seed)) / RATE
    x = harmonics(turn, 24, lambda k: 1 / k, lambda k: seed * k)
    x *= np.maximum(0, np.sin(2 * np.pi * 2.0 * t + seed)) ** 0.5 * ((t + 0.37 * seed) % 3 < 2.4)
    return rms * x / np.sqrt(np.mean(x**2)) + noise(seconds, rms * 0.003, seed)


def drum(seconds: float, peak: float = 0.5, seed: int = 1, hz: float = 70) -> np.ndarray:
    """A hit every half second, and a little room noise."""
    t = np.arange(round(seconds * RATE)) / RATE % 0.5
    hits = np.exp(-t / 0.06) * (np.sin(2 * np.pi * hz * t) + 0.3 * noise(seconds, 1.0, seed) * np.exp(-t / 0.01))
    return peak * hits / np.abs(hits).max() + noise(seconds, peak * 0.001, seed + 50)


def pad(seconds: float, rms: float = 0.05, seed: int = 1) -> np.ndarray:
    """Keys that never stop: a chord and some hiss."""
    chord = np.sum([tone(hz, seconds) for hz in (220, 277.18, 329.63, 440)], axis=0)
    return rms * chord / np.sqrt(np.mean(chord**2)) + noise(seconds, rms * 0.02, seed)


def singer(seconds: float, rms: float, start: float = 8) -> np.ndarray:
    """A real voice, the demo gig's, from `start` s on: what a model takes for a voice, as it does not the made one above."""
    sound, rate = soundfile.read(Path(__file__).resolve().parents[2] / "demo/gig/1-lead-vocal.ogg", dtype="float64", always_2d=True)
    mono = soxr.resample(sound[:, 0], rate, RATE)[round(start * RATE):][: round(seconds * RATE)]
    return rms * mono / np.sqrt(np.mean(mono**2))
