"""A drum grid in the metre of the song: a groove, varied by a seed. Four steps a beat; what each hit is worth is its velocity."""

from __future__ import annotations

import random

from gigbox.ideas.offer.notes import Note

STEPS = 4                  # of a beat
DRUMS = {"kick": 36, "snare": 38, "hat": 42, "open": 46}       # General MIDI
FOUR = ({"kick": (0, 8), "snare": (4, 12)}, {"kick": (0, 7, 8), "snare": (4, 12)}, {"kick": (0, 4, 8, 12), "snare": (4, 12)},
        {"kick": (0, 6, 10), "snare": (4, 12)}, {"kick": (0, 10), "snare": (8,)}, {"kick": (0, 3, 8, 11), "snare": (4, 12)})
THREE = ({"kick": (0,), "snare": (4, 8)}, {"kick": (0, 6), "snare": (4, 8)}, {"kick": (0,), "snare": (8,)}, {"kick": (0, 4), "snare": (8,)})
FAST = 140.0               # bpm: above, cymbals play quarters

Grid = dict[str, list[int]]


def groove(metre: int, bpm: float, seed: int) -> Grid:
    """One bar: a row of velocities for each drum, 0 is no hit."""
    rng = random.Random(f"groove {seed}")
    base = rng.choice(THREE if metre == 3 else FOUR)
    steps = STEPS * metre
    grid: Grid = {drum: [0] * steps for drum in DRUMS}
    for drum, places in base.items():
        for place in places:
            grid[drum][place] = 112 if place % 8 == 0 else 100
    for place in range(0, steps, STEPS if bpm > FAST else rng.choice((2, 2, 4)) if bpm > FAST / 2 else 2):
        grid["hat"][place] = 88 if place % STEPS == 0 else 64
    _vary(rng, grid, steps)
    return grid


def _vary(rng: random.Random, grid: Grid, steps: int) -> None:
    """A soft hit or two where nothing is, and now and then an open hat before the bar turns."""
    for _ in range(rng.randint(0, 2)):
        drum, place = rng.choice(("kick", "snare")), rng.randrange(1, steps, 2)
        if not grid["kick"][place] and not grid["snare"][place]:
            grid[drum][place] = 44
    if rng.random() < 0.4:
        grid["open"][steps - 2], grid["hat"][steps - 2] = 84, 0


def as_notes(grid: Grid, bars: int) -> tuple[Note, ...]:
    steps = len(grid["kick"])
    return tuple(Note(bar * steps / STEPS + place / STEPS, 0.2, DRUMS[drum], velocity)
                 for bar in range(bars) for place in range(steps) for drum, row in grid.items() if (velocity := row[place]))
