"""A band made of sums of partials and noise: chords and beats are known to the frame."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from gigbox.ideas.hear.chords import Chord
from gigbox.ideas.hear.listener import Listener
from gigbox.ideas.hear.mixdown import PIECE

RATE = 48000
ROLES = ("keys", "bass", "drums")


def chord(name: str) -> Chord:
    names = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
    return Chord(names.index(name.removesuffix("m")), name.endswith("m"))


@lru_cache(maxsize=64)
def tone(pitch: float, frames: int) -> np.ndarray:
    t = np.arange(frames) / RATE
    hz = 440 * 2 ** ((pitch - 69) / 12)
    return sum(0.6 ** k * np.sin(2 * np.pi * hz * (k + 1) * t) for k in range(6)) * np.exp(-1.2 * t)


def band(names: Sequence[str], bpm: float = 100.0, beats: int = 4, cents: float = 0.0, drums: bool = True) -> np.ndarray:
    """(frames, 3) of keys, bass and drums: a chord for so many beats each, struck on every beat."""
    beat = round(RATE * 60 / bpm)
    out = np.zeros((beat * beats * len(names), 3), np.float32)
    rng = np.random.default_rng(3)
    for n in range(beats * len(names)):
        at, now = n * beat, chord(names[n // beats])
        for tone_ in now.tones:
            out[at: at + beat, 0] += 0.06 * tone(60 + (tone_ - 60) % 12 + cents / 100, beat)
        out[at: at + beat, 1] += 0.15 * tone(36 + (now.root - 36) % 12 + cents / 100, beat)
        if drums:
            out[at: at + 2400, 2] += 0.4 * rng.normal(0, 1, 2400) * np.exp(-np.arange(2400) / 500)
    return out


def hear(sound: np.ndarray, roles: Sequence[str] = ROLES) -> tuple[Listener, list[str]]:
    """The listener at the end, and the chord at each tenth of a second, empty where none."""
    listener, found = Listener(), []
    for n in range(len(sound) // PIECE):
        heard = listener.hear(sound[n * PIECE: (n + 1) * PIECE], roles).heard
        found.append(heard.chord.name if heard.chord else "")
    return listener, found


def right(found: Sequence[str], names: Sequence[str], bpm: float = 100.0, beats: int = 4) -> float:
    """By time, 0.5 s late as it is told."""
    wanted = [names[min(max(int(((n + 1) * 0.1 - 0.5) * bpm / 60 / beats), 0), len(names) - 1)] for n in range(len(found))]
    return float(np.mean([a == b for a, b in zip(found[10:], wanted[10:], strict=True)]))
