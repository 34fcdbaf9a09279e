"""What the feedback guard does: python -m tests.measures.feedback [FOLDER] [--rooms N] [--minutes M]

A room around the real core (rooms.py, loop.py): one microphone before monitor 1. Rooms are made by formula, N of each kind; with FOLDER, which has
recordings in folders such as singing, strings, keys, electric_guitar, these are listened to besides what is made by formula, songs in it (a song.toml
each) are played through main and six monitors at once, and rooms of a folder `rir` are played in. Bands and soloists are parted in two halves, songs
one by one and recordings by their makers: choose on A, tell on B. Tables, in Markdown:
  found        seconds from where the gain went so far over the stable limit until the first trial, and the first notch: median and 90th percentile;
               seconds that it was louder than -9 dBFS rms
  music        trials and false notches in M minutes of held notes, and what the guard changed of them in thirds of an octave
  bands        the same for songs, the demo's among them, and for soloists in a monitor of their own, by halves
  more gain    dB above the limit up to which the loop comes to rest in 6 s by notches alone: median and quartiles
  moved        seconds until it is quiet again after the microphone went elsewhere
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from itertools import product
from pathlib import Path

import numpy as np

from tests.measures.feedback.bands import HALVES, SOLOISTS, Heard, hear_alone, hear_band, made, soloists, songs
from tests.measures.feedback.figures import Caught, catch, damage, listen, more_gain, recovery
from tests.measures.feedback.rooms import KINDS, Room, measured
from tests.measures.feedback.sounds import PLAYERS, RECORDED, played, recorded

OVERS_DB = (3.0, 6.0)
DEMO = Path(__file__).resolve().parents[3] / "demo"
NEVER_S = 9.0      # what counts for a loop in which nothing was found


def row(*cells: object) -> None:
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def head(title: str, *cells: str) -> None:
    print(f"\n{title}\n", flush=True)
    row(*cells)
    row(*["---"] * len(cells))


def quantiles(values: Iterable[float], wanted: tuple[int, ...]) -> list[str]:
    return [f"{q:.2f}" for q in np.percentile(np.nan_to_num(np.array(list(values)), nan=NEVER_S), wanted)]


def found(rooms: int, folder: Path | None) -> None:
    head("Found", "room", "over the limit", "first trial p50", "p90", "first notch p50", "p90", "loud", "quiet after 3 s")
    for over in OVERS_DB:
        everywhere = []
        for kind, make in KINDS.items():
            caught = [catch(make(seed), over) for seed in range(rooms)]
            everywhere += caught
            _found(kind, over, caught)
        _found("all made", over, everywhere)
        if recorded_rooms := _recorded_rooms(folder):
            _found("measured", over, [catch(measured(file), over) for file in recorded_rooms])


def _found(kind: str, over: float, caught: list[Caught]) -> None:
    times = [f"{q} s" for seen in ("heard_s", "notched_s") for q in quantiles((getattr(c, seen) for c in caught), (50, 90))]
    row(kind, f"{over:.0f} dB", *times,
        f"{np.mean([c.loud_s for c in caught]):.2f} s", f"{sum(c.stable for c in caught)} of {len(caught)}")


def music(minutes: float, folder: Path | None) -> None:
    head("Music", "sound", "minutes", "trials", "false notches", "changed rms", "changed at most")
    sources: dict[str, Callable[[str], np.ndarray | None]] = {"by formula": lambda name: played(name, 60 * minutes) if name in PLAYERS else None}
    if folder:
        sources["recorded"] = lambda name: recorded(name, 60 * minutes, folder)
    for name in (PLAYERS | RECORDED):
        for source, make in sources.items():
            x = make(name)
            if x is None:
                continue
            heard, changed = listen(x), damage(x[: len(x) // 64 * 64])
            row(f"{name}, {source}", f"{heard.minutes:.1f}", heard.trials, heard.notches, f"{changed[0]:.2f} dB", f"{changed[1]:.2f} dB")


def bands(minutes: float, folder: Path | None) -> None:
    head("Bands", "half", "what", "where", "minutes", "trials", "false notches")
    for half, song in songs([DEMO, *([folder] if folder else [])]):
        for where, heard in zip(("main", "monitors"), hear_band(song, 0), strict=True):
            _heard(half, song.name, where, heard)
    for name, half in product(dict.fromkeys([*SOLOISTS, *PLAYERS]), HALVES):
        for what, sounds in ((f"{name}, by formula", made(name, minutes / 2, half)),
                             (f"{name}, recorded", soloists(name, folder, half, 60 * minutes) if folder and name in SOLOISTS else [])):
            if sounds:
                _heard(half, what, "a monitor", hear_alone(sounds))


def _heard(half: str, what: str, where: str, heard: Heard) -> None:
    row(half, what, where, f"{heard.minutes:.1f}", heard.trials, heard.notches)


def gain(rooms: int, folder: Path | None) -> None:
    head("More gain", "room", "without", "quartile", "median", "quartile")
    for kind, make in KINDS.items():
        without = [more_gain(make(seed), 2, 2, 4, guarded=False) for seed in range(2)]
        _gained(kind, f"{np.median(without):.0f} dB", [make(seed) for seed in range(rooms)])
    if recorded_rooms := _recorded_rooms(folder):
        _gained("measured", "", [measured(file) for file in recorded_rooms])


def _gained(kind: str, without: str, rooms: list[Room]) -> None:
    row(kind, without, *(f"{float(q):.1f} dB" for q in quantiles((more_gain(room, 1, 12, 6) for room in rooms), (25, 50, 75))))


def _recorded_rooms(folder: Path | None) -> list[Path]:
    return sorted(folder.rglob("rir/*")) if folder else []


def moved(rooms: int) -> None:
    head("Moved", "room", "p50", "p90", "not within 10 s")
    for kind, make in KINDS.items():
        seconds = [recovery(make(seed)) for seed in range(rooms)]
        row(kind, *(f"{q} s" for q in quantiles(seconds, (50, 90))), f"{np.isnan(seconds).sum()} of {rooms}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--rooms", type=int, default=10)
    parser.add_argument("--minutes", type=float, default=10)
    wanted = parser.parse_args()
    found(wanted.rooms, wanted.folder)
    music(wanted.minutes, wanted.folder)
    bands(wanted.minutes, wanted.folder)
    gain(wanted.rooms, wanted.folder)
    moved(wanted.rooms)


if __name__ == "__main__":
    main()
