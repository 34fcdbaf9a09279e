"""From a training run to the file that the box loads: float TFLite, then full int8 with states that keep their scale from hop to hop.

    python -m models.denoise.export --run RUN --pool POOL --out models/release/denoise.tflite

Ranges are the quantizer's own moving averages over real mixtures, but for inputs, states and gains, whose ranges are known: a state goes out with
the very scale that it comes in with, so the box copies it.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch

from gigbox.brain.denoise.denoiser import CLIP
from models.denoise import features
from models.denoise.data import Mixer, Pool
from models.denoise.model import Denoiser, Step
from models.quantise import export

ROWS, HOPS = 32, 400
STATE = (-1.0, 127 / 128)      # what TFLite gives a tanh: 1/128 a step, 0 at 0
KNOWN = {"x": (-CLIP, CLIP), "h1": STATE, "h2": STATE, "gains": (0.0, 1.0)}


def load(run: Path) -> Denoiser:
    """The running mean of a run's weights."""
    saved = torch.load(run / "last.pt" if run.is_dir() else run, weights_only=True)
    weights = saved.get("average", saved["model"])
    model = Denoiser(weights["dense.bias"].shape[0])
    model.load_state_dict(weights)
    return model.eval()


@torch.no_grad()
def _samples(model: Denoiser, pool: Path) -> Iterator[dict[str, np.ndarray]]:
    """What the model meets in mixtures, states and all."""
    step, x = Step(model), torch.from_numpy(Mixer(Pool(pool), 17).batch(ROWS).x)
    state = {"h1": torch.zeros(ROWS, model.size), "h2": torch.zeros(ROWS, model.size)}
    for hop in range(HOPS):
        yield {"x": x[hop].numpy(), **{name: h.numpy() for name, h in state.items()}}
        out = step(x[hop], **state)
        state = {name: out[name] for name in state}


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--run", type=Path, required=True, help="folder of a training run, or a checkpoint")
    p.add_argument("--pool", type=Path, required=True, help="pairs to find ranges with")
    p.add_argument("--out", type=Path, required=True)
    options = p.parse_args()
    model = load(options.run)
    sample = {"x": torch.zeros(ROWS, features.INPUTS), "h1": torch.zeros(ROWS, model.size), "h2": torch.zeros(ROWS, model.size)}
    export(Step(model), sample, _samples(model, options.pool), KNOWN, options.out)


if __name__ == "__main__":
    main()
