"""Strings under a bow that never were: violins, violas, cellos and basses, alone or as a section.

A bow drags a string into a saw (Helmholtz), whose partials each find their own resonances of the body; vibrato moves them across those, so loudness and
colour shimmer with it. Besides, hair rasps, the more at the beginning of a stroke, and no hand presses twice alike.
"""

from __future__ import annotations

import numpy as np
from scipy import signal

from models.recognise.midi import RATE
from models.recognise.scores import Note, Random
from models.recognise.synths import Array, hertz, saw

SLOWEST = 240                # samples from one thought of the hand to the next
STROKES = ("long", "long", "long", "detached", "detached", "short", "shaken")


def wander(rng: Random, count: int, hz: float) -> Array:
    """(n,) of about 1 on the average of squares, slower than `hz`: what no hand holds still."""
    steps = rng.standard_normal(count // SLOWEST + 8)
    slow = signal.lfilter(*signal.butter(1, min(hz / (RATE / SLOWEST / 2), 0.9)), np.concatenate([steps, steps]))[len(steps):]
    return np.interp(np.arange(count) / SLOWEST, np.arange(len(slow)), slow / (np.std(slow) + 1e-9))


class Wood:
    """A body: some eighty modes at random places, denser upward, in an impulse response; `size`: 1 of a violin, 0.4 of a cello."""

    def __init__(self, rng: Random, size: float) -> None:
        count = int(rng.integers(50, 120))
        hz = np.exp(rng.uniform(np.log(190 * size), np.log(11000), count))
        hill = 1 + rng.uniform(0, 6) * np.exp(-0.5 * (np.log(hz / rng.uniform(1800, 3600)) / 0.3) ** 2)      # of the bridge
        height = rng.uniform(0.2, 1, count) * hill / (1 + (hz / rng.uniform(5000, 12000)) ** 2)
        t = np.arange(int(0.05 * RATE)) / RATE
        modes = sum(a * np.sin(2 * np.pi * f * t) * np.exp(-np.pi * f / q * t) * f / 1000
                    for f, a, q in zip(hz, height, rng.uniform(10, 45, count), strict=True))
        self.answer = np.asarray(modes / (np.abs(np.fft.rfft(modes)).max() + 1e-9))
        self.answer[0] += rng.uniform(0.02, 0.25)


class Bowed:
    """One player or a section. `size`: of the body, 1 of a violin."""

    def __init__(self, rng: Random, size: float, players: int = 1) -> None:
        self.rng, self.wood, self.players = rng, Wood(rng, size), players
        self.dull, self.touch, self.rasp = np.exp(rng.uniform(np.log(2500), np.log(20000))), rng.uniform(0.3, 1.2), 10 ** (rng.uniform(-42, -16) / 20)
        self.rate, self.depth = rng.uniform(4.3, 7.0), float(rng.choice([0, rng.uniform(4, 14), rng.uniform(10, 32), rng.uniform(10, 32)]))      # cents
        self.late, self.untrue = rng.uniform(0.05, 0.4), rng.uniform(1, 6) + (6 if players > 1 else 0)
        self.stroke, self.attack, self.release = str(rng.choice(STROKES)), rng.uniform(0.015, 0.22), rng.uniform(0.04, 0.35)
        self.swell, self.shake = rng.uniform(0, 0.7), rng.uniform(7, 14)

    def note(self, note: Note) -> Array:
        length = note.length if self.stroke in ("long", "shaken") else note.length * 0.75 if self.stroke == "detached" else min(note.length, 0.14)
        count = int((length + 4 * self.release) * RATE)
        sound = sum((self._player(note, count, length) for _ in range(self.players)), np.zeros(count))
        return np.asarray(signal.fftconvolve(sound, self.wood.answer)[:count])

    def _player(self, note: Note, count: int, length: float) -> Array:
        rng, force = self.rng, (note.velocity / 90) ** self.touch
        t, attack = np.arange(count) / RATE, min(self.attack * rng.uniform(0.6, 1.5), length / 2 + 0.01)
        vibrato = self.depth * np.clip((t - self.late) / 0.3, 0, 1) * np.sin(2 * np.pi * self.rate * rng.uniform(0.93, 1.07) * t + rng.uniform(0, 6))
        cents = vibrato + self.untrue * (0.5 * wander(rng, count, 3.0) + rng.normal()) - rng.uniform(0, 40) * np.exp(-t / (0.3 * attack))
        step = hertz(note.pitch) / RATE * 2 ** (cents / 1200)
        phase = np.cumsum(step) + rng.random()
        hair = rng.standard_normal(count) * (0.4 + (phase % 1)) * (1 + 4 * np.exp(-t / attack))
        hair = signal.sosfilt(signal.butter(1, [rng.uniform(300, 1500), rng.uniform(3000, 14000)], "band", fs=RATE, output="sos"), hair)
        x = signal.sosfilt(signal.butter(1, min(self.dull * force, 20000), fs=RATE, output="sos"), saw(phase, float(step.mean()))) + self.rasp * hair
        hand = np.exp(0.12 * wander(rng, count, 8.0)) * (1 - self.swell * np.cos(np.pi * np.clip(t / max(length, 0.1), 0, 1)) ** 2)
        if self.stroke == "shaken":
            hand = hand * (0.35 + 0.65 * np.abs(np.sin(np.pi * self.shake * t)))
        return np.asarray(x * force * hand * np.minimum(t / attack, 1) * np.where(t > length, np.exp(-(t - length) / self.release), 1))
