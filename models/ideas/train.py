"""`python -m models.ideas.train DATA`: counts what follows what into firmware/gigbox/ideas/offer/corpus.npz. No tune can be read back from it.

DATA holds nottingham/ABC_cleaned and chord_progressions.json, as models/ideas/README.md says where they come from. Parts 8 and 9 of ten, by title, are
counted nowhere: `python -m tests.measures.ideas` judges by them. Only the filter of lines that may not be repeated knows all tunes.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np

from gigbox.ideas.offer.corpus import FILE, LINE, ORDER, REACH, START, places
from gigbox.ideas.offer.next_chord import packed
from models.ideas import abc, songs

BITS = 1 << 20
RHYTHMS = 160              # the most usual ones of two beats are kept
SEEN_TWICE = 2             # a context that came once says little; the shortest are all kept


def tokens(tune: abc.Tune) -> list[int]:
    """Its changes of chord against the tonic."""
    return merged([(root - tune.tonic) % 12 + 12 * minor for _, root, minor in tune.chords])


def merged(row: Iterable[int]) -> list[int]:
    out: list[int] = []
    for each in row:
        if not out or out[-1] != each:
            out.append(each)
    return out


def rounds(chords: Sequence[tuple[int, bool]]) -> list[int]:
    """A progression is played twice: its end leads back to its beginning."""
    return merged([degree + 12 * minor for degree, minor in (*chords, *chords)])


def main(data: Path) -> None:
    tunes = list(abc.tunes(data / "nottingham/ABC_cleaned"))
    known = [tune for tune in tunes if tune.part not in abc.KEPT_APART]
    rows = [tokens(tune) for tune in known]
    rows += [rounds(chords) for chords, _, part in songs.progressions(data / "chord_progressions.json") if part not in abc.KEPT_APART for _ in range(8)]
    rhythms, weights = _rhythms(known)
    np.savez_compressed(FILE, counts=_counts(rows), steps=_steps(known), rhythms=rhythms, rhythm_weights=weights, lines=_lines(tunes))
    print(f"{FILE.name}: {FILE.stat().st_size / 1000:.0f} KB, of {len(known)} tunes and {len(rows) - len(known)} rounds of progressions")


def _counts(rows: Iterable[list[int]]) -> np.ndarray:
    counts: Counter[tuple[int, int, int]] = Counter()
    for row in rows:
        history = [START, *row]
        for at in range(1, len(history)):
            for order in range(min(ORDER, at) + 1):
                counts[order, packed(history[at - order: at]), history[at]] += 1
    return np.array([(*key, count) for key, count in sorted(counts.items()) if key[0] < 3 or count >= SEEN_TWICE], np.int32)


def _steps(tunes: Iterable[abc.Tune]) -> np.ndarray:
    side = 2 * REACH + 1
    found = np.zeros((side, side), np.int32)
    for tune in tunes:
        pitches = [note[2] for note in tune.notes]
        steps = np.clip(np.diff(pitches), -REACH, REACH) + REACH
        np.add.at(found, (steps[:-1], steps[1:]), 1)
    return found


def _rhythms(tunes: Iterable[abc.Tune]) -> tuple[np.ndarray, np.ndarray]:
    """Onsets on twelfths of two beats, where the tune's own beats begin; a beat of a jig has three parts."""
    seen: Counter[tuple[int, ...]] = Counter()
    for tune in tunes:
        beat = Fraction(3, 2) if tune.metre in ("6/8", "9/8", "12/8") else Fraction(1)
        first = tune.bars[0] if tune.bars and tune.bars[0] < tune.bar else Fraction(0)
        pairs: dict[int, list[int]] = {}
        for at, _, _ in tune.notes:
            place = (at - first) / beat
            if place >= 0 and (place % 2 * 12).denominator == 1:
                pairs.setdefault(int(place // 2), []).append(int(place % 2 * 12))
        seen.update(tuple(row) for row in pairs.values())
    kept = seen.most_common(RHYTHMS)
    grid = np.zeros((len(kept), 24), np.uint8)
    for n, (row, _) in enumerate(kept):
        grid[n, list(row)] = 1
    return grid, np.array([count for _, count in kept], np.int32)


def _lines(tunes: Iterable[abc.Tune]) -> np.ndarray:
    bits = np.zeros(BITS, bool)
    for tune in tunes:
        pitches = [note[2] for note in tune.notes]
        for at in range(len(pitches) - LINE + 1):
            bits[places(tuple(pitches[at: at + LINE]), BITS)] = True
    return np.packbits(bits, bitorder="little")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("python -m models.ideas.train DATA: expected one folder")
    main(Path(sys.argv[1]))
