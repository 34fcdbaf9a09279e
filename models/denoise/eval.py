"""How good a denoiser is: every system over the validation set (or anybody's pairs), through the path that a user hears.

    python -m models.denoise.eval --data DIR --out RESULTS                       # or --pairs DIR (clean/NAME.wav, noisy/NAME.wav)
    python -m models.denoise.eval --data DIR --out RESULTS --systems model,classic,off,rnnoise,webrtc,speex --lookahead 0,128

writes RESULTS/files.csv (a line a system and pair) and RESULTS/tables.md. What was measured once is kept in RESULTS/kept and not measured again as
long as the pair, the system and the measures are the same. `evaluate` does the same for any function, as for a model in training.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import dataclasses
import hashlib
import importlib.util
import json
import multiprocessing
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from models.denoise import report, rivals
from models.denoise.measures import Sound, attenuation, dnsmos, level_change, pesq_wb, si_sdr, stoi
from models.denoise.recordings import FOLDS
from models.denoise.report import Row
from models.denoise.validation import CLEAN, NOISE, SPEECH, Pair, kind_of, pairs, read_folder

Denoiser = Callable[[Sound, str], Sound]         # (frames,) at 48 kHz and a role -> the same length, aligned
OURS, RIVALS = ("model", "classic", "off"), tuple(rivals.DELAY)
DNSMOS_EVERY = 3
VERSION = "1"                                    # of the measures: another one measures everything again


@dataclasses.dataclass(frozen=True)
class System:
    """`identity`: changes with everything that could change what it gives."""

    name: str
    identity: str
    denoise: Denoiser


def evaluate(systems: dict[str, Denoiser], found: Sequence[Pair], *, jobs: int = 1) -> list[Row]:
    """Every system over every pair, in this order: system, name, condition, role and what `measured` gives."""
    tasks = [(name, n) for name in systems for n in range(len(found))]
    return list(_measured([System(name, "", denoise) for name, denoise in systems.items()], found, tasks, jobs))


def measured(pair: Pair, output: Sound, *, judged: bool = True) -> dict[str, float]:
    """What a condition is judged by. `judged`: by DNSMOS too."""
    kind = kind_of(pair.condition)
    if kind == NOISE:
        return {"attenuation": attenuation(pair.noisy, output)}
    got = {"si_sdr": si_sdr(output, pair.clean), "level": level_change(output, pair.clean)}
    if kind == CLEAN:
        return got
    got["si_sdr_gain"] = got["si_sdr"] - si_sdr(pair.noisy, pair.clean)
    if kind == SPEECH:
        got |= {"pesq": pesq_wb(output, pair.clean), "stoi": stoi(output, pair.clean)} | (dnsmos(output) if judged else {})
    return got


def ours(name: str, lookahead: int, floor_db: float, model: Path | None = None) -> System:
    """The engine's own path, with the C core that is built here."""
    from gigbox.render import denoise as path

    def run(sound: Sound, role: str) -> Sound:
        options = path.Options(name, floor_db, lookahead, role, model)
        return np.concatenate(list(path.clean([sound[:, None]], 1, options)))[:, 0]

    setting = (f"-{model.stem}" if model else "") + (f"-{floor_db:g}dB" if floor_db != 18 else "")
    called = name if name == "off" else f"{name}{setting}-{lookahead}"
    return System(called, f"{name} {lookahead} {floor_db} {_digest([model] if model else [])} {_code()}", run)


def systems_named(names: Iterable[str], lookaheads: Sequence[int], floor_db: float, model: Path | None) -> Iterator[System]:
    """What can be run here; what is missing is said on stderr, with the remedy."""
    for name in names:
        try:
            if name in OURS:
                for lookahead in lookaheads if name != "off" else lookaheads[:1]:
                    yield ours(name, lookahead, floor_db, model if name == "model" else None)
            elif name in RIVALS:
                yield _rival(name)
            else:
                raise SystemExit(f"--systems: '{name}' is unknown, expected some of {', '.join(OURS + RIVALS)}")
        except rivals.Missing as e:
            print(e, file=sys.stderr)


def _rival(name: str) -> System:
    denoise = rivals.rival(name)
    return System(name, rivals.identity(name), lambda sound, role: denoise(sound))


