"""Trains the denoiser: seeded, resumable, stopped by the clock. One CPU thread, one GPU, or many with torchrun.

    python -m models.denoise.train --pool POOL --check CHECK --out RUN --minutes 120

The learning rate follows the share of `--minutes` that is gone, so that a run always ends settled. Started again it goes on where it was. On many
GPUs: `torchrun --nproc-per-node 8 -m models.denoise.train ...`; every process draws its own batches, gradients are averaged.
"""

from __future__ import annotations

import argparse
import csv
import math
import os
import queue
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from torch import Tensor

from models.denoise import features
from models.denoise.data import Batch, Mixer, Pool
from models.denoise.model import SIZE, Denoiser

HOPS = 225                  # a gradient reaches back this far; the state goes on
WARM_UP = 300               # steps
SETTLED = 200               # pairs that must be there before training begins
POWER = 0.3                 # of powers: what is compared is near to loudness
LEAST = 1e-7                # power under which nothing matters, the whole being 1
WIDTH = torch.from_numpy(np.gradient(features.band_hz()) / 1000).float()


@dataclass(frozen=True)
class Weights:
    """Of the parts of the loss."""

    loudness: float = 1.0
    wiener: float = 1.0
    mask: float = 0.05
    distortion: float = 0.004


def loss(root: Tensor, mixture: Tensor, wanted: Tensor, wiener: Tensor, band: Tensor, weights: Weights) -> Tensor:
    """root: square roots of the gains, (hops, batch, bands). Compares band loudness with the wanted sound's, gains with the Wiener gain where it is
    loud, and, for each sequence as a whole, the power of the error with that of the wanted sound in dB.

    With a gain g constant over a band the error |g X - S|^2 is |X|^2 (g - w)^2 and what no gain can mend, w = Re(X S*) / |X|^2.
    """
    gain = root * root
    is_loud = (gain * gain * mixture + LEAST) ** POWER
    should = (wanted + LEAST) ** POWER
    loudness = (is_loud - should) ** 2
    error = (mixture + LEAST) ** POWER * (gain - wiener) ** 2
    mask = (root - wiener.sqrt()) ** 2
    local = (band * (weights.loudness * loudness + weights.wiener * error + weights.mask * mask)).mean()
    return local + weights.distortion * distortion(gain, mixture, wanted, wiener, band)


def distortion(gain: Tensor, mixture: Tensor, wanted: Tensor, wiener: Tensor, band: Tensor) -> Tensor:
    """Error to wanted power of each sequence in dB, none below -30, mean over the batch."""
    wide = band * WIDTH.to(band.device)
    error = (wide * (mixture * (gain - wiener) ** 2 + (wanted - wiener**2 * mixture).clamp(min=0))).sum((0, 2))
    power = (wide * (wanted + 0.01 * mixture)).sum((0, 2))
    return 10 * torch.log10(error / power + 1e-3).mean()


class Average:
    """A running mean of a model's weights: what is kept."""

    def __init__(self, model: Denoiser) -> None:
        self.model = Denoiser(model.size)
        self.model.load_state_dict(model.state_dict())
        self.model.eval()
        self.steps = 0

    @torch.no_grad()
    def take(self, model: Denoiser) -> None:
        self.steps += 1
        share = 1 / min(self.steps + 1, 500)
        for mine, other in zip(self.model.state_dict().values(), model.state_dict().values(), strict=True):
            mine.lerp_(other.to(mine.device), share)


