"""What was counted in tunes that may be used for it (corpus.toml is the card; `python -m models.ideas.train` makes the file), and which lines are in them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from gigbox.errors import ModelError

FILE = Path(__file__).with_name("corpus.npz")
FOLK, POP = 0, 1           # kinds of songs: tunes of dance and song, and loops of popular music
ORDERS = (4, 1)            # chords that a guess looks back at, in each
ORDER = max(ORDERS)
TOKENS = 25                # 24 chords against the tonic, and a beginning: digits of a number
START = 24
LINE = 8                   # notes that make a line, known by the seven steps between them
REACH = 14                 # semitones of a step either way: what is wider is a wide one
HASHES = 4


Tables = tuple[dict[int, dict[int, int]], ...]


@dataclass(frozen=True, eq=False)
class Corpus:
    """`counts[kind][minor][n]`: how often what followed what in songs of a kind and mode, for contexts of n chords: numbers of base TOKENS, the newest the
    last digit. `moves`: (2, 24) how often a major chord, or a minor one, of popular music was followed by which: semitones up, and 12 to a minor one.
    `steps`: (29, 29) melody steps in semitones after a step, of both sides of REACH. `rhythms`: (n, 24) onsets on twelfths of two beats, and their weight."""

    counts: tuple[tuple[Tables, Tables], ...]
    moves: np.ndarray
    steps: np.ndarray
    rhythms: np.ndarray
    rhythm_weights: np.ndarray
    lines: np.ndarray          # bits of a Bloom filter

    def has_line(self, pitches: tuple[int, ...]) -> bool:
        """Whether eight notes, wherever they begin, may be of a tune; a few per cent of all others are taken for that, too."""
        return all(self.lines[at >> 3] >> (at & 7) & 1 for at in places(pitches, len(self.lines) * 8))


def places(pitches: tuple[int, ...], bits: int) -> list[int]:
    """Where a line stands in the filter: its steps as a number, hashed (splitmix64)."""
    number = 0
    for low, high in itertools.pairwise(pitches):
        number = number * (2 * REACH + 3) + min(max(high - low, -REACH - 1), REACH + 1) + REACH + 1
    found = []
    for turn in range(1, HASHES + 1):
        z = (number + turn * 0x9E3779B97F4A7C15) & (2 ** 64 - 1)
        z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & (2 ** 64 - 1)
        z = ((z ^ z >> 27) * 0x94D049BB133111EB) & (2 ** 64 - 1)
        found.append((z ^ z >> 31) % bits)
    return found


@lru_cache(maxsize=1)
def corpus(file: Path = FILE) -> Corpus:
    try:
        with np.load(file, allow_pickle=False) as found:
            counts: tuple[tuple[Tables, Tables], ...] = tuple((_tables(most), _tables(most)) for most in ORDERS)
            for kind, minor, order, context, chord, count in found["counts"].tolist():
                counts[kind][minor][order].setdefault(context, {})[chord] = count
            moves = found["moves"].astype(float)
            return Corpus(counts, moves, found["steps"].astype(float), found["rhythms"], found["rhythm_weights"].astype(float), found["lines"])
    except (OSError, ValueError, KeyError, IndexError) as e:
        raise ModelError(f"{file}: {e}, expected the file that models/ideas makes") from None


def _tables(most: int) -> Tables:
    return tuple({} for _ in range(most + 1))
