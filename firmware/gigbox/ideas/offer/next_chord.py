"""Which chord may follow: as in songs of two kinds, as far as this one has been like either, and before all as in this song itself.

A kind of songs is counts, each order backed by the next shorter one (Witten and Bell 1991). Loops of popular music were too few for that alone: what follows,
how usual a chord is at all, and which ways chords move whatever the key, from the last one and from the one before, are witnesses that are weighed (a
logarithmic opinion pool; weights chosen on progressions that the counts did not know).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gigbox.ideas.hear.chords import STATES, Chord
from gigbox.ideas.hear.key import Key
from gigbox.ideas.offer.corpus import FOLK, ORDER, ORDERS, POP, START, TOKENS, Corpus, Tables

NEW = 0.15                 # how often a song that went round does something else than before
SONG = 3.0                 # how much one hearing in this song counts
LIKE_POP = 0.7             # the chance that a song is a loop of popular music, before it says so
LOOK = 16                  # changes of chord that tell it
DOUBT = 1e-4               # no chord is less likely, when it is asked which kind this is
OTHER, OWN = 1.0, 2.0      # what a count of the other mode weighs, and one of the song's own
FOLLOWS, USUAL, MOVES = 0.25, 0.35, (0.2, 0.2)      # of the witnesses; MOVES: from the last chord, and from the one before
SELDOM = 0.2               # how often a move that was not counted is thought to have been
REMEMBERED = 4096


@dataclass(frozen=True)
class Offer:
    chord: Chord
    share: float


def next_chords(played: Sequence[Chord], key: Key, corpus: Corpus, count: int = 3) -> list[Offer]:
    """The likeliest ones first, never the one that sounds. `played`: the song so far, each change of chord once."""
    tokens = [token(chord, key.tonic) for chord in played]
    shares = guess(tokens, key.minor, corpus)
    best = np.argsort(-shares, kind="stable")[:count]
    return [Offer(of_token(int(t), key.tonic), float(shares[t])) for t in best if shares[t] > 0]


def guess(tokens: Sequence[int], minor: bool, corpus: Corpus) -> np.ndarray:
    """(24,) how likely each is the next: what sounds now is not."""
    history, song = [START, *tokens], _counted(tokens)
    shares = usual = _usual(history, minor, corpus)
    for order in range(1, min(ORDER, len(history)) + 1):
        shares = _blended(shares, song[order].get(packed(history[-order:]), {}), SONG)
    return _but(tokens[-1:], (1 - NEW) * shares + NEW * usual)


def token(chord: Chord, tonic: int) -> int:
    return (chord.root - tonic) % 12 + 12 * chord.minor


def of_token(number: int, tonic: int) -> Chord:
    return Chord((number + tonic) % 12, number >= 12)


def packed(tokens: Sequence[int]) -> int:
    number = 0
    for each in tokens:
        number = number * TOKENS + each
    return number


def _usual(history: Sequence[int], minor: bool, corpus: Corpus) -> np.ndarray:
    """Both kinds, each by how likely the song so far would be in it."""
    ahead = float(np.log(LIKE_POP / (1 - LIKE_POP)))
    for n in range(max(len(history) - LOOK, 2), len(history)):
        pop, folk = (float(of(tuple(history[max(n - ORDER, 0): n]), minor, corpus)[history[n]]) for of in (_pop, _folk))
        ahead += float(np.log((pop + DOUBT) / (folk + DOUBT)))
    share, tail = 1 / (1 + np.exp(-ahead)), tuple(history[-ORDER:])
    return np.asarray(share * _pop(tail, minor, corpus) + (1 - share) * _folk(tail, minor, corpus))


@lru_cache(maxsize=REMEMBERED)
def _folk(tail: tuple[int, ...], minor: bool, corpus: Corpus) -> np.ndarray:
    """`tail`: the newest chords, after START if the song has no more of them."""
    return _but(tail[-1:], _backed(corpus.counts[FOLK], tail, minor, ORDERS[FOLK]))


@lru_cache(maxsize=REMEMBERED)
def _pop(tail: tuple[int, ...], minor: bool, corpus: Corpus) -> np.ndarray:
    counts = corpus.counts[POP]
    pool = FOLLOWS * np.log(_backed(counts, tail, minor, ORDERS[POP])) + USUAL * np.log(_backed(counts, tail, minor, 0))
    for weight, last in zip(MOVES, reversed(tail), strict=False):
        if last != START:
            ways = corpus.moves[last // 12] + SELDOM
            pool += weight * np.log(np.concatenate([np.roll(ways[:12], last % 12), np.roll(ways[12:], last % 12)]) / ways.sum())
    return _but(tail[-1:], np.exp(pool))


def _backed(counts: tuple[Tables, Tables], tail: Sequence[int], minor: bool, most: int) -> np.ndarray:
    shares = np.full(STATES, 1 / STATES)
    for order in range(min(most, len(tail)) + 1):
        context = packed(tail[len(tail) - order:])
        for mode, weight in ((not minor, OTHER), (minor, OWN)):
            shares = _blended(shares, counts[mode][order].get(context, {}), weight)
    return shares


def _but(last: Sequence[int], shares: np.ndarray) -> np.ndarray:
    """Of all others than the chord that sounds."""
    for each in last:
        if each != START:
            shares[each] = 0.0
    return np.asarray(shares / shares.sum())


def _blended(shares: np.ndarray, counts: dict[int, int], weight: float) -> np.ndarray:
    if not counts:
        return shares
    kinds, total = len(counts), weight * sum(counts.values())
    out = shares * kinds
    for chord, count in counts.items():
        out[chord] += weight * count
    return np.asarray(out / (total + kinds))


def _counted(tokens: Sequence[int]) -> list[dict[int, dict[int, int]]]:
    """The song's own, by contexts of so many chords; its last chord has no follower yet."""
    found: list[dict[int, dict[int, int]]] = [{} for _ in range(ORDER + 1)]
    history = [START, *tokens]
    for at in range(1, len(history)):
        for order in range(1, min(ORDER, at) + 1):
            row = found[order].setdefault(packed(history[at - order: at]), {})
            row[history[at]] = row.get(history[at], 0) + 1
    return found
