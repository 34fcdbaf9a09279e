"""Trains the denoiser on whatever there is: one GPU, or one CPU thread. Seeded, checkpointed, stopped by the clock.

    python -m models.denoise.train --pack FOLDER --out RUN --minutes 8 [--models NAME:option:option,...]

FOLDER is what `models.denoise.pack` wrote. The learning rate follows the share of `--minutes` that is gone, so that a run always ends settled; started
again it goes on where it was. Several models learn from the same batches, so that they can be compared: options are sizeN, plain (no convolutions), and
any weight of the loss with its value (`a,b:plain,c:size160:kept_voice1`).
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import math
import multiprocessing
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from models.denoise import noises, rooms
from models.denoise.looks import RATE, Looks
from models.denoise.loss import Batch, Weights, look_at, loss
from models.denoise.model import SIZE, Denoiser
from models.denoise.pairs import Maker, Pool
from models.denoise.takes import CHOOSE, FRAMES, TRAIN, Takes, read

HOPS = 225                  # a gradient reaches back this far; the state goes on
WARM_UP = 200               # steps
MADE_FRAMES = 8 * RATE      # of a noise that code makes


class Learner:
    """One model, its optimizer, and the running mean of its weights: that is what is kept. On a GPU a step is a CUDA graph on a stream of its own, since
    a recurrent net is a thousand small kernels: they take no longer for two models than for one."""

    def __init__(self, text: str, o: argparse.Namespace, device: torch.device) -> None:
        self.name, *options = text.split(":")
        self.rate, size, local, weights = o.rate, SIZE, True, {}
        known = {field.name for field in dataclasses.fields(Weights)}
        for option in options:
            name = option.rstrip("0123456789.")
            if name == "size":
                size = int(option[4:])
            elif name == "rate":
                self.rate = float(option[4:])
            elif name == "plain":
                local = False
            elif name in known:
                weights[name] = float(option[len(name):])
            else:
                raise SystemExit(f"--models: '{option}' is unknown, expected sizeN, rateX, plain, or one of {', '.join(sorted(known))} with a number")
        self.weights, self.device, self.cuda = Weights(**weights), device, device.type == "cuda"
        torch.manual_seed(o.seed)
        self.model = Denoiser(size, o.dropout, local=local).to(device)
        self.average = Denoiser(size, local=local).to(device).eval()
        self.average.load_state_dict(self.model.state_dict())
        self.lr, self.share = torch.zeros((), device=device), torch.zeros((), device=device)
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=self.lr, weight_decay=0.03, betas=(0.9, 0.98), capturable=self.cuda)
        self.state = torch.zeros(2, o.batch, size, device=device)
        self.steps, self.total, self.counted = 0, torch.zeros((), device=device), 0
        self.stream = torch.cuda.Stream() if self.cuda else None
        self.graph: torch.cuda.CUDAGraph | None = None
        self.now: Batch | None = None
        self.file = o.out / f"{self.name}.pt"
        if self.file.exists():
            saved = torch.load(self.file, map_location=device, weights_only=True)
            self.model.load_state_dict(saved["model"])
            self.average.load_state_dict(saved["average"])
            self.optimizer.load_state_dict(saved["optimizer"])
            self.steps = saved["steps"]

    def record(self, looks: Looks, batch: Batch) -> None:
        """Records a step as a graph; everything is as before afterwards."""
        self.now = Batch(*(a.clone() for a in vars(batch.part(0, HOPS)).values()))
        kept = [p.detach().clone() for p in self.model.parameters()]
        torch.cuda.synchronize()
        with torch.cuda.stream(self.stream):
            for _ in range(3):
                self._step(looks)
        torch.cuda.synchronize()
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, stream=self.stream):
            self._step(looks)
        torch.cuda.synchronize()
        with torch.no_grad():
            for p, mean, before in zip(self.model.parameters(), self.average.parameters(), kept, strict=True):
                p.copy_(before)
                mean.copy_(before)
            for state in self.optimizer.state.values():
                for value in state.values():
                    value.zero_()
            self.total.zero_()
        self.graph = graph

    def learn(self, looks: Looks, batch: Batch, gone: float) -> None:
        """All of a batch, a part at a time. With a graph this only queues."""
        with torch.cuda.stream(self.stream):
            self.state.zero_()
            for first in range(0, len(batch.x) - HOPS + 1, HOPS):
                self.steps += 1
                self.lr.fill_(self.rate * min(self.steps / WARM_UP, 1) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(gone, 1)))))
                self.share.fill_(1 / min(self.steps + 1, 600))
                part = batch.part(first, HOPS)
                if self.graph and self.now:
                    for to, a in zip(vars(self.now).values(), vars(part).values(), strict=True):
                        to.copy_(a)
                    self.graph.replay()
                else:
                    self.now = part
                    self._step(looks)

    def _step(self, looks: Looks) -> None:
        assert self.now is not None
        root, state = self.model(self.now.x, self.state)
        value = loss(looks, root, self.now, self.weights)
        value.backward()
        for p in self.model.parameters():
            p.grad.nan_to_num_(0, 0, 0)                 # one bad pair must not end a run
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        with torch.no_grad():
            self.state.copy_(state)
            self.total += value.detach().nan_to_num(0, 0, 0)
            for mean, p in zip(self.average.parameters(), self.model.parameters(), strict=True):
                mean.lerp_(p, self.share)
        self.optimizer.zero_grad(set_to_none=True)

    @torch.no_grad()
    def check(self, looks: Looks, batch: Batch) -> float:
        """Its loss, by the weights that all are compared with."""
        root, _ = self.average(batch.x, torch.zeros(2, batch.x.shape[1], self.model.size, device=self.device))
        return float(loss(looks, root, batch, Weights()))

    def keep(self) -> None:
        new = self.file.with_suffix(".new")
        torch.save({"model": self.model.state_dict(), "average": self.average.state_dict(), "optimizer": self.optimizer.state_dict(), "steps": self.steps}, new)
        new.replace(self.file)

    def keep_weights(self) -> None:
        """The running mean alone, small enough to take home."""
        torch.save({"average": {k: v.half() for k, v in self.average.state_dict().items()}, "steps": self.steps}, self.file.with_suffix(".half"))


class Run:
    def __init__(self, o: argparse.Namespace, device: torch.device) -> None:
        self.o, self.device = o, device
        made = made_noises(o.seed, o.noises, o.workers, device)                  # in processes of their own, before a GPU is touched
        self._say("noises made")
        self.looks = Looks(o.pack / "looks.npz", device)
        self.pools = {fold: Pool(Maker(*self._maker(fold, made)), room) for fold, room in ((TRAIN, o.pool), (CHOOSE, o.check))}
        self._say("recordings read")
        while self.pools[CHOOSE].made < o.check:
            self.pools[CHOOSE].make(min(o.make, o.check))
        with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
            torch.manual_seed(5)
            self.checks = look_at(self.looks, self.pools[CHOOSE].batch(o.check), 128)
        while self.pools[TRAIN].made < min(3 * o.batch, o.pool):
            self.pools[TRAIN].make(o.make)
        self._say("pairs made")
        self.learners = [Learner(text, o, device) for text in o.models.split(",")]
        if device.type == "cuda" and not o.no_graph:
            batch = look_at(self.looks, self.pools[TRAIN].batch(o.batch), 128)
            for learner in self.learners:
                learner.record(self.looks, batch)
            self._say("graphs recorded")

    def _maker(self, fold: int, made: Takes) -> tuple[dict[str, Takes], Takes, Tensor, int]:
        takes, measured = read(self.o.pack, self.device, fold)
        return takes, made, rooms.many(measured), self.o.babbles

    def train(self) -> None:
        o, begin, rounds = self.o, time.monotonic(), 0
        before, due, running = self._minutes_before(), o.every, []
        while True:
            minutes = before + (time.monotonic() - begin) / 60
            if rounds % o.rest == 0:
                self.pools[TRAIN].make(o.make)
            if rounds % (8 * o.rest) == 0:
                self.pools[TRAIN].maker.renew_babble(4)
            batch = look_at(self.looks, self.pools[TRAIN].batch(o.batch), 0 if rounds % 3 == 2 else 128)
            running = self._learn(batch, minutes / o.minutes, running)
            rounds += 1
            if minutes >= due or minutes >= o.minutes:
                due = minutes + o.every
                self._tell(minutes, rounds)
            if minutes >= o.minutes:
                return

    def _learn(self, batch: Batch, gone: float, running: list[torch.cuda.Event]) -> list[torch.cuda.Event]:
        """Every model learns from a batch, on a GPU one batch behind: `running` is waited for, and what runs now is given back."""
        ready = torch.cuda.current_stream().record_event() if self.device.type == "cuda" else None
        now = []
        for learner in self.learners:
            if learner.stream and ready:
                learner.stream.wait_event(ready)
                for a in vars(batch).values():
                    a.record_stream(learner.stream)
            learner.learn(self.looks, batch, gone)
            if learner.stream:
                now.append(learner.stream.record_event())
        for event in running:
            event.synchronize()
        return now

    def _tell(self, minutes: float, rounds: int) -> None:
        if self.device.type == "cuda":
            torch.cuda.synchronize()
        (self.o.out / "minutes").write_text(f"{minutes}")
        hours = rounds * self.o.batch * FRAMES / RATE / 3600
        for m in self.learners:
            mean, checked = float(m.total) / max(m.steps - m.counted, 1), m.check(self.looks, self.checks)
            m.total.zero_()
            m.counted = m.steps
            with (self.o.out / "curve.csv").open("a") as curve:
                csv.writer(curve).writerow([f"{minutes:.2f}", m.name, m.steps, f"{hours:.1f}", f"{mean:.5f}", f"{checked:.5f}"])
            self._say(f"{m.name}: step {m.steps}, {hours:.0f} h, loss {mean:.5f}, kept apart {checked:.5f}")
            m.keep()
            m.keep_weights()

    def _minutes_before(self) -> float:
        file = self.o.out / "minutes"
        return float(file.read_text()) if file.exists() else 0.0

    def _say(self, text: str) -> None:
        print(f"{time.monotonic() - BEGIN:7.1f} s  {text}", flush=True)


def made_noises(seed: int, count: int, workers: int, device: torch.device) -> Takes:
    """`count` of them, 8 s each."""
    seeds = range(seed * 10**6, seed * 10**6 + count)
    if workers > 1:
        with multiprocessing.get_context("fork").Pool(workers) as pool:
            sounds = pool.map(_made, seeds, chunksize=4)
    else:
        sounds = [_made(one) for one in seeds]
    whole = np.arange(count)
    return Takes(torch.from_numpy(np.concatenate(sounds)).to(device), whole * MADE_FRAMES, np.full(count, float(MADE_FRAMES)), whole, np.full(count, 20000.0))


def _made(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (0.1 * noises.MADE[rng.integers(len(noises.MADE))](rng, MADE_FRAMES)).clip(-6e4, 6e4).astype(np.float16)


def _options() -> argparse.Namespace:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--pack", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--minutes", type=float, required=True, help="of training, earlier parts of the same run counted in")
    p.add_argument("--models", default="denoise")
    p.add_argument("--every", type=float, default=1.0, help="minutes from one checkpoint to the next")
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--make", type=int, default=16, help="new pairs at a time")
    p.add_argument("--rest", type=int, default=1, help="batches from one lot of new pairs to the next")
    p.add_argument("--pool", type=int, default=1024, help="pairs in memory, 1.2 MB each")
    p.add_argument("--check", type=int, default=64)
    p.add_argument("--noises", type=int, default=200, help="made in code, 8 s each")
    p.add_argument("--babbles", type=int, default=64)
    p.add_argument("--workers", type=int, default=1)
    p.add_argument("--no-graph", action="store_true", help="on a GPU: without CUDA graphs")
    p.add_argument("--until", type=float, help="seconds after the start at which a run ends, however long it took to begin")
    p.add_argument("--rate", type=float, default=2e-3)
    p.add_argument("--dropout", type=float, default=0.1)
    p.add_argument("--seed", type=int, default=1)
    return p.parse_args()


BEGIN = time.monotonic()


def main() -> None:
    o = _options()
    torch.set_num_threads(1)
    torch.backends.cuda.matmul.allow_tf32 = True
    o.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(o.seed)
    run = Run(o, torch.device("cuda" if torch.cuda.is_available() else "cpu"))
    if o.until:
        o.minutes = min(o.minutes, (o.until - (time.monotonic() - BEGIN)) / 60)
    run.train()


if __name__ == "__main__":
    main()
