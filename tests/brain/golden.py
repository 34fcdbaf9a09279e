"""Exact outputs of the released denoiser for made-up inputs: what any machine of the box's kind must give, bit for bit.

    python -m tests.brain.golden            writes golden/denoise.npz from the released model
    python golden.py MODEL OUT.npz          needs numpy and a TFLite interpreter alone: so it also runs on an emulated machine

Made with LiteRT and XNNPACK, as the box runs it; other runtimes may differ by a few steps of 256 (the guide of TFLite's own kernels).
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import numpy as np

HOPS, ROWS, INPUTS = 100, 4, 114
HERE = Path(__file__).resolve().parent
VECTORS = HERE / "golden/denoise.npz"


def inputs() -> np.ndarray:
    """(HOPS, ROWS, INPUTS) int8 of integers alone: slow random walks within what strips send, and two flags."""
    seed, walk = np.uint32(1), np.zeros((ROWS, INPUTS), np.int64)
    x = np.empty((HOPS, ROWS, INPUTS), np.int8)
    for hop in range(HOPS):
        for row in range(ROWS):
            for i in range(INPUTS):
                seed = np.uint32((int(seed) * 1664525 + 1013904223) & 0xFFFFFFFF)
                walk[row, i] = max(-76, min(76, int(walk[row, i]) + (int(seed) >> 24) % 33 - 16))
        x[hop] = walk
        x[hop, :, -2:] = [[25, -1], [-1, 25], [-1, -1], [25, -1]]
    return x


def run(model: Path, x: np.ndarray) -> dict[str, np.ndarray]:
    """Gains (hops, rows, 32) and the states, which begin at rest, after the last hop."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(model), num_threads=1)
    by_name = {d["name"].removeprefix("serving_default_").split(":")[0].removesuffix("_output"): d for d in interpreter.get_output_details()}
    tensors = {d["name"].removeprefix("serving_default_").split(":")[0]: d for d in interpreter.get_input_details()}
    for tensor in tensors.values():
        interpreter.resize_tensor_input(tensor["index"], [x.shape[1], int(tensor["shape"][1])])
    interpreter.allocate_tensors()
    state = {name: np.full((x.shape[1], int(tensors[name]["shape"][1])), tensors[name]["quantization"][1], np.int8) for name in ("h1", "h2")}
    gains = []
    for row in x:
        for name, value in {"x": row, **state}.items():
            interpreter.set_tensor(tensors[name]["index"], value)
        interpreter.invoke()
        state = {name: interpreter.get_tensor(by_name[name]["index"]) for name in state}
        gains.append(interpreter.get_tensor(by_name["gains"]["index"]))
    return {"gains": np.array(gains), **state}


def digest(model: Path) -> str:
    return hashlib.sha256(model.read_bytes()).hexdigest()


def write(model: Path, out: Path) -> None:
    out.parent.mkdir(exist_ok=True)
    np.savez_compressed(out, model=digest(model), **run(model, inputs()))


if __name__ == "__main__":
    if len(sys.argv) == 3:
        write(Path(sys.argv[1]), Path(sys.argv[2]))
    else:
        write(HERE.parents[1] / "models/release/denoise.tflite", VECTORS)
