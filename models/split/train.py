"""Trains the splitter on whatever records there are yet, on one CPU thread. Seeded, checkpointed, stopped by the clock, resumable.

    PYTHONPATH=firmware:. python -m models.split.train --pack FOLDER --pool POOL --out RUN --minutes 45

The learning rate follows the share of `--minutes` that is gone, so that a run ends settled. The first lot of the pool is never learnt from: the curve tells of
it. What is kept is the running mean of the weights.
"""

from __future__ import annotations

import argparse
import csv
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from models.split.looks import Ears
from models.split.loss import loss
from models.split.model import Splitter

BATCH, STEPS = 8, 187           # records at once; steps that a gradient reaches back: a third of a record, the state goes on
WARM_UP, MEAN_OVER = 20, 100    # steps of the optimizer
LOOK_S, KEEP_S = 60.0, 120.0    # seconds from one look for new lots, and from one checkpoint, to the next
CHECKED = 6                     # records that the curve is told of
Lot = dict[str, Tensor]


class Pool:
    """Lots as they come, halves in memory; at most so many."""

    def __init__(self, folder: Path, most: int) -> None:
        self.folder, self.most = folder, most
        self.lots: dict[str, Lot] = {}
        self.look()

    def look(self) -> None:
        for path in sorted(self.folder.glob("*-????.npz")):
            if path.name not in self.lots and len(self.lots) < self.most:
                self.lots[path.name] = {name: torch.from_numpy(a) for name, a in np.load(path).items()}

    def check(self, records: int) -> Lot:
        return {name: a[:records] for name, a in next(iter(self.lots.values())).items()}

    def draw(self, rng: np.random.Generator) -> Lot:
        """BATCH records of one or two lots."""
        names = list(self.lots)[1:]
        picked = [(self.lots[names[rng.integers(len(names))]], rng.integers(0, 24)) for _ in range(BATCH)]
        return {name: torch.stack([lot[name][n] for lot, n in picked]) for name in ("x", "record", "share", "limit")}


class Learner:
    def __init__(self, o: argparse.Namespace) -> None:
        torch.manual_seed(o.seed)
        self.rate, self.file = o.rate, o.out / "split.pt"
        self.model, self.average = Splitter(), Splitter().eval()
        self.average.load_state_dict(self.model.state_dict())
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=o.rate, weight_decay=0.02, betas=(0.9, 0.98))
        self.steps, self.minutes = 0, 0.0
        if self.file.exists():
            saved = torch.load(self.file, weights_only=True)
            for name, part in (("model", self.model), ("average", self.average), ("optimizer", self.optimizer)):
                part.load_state_dict(saved[name])
            self.steps, self.minutes = saved["steps"], saved["minutes"]

    def learn(self, ears: Ears, batch: Lot, gone: float) -> float:
        state, values = torch.zeros(2, BATCH, self.model.size), []
        for first in range(0, batch["x"].shape[1] - STEPS + 1, STEPS):
            x, record, share = (batch[name][:, first:first + STEPS].transpose(0, 1).float() for name in ("x", "record", "share"))
            self.steps += 1
            for group in self.optimizer.param_groups:
                group["lr"] = self.rate * min(self.steps / WARM_UP, 1) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(gone, 1))))
            said, state = self.model(x, state)
            value = loss(ears, said, record, share, batch["limit"].float())
            self.optimizer.zero_grad(set_to_none=True)
            value.backward()
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            self.optimizer.step()
            state = state.detach()
            with torch.no_grad():
                for mean, p in zip(self.average.parameters(), self.model.parameters(), strict=True):
                    mean.lerp_(p, 1 / min(self.steps, MEAN_OVER))
            values.append(float(value.detach()))
        return float(np.mean(values))

    @torch.no_grad()
    def check(self, ears: Ears, lot: Lot) -> float:
        x, record, share = (lot[name].transpose(0, 1).float() for name in ("x", "record", "share"))
        said, _ = self.average(x, torch.zeros(2, x.shape[1], self.average.size))
        return float(loss(ears, said, record, share, lot["limit"].float()))

    def keep(self, minutes: float) -> None:
        new = self.file.with_suffix(".new")
        torch.save({"model": self.model.state_dict(), "average": self.average.state_dict(), "optimizer": self.optimizer.state_dict(), "steps": self.steps,
                    "minutes": minutes}, new)
        new.replace(self.file)


def run(o: argparse.Namespace) -> None:
    ears, pool, learner = Ears(o.pack / "looks.npz"), Pool(o.pool, o.most), Learner(o)
    begin, rng, values, looked, kept = time.monotonic(), np.random.default_rng(o.seed + learner.steps), [], 0.0, 0.0
    while True:
        seconds = time.monotonic() - begin
        minutes = learner.minutes + seconds / 60
        if seconds > looked + LOOK_S:
            pool.look()
            looked = seconds
        values.append(learner.learn(ears, pool.draw(rng), minutes / o.minutes))
        over = minutes >= o.minutes
        if seconds > kept + KEEP_S or over:
            kept, checked = seconds, learner.check(ears, pool.check(CHECKED))
            learner.keep(minutes)
            row = [f"{minutes:.1f}", learner.steps, f"{time.process_time():.0f}", len(pool.lots), f"{np.mean(values):.5f}", f"{checked:.5f}"]
            with (o.out / "curve.csv").open("a") as curve:
                csv.writer(curve).writerow(row)
            print("minutes {}, step {}, CPU {} s, {} lots: loss {}, kept apart {}".format(*row), flush=True)
            values = []
        if over:
            return


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--pack", type=Path, required=True)
    p.add_argument("--pool", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--minutes", type=float, required=True, help="of training, earlier parts of the same run counted in")
    p.add_argument("--rate", type=float, default=3e-3)
    p.add_argument("--most", type=int, default=120, help="lots in memory, 26 MB each")
    p.add_argument("--seed", type=int, default=1)
    o = p.parse_args()
    torch.set_num_threads(1)
    o.out.mkdir(parents=True, exist_ok=True)
    run(o)


if __name__ == "__main__":
    main()
