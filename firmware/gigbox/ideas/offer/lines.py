"""A melody and a bass over chords, drawn by a seed: on strong beats a tone of the chord, elsewhere of the scale, and no eight notes as in the corpus."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from gigbox.ideas.hear.chords import Chord
from gigbox.ideas.hear.key import Key
from gigbox.ideas.hear.lead import Manner
from gigbox.ideas.offer.corpus import LINE, REACH, Corpus
from gigbox.ideas.offer.notes import Note

OWN = 4.0                  # how much a step of this song's tune counts beside one of the corpus
CELL = 2                   # beats of a rhythm
BASS_LOW, BASS_HIGH = 28, 48

Spans = Sequence[tuple[float, float, Chord]]


@dataclass(frozen=True)
class Ground:
    """What a line is made over: chords by beats, key, beats of a bar, tempo."""

    spans: Spans
    key: Key
    metre: int
    bpm: float

    @property
    def length(self) -> float:
        return self.spans[-1][1] if self.spans else 0.0

    def chord_at(self, beat: float) -> Chord | None:
        return next((chord for start, end, chord in self.spans if start <= beat + 1e-6 < end), None)

    def strong(self, beat: float) -> bool:
        """The first beat of a bar, the third of four, and wherever a chord begins."""
        place = beat % self.metre
        on_beat = min(place, self.metre - place) < 1e-6 or (self.metre == 4 and abs(place - 2) < 1e-6)
        return on_beat or any(abs(start - beat) < 1e-6 for start, _, _ in self.spans)


def melody(ground: Ground, seed: int, manner: Manner, corpus: Corpus) -> tuple[Note, ...]:
    """Bars three and four, and so on, have the rhythm of the two before."""
    rng = random.Random(f"melody {seed}")
    onsets = _onsets(rng, ground, manner, corpus)
    low, high = max(manner.low, 48), min(max(manner.high, manner.low + 12), 86)
    weights = corpus.steps / max(corpus.steps.sum(), 1) * 1000 + OWN * manner.steps[None, :] / max(manner.steps.sum(), 1) * 10
    line: list[int] = []
    notes = []
    for at, until in zip(onsets, [*onsets[1:], ground.length], strict=True):
        chord = ground.chord_at(at)
        if chord is None:
            continue
        allowed = _tones(ground, chord, ground.strong(at) or until >= ground.length)
        wanted = [pitch for pitch in range(low, high + 1) if pitch % 12 in allowed]
        if (pitch := _drawn(rng, _weighed(wanted, line, weights, (low + high) / 2), line, corpus)) is not None:
            line.append(pitch)
            notes.append(Note(at, min(until - at, 2.0) * 0.92, pitch, 96 if ground.strong(at) else 80))
    return tuple(notes)


def bass(ground: Ground, seed: int, corpus: Corpus) -> tuple[Note, ...]:
    """A root where a chord begins; then roots, fifths or a walk; a step to the next root at its end."""
    rng = random.Random(f"bass {seed}")
    manner = rng.choice(("roots", "fifths", "walk"))
    line: list[int] = []
    notes = []
    for n, (start, end, chord) in enumerate(ground.spans):
        following = ground.spans[n + 1][2] if n + 1 < len(ground.spans) else chord
        for at, until in _beats(rng, start, end, manner):
            classes = _bass_tones(ground.key, chord, following, manner, at == start, until >= end - 1e-6 and until - start > 1)
            choice = [pitch for tone in classes for pitch in range(BASS_LOW, BASS_HIGH + 1) if pitch % 12 == tone]
            near = sorted(choice, key=lambda pitch: (classes.index(pitch % 12), abs(pitch - (line[-1] if line else 36)), rng.random()))
            if (found := next((p for p in near if not _known(line, p, corpus)), None)) is not None:
                line.append(found)
                notes.append(Note(at, (until - at) * 0.9, found, 100 if at == start else 86))
    return tuple(notes)


def _onsets(rng: random.Random, ground: Ground, manner: Manner, corpus: Corpus) -> list[float]:
    per_cell = np.clip(manner.per_s * 60 / max(ground.bpm, 40.0), 0.5, 3.0) * CELL
    fits = corpus.rhythm_weights ** 0.5 * np.exp(-0.5 * ((corpus.rhythms.sum(axis=1) - per_cell) / 0.8) ** 2) * (1 + corpus.rhythms[:, 0])
    fits *= corpus.rhythms[:, np.arange(24) % 3 > 0].sum(axis=1) == 0           # quarters of a beat only: thirds beside them limp
    period = 2 * ground.metre
    rhythms = [rng.choices(range(len(fits)), fits.tolist())[0] for _ in range(-(-period // CELL))]
    found = []
    for cell in range(-(-int(ground.length) // CELL)):
        row = corpus.rhythms[rhythms[cell % len(rhythms)]]
        found += [cell * CELL + float(place) / 12 for place in np.flatnonzero(row)]
    return [at for at in found if at < ground.length - 0.1]


def _tones(ground: Ground, chord: Chord, strong: bool) -> set[int]:
    """Pitch classes: of the chord, if need be those that the scale does not have; else of the scale."""
    scale = set(ground.key.scale)
    return (set(chord.tones) & scale or set(chord.tones)) if strong else scale


def _weighed(wanted: Iterable[int], line: Sequence[int], weights: np.ndarray, middle: float) -> list[tuple[int, float]]:
    """By the step before, and drawn back to the middle."""
    if not line:
        return [(pitch, float(np.exp(-0.5 * ((pitch - middle) / 5) ** 2))) for pitch in wanted]
    before = min(max(line[-1] - line[-2], -REACH), REACH) + REACH if len(line) > 1 else REACH
    return [(pitch, float(weights[before, pitch - line[-1] + REACH] + 0.02) * float(np.exp(-0.5 * ((pitch - middle) / 8) ** 2)))
            for pitch in wanted if abs(pitch - line[-1]) <= 12 and not (len(line) > 1 and line[-1] == line[-2] == pitch)]


def _drawn(rng: random.Random, weighed: list[tuple[int, float]], line: Sequence[int], corpus: Corpus) -> int | None:
    """One that makes no known line; none where all would: a rest, then."""
    while weighed:
        pitch = rng.choices([pitch for pitch, _ in weighed], [weight for _, weight in weighed])[0]
        if not _known(line, pitch, corpus):
            return pitch
        weighed = [each for each in weighed if each[0] != pitch]
    return None


def _known(line: Sequence[int], pitch: int, corpus: Corpus) -> bool:
    return len(line) >= LINE - 1 and corpus.has_line((*line[-LINE + 1:], pitch))


def _beats(rng: random.Random, start: float, end: float, manner: str) -> list[tuple[float, float]]:
    step = 1.0 if manner == "walk" else rng.choice((1.0, 1.0, 0.5)) if manner == "roots" else 1.0
    times = [start + n * step for n in range(max(round((end - start) / step), 1))]
    return list(zip(times, [*times[1:], end], strict=True))


def _bass_tones(key: Key, chord: Chord, following: Chord, manner: str, first: bool, last: bool) -> list[int]:
    """The most wanted pitch class first."""
    root, third, fifth = chord.tones
    if first:
        return [root, fifth, third]
    if last and following.root != root:
        near = [tone for tone in key.scale if (tone - following.root) % 12 in (1, 2, 10, 11)]
        return [*near, fifth, root, third]
    return {"roots": [root, fifth, third], "fifths": [fifth, root, third], "walk": [third, fifth, root]}[manner]
