"""Readers made to sing: WORLD (Morise et al. 2016) takes a voice apart, vowels are drawn out and put on notes, and it is put together again.

There is one real singer among the recordings; this gives fifty more, of a kind.
"""

from __future__ import annotations

import numpy as np

from models.recognise import scores
from models.recognise.midi import RATE, Sound
from models.recognise.scores import Random
from models.recognise.synths import hertz

FRAME_S = 0.005


def sung(rng: Random, speech: Sound, seconds: float, voices: int = 1) -> Sound:
    """(n,) of a (m,) sound at 48 kHz, at most so long: higher or lower as a whole by up to half an octave, with another body's formants.

    `voices`: takes stacked, in unison, octaves and thirds, as backing vocals are.
    """
    import pyworld  # of training alone

    x = speech.astype(np.float64)
    pitch, times = pyworld.dio(x, RATE, frame_period=1000 * FRAME_S, f0_floor=70, f0_ceil=500)
    pitch = pyworld.stonemask(x, pitch, times, RATE)
    envelope, aperiodicity = pyworld.cheaptrick(x, pitch, times, RATE), pyworld.d4c(x, pitch, times, RATE)
    voiced = pitch > 0
    if voiced.mean() < 0.15:
        return np.zeros(0, np.float32)
    at = _slowed(rng, voiced)[: int(seconds / FRAME_S)]
    tune = _tune(rng, len(at), float(np.median(pitch[voiced])))
    envelope, aperiodicity, sounds = envelope[at], np.ascontiguousarray(aperiodicity[at]), []
    for n in range(voices):
        up = 0.0 if n == 0 else float(rng.choice([0, 0, 3, 4, 7, -5, 12])) + rng.normal(0, 0.12)
        body = np.clip(np.arange(envelope.shape[1]) / 2 ** rng.uniform(-0.25, 0.25), 0, envelope.shape[1] - 1).astype(int)
        notes = np.where(voiced[at], tune * 2 ** (up / 12), 0.0)
        take = pyworld.synthesize(notes, np.ascontiguousarray(envelope[:, body]), aperiodicity, RATE, 1000 * FRAME_S)
        sounds.append(np.roll(take, int(rng.uniform(0, 0.03) * RATE) * bool(n)) * rng.uniform(0.5, 1))
    return np.asarray(sum(sounds), np.float32)


def _slowed(rng: Random, voiced: np.ndarray) -> np.ndarray:
    """Which frame is heard when: each run of voice drawn out 1.2 to 5 times, the rest as it is."""
    edges = np.flatnonzero(np.diff(voiced.astype(int))) + 1
    parts = []
    for begin, end in zip([0, *edges], [*edges, len(voiced)], strict=True):
        stretch = rng.uniform(1.2, 5) if voiced[begin] else rng.uniform(0.6, 1.2)
        parts.append(begin + np.floor(np.arange(int((end - begin) * stretch)) / stretch).astype(int))
    return np.concatenate(parts)


def _tune(rng: Random, frames: int, usual: float) -> np.ndarray:
    """Hz, frame by frame: a melody around the voice's usual pitch, notes slid into, vibrato."""
    middle = 69 + 12 * np.log2(usual / 440) + rng.uniform(-2, 6)
    notes = scores.melody(rng, frames * FRAME_S, int(middle - 7), int(middle + 8))
    pitches = np.full(frames, middle)
    for note in notes:
        pitches[int(note.start / FRAME_S):] = note.pitch
    smooth = np.exp(-np.arange(40) / rng.uniform(2, 12))
    pitches = np.convolve(np.pad(pitches, (39, 0), "edge"), smooth / smooth.sum(), "valid")[:frames]
    t = np.arange(frames) * FRAME_S
    depth = rng.uniform(0, 0.6) * (0.5 + 0.5 * np.sin(2 * np.pi * 0.21 * t))
    return np.array([hertz(p) for p in pitches + depth * np.sin(2 * np.pi * rng.uniform(4.5, 6.5) * t) + rng.normal(0, 0.03, frames)])
