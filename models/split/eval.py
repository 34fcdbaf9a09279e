"""How well a voice comes out of a record, and how well it stays alone: the model and centre extraction, through the strips that a user hears.

    PYTHONPATH=firmware:. python -m models.split.eval --data DIR [--fold judge] [--stems FOLDER] [--model FILE.tflite] [--systems model,centre]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from gigbox.brain.denoise.centre import Centre
from gigbox.brain.denoise.splitter import Splitter
from models.split.played import Figures, asked, figures
from models.split.songs import CHOOSE, JUDGE, songs

HEAD = """| song | by | only voice: SI-SDR before | after | backing dB | voice dB | no voice: SI-SDR before | after | voice dB | backing dB |
|---|---|---|---|---|---|---|---|---|---|"""


def row(song: str, by: str, *ends: Figures) -> str:
    cells = (f"{x:+.1f}" for end in ends for x in (end.before, end.after, end.taken, end.stays))
    return f"| {song} | {by} | {' | '.join(cells)} |"


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", type=Path, required=True)
    p.add_argument("--fold", choices=(CHOOSE, JUDGE), default=CHOOSE)
    p.add_argument("--stems", type=Path, help="folders with vocals.wav and backing.wav, told of beside the songs that are kept apart")
    p.add_argument("--model", type=Path, help="in place of the released one")
    p.add_argument("--systems", default="model,centre")
    o = p.parse_args()
    systems = o.systems.split(",")
    found: dict[str, list[tuple[Figures, Figures]]] = {name: [] for name in systems}
    print(HEAD)
    for song in songs(o.data, o.fold, o.stems):
        for name in systems:
            found[name].append(figures(song, asked(Splitter(o.model) if name == "model" else Centre())))
            print(row(song.name, name, *found[name][-1]), flush=True)
    for name in systems:
        print(row("median", name, *(Figures(*np.median([list(vars(ends[n]).values()) for ends in found[name]], axis=0)) for n in (0, 1))))


if __name__ == "__main__":
    main()
