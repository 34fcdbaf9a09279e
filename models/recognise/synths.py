"""Instruments made of numbers alone: subtractive and FM synthesizers, tonewheel organs, drum machines; and lines on which nobody plays."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import signal

from models.recognise.midi import RATE, Sound
from models.recognise.scores import Note, Random

Array = np.ndarray


def hertz(pitch: float) -> float:
    return float(440 * 2 ** ((pitch - 69) / 12))


def _times(seconds: float) -> Array:
    return np.arange(int(seconds * RATE)) / RATE


def saw(phase: Array, step: float) -> Array:
    """Band-limited by a polynomial at the jump (polyBLEP, Valimaki and Huovilainen 2007)."""
    p = phase % 1
    out = 2 * p - 1
    near = p < step
    t = p[near] / step
    out[near] -= t + t - t * t - 1
    far = p > 1 - step
    t = (p[far] - 1) / step
    out[far] -= t * t + t + t + 1
    return out


def _adsr(rng: Random, count: int, length: float, attack: float, decay: float, sustain: float, release: float) -> Array:
    t = np.arange(count) / RATE
    env = np.where(t < attack, t / attack, sustain + (1 - sustain) * np.exp(-(t - attack) / decay))
    return np.asarray(env * np.where(t > length, np.exp(-(t - length) / release), 1))


def swept(x: Array, hz: Callable[[float], float], q: float, *, band: bool = False) -> Array:
    """A resonant low-pass, or band-pass, whose frequency follows `hz` (of seconds): in pieces of 5 ms, its state handed on (RBJ's cookbook)."""
    out, state, piece = np.empty_like(x), np.zeros(2), 240
    for at in range(0, len(x), piece):
        w = 2 * np.pi * hz(at / RATE) / RATE
        alpha, c = np.sin(w) / (2 * q), np.cos(w)
        b = np.array([alpha, 0, -alpha] if band else [(1 - c) / 2, 1 - c, (1 - c) / 2]) / (1 + alpha)
        a = np.array([1, -2 * c / (1 + alpha), (1 - alpha) / (1 + alpha)])
        out[at:at + piece], state = signal.lfilter(b, a, x[at:at + piece], zi=state)
    return out


class Subtractive:
    """Two or more detuned saws or pulses, noise, a resonant low-pass with its own envelope."""

    def __init__(self, rng: Random) -> None:
        self.voices, self.detune = int(rng.integers(1, 6)), rng.uniform(0.0, 0.006)
        self.pulse, self.sub, self.noise = rng.random() < 0.4, rng.uniform(0, 0.6), rng.choice([0, 0, rng.uniform(0, 0.1)])
        self.width, self.sines = rng.uniform(0.15, 0.5), rng.random() < 0.12
        pluck = rng.random() < 0.45
        self.env = (rng.uniform(0.002, 0.01), rng.uniform(0.05, 0.5), rng.uniform(0, 0.3), rng.uniform(0.03, 0.4)) if pluck else \
            (rng.uniform(0.003, 0.7), rng.uniform(0.2, 2), rng.uniform(0.4, 1), rng.uniform(0.03, 1.2))
        self.cut, self.sweep, self.sweep_time, self.q = rng.uniform(1.5, 14), rng.uniform(0, 4), rng.uniform(0.04, 0.8), rng.uniform(0.6, 6)
        self.rng = rng

    def note(self, note: Note) -> Array:
        rng, (attack, decay, sustain, release) = self.rng, self.env
        count = int((note.length + min(4 * release, 1.5)) * RATE)
        t, f = np.arange(count) / RATE, hertz(note.pitch)
        x = np.zeros(count)
        for n in range(self.voices):
            own = f * (1 + self.detune * (n - (self.voices - 1) / 2))
            phase, step = own * t + rng.random(), own / RATE
            if self.sines:
                x += np.sin(2 * np.pi * phase) + 0.3 * np.sin(4 * np.pi * phase)
            else:
                x += (saw(phase, step) - saw(phase + self.width, step)) if self.pulse else saw(phase, step)
        x += self.sub * np.sin(np.pi * f * t) + self.noise * rng.standard_normal(count)
        force = note.velocity / 127
        x = swept(x, lambda s: min(f * self.cut * (1 + self.sweep * force * np.exp(-s / self.sweep_time)), 18000), self.q)
        return np.asarray(x * _adsr(rng, count, note.length, attack, decay, sustain, release) * (0.3 + note.velocity / 127))


class Fm:
    """Two or three sines that bend each other (Chowning 1973): bells, basses, leads, glass."""

    def __init__(self, rng: Random) -> None:
        self.ratio, self.other = float(rng.choice([0.5, 1, 1, 2, 3, 3.5, 5, 7, 1.41])), float(rng.choice([1, 2, 4, 9, 14]))
        self.index, self.fall, self.left = rng.uniform(0.5, 8), rng.uniform(0.05, 1.5), rng.uniform(0, 0.6)
        self.env = (rng.uniform(0.002, 0.2), rng.uniform(0.1, 2), rng.uniform(0, 0.9), rng.uniform(0.05, 1))
        self.vibrato, self.rng = rng.uniform(0, 0.004), rng

    def note(self, note: Note) -> Array:
        attack, decay, sustain, release = self.env
        count, f = int((note.length + min(4 * release, 1.5)) * RATE), hertz(note.pitch)
        t = np.arange(count) / RATE
        phase = 2 * np.pi * f * (t + self.vibrato / 35 * np.sin(2 * np.pi * 5.5 * t))
        depth = self.index * (self.left + (1 - self.left) * np.exp(-t / self.fall)) * note.velocity / 100
        x = np.sin(phase + depth * np.sin(self.ratio * phase + 0.3 * np.sin(self.other * phase)))
        return np.asarray(x * _adsr(self.rng, count, note.length, attack, decay, sustain, release) * (0.3 + note.velocity / 127))


class Organ:
    """Nine drawbars, a key click, and for all notes together a rotating loudspeaker (see `rotated`)."""

    BARS = (0.5, 1.5, 1, 2, 3, 4, 5, 6, 8)

    def __init__(self, rng: Random) -> None:
        self.bars = rng.uniform(0, 1, 9) ** 2 * (rng.random(9) < 0.7) + np.array([0.3, 0.2, 0.6, 0, 0, 0, 0, 0, 0])
        self.click, self.percussion, self.rng = rng.uniform(0, 0.2), rng.choice([0, 0, rng.uniform(0.3, 1)]), rng

    def note(self, note: Note) -> Array:
        count, f = int((note.length + 0.03) * RATE), hertz(note.pitch)
        t = np.arange(count) / RATE
        x = sum(bar * np.sin(2 * np.pi * ratio * f * t) for bar, ratio in zip(self.bars, self.BARS, strict=True) if ratio * f < 9000)
        x = x + self.percussion * np.exp(-t / 0.2) * np.sin(2 * np.pi * 3 * f * t)
        x = x + self.click * self.rng.standard_normal(count) * np.exp(-t / 0.003)
        return np.asarray(x * np.minimum(1, t / 0.003) * np.clip((note.length + 0.02 - t) / 0.02, 0, 1))


def rotated(rng: Random, sound: Sound) -> Sound:
    """Pitch, loudness and colour of a horn that turns, 0.8 or 6.5 times a second."""
    rate, t = rng.choice([0.8, 6.5]) * rng.uniform(0.9, 1.1), np.arange(len(sound)) / RATE
    late = 0.00025 * (1 + np.sin(2 * np.pi * rate * t)) * RATE
    x = np.interp(np.arange(len(sound)) - late, np.arange(len(sound)), sound) * (1 + 0.3 * np.sin(2 * np.pi * rate * t + 1))
    drive = rng.uniform(0.5, 5)
    return np.asarray(np.tanh(drive * x / (np.abs(x).max() + 1e-9)), np.float32)


def performed(patch: Subtractive | Fm | Organ, notes: list[Note], seconds: float) -> Sound:
    out = np.zeros(int((seconds + 2) * RATE))
    for note in notes:
        x, at = patch.note(note), int(note.start * RATE)
        end = min(at + len(x), len(out))
        out[at:end] += x[: end - at]
    return np.asarray(out[: int(seconds * RATE)], np.float32)


def echoed(rng: Random, sound: Sound) -> Sound:
    """Chorus, echoes."""
    x = sound.astype(float)
    if rng.random() < 0.5:
        t = np.arange(len(x)) / RATE
        late = (0.012 + 0.004 * np.sin(2 * np.pi * rng.uniform(0.2, 1.5) * t)) * RATE
        x = x + np.interp(np.arange(len(x)) - late, np.arange(len(x)), x)
    if rng.random() < 0.5:
        gap, again = int(rng.uniform(0.1, 0.5) * RATE), rng.uniform(0.15, 0.6)
        for n in range(1, 5):
            if gap * n < len(x):
                x[gap * n:] += again**n * sound[: len(x) - gap * n]
    return np.asarray(x, np.float32)


def produced(rng: Random, sound: Sound) -> Sound:
    """As productions treat them: ducked by a kick that is not heard, chopped in time, swept by a slow filter, driven."""
    x, t, beat = sound.astype(float), np.arange(len(sound)) / RATE, 60 / rng.uniform(85, 150)
    if rng.random() < 0.35:
        x *= 1 - rng.uniform(0.4, 1) * np.exp(-(t % beat) / (beat * rng.uniform(0.15, 0.5)))
    if rng.random() < 0.2:
        steps = (rng.random(16) < 0.6) * 1.0
        gate = steps[(t / (beat / 4)).astype(int) % 16]
        x *= signal.lfilter([0.01], [1, -0.99], gate)
    if rng.random() < 0.3:
        low, high = np.exp(rng.uniform(np.log(200), np.log(1500))), np.exp(rng.uniform(np.log(2000), np.log(12000)))
        sweep = 0.5 + 0.5 * np.sin(2 * np.pi * t / rng.uniform(2, 16) + rng.uniform(0, 6))
        dull, bright = (signal.sosfilt(signal.butter(2, hz, fs=RATE, output="sos"), x) for hz in (low, high))
        x = dull + sweep * (bright - dull)
    if rng.random() < 0.2:
        x = np.tanh(x / (np.abs(x).max() + 1e-9) * 10 ** rng.uniform(0.2, 1.2))
    return echoed(rng, np.asarray(x, np.float32))


def drum(rng: Random, which: str) -> Sound:
    """One hit of a drum machine: a sine that falls, noise that decays, or a cluster of squares."""
    if which == "kick":
        t = _times(rng.uniform(0.25, 0.9))
        low, sweep, fall = rng.uniform(38, 62), rng.uniform(60, 350), rng.uniform(0.01, 0.06)
        phase = 2 * np.pi * (low * t - sweep * fall * (np.exp(-t / fall) - 1))
        x = np.sin(phase) * np.exp(-t / rng.uniform(0.08, 0.4)) + rng.uniform(0, 0.4) * rng.standard_normal(len(t)) * np.exp(-t / 0.004)
        x = np.tanh(rng.uniform(0.5, 4) * x)
    elif which == "snare":
        t = _times(0.45)
        f, tone = rng.uniform(150, 260), rng.uniform(0.2, 1)
        noise = signal.sosfilt(signal.butter(1, rng.uniform(400, 2500), "high", fs=RATE, output="sos"), rng.standard_normal(len(t)))
        x = tone * (np.sin(2 * np.pi * f * t) + 0.6 * np.sin(2 * np.pi * 1.6 * f * t)) * np.exp(-t / rng.uniform(0.03, 0.12))
        x = x + rng.uniform(0.3, 1) * noise * np.exp(-t / rng.uniform(0.04, 0.18))
    elif which == "clap":
        t = _times(0.4)
        noise = signal.sosfilt(signal.butter(2, [rng.uniform(600, 1000), rng.uniform(2000, 5000)], "band", fs=RATE, output="sos"), rng.standard_normal(len(t)))
        env = sum(np.where(t >= d, np.exp(-(t - d) / 0.006), 0) for d in (0, 0.011, 0.022)) + np.where(t > 0.03, np.exp(-(t - 0.03) / 0.08), 0)
        x = noise * env
    elif which == "tom":
        t = _times(0.8)
        low, sweep = rng.uniform(65, 220), rng.uniform(0.1, 0.7)
        phase = 2 * np.pi * low * (t - sweep * 0.05 * (np.exp(-t / 0.05) - 1))
        x = np.sin(phase) * np.exp(-t / rng.uniform(0.1, 0.35)) + rng.uniform(0, 0.3) * rng.standard_normal(len(t)) * np.exp(-t / 0.02)
    else:
        closed = which == "hihat"
        t = _times(0.3 if closed else rng.uniform(0.5, 2.0))
        squares = sum(np.sign(np.sin(2 * np.pi * f * rng.uniform(0.8, 1.3) * t)) for f in (205, 304, 369, 522, 540, 800))
        x = rng.uniform(0, 0.4) * squares + rng.standard_normal(len(t))
        x = signal.sosfilt(signal.butter(3, rng.uniform(5000, 9000), "high", fs=RATE, output="sos"), x)
        x = x * np.exp(-t / (rng.uniform(0.015, 0.07) if closed else rng.uniform(0.15, 0.6)))
    return np.asarray(x / (np.abs(x).max() + 1e-9), np.float32)


def _air(rng: Random, count: int) -> Array:
    """What an open microphone hears of an empty room: bands of noise that come and go by some dB, and dull knocks."""
    x = np.zeros(count)
    for _ in range(4):
        low = 10 ** rng.uniform(1.5, 3.5)
        band = signal.sosfilt(signal.butter(1, [low, min(low * rng.uniform(1.5, 8), 20000)], "band", fs=RATE, output="sos"), rng.standard_normal(count))
        steps = np.cumsum(rng.normal(0, 1.2, count // 4800 + 2))
        walk = np.interp(np.arange(count) / 4800, np.arange(len(steps)), steps - np.linspace(steps[0], steps[-1], len(steps)))
        x += rng.uniform(0.1, 1) * 10 ** (np.clip(walk, -12, 12) / 20) * band / (np.std(band) + 1e-9)
    for at in rng.integers(0, count, int(rng.integers(0, 5))):
        knock = np.exp(-np.arange(4000) / 700) * np.sin(2 * np.pi * rng.uniform(40, 400) * np.arange(4000) / RATE)
        x[at:at + 4000] += rng.uniform(0.5, 4) * knock[: count - at]
    return x


def line_noise(rng: Random, seconds: float) -> Sound:
    """A line on which nobody plays, full scale 1: hiss, hum, buzz, rumble, a fan, or next to nothing; with a crackle now and then."""
    count = int(seconds * RATE)
    t = np.arange(count) / RATE
    white, what = rng.standard_normal(count), rng.choice(["hiss", "colour", "hum", "buzz", "rumble", "fan", "air", "air", "dither", "mixed"])
    colour = np.fft.irfft(np.fft.rfft(white) * np.maximum(np.arange(count // 2 + 1), 20.0) ** (-rng.uniform(0, 1)), count)
    mains = rng.choice([50, 60]) * (1 + rng.normal(0, 0.0005))
    partials = np.arange(1, 30)
    fall = rng.uniform(0.5, 1.6)
    hum = sum(rng.uniform(0.2, 1) * n**-fall * np.sin(2 * np.pi * mains * n * t + rng.uniform(0, 6)) for n in partials)
    edges = signal.sosfilt(signal.butter(2, 1000, "high", fs=RATE, output="sos"), np.sign(np.sin(2 * np.pi * mains * t)))
    buzz = np.tanh(rng.uniform(2, 8) * hum) + 0.3 * edges
    rumble = signal.sosfilt(signal.butter(2, rng.uniform(60, 300), fs=RATE, output="sos"), white) * (1 + 0.3 * np.sin(2 * np.pi * rng.uniform(0.05, 0.5) * t))
    fan = signal.sosfilt(signal.butter(1, rng.uniform(200, 1500), fs=RATE, output="sos"), white) + 0.1 * np.sin(2 * np.pi * rng.uniform(80, 400) * t)
    parts = {"hiss": white, "air": _air(rng, count), "colour": colour, "hum": hum, "buzz": buzz, "rumble": rumble, "fan": fan, "dither": np.zeros(count)}
    unit = {name: x / (np.std(x) + 1e-9) for name, x in parts.items()}
    x = unit[what] if what in unit else sum(rng.uniform(0, 1) * unit[n] for n in rng.choice(list(unit), 3))
    x = x * 10 ** (rng.uniform(-75, -28) / 20) + white * 10 ** (rng.uniform(-100, -70) / 20)
    if rng.random() < 0.15:
        for at in rng.integers(0, count - 500, int(rng.integers(1, 8))):
            x[at:at + 400] += rng.standard_normal(400) * np.exp(-np.arange(400) / 60) * 10 ** (rng.uniform(-50, -25) / 20)
    return np.asarray(x, np.float32)
