"""A stage in a room: what each microphone hears of each source, by image sources (Allen and Berkley 1979) of a shoebox, frequency-independent walls."""

from __future__ import annotations

import itertools

import numpy as np
from scipy.signal import oaconvolve

RATE, SOUND = 48000, 343.0      # Hz, m/s


def impulse(size: np.ndarray, source: np.ndarray, microphone: np.ndarray, reflects: float, order: int = 6) -> np.ndarray:
    """From a source to a microphone, 1 at 1 m; `reflects`: amplitude that a wall gives back."""
    paths = []
    for shift in itertools.product(range(-order, order + 1), repeat=3):
        if sum(map(abs, shift)) > order:
            continue
        image = np.where(np.array(shift) % 2 == 0, source, size - source) + np.array(shift) * size
        paths.append((float(np.linalg.norm(image - microphone)), reflects ** sum(map(abs, shift))))
    taps = np.zeros(int(max(d for d, _ in paths) / SOUND * RATE) + 3)
    for distance, gain in paths:
        at, share = divmod(distance / SOUND * RATE, 1)
        taps[int(at)] += gain / distance * (1 - share)
        taps[int(at) + 1] += gain / distance * share
    return taps


def heard(sound: np.ndarray, taps: np.ndarray) -> np.ndarray:
    """As long as the sound."""
    return oaconvolve(sound, taps)[: len(sound)]
