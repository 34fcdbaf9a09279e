"""Struck and plucked strings, tines and reeds, partial by partial: pianos, electric pianos, clavinets, harpsichords, guitars and basses that never were.

A string's partial k lies at k f0 sqrt(1 + B k^2) (Fletcher 1964); where it is struck or plucked, and where a pickup sits, takes partials out; high ones
die sooner. Each object is one instrument: everything that differs between two of a kind is drawn once, so that no two share more than their physics.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from scipy import signal

from models.recognise.midi import RATE
from models.recognise.scores import Note, Random
from models.recognise.synths import Array, hertz, swept

HIGHEST_HZ, PARTIALS = 11000.0, 48
HEARD_DB = 60.0


def ring(hz: Array, height: Array, t60_s: Array, seconds: float) -> Array:
    """(n,) sum of sines that die away by 60 dB in `t60_s` each."""
    out = np.zeros(int(seconds * RATE))
    for f, a, t in zip(hz, height, t60_s, strict=True):
        count = min(len(out), int(t * RATE))
        if count < 8 or abs(a) < 1e-4:
            continue
        r, w, pulse = 10 ** (-3 / (t * RATE)), 2 * np.pi * f / RATE, np.zeros(count)
        pulse[0] = a * np.sin(w)
        out[:count] += signal.lfilter([1.0], [1.0, -2 * r * np.cos(w), r * r], pulse)
    return out


def damped(sound: Array, length_s: float, t60_s: float) -> Array:
    """The finger leaves, the felt falls."""
    end = min(int(length_s * RATE), len(sound))
    sound[end:] *= 10 ** (-3 * np.arange(len(sound) - end) / (t60_s * RATE))
    return sound


def knock(rng: Random, count: int, hz: float, t60_s: float) -> Array:
    """What a hammer, a pick or a nail does besides: a short noise below `hz`."""
    burst = np.zeros(count)
    n = min(count, int(t60_s * RATE))
    burst[:n] = rng.standard_normal(n) * 10 ** (-3 * np.arange(n) / max(n, 1))
    return np.asarray(signal.sosfilt(signal.butter(1, hz, fs=RATE, output="sos"), burst))


def bent(rng: Random, sound: Array, length_s: float) -> Array:
    """Pushed up into the note, or shaken, as fingers do it."""
    t = np.arange(len(sound)) / RATE
    up = -rng.choice([1, 2]) * np.clip(1 - t / rng.uniform(0.08, 0.3), 0, 1) if rng.random() < 0.5 else np.zeros(len(t))
    shake = rng.uniform(0.1, 0.6) * np.clip((t - 0.2) / 0.3, 0, 1) * np.sin(2 * np.pi * rng.uniform(4, 7) * t) if length_s > 0.4 else 0
    at = np.cumsum(2 ** ((up + shake) / 12))
    return np.asarray(np.interp(at, np.arange(len(sound)), sound, right=0.0))


class Instrument(Protocol):
    """(n,) of a note at 48 kHz."""

    def note(self, note: Note) -> Array: ...


class Body:
    """A soundboard, a box, a loudspeaker: some resonances and a slope, the same for every note."""

    def __init__(self, rng: Random, low_hz: float, high_hz: float, depth_db: float) -> None:
        self.hz = np.exp(rng.uniform(np.log(low_hz), np.log(high_hz), 7))
        self.db, self.width, self.slope = rng.normal(0, depth_db, 7), rng.uniform(0.1, 0.5, 7), rng.normal(0, 1.5)

    def gain(self, hz: Array) -> Array:
        at = np.log(hz[:, None] / self.hz)
        db = (self.db * np.exp(-0.5 * (at / self.width) ** 2)).sum(axis=1) + self.slope * np.log2(hz / 500)
        return np.asarray(10 ** (db / 20))


def _string(f0: float, stiffness: float) -> Array:
    k = np.arange(1, PARTIALS + 1)
    hz = k * f0 * np.sqrt(1 + stiffness * k * k)
    return np.asarray(hz[hz < HIGHEST_HZ])


class Piano:
    """One to three strings a note that die away in two stages (Weinreich 1977), a felt hammer that is brighter when it is faster, a pedal."""

    def __init__(self, rng: Random) -> None:
        self.rng, self.body = rng, Body(rng, 90, 4000, 4)
        self.stiff, self.strike = 10 ** rng.uniform(-4.1, -3.1), rng.uniform(0.06, 0.14)
        self.bright, self.touch, self.fall = rng.uniform(500, 2200), rng.uniform(0.5, 1.5), rng.uniform(0.8, 2.2)
        self.long, self.shorter, self.after = rng.uniform(3, 14), rng.uniform(13, 22), rng.uniform(0.15, 0.5)
        self.detuned = float(rng.choice([rng.uniform(0.1, 1.5), rng.uniform(0.1, 1.5), rng.uniform(3, 14)]))      # cents
        self.thump, self.damp, self.pedal = rng.uniform(0.05, 0.6), rng.uniform(0.1, 0.35), float(rng.choice([0, 0, rng.uniform(0.3, 2.5)]))

    def note(self, note: Note) -> Array:
        rng, force, f0 = self.rng, note.velocity / 90, hertz(note.pitch)
        hz = _string(f0, self.stiff * 2 ** (abs(note.pitch - 55) / 10))
        k = np.arange(1, len(hz) + 1)
        cut = self.bright * force**self.touch * 2 ** ((note.pitch - 60) / 30)
        height = np.abs(np.sin(k * np.pi * self.strike)) * np.exp(-(hz / (cut + f0)) ** (1 / self.fall)) * self.body.gain(hz)
        long = self.long * 2 ** (-(note.pitch - 48) / self.shorter) / (1 + (hz / 2500) ** 1.2)
        length = note.length + self.pedal
        seconds = min(length + self.damp, 5.0)
        cents = 2 ** (self.detuned / 1200 * rng.choice([-1, 1]))
        sound = ring(np.concatenate([hz, hz * cents]), np.concatenate([height, height * self.after]), np.concatenate([long / 3, long]), seconds)
        sound += self.thump * force * height.max(initial=0.0) * knock(rng, len(sound), rng.uniform(150, 900), 0.05)
        return damped(sound * force**1.3, length, self.damp) if note.pitch < 90 else sound * force**1.3


def _past(x: Array) -> Array:
    """The field of a magnet that a tine swings past."""
    return np.asarray(x / (1 + x * x))


class Tines:
    """Electric pianos: a tine or a reed swings before a pickup that hears it crooked (so it barks when it is hit hard), with a bell or a knock on top."""

    def __init__(self, rng: Random) -> None:
        self.rng, self.reed = rng, rng.random() < 0.4
        self.off, self.drive, self.touch = rng.uniform(0.1, 0.9), rng.uniform(0.3, 2.0), rng.uniform(0.8, 1.6)
        self.bells, self.bell = np.array([rng.uniform(5.5, 7.5), rng.uniform(14, 20)]), rng.uniform(0.02, 0.4, 2)
        self.long, self.bell_s, self.damp = rng.uniform(1.5, 7), rng.uniform(0.1, 0.6), rng.uniform(0.05, 0.2)
        self.tremolo, self.rate, self.cut = float(rng.choice([0, 0, rng.uniform(0.1, 0.6)])), rng.uniform(3.5, 7), rng.uniform(2000, 9000)

    def note(self, note: Note) -> Array:
        f0, force = hertz(note.pitch), (note.velocity / 100) ** self.touch
        hz = np.concatenate([[f0], np.minimum(self.bells * f0, HIGHEST_HZ)])
        seconds = min(note.length + 3 * self.damp, 5.0)
        long = self.long * 2 ** (-(note.pitch - 50) / 20)
        swing = ring(hz, np.array([1.0, *self.bell]) * force, np.array([long, self.bell_s, self.bell_s / 2]), seconds) * self.drive
        bend = np.tanh if self.reed else _past
        heard = bend(swing * (2 if self.reed else 1) + self.off) - bend(self.off)
        sound = np.diff(heard, prepend=0) * RATE / (2 * np.pi * f0) + 0.2 * force * knock(self.rng, len(heard), 700, 0.02)
        sound = signal.sosfilt(signal.butter(1, self.cut, fs=RATE, output="sos"), sound)
        t = np.arange(len(sound)) / RATE + note.start
        return damped(sound * (1 - self.tremolo * (0.5 + 0.5 * np.sin(2 * np.pi * self.rate * t))), note.length, self.damp)


class Kind(NamedTuple):
    """Between what bounds instruments of a kind differ."""

    where: tuple[float, float]           # plucked, share of the string
    bright_hz: tuple[float, float]
    t60_s: tuple[float, float]           # of A2
    stiffness: tuple[float, float]       # log10 of B
    click: tuple[float, float]
    body_hz: tuple[float, float]
    body_db: float
    pickup: bool


KINDS = {"nylon": Kind((0.12, 0.35), (700, 2500), (1.2, 4), (-5.0, -4.2), (0.02, 0.2), (85, 900), 5, False),
         "steel": Kind((0.08, 0.3), (1500, 6000), (2, 8), (-4.8, -4.0), (0.05, 0.5), (85, 1500), 5, False),
         "electric": Kind((0.06, 0.3), (1200, 6000), (2, 10), (-4.9, -4.0), (0.02, 0.3), (300, 4000), 2, True),
         "muted": Kind((0.05, 0.25), (600, 3500), (0.1, 0.5), (-4.9, -4.0), (0.05, 0.4), (200, 4000), 2, True),
         "bass": Kind((0.08, 0.3), (400, 2500), (1.5, 9), (-4.6, -3.8), (0.01, 0.15), (60, 2500), 2, True),
         "slap": Kind((0.03, 0.15), (2500, 7000), (1.5, 6), (-4.6, -3.8), (0.3, 1.2), (60, 3500), 3, True),
         "upright": Kind((0.1, 0.35), (250, 1100), (0.5, 2.2), (-4.6, -4.0), (0.05, 0.4), (55, 700), 5, False),
         "clavinet": Kind((0.03, 0.15), (2000, 7000), (0.6, 4), (-4.6, -3.8), (0.05, 0.5), (300, 4000), 2, True),
         "harpsichord": Kind((0.05, 0.2), (3500, 9000), (1, 5), (-4.8, -4.0), (0.1, 0.7), (150, 4000), 5, False)}


class Plucked:
    """Strings under fingers, plectra and quills. `kind`: of KINDS."""

    def __init__(self, rng: Random, kind: str) -> None:
        where, bright, long, stiff, click, body, depth, pickup = KINDS[kind]
        self.rng, self.kind, self.body = rng, kind, Body(rng, *body, depth)
        self.where, self.bright, self.long = rng.uniform(*where), rng.uniform(*bright), np.exp(rng.uniform(*np.log(long)))
        self.stiff, self.click, self.fall = 10 ** rng.uniform(*stiff), rng.uniform(*click), rng.uniform(0.3, 1.2)
        self.pickup, self.lossy, self.damp = rng.uniform(0.04, 0.3) if pickup else 0.0, rng.uniform(900, 4000), rng.uniform(0.03, 0.15)
        self.touch = 0.0 if kind == "harpsichord" else rng.uniform(0.3, 1.2)
        self.bends = float(rng.choice([0, rng.uniform(0.1, 0.6)])) if kind == "electric" else 0.0
        self.wah = float(rng.uniform(1, 4)) if kind == "clavinet" and rng.random() < 0.25 else 0.0

    def note(self, note: Note) -> Array:
        rng, f0, force = self.rng, hertz(note.pitch), (note.velocity / 90) ** (0.15 if self.kind == "harpsichord" else 1)
        hz = _string(f0 * 2 ** (rng.normal(0, 3) / 1200), self.stiff)
        k = np.arange(1, len(hz) + 1)
        where = np.clip(self.where * rng.uniform(0.85, 1.15), 0.01, 0.5)
        height = np.sin(k * np.pi * where) / k**self.fall / (1 + (hz / (self.bright * force**self.touch + 1)) ** 4) ** 0.5
        if self.pickup:
            height = height * np.sin(k * np.pi * self.pickup) * k**0.3
        height = height * self.body.gain(hz)
        long = self.long * (110 / f0) ** 0.5 / (1 + (hz / self.lossy) ** 1.3)
        seconds = min(note.length + self.damp, 5.0)
        sound = ring(np.concatenate([hz, hz * 1.0007]), np.concatenate([0.7 * height, 0.3 * height]), np.concatenate([long, 0.5 * long]), seconds)
        sound += self.click * force * np.abs(height).max(initial=0.0) * knock(rng, len(sound), rng.uniform(1500, 7000), 0.012)
        if self.wah:
            sound = swept(sound, lambda s: min(350 * (1 + self.wah * force * 4 * np.exp(-s / 0.15)), 6000), 3.0, band=True)      # an envelope filter
        if rng.random() < self.bends:
            sound = bent(rng, sound, note.length)
        return damped(sound * force, note.length, self.damp)


class Pipes:
    """Church organs, harmoniums, accordions: ranks of pipes or reeds that sound as long as a key is down."""

    def __init__(self, rng: Random) -> None:
        reeds = rng.random() < 0.5
        self.rng, self.feet = rng, rng.choice([0.5, 1, 1, 1, 2, 2, 3, 4], int(rng.integers(1, 5)))
        self.falls = rng.uniform(0.4, 1.1, len(self.feet)) if reeds else rng.uniform(1.0, 2.6, len(self.feet))
        self.cents = rng.normal(0, 9 if reeds else 2, len(self.feet))
        self.attack, self.release, self.chiff = rng.uniform(0.01, 0.15), rng.uniform(0.03, 0.15), 0 if reeds else rng.uniform(0, 0.15)
        self.shake, self.rate, self.body = float(rng.choice([0, 0, rng.uniform(0.02, 0.2)])), rng.uniform(4, 7), Body(rng, 150, 5000, 4)

    def note(self, note: Note) -> Array:
        count, f0 = int((note.length + 4 * self.release) * RATE), hertz(note.pitch)
        t = np.arange(count) / RATE
        sound = self.chiff * knock(self.rng, count, min(3 * f0, 9000), 0.08)
        for foot, fall, cents in zip(self.feet, self.falls, self.cents, strict=True):
            hz = np.arange(1, 25) * f0 * foot * 2 ** (cents / 1200)
            hz = hz[hz < HIGHEST_HZ]
            gain = self.body.gain(hz) / np.arange(1, len(hz) + 1) ** fall
            sound += sum((g * np.sin(2 * np.pi * f * t + self.rng.uniform(0, 6)) for f, g in zip(hz, gain, strict=True)), np.zeros(count))
        env = np.minimum(t / self.attack, 1) * np.where(t > note.length, np.exp(-(t - note.length) / self.release), 1)
        return np.asarray(sound * env * (1 + self.shake * np.sin(2 * np.pi * self.rate * (t + note.start))))
