"""From a training run to the file that the box loads: float TFLite with folded norms, then full int8.

    python -m models.recognise.export --run RUN --pool POOL --out models/release/recognise.tflite --temperature 1.0

Ranges of inputs are known, all others are found with windows as training draws them: the least and the most, not a moving average, except for the
logits, of which only the differences near the top count.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import litert_torch
import numpy as np
import torch
from ai_edge_quantizer import quantizer, recipe
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from gigbox.brain.recognise import BANDS, FRAMES
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


def to_float(look: Look, path: Path) -> None:
    sample = {"x": torch.zeros(ROWS, FRAMES, BANDS, 1), "level": torch.zeros(ROWS, 1)}
    litert_torch.convert(look.eval(), sample_kwargs=sample).export(str(path))


def to_int8(floats: Path, path: Path, pool: Pool) -> None:
    q = quantizer.Quantizer(str(floats), recipe.static_wi8_ai8())
    found = q.calibrate({"serving_default": list(_samples(pool))}, num_threads=1)
    for name, ends in _known(floats).items():
        found[name]["min"], found[name]["max"] = (np.full_like(found[name][end], value) for end, value in zip(("min", "max"), ends, strict=True))
    q.quantize(found).export_model(str(path), overwrite=True)


def _samples(pool: Pool) -> Iterator[dict[str, np.ndarray]]:
    windows = Windows(pool, pool.entries, 17)
    for _ in range(BATCHES):
        x, level, _ = windows.batch(ROWS)
        yield {"x": x, "level": level}


def _known(floats: Path) -> dict[str, tuple[float, float]]:
    """The ranges of a float model's inputs and outputs, by tensor."""
    from ai_edge_litert.interpreter import Interpreter

    runner = Interpreter(str(floats)).get_signature_runner()
    return {tensor["name"]: KNOWN[name] for side in (runner.get_input_details(), runner.get_output_details()) for name, tensor in side.items()}


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--run", type=Path, required=True, help="folder of a training run")
    p.add_argument("--pool", type=Path, required=True, help="windows to find ranges with")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--temperature", type=float, default=1.0, help="as eval finds it among strangers")
    options = p.parse_args()
    torch.set_num_threads(1)
    floats = options.out.with_name(options.out.stem + "_float.tflite")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    to_float(Look(load(options.run), options.temperature), floats)
    to_int8(floats, options.out, Pool(options.pool))
    print(f"{options.out}: {options.out.stat().st_size} bytes; {floats}: {floats.stat().st_size} bytes")


if __name__ == "__main__":
    main()
