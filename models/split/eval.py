"""How well a voice comes out of a record, and how well it stays alone: the model and centre extraction, through the strips that a user hears.

    PYTHONPATH=firmware:. python -m models.split.eval --data DIR [--fold judge] [--stems FOLDER] [--model FILE] [--systems model,centre]

FILE is what export.py wrote, or a checkpoint of a run, as floats.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from models.split.played import Ends, Figures, by_centre, by_model, figures
from models.split.songs import CHOOSE, JUDGE, songs
from models.split.splitter import Say, Splitter, exported

HEAD = """| song | by | only voice: SI-SDR before | after | backing dB | voice dB | no voice: SI-SDR before | after | voice dB | backing dB |
|---|---|---|---|---|---|---|---|---|---|"""


def row(song: str, by: str, *ends: Figures) -> str:
    cells = (f"{x:+.1f}" for end in ends for x in (end.before, end.after, end.taken, end.stays))
    return f"| {song} | {by} | {' | '.join(cells)} |"


def said_by(path: Path) -> Say:
    if path.suffix == ".tflite":
        return exported(path)
    import torch

    from models.split.export import load
    from models.split.model import Step

    torch.set_num_threads(1)
    step = Step(load(path))

    @torch.no_grad()
    def say(x: np.ndarray, state: dict[str, torch.Tensor] | None) -> tuple[np.ndarray, dict[str, torch.Tensor]]:
        out = step(torch.from_numpy(x), **(state or {name: torch.zeros(1, step.cells[0].of_h[0].weight.shape[1]) for name in ("h1", "h2")}))
        return out.pop("share")[0].numpy(), out
    return say


def ends_of(name: str, model: Path | None) -> Ends:
    if name == "centre":
        return by_centre()
    if not model:
        raise SystemExit("--model: none, expected a .tflite file or the .pt of a run")
    return by_model(Splitter(said_by(model)))


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", type=Path, required=True)
    p.add_argument("--fold", choices=(CHOOSE, JUDGE), default=CHOOSE)
    p.add_argument("--stems", type=Path, help="folders with vocals.wav and backing.wav, told of beside the songs that are kept apart")
    p.add_argument("--model", type=Path, help="a .tflite file, or the .pt of a run")
    p.add_argument("--systems", default="model,centre")
    o = p.parse_args()
    systems = o.systems.split(",")
    found: dict[str, list[tuple[Figures, Figures]]] = {name: [] for name in systems}
    print(HEAD)
    for song in songs(o.data, o.fold, o.stems):
        for name in systems:
            found[name].append(figures(song, ends_of(name, o.model)))
            print(row(song.name, name, *found[name][-1]), flush=True)
    for name in systems:
        print(row("median", name, *(Figures(*np.median([list(vars(ends[n]).values()) for ends in found[name]], axis=0)) for n in (0, 1))))


if __name__ == "__main__":
    main()
