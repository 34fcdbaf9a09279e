"""What is most easily taken for feedback: held notes. Recordings where a folder with some is named, made by formula otherwise, and flutes always."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from gigbox.engine.player import Reel
from gigbox.rack import RATE

LEVEL_DB = -20.0      # rms of what sounds, re full scale
SCALE = np.array([0, 2, 4, 5, 7, 9, 11])
RECORDED = {"singing": ("singing/*", "vocal/*"), "strings": ("strings/*",), "organ": ("keys/*organ*", "keys/harmonium*"),
            "electric guitar": ("electric_guitar/*",), "synth": ("synth/*",), "brass and saxophone": ("brass_sax/*",), "keys": ("keys/*",)}


def melody(rng: np.random.Generator, low: int, seconds: tuple[float, float]) -> Iterator[tuple[float, float]]:
    """Notes of C major from MIDI note `low` on, two octaves of them: (Hz, seconds), for ever."""
    at = 7
    while True:
        at = int(np.clip(at + rng.integers(-3, 4), 0, 13))
        yield 440 * 2 ** ((low + SCALE[at % 7] + 12 * (at // 7) - 69) / 12), rng.uniform(*seconds)


def tone(hz: np.ndarray, parts: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A sum of harmonics of a pitch that moves; those near half the rate are left out."""
    turns = np.cumsum(hz) / RATE
    return sum((part * np.sin(2 * np.pi * (k * turns + rng.random())) for k, part in enumerate(parts, 1) if k * hz.max() < 20000), np.zeros(len(hz)))


def _shape(n: int, rise_s: float, fall_s: float) -> np.ndarray:
    t = np.arange(n) / RATE
    return np.minimum(np.minimum(t / rise_s, (n / RATE - t) / fall_s), 1).clip(0, 1)


def _voice(hz: float, n: int, rng: np.random.Generator) -> np.ndarray:
    t = np.arange(n) / RATE
    bend = 1 + 0.03 * np.exp(-t / 0.06) * rng.choice((-1, 1)) + 0.006 * np.minimum(t / 0.5, 1) * np.sin(2 * np.pi * 5.5 * t + rng.random())
    vowel = np.array(((700, 1150), (400, 2000), (300, 2300), (450, 800), (330, 700))[rng.integers(5)])
    k = np.arange(1, 40) * hz
    parts = (1 / np.arange(1, 40)) * (0.1 + sum(1 / (1 + ((k - f) / 90) ** 2) for f in (*vowel, 2800)))
    return tone(hz * bend, parts, rng) * _shape(n, 0.06, 0.08) * 10 ** (rng.uniform(-6, 0) * np.minimum(t, 1) / 20)


def _flute(hz: float, n: int, rng: np.random.Generator) -> np.ndarray:
    t = np.arange(n) / RATE
    bend = 1 + rng.choice((0.0, 0.003)) * np.sin(2 * np.pi * 5 * t)                       # with vibrato or quite straight
    swell = 10 ** (rng.uniform(0, 8) * (np.minimum(t / t[-1], 1) - 1) / 20)               # many notes grow
    breath = 0.01 * rng.standard_normal(n)
    return (tone(hz * bend, np.array([1, 0.15, 0.05, 0.02]) * rng.uniform(0.3, 1.5, 4), rng) + breath) * _shape(n, 0.05, 0.05) * swell


def _string(hz: float, n: int, rng: np.random.Generator) -> np.ndarray:
    t = np.arange(n) / RATE
    bend = 1 + rng.uniform(0, 0.004) * np.sin(2 * np.pi * rng.uniform(4.5, 6.5) * t)
    swell = 10 ** (rng.uniform(-9, 9) * t / t[-1] / 20)
    return tone(hz * bend, 1 / np.arange(1, 30) ** 1.2 * rng.uniform(0.3, 1, 29), rng) * _shape(n, 0.15, 0.1) * swell


def _organ(hz: float, n: int, rng: np.random.Generator) -> np.ndarray:
    """Stops from almost pure flutes to full ones; chords."""
    parts = np.array(((1, 0.02, 0.01), (1, 0.3, 0.1), (0.8, 0.8, 0.6))[rng.integers(3)])
    chord = sum(tone(np.full(n, hz * ratio), parts, rng) for ratio in (1, 1.26, 1.5)[: rng.integers(1, 4)])
    return np.asarray(chord) * _shape(n, 0.03, 0.05)


def _guitar(hz: float, n: int, rng: np.random.Generator) -> np.ndarray:
    """Notes that ring on for seconds, some of them taken over by the amplifier: the second harmonic grows out of the note."""
    t = np.arange(n) / RATE
    bend = 1 + rng.choice((0.0, 0.004)) * np.sin(2 * np.pi * 4.5 * t)
    plucked = np.tanh(2 * tone(hz * bend, 1 / np.arange(1, 16), rng) * np.exp(-t / 1.5))
    taken = rng.choice((0.0, 1.0)) * (1 - np.exp(-t / 0.8)) * tone(hz * bend, np.array([0.2, 1.0, 0.1]), rng)
    return (plucked + taken) * _shape(n, 0.004, 0.05)


PLAYERS: dict[str, tuple[Callable[[float, int, np.random.Generator], np.ndarray], int, tuple[float, float]]] = {
    "singing": (_voice, 57, (0.3, 3)), "flute": (_flute, 60, (0.3, 3)), "strings": (_string, 55, (0.4, 4)),
    "organ": (_organ, 55, (0.4, 4)), "electric guitar": (_guitar, 52, (0.4, 5))}


def played(name: str, seconds: float, seed: int = 0) -> np.ndarray:
    """Made by formula: a melody of that instrument, at LEVEL_DB."""
    rng, (note, low, lengths) = np.random.default_rng(seed), PLAYERS[name]
    pieces, have = list[np.ndarray](), 0
    for hz, length in melody(rng, low, lengths):
        pieces.append(note(hz, round(length * RATE), rng))
        have += len(pieces[-1])
        if have >= seconds * RATE:
            break
    return levelled(np.concatenate(pieces)[: round(seconds * RATE)])


def recorded(name: str, seconds: float, folder: Path) -> np.ndarray | None:
    """Recordings of it one after the other, each at LEVEL_DB; None where there are none."""
    pieces, have = list[np.ndarray](), 0
    for file in sorted(file for pattern in RECORDED.get(name, ()) for file in folder.rglob(pattern)):
        reel = Reel(file)
        piece = reel.read(min(reel.frames, round(seconds * RATE) - have)).mean(axis=1)
        reel.close()
        pieces.append(levelled(piece))
        have += len(piece)
        if have >= seconds * RATE:
            break
    return np.concatenate(pieces) if pieces else None


def levelled(x: np.ndarray) -> np.ndarray:
    blocks = (x[: len(x) // 4800 * 4800].reshape(-1, 4800) ** 2).mean(axis=1)
    loud = blocks[blocks > 1e-3 * blocks.max()] if len(blocks) else np.ones(1)
    return np.asarray(np.clip(x * 10 ** (LEVEL_DB / 20) / np.sqrt(loud.mean() + 1e-12), -0.9, 0.9), np.float32)
