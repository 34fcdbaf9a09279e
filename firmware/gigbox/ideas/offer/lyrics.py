"""Prompts for words: a mood, things, two families of rhymes, and the stresses of a line. Seeds, not texts: writing is for people. The lists are our own."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from gigbox.ideas.hear.key import Key

FOLDER = Path(__file__).with_name("words")
LANGUAGES = ("en", "de")
BRIGHT, DARK = (0, 1, 2, 7), (3, 4, 5, 6)          # which moods, by their lines in each list, suit major and minor
FEET = {4: (("x", "/"), ("/", "x")), 3: (("/", "x", "x"), ("x", "x", "/"))}     # by beats of a bar; `/` is stressed


@dataclass(frozen=True)
class Words:
    rhymes: tuple[tuple[str, ...], ...]
    moods: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]


def prompt(key: Key | None, metre: int, bpm: float, seed: int, language: str) -> Mapping[str, object]:
    """The same seed gives the same places of both lists."""
    rng, words = random.Random(f"words {seed}"), _words(language)
    mood, qualities, things = words.moods[rng.choice(DARK if key and key.minor else BRIGHT)]
    feet = FEET.get(metre, FEET[4])
    foot = feet[rng.randrange(len(feet))]
    return {"mood": mood, "images": [f"{rng.choice(qualities)} · {thing}" for thing in rng.sample(things, 3)],
            "rhymes": [list(family) for family in rng.sample(words.rhymes, 2)], "meter": " ".join(foot * (4 if bpm < 120 else 3))}


@lru_cache
def _words(language: str) -> Words:
    rhymes, moods = [], []
    for line in (FOLDER / f"{language}.txt").read_text("utf-8").splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "rhyme":
            rhymes.append(tuple(rest.split()))
        elif kind == "mood":
            first, _, things = rest.partition("|")
            mood, *qualities = first.split()
            moods.append((mood, tuple(qualities), tuple(things.split())))
    return Words(tuple(rhymes), tuple(moods))