def main() -> None:
    options = _options()
    torch.set_num_threads(1)
    rank, ranks = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
    if ranks > 1:
        dist.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0))) if torch.cuda.is_available() else torch.device("cpu")
    torch.manual_seed(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    while len(Pool(options.pool)) < SETTLED:
        time.sleep(2)
    run = Run(options, device, rank, ranks)
    run.train()


class Run:
    """One training run in one process."""

    def __init__(self, options: argparse.Namespace, device: torch.device, rank: int, ranks: int) -> None:
        self.options, self.device, self.rank, self.ranks = options, device, rank, ranks
        self.weights = Weights(distortion=options.distortion)
        self.model = Denoiser(options.size, options.dropout)
        self.step, self.before = 0, 0.0
        kept = options.out / "last.pt"
        saved = torch.load(kept, weights_only=True) if kept.exists() else None
        start = saved or (torch.load(options.begin, weights_only=True) if options.begin else None)
        if start:
            self.model.load_state_dict(start["model"])
        self.average = Average(self.model)
        self.model.to(device)
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=1e-3, weight_decay=0.03, betas=(0.9, 0.98))
        if saved:
            self.optimizer.load_state_dict(saved["optimizer"])
            self.average.model.load_state_dict(saved["average"])
            self.step, self.before, self.average.steps = saved["step"], saved["minutes"], saved["step"]
        self.check = Mixer(Pool(options.check), 5).batch(len(Pool(options.check))) if options.check and rank == 0 else None

    def train(self) -> None:
        begin, losses, due = time.monotonic(), [], 0.0
        minutes = self.before
        for batch in _prefetch(self.options, self.rank + self.step):
            state = None
            for hop in range(0, len(batch.x) - HOPS + 1, HOPS):
                minutes = self.before + (time.monotonic() - begin) / 60
                part = Batch(*(a[hop:hop + HOPS].to(self.device, torch.float32) for a in vars(batch).values()))
                value, state = self._learn(part, state, minutes / self.options.minutes)
                losses.append(value)
            if minutes >= due or minutes >= self.options.minutes:
                self._keep(minutes, float(np.mean(losses)))
                losses, due = [], minutes + self.options.every
            if minutes >= self.options.minutes:
                return

    def _learn(self, b: Batch, state: Tensor | None, gone: float) -> tuple[float, Tensor]:
        rate = self.options.rate * min((self.step + 1) / WARM_UP, 1) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(gone, 1))))
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.options.bf16):
            root, state = self.model(b.x, state)
        value = loss(root.float(), b.mixture, b.wanted, b.wiener, b.weight, self.weights)
        value.backward()
        if self.ranks > 1:
            for p in self.model.parameters():
                dist.all_reduce(p.grad)
                p.grad /= self.ranks
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.step += 1
        self.average.take(self.model)
        return float(value.detach()), state.detach()

    def _keep(self, minutes: float, trained: float) -> None:
        if self.rank:
            return
        checked = self._checked() if self.check else math.nan
        new = self.options.out / "last.new"
        torch.save({"model": self.model.state_dict(), "average": self.average.model.state_dict(), "optimizer": self.optimizer.state_dict(),
                    "step": self.step, "minutes": minutes}, new)
        new.replace(self.options.out / "last.pt")
        with (self.options.out / "curve.csv").open("a") as file:
            if file.tell() == 0:
                file.write("minutes,step,pairs,loss,check\n")
            csv.writer(file).writerow([f"{minutes:.1f}", self.step, len(Pool(self.options.pool)), f"{trained:.5f}", f"{checked:.5f}"])
        print(f"{minutes:.1f} min, step {self.step}: loss {trained:.5f}, on pairs kept apart {checked:.5f}", flush=True)

    @torch.no_grad()
    def _checked(self) -> float:
        assert self.check is not None
        c = Batch(*(torch.from_numpy(np.ascontiguousarray(a)) for a in vars(self.check).values()))
        root, _ = self.average.model(c.x)
        return float(loss(root, c.mixture, c.wanted, c.wiener, c.weight, self.weights))


def _prefetch(options: argparse.Namespace, seed: int) -> Iterator[Batch]:
    """Batches from a process of their own; half of their floats, in shared memory."""
    context = mp.get_context("spawn")
    ready = context.Queue(2)
    start = options.seed + 7919 * seed
    workers = [context.Process(target=_mix, args=(options.pool, options.batch, start + n, ready), daemon=True) for n in range(options.workers)]
    for worker in workers:
        worker.start()
    ahead: queue.Queue[Batch] = queue.Queue(1)
    threading.Thread(target=lambda: [ahead.put(Batch(*ready.get())) for _ in iter(int, 1)], daemon=True).start()
    try:
        while True:
            yield ahead.get()
    finally:
        for worker in workers:
            worker.terminate()


def _mix(pool: Path, size: int, seed: int, ready: mp.Queue) -> None:
    torch.set_num_threads(1)
    os.nice(3)
    mixer = Mixer(Pool(pool), seed)
    while True:
        ready.put([torch.from_numpy(np.ascontiguousarray(a)) for a in vars(mixer.batch(size)).values()])


def _options() -> argparse.Namespace:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--pool", type=Path, required=True, help="made by models.denoise.data; it may still be filling")
    p.add_argument("--check", type=Path, help="a pool of pairs kept apart")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--begin", type=Path, help="weights to begin with, for experiments")
    p.add_argument("--minutes", type=float, required=True, help="wall clock, earlier parts of the same run counted in")
    p.add_argument("--every", type=float, default=2.0, help="minutes from one checkpoint to the next")
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--size", type=int, default=SIZE)
    p.add_argument("--rate", type=float, default=2e-3)
    p.add_argument("--distortion", type=float, default=0.004, help="weight of a dB of error in a whole sequence")
    p.add_argument("--dropout", type=float, default=0.15)
    p.add_argument("--workers", type=int, default=1)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--bf16", action="store_true")
    return p.parse_args()


if __name__ == "__main__":
    main()
