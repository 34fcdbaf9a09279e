"""What a key sounds like: pitch classes by Temperley (Music and Probability, 2007), and chords as counted in songs (`python -m models.ideas.train`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from gigbox.errors import ModelError
from gigbox.ideas.hear.chords import STATES

FILE = Path(__file__).with_name("key_profiles.npz")
KEYS = 24                  # 12 major ones from C, then 12 minor ones
MAJOR = (0.748, 0.060, 0.488, 0.082, 0.670, 0.460, 0.096, 0.715, 0.104, 0.366, 0.057, 0.400)
MINOR = (0.712, 0.084, 0.474, 0.618, 0.049, 0.460, 0.105, 0.747, 0.404, 0.067, 0.133, 0.330)
NEVER = 0.02               # what a chord that was not counted is thought to have been, in songs
BACKED = 5.0               # moves that a chord is thought to have made as any other does


@dataclass(frozen=True)
class KeyProfiles:
    """`tones`: (KEYS, 12) of zero mean and length 1; natural logarithms of likelihoods of chords from C: `usual` and `first` (KEYS, STATES), how much of a
    song and what it begins with; `moves` (KEYS, STATES, STATES), what follows what."""

    tones: np.ndarray
    usual: np.ndarray
    first: np.ndarray
    moves: np.ndarray


@lru_cache(maxsize=1)
def key_profiles(file: Path = FILE) -> KeyProfiles:
    """ModelError where it is not the file that is expected."""
    try:
        with np.load(file, allow_pickle=False) as found:
            counts = {name: found[name].astype(float) for name in ("usual", "first", "moves")}
    except (OSError, ValueError, KeyError) as e:
        raise ModelError(f"{file}: {e}, expected the file that models/ideas makes") from None
    return profiles(counts["usual"], counts["first"], counts["moves"])


def profiles(usual: np.ndarray, first: np.ndarray, moves: np.ndarray) -> KeyProfiles:
    """Of counts against the tonic, in major and in minor: (2, STATES), (2, STATES), (2, STATES, STATES)."""
    usual, first = (_shares(counts + NEVER) for counts in (usual, first))
    moves = _shares(moves + BACKED * usual[:, None])
    home = [(mode, tonic) for mode in (0, 1) for tonic in range(12)]
    places = [[(state - tonic) % 12 + 12 * (state // 12) for state in range(STATES)] for tonic in range(12)]
    return KeyProfiles(np.array([shaped(np.roll((MAJOR, MINOR)[mode], tonic)) for mode, tonic in home]),
                       np.log([usual[mode, places[tonic]] for mode, tonic in home]), np.log([first[mode, places[tonic]] for mode, tonic in home]),
                       np.log([moves[mode][np.ix_(places[tonic], places[tonic])] for mode, tonic in home]))


def shaped(x: np.ndarray) -> np.ndarray:
    """Zero mean, length 1: products are correlations."""
    x = np.asarray(x, float) - np.mean(x)
    return np.asarray(x / max(float(np.linalg.norm(x)), 1e-9))


def _shares(counts: np.ndarray) -> np.ndarray:
    return np.asarray(counts / counts.sum(axis=-1, keepdims=True))
