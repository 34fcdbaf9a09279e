"""From a training run to the file that the box loads: float TFLite, then full int8 with states that keep their scale from hop to hop.

    python -m models.denoise.export --run RUN/NAME.pt --pack FOLDER --out models/release/denoise.tflite

Ranges are the quantizer's own moving averages over real mixtures, but for inputs, states and gains, whose ranges are known: a state goes out with
the very scale that it comes in with, so the box copies it.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch

from models.denoise.looks import FINE, INPUTS, Looks
from models.denoise.model import Denoiser, Step
from models.denoise.pairs import Maker, Pool
from models.denoise.takes import TRAIN, read
from models.denoise.train import made_noises
from models.quantise import export

ROWS, HOPS = 32, 400
STATE = (-1.0, 127 / 128)      # what TFLite gives a tanh: 1/128 a step, 0 at 0
KNOWN = {"h1": STATE, "h2": STATE, "gains": (0.0, 1.0)}


def load(run: Path) -> Denoiser:
    """The running mean of a run's weights."""
    weights = {name: a.float() for name, a in torch.load(run, weights_only=True, map_location="cpu")["average"].items()}
    model = Denoiser(weights["dense.bias"].shape[0], local="local.told.bias" in weights)
    model.load_state_dict(weights)
    return model.eval()


@torch.no_grad()
def samples(model: Denoiser, looks: Looks, pack: Path) -> Iterator[dict[str, np.ndarray]]:
    """What the model meets in mixtures, states and all."""
    torch.manual_seed(17)
    takes, rooms = read(pack, torch.device("cpu"), TRAIN)
    pool = Pool(Maker(takes, made_noises(17, 8, 1, torch.device("cpu")), rooms, 4), ROWS)
    pool.make(ROWS)
    mixture = pool.batch(ROWS)
    flags = torch.stack([mixture.role > 0, mixture.role < 0, torch.arange(ROWS) % 2 > 0], 1).float()
    x, step = looks.inputs(mixture.sound, flags), Step(model)
    state = {"h1": torch.zeros(ROWS, model.size), "h2": torch.zeros(ROWS, model.size)}
    for hop in range(HOPS):
        yield {"fine": x[hop, :, :FINE].numpy(), "x": x[hop, :, FINE:].numpy(), **{name: h.numpy() for name, h in state.items()}}
        out = step(x[hop, :, :FINE], x[hop, :, FINE:], **state)
        state = {name: out[name] for name in state}


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--run", type=Path, required=True, help="a checkpoint of a training run")
    p.add_argument("--pack", type=Path, required=True, help="recordings to find ranges with")
    p.add_argument("--out", type=Path, required=True)
    o = p.parse_args()
    model, looks = load(o.run), Looks(o.pack / "looks.npz")
    sample = {"fine": torch.zeros(ROWS, FINE), "x": torch.zeros(ROWS, INPUTS - FINE), "h1": torch.zeros(ROWS, model.size), "h2": torch.zeros(ROWS, model.size)}
    export(Step(model), sample, samples(model, looks, o.pack), KNOWN | dict.fromkeys(("fine", "x"), (-looks.clip, looks.clip)), o.out)


if __name__ == "__main__":
    main()
