"""Trains the recogniser: seeded, resumable, one CPU thread or a GPU.

    python -m models.recognise.train --pool POOL --out RUN --steps 8000 [--fold 0]

With `--fold` the sources of that fold are kept apart, and tell how it does among strangers; without, everything is trained with. The learning rate
follows the share of the steps that are done. Started again it goes on where it was.
"""

from __future__ import annotations

import argparse
import csv
import math
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from gigbox.brain.who.recogniser import standardise
from models.recognise import folds, measures, thaw
from models.recognise.augment import Windows
from models.recognise.data import Pool
from models.recognise.measures import Array
from models.recognise.model import Recogniser

WARM_UP, SMOOTHING, KEEP = 200, 0.1, 0.997      # steps; of labels; of the running mean of the weights
EVERY, CHECKED = 100, 2000                      # steps between two checkpoints, and between two looks at strangers


class Run:
    """One training run in one process."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        torch.manual_seed(options.seed)
        pool = Pool(options.pool)
        entries = folds.heard(pool.entries, options.fold)
        self.model = Recogniser(options.dropout)
        frozen = options.begin is not None and options.begin.suffix == ".tflite"
        if frozen:
            batches = Windows(pool, entries, options.seed - 1)
            thawed(self.model, thaw.weights(options.begin), options.temperature, torch.from_numpy(np.concatenate([batches.batch(48)[0] for _ in range(8)])))
        elif options.begin:
            self.model.load_state_dict(load(options.begin).state_dict())
        self.model = self.model.to(self.device, memory_format=torch.channels_last)
        self.average = torch.optim.swa_utils.AveragedModel(self.model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(KEEP), use_buffers=True)
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=options.rate, weight_decay=0.02)
        self.step, kept = 0, options.out / "last.pt"
        if kept.exists():
            saved = torch.load(kept, weights_only=True)
            for name in ("model", "average", "optimizer"):
                getattr(self, name).load_state_dict(saved[name])
            self.step = saved["step"]
        self.windows = Windows(pool, entries, options.seed + 7919 * self.step)
        judging = () if frozen else options.fold      # a released model may have heard all of them
        self.pool, self.apart = pool, [e for fold in judging for e in folds.strange(pool.entries, fold)]

    def train(self) -> None:
        begin, losses = time.monotonic(), []
        while self.step < self.options.steps:
            losses.append(self._learn())
            self.step += 1
            if self.step % EVERY == 0 or self.step == self.options.steps:
                self._keep(float(np.mean(losses)), time.monotonic() - begin)
                losses = []

    def _learn(self) -> float:
        done = self.step / self.options.steps
        for group in self.optimizer.param_groups:
            group["lr"] = self.options.rate * min((self.step + 1) / WARM_UP, 1) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * done)))
        x, level, kind = (torch.from_numpy(a).to(self.device) for a in self.windows.batch(self.options.batch))
        self.model.train()
        with torch.autocast(self.device.type, torch.bfloat16):
            said = self.model(x, level)
        loss = nn.functional.cross_entropy(said.float(), kind, label_smoothing=SMOOTHING)
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 2.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.average.update_parameters(self.model)
        return float(loss.detach())

    def _keep(self, loss: float, seconds: float) -> None:
        new = self.options.out / "last.new"
        torch.save({"model": self.model.state_dict(), "average": self.average.state_dict(), "optimizer": self.optimizer.state_dict(), "step": self.step}, new)
        new.replace(self.options.out / "last.pt")
        due = self.apart and (self.step % CHECKED == 0 or self.step == self.options.steps)
        f = measures.figures(measures.hear(self.pool, self.apart, look(self.average.module))) if due else None
        said = [f"{f.top1:.4f}", f"{f.top3:.4f}"] if f else ["", ""]
        with (self.options.out / "curve.csv").open("a") as file:
            if file.tell() == 0:
                file.write("step,loss,top1,top3\n")
            csv.writer(file).writerow([self.step, f"{loss:.4f}", *said])
        print(f"step {self.step}, {seconds:.0f} s: loss {loss:.4f}, among strangers {' '.join(said)}", flush=True)
        if f and self.step == self.options.steps:
            print(measures.table(f))


def look(model: nn.Module) -> Callable[[Array], Array]:
    """The model as `measures.hear` asks it."""
    @torch.no_grad()
    def ask(heard: Array) -> Array:
        model.eval()
        device, parts = next(model.parameters()).device, []
        for n in range(0, len(heard), 64):
            x, level = (torch.from_numpy(a).to(device) for a in standardise(heard[n:n + 64]))
            parts.append(model(x, level).log_softmax(1).cpu())
        return torch.cat(parts).numpy()
    return ask


@torch.no_grad()
def thawed(model: Recogniser, weights: dict[str, Array], temperature: float, x: Tensor) -> None:
    """Takes over the weights of a released model. Norms were folded away when it was exported; they are put back with what they would measure on these
    windows, so that it is the same model until something is learnt. `temperature`: what its logits were divided by."""
    heard, layers = x.permute(0, 3, 1, 2), list(model.body)
    for n, (convolution, norm) in enumerate(zip(layers[::3], layers[1::3], strict=True)):
        convolution.weight.copy_(torch.from_numpy(weights[f"{n}.weight"]))
        heard, bias = convolution(heard), torch.from_numpy(weights[f"{n}.bias"])
        norm.running_mean.copy_(heard.mean((0, 2, 3)))
        norm.running_var.copy_(heard.var((0, 2, 3)))
        norm.weight.copy_((norm.running_var + norm.eps).sqrt())
        norm.bias.copy_(bias + norm.running_mean)
        heard = (heard + bias[:, None, None]).relu()
    for name in ("mean.weight", "mean.bias", "most.weight", "level.weight"):
        model.get_parameter(name).copy_(torch.from_numpy(weights[name]) * temperature)


def load(run: Path) -> Recogniser:
    """The running mean of a run's weights."""
    saved = torch.load(run / "last.pt", weights_only=True, map_location="cpu")
    model = Recogniser()
    model.load_state_dict({name.removeprefix("module."): value for name, value in saved["average"].items() if name.startswith("module.")})
    return model.eval()


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--pool", type=Path, required=True, help="made by models.recognise.data")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--fold", type=int, nargs="+", choices=range(folds.FOLDS), default=[], help="sources kept apart; none: the model that is released")
    p.add_argument("--begin", type=Path, help="a run, or a released .tflite, whose weights to begin with")
    p.add_argument("--temperature", type=float, default=1.0, help="what the logits of that .tflite were divided by")
    p.add_argument("--steps", type=int, default=8000)
    p.add_argument("--batch", type=int, default=48)
    p.add_argument("--rate", type=float, default=3e-3)
    p.add_argument("--dropout", type=float, default=0.3)
    p.add_argument("--seed", type=int, default=1)
    options = p.parse_args()
    torch.set_num_threads(1)
    options.out.mkdir(parents=True, exist_ok=True)
    Run(options).train()


if __name__ == "__main__":
    main()
