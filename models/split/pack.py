"""All that training needs in one folder: every take as one wave, where each begins in it, and the core's windows and bands.

    PYTHONPATH=firmware:. python -m models.split.pack --data DIR --packages DIR --out FOLDER [--sung 110] [--minutes 15]
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from pathlib import Path

import numpy as np

from models.denoise.pack import write_looks
from models.split.recordings import KINDS, RATE, Take, jobs


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", type=Path, required=True)
    p.add_argument("--packages", type=Path, required=True, help="what models.recognise.sources unpacked")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--sung", type=int, default=110, help="takes of speakers made to sing, 14 s each")
    p.add_argument("--minutes", type=float, default=60.0, help="no job is begun after so many: jobs are in a random order")
    o = p.parse_args()
    o.out.mkdir(parents=True, exist_ok=True)
    begin, todo, rows, groups, at = time.monotonic(), jobs(o.data, o.packages, o.sung), [], {}, 0
    with (o.out / "wave.f16").open("wb") as file:
        for n in np.random.default_rng(1).permutation(len(todo)):
            if time.monotonic() - begin > 60 * o.minutes:
                print("time is over", flush=True)
                break
            for take in todo[n]():
                at = _add(file, take, rows, groups, at)
    np.savez(o.out / "index.npz", rows=np.array(rows, np.float64))
    write_looks(o.out / "looks.npz")
    seconds: Counter[str] = Counter()
    for row in rows:
        seconds[KINDS[int(row[2])]] += row[1] / RATE / 60
    print({kind: f"{s:.0f} min" for kind, s in seconds.items()}, f"{len(rows)} takes", flush=True)


def _add(file: object, take: Take, rows: list[tuple[float, ...]], groups: dict[str, int], at: int) -> int:
    peak = float(np.abs(take.sound).max(initial=0))
    if peak < 1e-4 or len(take.sound) < RATE // 4:
        return at
    rows.append((at, len(take.sound), KINDS.index(take.kind), groups.setdefault(take.group, len(groups)), take.hz))
    (take.sound * (0.8 / peak)).astype(np.float16).tofile(file)      # type: ignore[arg-type]
    return at + len(take.sound)


if __name__ == "__main__":
    main()
