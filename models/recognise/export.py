"""From a training run to the file that the box loads: float TFLite with folded norms, then full int8.

    python -m models.recognise.export --run RUN --pool POOL --out models/release/recognise.tflite --temperature 1.0

Ranges of inputs are known, all others are found with windows as training draws them: the least and the most, not a moving average, except for the
logits, of which only the differences near the top count.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from gigbox.brain.who.recogniser import BANDS, FRAMES
from models.quantise import export
from models.recognise.augment import Windows
from models.recognise.data import Pool
from models.recognise.model import Recogniser
from models.recognise.train import load

ROWS, BATCHES = 16, 24
KNOWN = {"x": (-1.0, 1.0), "level": (-1.5, 1.5), "logits": (-16.0, 16.0)}


class Look(nn.Module):
    """A trained recogniser with its norms folded into the convolutions, logits over a temperature (Guo et al. 2017), and an output that has a name."""

    @torch.no_grad()
    def __init__(self, model: Recogniser, temperature: float = 1.0) -> None:
        super().__init__()
        self.model = model
        layers, folded = list(model.body), []
        for layer in layers:
            if isinstance(layer, nn.BatchNorm2d):
                folded[-1] = fuse_conv_bn_eval(folded[-1], layer)
            else:
                folded.append(layer)
        model.body = nn.Sequential(*folded)
        for parameter in (model.mean.weight, model.mean.bias, model.most.weight, model.level.weight):
            parameter /= temperature

    def forward(self, x: Tensor, level: Tensor) -> dict[str, Tensor]:
        return {"logits": self.model(x, level)}


def _samples(pool: Pool) -> Iterator[dict[str, np.ndarray]]:
    windows = Windows(pool, pool.entries, 17)
    for _ in range(BATCHES):
        x, level, _ = windows.batch(ROWS)
        yield {"x": x, "level": level}


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--run", type=Path, required=True, help="folder of a training run")
    p.add_argument("--pool", type=Path, required=True, help="windows to find ranges with")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--temperature", type=float, default=1.0, help="as eval finds it among strangers")
    options = p.parse_args()
    sample = {"x": torch.zeros(ROWS, FRAMES, BANDS, 1), "level": torch.zeros(ROWS, 1)}
    export(Look(load(options.run), options.temperature), sample, _samples(Pool(options.pool)), KNOWN, options.out)


if __name__ == "__main__":
    main()
