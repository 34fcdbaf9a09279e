"""Rooms between a loudspeaker and a microphone, as responses at 48 kHz, made by formula or recorded, and how far a loop through them may be turned up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.signal import butter, sosfilt

from gigbox.engine.player import Reel
from gigbox.rack import RATE

SOUND_M_S = 343.0


@dataclass(frozen=True)
class Room:
    """`response`: float64, one impulse response; `kind` says how it was made."""

    kind: str
    response: np.ndarray


def diffuse(seed: int) -> Room:
    """A direct sound and Gaussian noise that decays: many peaks, hardly one above the others, which is the worst case for notches."""
    rng = np.random.default_rng(seed)
    metres, seconds, ratio_db = rng.uniform(1.5, 3), rng.uniform(0.3, 1.0), rng.uniform(-6, 3)
    tail = rng.standard_normal(round(seconds * RATE)) * 10 ** (-3 * np.arange(round(seconds * RATE)) / RATE / seconds)
    tail *= 10 ** (-ratio_db / 20) / np.sqrt((tail ** 2).sum())
    return Room("diffuse", _spoken_through(_at(metres, tail)))


def _mode(strength: float, hz: float, turn: float, seconds: float, t: np.ndarray) -> np.ndarray:
    """One that falls by 60 dB in `seconds`; `turn`: its phase, 0..1."""
    return np.asarray(strength * np.cos(2 * np.pi * (hz * t + turn)) * 10 ** (-3 * t / seconds) / np.sqrt(seconds))


def peaky(seed: int) -> Room:
    """A few dozen modes that ring: a small stage, a wedge, a microphone with a colour of its own."""
    rng = np.random.default_rng(1000 + seed)
    metres, count = rng.uniform(1, 2), 40
    t = np.arange(round(0.8 * RATE)) / RATE
    tail = np.zeros(len(t))
    for hz, seconds in zip(np.exp(rng.uniform(np.log(120), np.log(6000), count)), rng.uniform(0.1, 0.7, count), strict=True):
        tail += _mode(rng.exponential(), hz, rng.random(), seconds, t)
    tail *= 2 / np.sqrt((tail ** 2).sum())
    return Room("peaky", _spoken_through(_at(metres, tail)))


def shoebox(seed: int) -> Room:
    """Images of a loudspeaker in a room of six walls (Allen and Berkley 1979), which take more of the treble than of the bass."""
    rng = np.random.default_rng(2000 + seed)
    size = rng.uniform((5, 4, 2.6), (12, 9, 4.5))
    speaker, microphone = rng.uniform(0.5, 1.0, 3) * (1, 1, 0.4), np.array([rng.uniform(1.5, 2.5), rng.uniform(1.2, 2.5), 1.6])
    wall = rng.uniform(0.65, 0.85)
    count = np.arange(-8, 9)
    n = np.stack(np.meshgrid(count, count, count, indexing="ij"), -1).reshape(-1, 3)
    out = np.zeros((2, round(0.7 * RATE)))
    for side in np.ndindex(2, 2, 2):
        image = 2 * n * size + np.where(side, -1, 1) * speaker
        metres = np.sqrt(((image - microphone) ** 2).sum(1))
        bounces = np.abs(n - np.array(side)).sum(1) + np.abs(n).sum(1)
        at = np.round(metres / SOUND_M_S * RATE).astype(int)
        near = at < out.shape[1]
        np.add.at(out[0], at[near], (wall ** bounces / metres)[near])
        np.add.at(out[1], at[near], ((0.75 * wall) ** bounces / metres)[near])
    split = butter(1, 2500, "low", fs=RATE, output="sos")
    low, high = sosfilt(split, out[0]), out[1] - sosfilt(split, out[1])
    return Room("shoebox", _spoken_through(low + high))


def hall(seed: int) -> Room:
    """Modes in pairs a few Hz apart that ring for seconds, as recorded halls have them: what grows there grows slowly, beats, and answers a cut late."""
    rng = np.random.default_rng(3000 + seed)
    metres, count = rng.uniform(1.5, 3), 24
    t = np.arange(round(1.2 * RATE)) / RATE
    tail = np.zeros(len(t))
    for hz, seconds in zip(np.exp(rng.uniform(np.log(120), np.log(3000), count)), rng.uniform(1.0, 3.0, count), strict=True):
        for beside in (0.0, rng.uniform(2, 6)):
            tail += _mode(rng.uniform(0.5, 1), hz + beside, rng.random(), seconds, t)
    tail *= 2 / np.sqrt((tail ** 2).sum())
    return Room("hall", _spoken_through(_at(metres, tail)))


def measured(file: Path) -> Room:
    """A response that somebody recorded, from 2 ms before its loudest sample on, a second of it, 1.4 m away."""
    reel = Reel(file)
    heard = reel.read(reel.frames)[:, 0].astype(float)
    reel.close()
    heard = heard[max(0, int(np.abs(heard).argmax()) - 96):][:RATE]
    return Room("measured", _spoken_through(np.concatenate([np.zeros(200), heard / np.abs(heard).max()])))


KINDS = {"diffuse": diffuse, "peaky": peaky, "shoebox": shoebox, "hall": hall}


def moved(room: Room, seed: int) -> Room:
    """The same room with the microphone elsewhere."""
    return KINDS[room.kind](seed + 500)


def stable_limit(response: np.ndarray, frames: int) -> float:
    """dB of gain at which a loop through it and `frames` of delay begins to howl: Nyquist's criterion, where the phase is a whole number of turns."""
    spectrum = np.fft.rfft(np.concatenate([np.zeros(frames), response]), 1 << 18)
    a, b = spectrum[:-1], spectrum[1:]
    crosses = (np.sign(a.imag) != np.sign(b.imag)) & (a.real + b.real > 0)
    return float(-20 * np.log10(np.maximum(np.abs(a), np.abs(b))[crosses].max()))


def _at(metres: float, tail: np.ndarray) -> np.ndarray:
    """The direct sound, of strength 1, at its distance, and the rest from 2 ms behind it on."""
    direct = round(metres / SOUND_M_S * RATE)
    out = np.zeros(direct + 96 + len(tail))
    out[direct] = 1
    out[direct + 96:] += tail
    return out


def _spoken_through(response: np.ndarray) -> np.ndarray:
    """What a small loudspeaker and a vocal microphone leave of it."""
    return np.asarray(sosfilt(butter(2, (100, 9000), "band", fs=RATE, output="sos"), response))