class Kept:
    """What has been measured before: folder/SYSTEM.jsonl, a line at a time, so that nothing is lost when a run is stopped."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._rows: dict[str, Row] = {}
        for file in sorted(folder.glob("*.jsonl")):
            for line in file.read_text().splitlines():
                with contextlib.suppress(ValueError, KeyError):        # a line that was cut off is measured again
                    row = json.loads(line)
                    self._rows[row.pop("key")] = row

    def get(self, key: str) -> Row | None:
        return self._rows.get(key)

    def add(self, key: str, row: Row) -> None:
        self._rows[key] = row
        with (self.folder / f"{row['system']}.jsonl").open("a") as lines:
            lines.write(json.dumps({"key": key} | row) + "\n")


def run(systems: Sequence[System], found: Sequence[Pair], kept: Kept, jobs: int = 1) -> list[Row]:
    """Rows of all systems on all pairs; only what is not kept is measured."""
    keys = {(system.name, n): _key(system, pair, n) for system in systems for n, pair in enumerate(found)}
    tasks = [task for task, key in keys.items() if kept.get(key) is None]
    for done, (task, row) in enumerate(zip(tasks, _measured(systems, found, tasks, jobs), strict=True), 1):
        kept.add(keys[task], row)
        if sys.stderr.isatty() or done == len(tasks) or done % 50 == 0:
            print(f"{done} of {len(tasks)}: {task[0]}, {row['name']}", file=sys.stderr)
    return [row for key in keys.values() if (row := kept.get(key)) is not None]


def write(rows: Sequence[Row], folder: Path) -> str:
    """files.csv and tables.md; gives the tables."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with (folder / "files.csv").open("w", newline="") as file:
        out = csv.DictWriter(file, columns)
        out.writeheader()
        out.writerows({name: f"{value:.4f}" if isinstance(value, float) else value for name, value in row.items()} for row in rows)
    tables = report.markdown(rows)
    (folder / "tables.md").write_text(tables)
    return tables


_work: tuple[dict[str, Denoiser], Sequence[Pair]] = ({}, ())       # what a forked worker finds


def _measured(systems: Sequence[System], found: Sequence[Pair], tasks: Sequence[tuple[str, int]], jobs: int) -> Iterator[Row]:
    global _work
    _work = ({system.name: system.denoise for system in systems}, found)
    if jobs == 1:
        yield from map(_one, tasks)
    else:
        with multiprocessing.get_context("fork").Pool(min(jobs, 2)) as pool:
            yield from pool.imap(_one, tasks)


def _one(task: tuple[str, int]) -> Row:
    (name, n), (systems, found) = task, _work
    pair = found[n]
    output = np.asarray(systems[name](pair.noisy, pair.role), np.float32)
    if output.shape != pair.noisy.shape:
        raise ValueError(f"{name}: {output.shape} frames out, {pair.noisy.shape} in")
    return {"system": name, "name": pair.name, "condition": pair.condition, "role": pair.role} | measured(pair, output, judged=n % DNSMOS_EVERY == 0)


def _key(system: System, pair: Pair, n: int) -> str:
    """What a row depends on."""
    judged = n % DNSMOS_EVERY == 0 and importlib.util.find_spec("speechmos") is not None
    text = f"{VERSION} {system.name} {system.identity} {pair.name} {pair.condition} {pair.role} {judged}"
    return hashlib.sha256(text.encode() + pair.clean.tobytes() + pair.noisy.tobytes()).hexdigest()[:24]


def _code() -> str:
    """A digest of the C core, the Python around it, and the models that come with it."""
    import gigbox
    folder = Path(gigbox.__file__).parent
    patterns = ("_core*.so", "**/*.tflite", "render/denoise.py", "engine/*.py", "brain/**/*.py")
    return _digest([file for pattern in patterns for file in sorted(folder.glob(pattern))])


def _digest(files: Sequence[Path]) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--data", type=Path, help="folder with denoise/ and instruments/: the validation set is made from what is kept apart")
    where.add_argument("--pairs", type=Path, help="folder of pairs instead: clean/NAME.wav, noisy/NAME.wav, conditions.csv")
    parser.add_argument("--fold", choices=FOLDS, default="choose", help="which recordings: those that choices are made on, or those that figures are told of")
    parser.add_argument("--said", default="yes", choices=("yes", "no"), help="whether anybody says what it is")
    parser.add_argument("--out", type=Path, default=Path("out/denoise"))
    parser.add_argument("--systems", default=",".join((*OURS, *RIVALS)), type=lambda text: text.split(","))
    parser.add_argument("--lookahead", default=[128, 0], type=lambda text: [int(part) for part in text.split(",")], help="frames of ours: 0, 128")
    parser.add_argument("--floor-db", default=18.0, type=float)
    parser.add_argument("--model", type=Path, help="a .tflite in place of the one that is shipped")
    parser.add_argument("--limit", type=int, help="only so many pairs")
    parser.add_argument("--jobs", type=int, default=1, choices=(1, 2))
    return parser.parse_args()


def main() -> None:
    options = _options()
    if missing := [name for name in ("pesq", "pystoi") if importlib.util.find_spec(name) is None]:
        raise SystemExit(f"{' and '.join(missing)} not installed: pip install -r models/denoise/requirements-eval.txt")
    found = list(islice(pairs(options.data, FOLDS[options.fold]) if options.data else read_folder(options.pairs), options.limit))
    if options.said == "no":
        found = [dataclasses.replace(pair, role="unused") for pair in found]
    systems = list(systems_named(options.systems, options.lookahead, options.floor_db, options.model))
    rows = run(systems, found, Kept(options.out / "kept"), options.jobs)
    print(write(rows, options.out), end="")


if __name__ == "__main__":
    main()
