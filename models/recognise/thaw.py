"""The weights of a released model as floats again, to go on training with: what it knows outlives the runs that it came from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from ai_edge_litert.interpreter import Interpreter

Array = npt.NDArray[np.float32]


def weights(path: Path) -> dict[str, Array]:
    """`0.weight` (out, in, time, bands) and `0.bias` of the first convolution, and so on; `mean.weight`, `mean.bias`, `most.weight`, `level.weight`."""
    model = Interpreter(str(path))
    constants = {d["index"]: _real(model, d) for d in model.get_tensor_details() if d["quantization_parameters"]["scales"].size}
    found: dict[str, Array] = {}
    layer = 0
    for op in model._get_ops_details():
        inputs = [constants[n] for n in op["inputs"][1:] if constants.get(n) is not None]
        if op["op_name"] in ("CONV_2D", "DEPTHWISE_CONV_2D"):
            order = (0, 3, 1, 2) if op["op_name"] == "CONV_2D" else (3, 0, 1, 2)
            found |= {f"{layer}.weight": inputs[0].transpose(order), f"{layer}.bias": inputs[1]}
            layer += 1
        elif op["op_name"] == "FULLY_CONNECTED":
            found |= {"mean.weight": inputs[0], "mean.bias": inputs[1]} if len(inputs) == 2 else {"most.weight": inputs[0]}
        elif op["op_name"] == "MUL":
            found["level.weight"] = inputs[0][:, None]
    return found


def _real(model: Interpreter, of: dict[str, Any]) -> Array | None:
    """What an integer constant stands for; None for what is no constant."""
    try:
        raw = model.get_tensor(of["index"]).astype(np.float32)
    except ValueError:
        return None
    q = of["quantization_parameters"]
    shape = [1] * raw.ndim
    shape[q["quantized_dimension"]] = -1
    return np.asarray((raw - q["zero_points"].reshape(shape)) * q["scales"].reshape(shape), np.float32)
