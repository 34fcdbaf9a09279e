"""What the feedback guard does: python -m tests.measures.feedback [FOLDER] [--rooms N] [--minutes M]

A room around the real core (rooms.py, loop.py): one microphone before monitor 1. Rooms are made by formula, N of each kind; with FOLDER, which has recordings
in folders such as singing, strings, keys, electric_guitar, these are listened to besides what is made by formula,
and rooms of a folder `rir` are played in. Tables, in Markdown:
  found        seconds from where the gain went so far over the stable limit until the first trial, and the first notch: median and 90th percentile;
               seconds that it was louder than -9 dBFS rms
  music        trials and false notches in M minutes of held notes, and what the guard changed of them in thirds of an octave
  more gain    dB above the limit up to which the loop comes to rest in 6 s by notches alone: median and quartiles
  moved        seconds until it is quiet again after the microphone went elsewhere
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from tests.measures.feedback.figures import Caught, catch, damage, listen, more_gain, recovery
from tests.measures.feedback.rooms import KINDS, measured
from tests.measures.feedback.sounds import PLAYERS, RECORDED, played, recorded

OVERS_DB = (3.0, 6.0)
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
        recorded_rooms = sorted(folder.rglob("rir/*")) if folder else []
        if recorded_rooms:
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


def gain(rooms: int) -> None:
    head("More gain", "room", "without", "quartile", "median", "quartile")
    for kind, make in KINDS.items():
        without = [more_gain(make(seed), 2, 2, 4, guarded=False) for seed in range(2)]
        with_it = quantiles((more_gain(make(seed), 1, 12, 6) for seed in range(rooms)), (25, 50, 75))
        row(kind, f"{np.median(without):.0f} dB", *(f"{float(q):.1f} dB" for q in with_it))


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
    gain(wanted.rooms)
    moved(wanted.rooms)


if __name__ == "__main__":
    main()
