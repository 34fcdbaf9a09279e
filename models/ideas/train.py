"""`python -m models.ideas.train DATA`: counts what follows what into firmware/gigbox/ideas/offer/corpus.npz, and what keys are told by into
firmware/gigbox/ideas/hear/key_profiles.npz. No tune can be read back from either.

DATA holds nottingham/ABC_cleaned and chord_progressions.json, as models/ideas/README.md says where they come from. Parts 8 and 9 of ten, by title, are
counted nowhere: `python -m tests.measures.ideas` judges by them. Only the filter of lines that may not be repeated knows all tunes.
"""

from __future__ import annotations

import itertools
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np

from gigbox.ideas.hear import key_profiles
from gigbox.ideas.hear.chords import STATES
from gigbox.ideas.offer.corpus import FILE, FOLK, LINE, ORDERS, POP, REACH, START, places
from gigbox.ideas.offer.next_chord import packed
from models.ideas import abc, songs

BITS = 1 << 20
RHYTHMS = 160              # the most usual ones of two beats are kept
LOOP = 8.0                 # what one counts for the key beside a tune: there are fewer, and their keys are harder to tell
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


def main(data: Path, part: int | None = None) -> None:
    """`part`: one more that is not counted, for choices."""
    apart = {*abc.KEPT_APART, part}
    tunes = list(abc.tunes(data / "nottingham/ABC_cleaned"))
    known = [tune for tune in tunes if tune.part not in apart]
    loops = [(chords, minor) for chords, minor, of in songs.progressions(data / "chord_progressions.json") if of not in apart]
    rows = [(FOLK, tune.minor, tokens(tune)) for tune in known] + [(POP, minor, rounds(chords)) for chords, minor in loops]
    rhythms, weights = _rhythms(known)
    np.savez_compressed(FILE, counts=_counts(rows), moves=_moves(row for kind, _, row in rows if kind == POP), steps=_steps(known), rhythms=rhythms,
                        rhythm_weights=weights, lines=_lines(tunes))
    np.savez_compressed(key_profiles.FILE, **_profiles(known, loops))
    for file in (FILE, key_profiles.FILE):
        print(f"{file.name}: {file.stat().st_size / 1000:.0f} KB, of {len(known)} tunes and {len(loops)} progressions")


def _counts(rows: Iterable[tuple[int, bool, list[int]]]) -> np.ndarray:
    """Rows of kind, minor, order, context, chord, how often."""
    counts: Counter[tuple[int, int, int, int, int]] = Counter()
    for kind, minor, row in rows:
        history = [START, *row]
        for at in range(1, len(history)):
            for order in range(min(ORDERS[kind], at) + 1):
                counts[kind, int(minor), order, packed(history[at - order: at]), history[at]] += 1
    return np.array([(*key, count) for key, count in sorted(counts.items()) if key[2] < 3 or count >= SEEN_TWICE], np.int32)


def _moves(rows: Iterable[list[int]]) -> np.ndarray:
    found = np.zeros((2, STATES), np.int32)
    for row in rows:
        for here, there in itertools.pairwise(row):
            found[here // 12, (there - here) % 12 + 12 * (there // 12)] += 1
    return found


def _profiles(tunes: Iterable[abc.Tune], loops: Iterable[tuple[Sequence[tuple[int, bool]], bool]]) -> dict[str, np.ndarray]:
    """For major and minor keys: the share that each chord has of a song, what comes first, and which moves are made at all in one; in songs."""
    usual, first, moves = np.zeros((2, STATES)), np.zeros((2, STATES)), np.zeros((2, STATES, STATES))
    lasting = [(tune.minor, [((root - tune.tonic) % 12 + 12 * low, end - start) for start, end, root, low, _ in songs.spans(songs.of_tune(tune))], 1.0)
               for tune in tunes]
    lasting += [(minor, [(degree + 12 * low, 1.0) for degree, low in (*chords, *chords)], LOOP) for chords, minor in loops]
    for minor, row, weight in lasting:
        if not row:
            continue
        for state, length in row:
            usual[int(minor), state] += weight * length / sum(each for _, each in row)
        first[int(minor), row[0][0]] += weight
        for here, there in set(itertools.pairwise(merged(state for state, _ in row))):
            moves[int(minor), here, there] += weight
    return {"usual": usual.astype(np.float32), "first": first.astype(np.float32), "moves": moves.astype(np.float32)}


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
    if len(sys.argv) not in (2, 3):
        sys.exit("python -m models.ideas.train DATA [PART]: expected one folder, and perhaps a part of ten that is not counted, either")
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) == 3 else None)
