"""From a training run to the file that the box loads: float TFLite, then full int8 with states that keep their scale from step to step.

    PYTHONPATH=firmware:. python -m models.split.export --run RUN/split.pt --pool POOL --out models/release/split.tflite
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch

from models.denoise.export import STATE
from models.quantise import export
from models.split.looks import CLIP, FINE, LAYERS
from models.split.model import Splitter, Step
from models.split.train import Pool

ROWS, STEPS = 24, 250
KNOWN = {"x": (-CLIP, CLIP), "h1": STATE, "h2": STATE, "share": (0.0, 1.0)}


def load(run: Path) -> Splitter:
    """The running mean of a run's weights."""
    weights = torch.load(run, weights_only=True, map_location="cpu")["average"]
    model = Splitter(weights["near.told.bias"].shape[0])
    model.load_state_dict(weights)
    return model.eval()


@torch.no_grad()
def samples(model: Splitter, pool: Path) -> Iterator[dict[str, np.ndarray]]:
    """What the model meets in records that were made, states and all."""
    x, step = Pool(pool, 1).check(ROWS)["x"].transpose(0, 1).float(), Step(model)
    state = {name: torch.zeros(ROWS, model.size) for name in ("h1", "h2")}
    for n in range(STEPS):
        yield {"x": x[n].numpy(), **{name: h.numpy() for name, h in state.items()}}
        out = step(x[n], **state)
        state = {name: out[name] for name in state}


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--run", type=Path, required=True, help="a checkpoint of a training run")
    p.add_argument("--pool", type=Path, required=True, help="records to find ranges with")
    p.add_argument("--out", type=Path, required=True)
    o = p.parse_args()
    model = load(o.run)
    sample = {"x": torch.zeros(ROWS, LAYERS, FINE), **{name: torch.zeros(ROWS, model.size) for name in ("h1", "h2")}}
    export(Step(model), sample, samples(model, o.pool), KNOWN, o.out)


if __name__ == "__main__":
    main()
