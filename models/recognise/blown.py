"""Lips and reeds that never were: trumpets, trombones, horns, and saxophones, alone or as a section.

Of brass the louder is the brighter (Risset 1966), within a note too, which is what tells it from a bow: partials come one after another and leave in that
order. A reed is bright at once, breathes beside the tone, and sings in the formants of its tube.
"""

from __future__ import annotations

import numpy as np
from scipy import signal

from models.recognise.bowed import wander
from models.recognise.midi import RATE
from models.recognise.scores import Note, Random
from models.recognise.synths import Array, hertz, saw


class Blown:
    """A horn of its own. `reed`: a saxophone; `players`: more than one for a section."""

    def __init__(self, rng: Random, *, reed: bool, players: int = 1) -> None:
        self.rng, self.reed, self.players = rng, reed, players
        self.edge, self.attack, self.release = rng.uniform(1.5, 6.5), rng.uniform(0.012, 0.09), rng.uniform(0.02, 0.12)
        self.breath = 10 ** (rng.uniform(-45, -18) / 20) * (2 if reed else 0.5)
        self.rate, self.depth = rng.uniform(4.3, 6.5), float(rng.choice([0, 0, rng.uniform(3, 22)]))      # cents
        self.late, self.untrue = rng.uniform(0.1, 0.5), rng.uniform(1, 5) + (5 if players > 1 else 0)
        self.tube = np.exp(rng.uniform(np.log(400), np.log(3200), 3))
        self.sharp, self.mute = rng.uniform(1, 4), rng.random() < 0.12 and not reed
        self.growl, self.fall, self.scoop = float(rng.choice([0, 0, 0, rng.uniform(0.1, 0.5)])), rng.uniform(0, 0.4), rng.uniform(0, 90)

    def note(self, note: Note) -> Array:
        count = int((note.length + 4 * self.release) * RATE)
        sound = sum((self._player(note, count) for _ in range(self.players)), np.zeros(count))
        for hz in self.tube:
            sound = sound + 0.8 * signal.lfilter(*signal.iirpeak(hz, self.sharp, fs=RATE), sound)
        return np.asarray(signal.sosfilt(signal.butter(2, 1300, "high", fs=RATE, output="sos"), sound) if self.mute else sound)

    def _player(self, note: Note, count: int) -> Array:
        rng, force, t = self.rng, (note.velocity / 95) ** 1.2, np.arange(count) / RATE
        attack = min(self.attack * rng.uniform(0.7, 1.4), note.length / 2 + 0.005)
        blow = np.minimum(t / attack, 1) * (1 - self.fall * np.clip((t - attack) / max(note.length, 0.1), 0, 1)) * np.exp(0.05 * wander(rng, count, 6.0))
        blow = blow * np.where(t > note.length, np.exp(-(t - note.length) / self.release), 1)
        cents = self.depth * np.clip((t - self.late) / 0.3, 0, 1) * np.sin(2 * np.pi * self.rate * t + rng.uniform(0, 6))
        cents = cents + self.untrue * (0.5 * wander(rng, count, 3.0) + rng.normal()) - self.scoop * np.exp(-t / (0.5 * attack))
        step = hertz(note.pitch) / RATE * 2 ** (cents / 1200)
        phase = np.cumsum(step) + rng.random()
        if self.reed:
            x = saw(phase, float(step.mean())) - saw(phase + 0.35, float(step.mean()))
            x = signal.sosfilt(signal.butter(1, min(900 * self.edge * force + 500, 15000), fs=RATE, output="sos"), x)
        else:      # two sines of one pitch, the one bent by the other as far as it is blown (Chowning 1973)
            x = np.sin(2 * np.pi * phase + self.edge * force * blow * np.sin(2 * np.pi * phase))
        air = signal.sosfilt(signal.butter(1, [500, 7000], "band", fs=RATE, output="sos"), rng.standard_normal(count)) * (1 + 2 * np.exp(-t / attack))
        x = x * (1 - self.growl * (0.5 + 0.5 * np.sin(2 * np.pi * 90 * t))) + self.breath * air
        return np.asarray(x * blow * force)
