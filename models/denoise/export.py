"""From a training run to the file that the box loads: float TFLite, then full int8 with states that keep their scale from hop to hop.

    python -m models.denoise.export --run RUN --pool POOL --out models/release/denoise.tflite

Ranges are the quantizer's own moving averages over real mixtures, but for inputs, states and gains, whose ranges are known: a state goes out with
the very scale that it comes in with, so the box copies it.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import litert_torch
import numpy as np
import torch
from ai_edge_quantizer import quantizer, recipe

from gigbox.brain.denoise import CLIP
from models.denoise import features
from models.denoise.data import Mixer, Pool
from models.denoise.model import Denoiser, Step

ROWS, HOPS = 32, 400
STATE = (-1.0, 127 / 128)      # what TFLite gives a tanh: 1/128 a step, 0 at 0


def load(run: Path) -> Denoiser:
    """The running mean of a run's weights."""
    saved = torch.load(run / "last.pt" if run.is_dir() else run, weights_only=True)
    weights = saved.get("average", saved["model"])
    model = Denoiser(weights["dense.bias"].shape[0])
    model.load_state_dict(weights)
    return model.eval()


def to_float(model: Denoiser, path: Path) -> None:
    sample = {"x": torch.zeros(ROWS, features.INPUTS), "h1": torch.zeros(ROWS, model.size), "h2": torch.zeros(ROWS, model.size)}
    litert_torch.convert(Step(model).eval(), sample_kwargs=sample).export(str(path))


def to_int8(model: Denoiser, floats: Path, path: Path, pool: Path) -> None:
    q = quantizer.Quantizer(str(floats), recipe.static_wi8_ai8())
    found = q.calibrate({"serving_default": list(_samples(model, pool))}, num_threads=1)
    for name, ends in _known(floats).items():
        found[name]["min"], found[name]["max"] = (np.full_like(found[name][end], value) for end, value in zip(("min", "max"), ends, strict=True))
    q.quantize(found).export_model(str(path), overwrite=True)


@torch.no_grad()
def _samples(model: Denoiser, pool: Path) -> Iterator[dict[str, np.ndarray]]:
    """What the model meets in mixtures, states and all."""
    step, x = Step(model), torch.from_numpy(Mixer(Pool(pool), 17).batch(ROWS).x)
    state = {"h1": torch.zeros(ROWS, model.size), "h2": torch.zeros(ROWS, model.size)}
    for hop in range(HOPS):
        yield {"x": x[hop].numpy(), **{name: h.numpy() for name, h in state.items()}}
        out = step(x[hop], **state)
        state = {name: out[name] for name in state}


def _known(floats: Path) -> dict[str, tuple[float, float]]:
    """The ranges of a float model's inputs and outputs, by tensor."""
    from ai_edge_litert.interpreter import Interpreter

    runner = Interpreter(str(floats)).get_signature_runner()
    ranges = {"x": (-CLIP, CLIP), "h1": STATE, "h2": STATE, "gains": (0.0, 1.0)}
    return {tensor["name"]: ranges[name] for side in (runner.get_input_details(), runner.get_output_details()) for name, tensor in side.items()}


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--run", type=Path, required=True, help="folder of a training run, or a checkpoint")
    p.add_argument("--pool", type=Path, required=True, help="pairs to find ranges with")
    p.add_argument("--out", type=Path, required=True)
    options = p.parse_args()
    torch.set_num_threads(1)
    model, floats = load(options.run), options.out.with_name(options.out.stem + "_float.tflite")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    to_float(model, floats)
    to_int8(model, floats, options.out, options.pool)
    print(f"{options.out}: {options.out.stat().st_size} bytes; {floats}: {floats.stat().st_size} bytes")


if __name__ == "__main__":
    main()
