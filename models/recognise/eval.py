"""How good it is among strangers: every recording judged by the int8 model of the fold that never heard its source.

    python -m models.recognise.eval --pool POOL --folds DIR [--multitrack DIR] [--only 2 3]

`DIR` has fold0.tflite to fold3.tflite, made by train --fold and export; a file is the model that judges in all folds. Printed:
confusions of single looks, of the box after 3 s and at the end, the same for recordings of the data folder alone, what thresholds
do, and the channels of whole songs through the engine.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from gigbox.brain.who.recogniser import THRESHOLD, Namer
from gigbox.render.recognise import hear
from models.recognise import folds, measures, sampler
from models.recognise.data import Pool
from models.recognise.measures import MERGED, Heard, figures, table


def judged(pool: Pool, models: Path, only: Sequence[int] = range(folds.FOLDS)) -> list[Heard]:
    """What the strangers of the folds `only` are taken for."""
    found: list[Heard] = []
    for fold in only:
        path = _of_fold(models, fold)
        if path.exists():
            found += measures.hear(pool, folds.strange(pool.entries, fold), Namer(path).look)
    return found


def _of_fold(models: Path, fold: int | None) -> Path:
    return models if models.is_file() else models / f"fold{fold}.tflite"


def songs(folder: Path, models: Path) -> Iterator[str]:
    """A line a channel: what it is, and what the box says of it at the end and after 3 s."""
    right, count = 0, 0
    for manifest in sorted(folder.glob("*/song.toml")):
        for channel in tomllib.loads(manifest.read_text())["channel"]:
            model = _of_fold(models, folds.fold_of(channel["source"]))
            if not model.exists():
                continue
            sound = sampler.load(manifest.parent / channel["file"])
            verdict = hear([sound[:, None]], model)
            best = verdict.top[0][0] if verdict.top else ""
            is_right = MERGED.get(best, best) == MERGED.get(channel["class"], channel["class"])
            right, count = right + is_right, count + 1
            said = ", ".join(f"{name} {100 * share:.0f} %" for name, share in verdict.top)
            yield f"{'    ' if is_right else 'NOT '}{manifest.parent.name}/{channel['file']}: {channel['class']}: {verdict.name or 'unsure'} ({said})"
    yield f"{right} of {count} channels"


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--pool", type=Path, required=True)
    p.add_argument("--folds", type=Path, required=True)
    p.add_argument("--multitrack", type=Path, help="folder of songs with song.toml")
    p.add_argument("--only", type=int, nargs="+", choices=range(folds.FOLDS), default=range(folds.FOLDS), help="these folds alone")
    options = p.parse_args()
    found = judged(Pool(options.pool), options.folds, options.only)
    real = [h for h in found if h.name.split("/")[0] in measures.FOURTEEN]
    for title, some in (("all sources", found), ("recordings of the data folder alone", real)):
        for name, answers in (("single looks of 3 s", measures.single_looks), ("after 3 s", measures.soon), ("at the end", measures.at_last)):
            print(f"\n{title}, {name}\n{table(figures(some, answers))}")
        print(f"\n{title}, single looks, all classes apart\n{table(figures(some, merged=False))}\n\n{measures.by_source(some)}\n")
        for threshold in sorted({*np.round(np.arange(0.3, 0.96, 0.05), 2), THRESHOLD}):
            wrong, named = measures.sure(some, threshold)
            last, _ = measures.sure(some, threshold, after=1000)
            print(f"threshold {threshold:.2f}: named {100 * named:.0f} %, wrongly {100 * wrong:.1f} % after 3 s, {100 * last:.1f} % at the end")
    print(f"\ntemperature: {measures.temperature(found):.2f}")
    if options.multitrack:
        print("\n" + "\n".join(songs(options.multitrack, options.folds)))


if __name__ == "__main__":
    main()
