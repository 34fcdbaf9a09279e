"""From a trained model to float TFLite and on to full int8: weights and activations, with ranges found by samples but for those that are known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import litert_torch
import numpy as np
import torch
from ai_edge_litert.schema_py_generated import BuiltinOperator
from ai_edge_litert.tools import flatbuffer_utils
from ai_edge_quantizer import quantizer, recipe
from ai_edge_quantizer.utils.tfl_flatbuffer_utils import read_model
from torch import Tensor, nn

Range = tuple[float, float]


def export(model: nn.Module, sample: dict[str, Tensor], samples: Iterable[dict[str, np.ndarray]], known: Mapping[str, Range], path: Path) -> None:
    """Writes `path` and, beside it, the float model, NAME_float.tflite. `sample`: inputs of the shapes that are wanted; `samples`: real ones;
    `known`: the least and the most of every input and output, by name."""
    floats = path.with_name(path.stem + "_float.tflite")
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    litert_torch.convert(model.eval(), sample_kwargs=sample).export(str(floats))
    _free_rows(floats)
    q = quantizer.Quantizer(str(floats), recipe.static_wi8_ai8())
    found = q.calibrate({"serving_default": list(samples)}, num_threads=1)
    for tensor, ends in _ranges(floats, known).items():
        found[tensor]["min"], found[tensor]["max"] = (np.full_like(found[tensor][end], value) for end, value in zip(("min", "max"), ends, strict=True))
    q.quantize(found).export_model(str(path), overwrite=True)
    print(f"{path}: {path.stat().st_size} bytes; {floats}: {floats.stat().st_size} bytes")


def _ranges(floats: Path, known: Mapping[str, Range]) -> dict[str, Range]:
    """By tensor: what a float model's inputs and outputs are called inside. A state has one name, and two tensors."""
    from ai_edge_litert.interpreter import Interpreter

    runner = Interpreter(str(floats)).get_signature_runner()
    return {tensor["name"]: known[name] for side in (runner.get_input_details(), runner.get_output_details()) for name, tensor in side.items()}


def _free_rows(path: Path) -> None:
    """A reshape is written with the rows of the sample: any number of them must do."""
    model = read_model(str(path))
    for graph in model.subgraphs:
        for op in graph.operators:
            if model.operatorCodes[op.opcodeIndex].builtinCode != BuiltinOperator.RESHAPE:
                continue
            buffer = model.buffers[graph.tensors[op.inputs[1]].buffer]
            shape = np.frombuffer(bytes(buffer.data), np.int32).copy()
            shape[0] = -1
            buffer.data = np.frombuffer(shape.tobytes(), np.uint8)
    flatbuffer_utils.write_model(model, str(path))
