"""Which chord may follow: counts of the corpus, each order backed by the next shorter one (Witten and Bell 1991), and those of the song itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gigbox.ideas.hear.chords import STATES, Chord
from gigbox.ideas.hear.key import Key
from gigbox.ideas.offer.corpus import ORDER, START, TOKENS, Corpus

NEW = 0.15                 # how often a song that went round does something else than before
SONG = 3.0                 # how many times the corpus's weight one hearing in this song has, in the same place


@dataclass(frozen=True)
class Offer:
    chord: Chord
    share: float


def next_chords(played: Sequence[Chord], key: Key, corpus: Corpus, count: int = 3) -> list[Offer]:
    """The likeliest ones first, never the one that sounds. `played`: the song so far, each change of chord once."""
    tokens = [token(chord, key.tonic) for chord in played]
    shares = guess(tokens, corpus)
    best = np.argsort(-shares, kind="stable")[:count]
    return [Offer(of_token(int(t), key.tonic), float(shares[t])) for t in best if shares[t] > 0]


def guess(tokens: Sequence[int], corpus: Corpus) -> np.ndarray:
    """(24,) how likely each is the next: what sounds now is not."""
    song = _counted(tokens)
    shares = usual = np.full(STATES, 1 / STATES)
    history = [START, *tokens]
    for order in range(min(ORDER, len(history)) + 1):
        context = packed(history[len(history) - order:])
        usual = _blended(usual, corpus.counts[order].get(context, {}), 1.0)
        shares = _blended(_blended(shares, corpus.counts[order].get(context, {}), 1.0), song[order].get(context, {}), SONG)
    shares = (1 - NEW) * shares + NEW * usual
    if tokens:
        shares[tokens[-1]] = 0.0
    return np.asarray(shares / shares.sum())


def token(chord: Chord, tonic: int) -> int:
    return (chord.root - tonic) % 12 + 12 * chord.minor


def of_token(number: int, tonic: int) -> Chord:
    return Chord((number + tonic) % 12, number >= 12)


def packed(tokens: Sequence[int]) -> int:
    number = 0
    for each in tokens:
        number = number * TOKENS + each
    return number


def _blended(shares: np.ndarray, counts: dict[int, int], weight: float) -> np.ndarray:
    if not counts:
        return shares
    kinds, total = len(counts), weight * sum(counts.values())
    out = shares * kinds
    for chord, count in counts.items():
        out[chord] += weight * count
    return np.asarray(out / (total + kinds))


def _counted(tokens: Sequence[int]) -> list[dict[int, dict[int, int]]]:
    """The song's own, as the corpus's; its last chord has no follower yet."""
    found: list[dict[int, dict[int, int]]] = [{} for _ in range(ORDER + 1)]
    history = [START, *tokens]
    for at in range(1, len(history)):
        for order in range(min(ORDER, at) + 1):
            row = found[order].setdefault(packed(history[at - order: at]), {})
            row[history[at]] = row.get(history[at], 0) + 1
    return found
