"""Synthesizers of few parts: one or two raw oscillators that drift, at the most a filter and a vibrato, played one note at a time or held."""

from __future__ import annotations

import numpy as np
from scipy import signal

from models.recognise.bowed import wander
from models.recognise.midi import RATE
from models.recognise.scores import Note, Random
from models.recognise.synths import Array, hertz, saw, swept

WAVES = ("sine", "triangle", "square", "pulse", "saw", "saws", "ring", "sync", "folded")


class Analog:
    """A patch: a wave, how it begins and ends, and what moves in it."""

    def __init__(self, rng: Random) -> None:
        self.rng, self.wave, self.drift = rng, str(rng.choice(WAVES)), rng.uniform(0.5, 12)
        self.ratio, self.bent, self.width = rng.uniform(1.2, 4.5), rng.uniform(1, 5), rng.uniform(0.08, 0.5)
        self.attack = float(np.exp(rng.uniform(np.log(0.002), np.log(0.5))))
        self.decay, self.sustain, self.release = rng.uniform(0.1, 2.5), float(rng.choice([0, rng.uniform(0.2, 1), 1])), rng.uniform(0.01, 0.8)
        self.depth, self.rate = float(rng.choice([0, 0, rng.uniform(5, 60)])), rng.uniform(2, 8)      # cents
        self.cut, self.env, self.q = float(np.exp(rng.uniform(np.log(1.2), np.log(24)))), rng.uniform(0, 5), rng.uniform(0.6, 9)
        self.filtered, self.sways, self.sway = rng.random() < 0.6, float(rng.choice([0, 0, rng.uniform(0.2, 0.8)])), rng.uniform(0.1, 6)
        self.hiss, self.slide = 10 ** (rng.uniform(-70, -30) / 20), float(rng.choice([0, 0, rng.uniform(1, 14)]))

    def note(self, note: Note) -> Array:
        rng, f = self.rng, hertz(note.pitch)
        count = int((note.length + min(4 * self.release, 1.5)) * RATE)
        t = np.arange(count) / RATE
        cents = self.depth * np.clip(t / 0.4, 0, 1) * np.sin(2 * np.pi * self.rate * (t + note.start)) + self.drift * wander(rng, count, 1.0)
        step = f / RATE * 2 ** ((cents - 100 * self.slide * np.exp(-t / 0.05)) / 1200)
        x = self._wave(np.cumsum(step) + rng.random(), f / RATE) + self.hiss * rng.standard_normal(count)
        if self.filtered:
            x = swept(x, lambda s: min(f * self._open(s), 18000), self.q)
        env = np.minimum(t / self.attack, 1) * (self.sustain + (1 - self.sustain) * np.exp(-t / self.decay))
        return np.asarray(x * env * np.where(t > note.length, np.exp(-(t - note.length) / self.release), 1) * (0.4 + note.velocity / 127))

    def _open(self, seconds: float) -> float:
        """How many times the pitch the filter lets through."""
        return float(self.cut * (1 + self.env * np.exp(-seconds / self.decay)) * (1 + self.sways * np.sin(2 * np.pi * self.sway * seconds)))

    def _wave(self, phase: Array, step: float) -> Array:
        turn, width = 2 * np.pi * phase, self.width + 0.1 * np.sin(2 * np.pi * phase * 0.004)
        if self.wave == "sine":
            return np.sin(turn)
        if self.wave == "triangle":
            return np.asarray(4 * np.abs(phase % 1 - 0.5) - 1)
        if self.wave in ("square", "pulse"):
            return saw(phase, step) - saw(phase + (0.5 if self.wave == "square" else width), step)
        if self.wave == "ring":
            return np.asarray(np.sin(turn) * np.sin(self.ratio * turn))
        if self.wave == "sync":
            return np.asarray(signal.sosfilt(signal.butter(2, 12000, fs=RATE, output="sos"), 2 * ((phase % 1) * self.ratio % 1) - 1))
        if self.wave == "folded":
            return np.asarray(np.sin(self.bent * np.sin(turn)))
        return saw(phase, step) + (saw(phase * 1.004, step) if self.wave == "saws" else 0)
