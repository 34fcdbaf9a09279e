"""Exact outputs of the released models for made-up inputs: what any machine of the box's kind must give, bit for bit.

    python -m tests.brain.golden [NAME]     writes golden/NAME.npz from the released model; all of them where none is named
    python golden.py NAME MODEL OUT.npz     needs numpy and a TFLite interpreter alone: so it also runs on an emulated machine

Made with LiteRT and XNNPACK, as the box runs it; other runtimes may differ by a few steps of 256 (the guide of TFLite's own kernels).
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

import numpy as np

HOPS, ROWS, INPUTS, FINE = 100, 4, 211, 128
LOOKS, FRAMES, BANDS = 24, 144, 32
HERE = Path(__file__).resolve().parent
RELEASE = HERE.parents[1] / "models/release"


def vectors(name: str) -> Path:
    return HERE / f"golden/{name}.npz"


def inputs() -> np.ndarray:
    """(HOPS, ROWS, INPUTS) int8 of integers alone: slow random walks within what strips send, and three flags."""
    seed, walk = np.uint32(1), np.zeros((ROWS, INPUTS), np.int64)
    x = np.empty((HOPS, ROWS, INPUTS), np.int8)
    for hop in range(HOPS):
        for row in range(ROWS):
            for i in range(INPUTS):
                seed = np.uint32((int(seed) * 1664525 + 1013904223) & 0xFFFFFFFF)
                walk[row, i] = max(-76, min(76, int(walk[row, i]) + (int(seed) >> 24) % 33 - 16))
        x[hop] = walk
        x[hop, :, -3:] = [[25, -1, 25], [-1, 25, 25], [-1, -1, -1], [25, -1, -1]]
    return x


def looks() -> tuple[np.ndarray, np.ndarray]:
    """x (LOOKS, FRAMES, BANDS, 1) and level (LOOKS, 1), int8 of integers alone: bursts that fall off over time and bands, on uneven ground."""
    seed, x = np.uint32(7), np.empty((LOOKS, FRAMES, BANDS, 1), np.int8)
    for look in range(LOOKS):
        every, fall, band = 4 + 5 * (look % 7), 2 + look % 5, (look * 5) % BANDS
        for frame in range(FRAMES):
            for b in range(BANDS):
                seed = np.uint32((int(seed) * 1664525 + 1013904223) & 0xFFFFFFFF)
                height = 127 - fall * (frame % every) * 3 - 7 * abs(b - band) - (int(seed) >> 24) % 40
                x[look, frame, b, 0] = max(height, -128)
    return x, np.arange(-120, -120 + 9 * LOOKS, 9, dtype=np.int64).clip(-128, 127).astype(np.int8)[:, None]


def run(model: Path, x: np.ndarray) -> dict[str, np.ndarray]:
    """Gains (hops, rows, 128) and the states, which begin at rest, after the last hop."""
    interpreter, tensors, by_name = _opened(model, x.shape[1])
    state = {name: np.full((x.shape[1], int(tensors[name]["shape"][1])), tensors[name]["quantization"][1], np.int8) for name in ("h1", "h2")}
    gains = []
    for row in x:
        for name, value in {"fine": row[:, :FINE], "x": row[:, FINE:], **state}.items():
            interpreter.set_tensor(tensors[name]["index"], value)
        interpreter.invoke()
        state = {name: interpreter.get_tensor(by_name[name]["index"]) for name in state}
        gains.append(interpreter.get_tensor(by_name["gains"]["index"]))
    return {"gains": np.array(gains), **state}


def run_looks(model: Path, x: np.ndarray, level: np.ndarray) -> dict[str, np.ndarray]:
    """Logits (looks, classes) of the recogniser."""
    interpreter, tensors, by_name = _opened(model, len(x))
    interpreter.set_tensor(tensors["x"]["index"], x)
    interpreter.set_tensor(tensors["level"]["index"], level)
    interpreter.invoke()
    return {"logits": interpreter.get_tensor(by_name["logits"]["index"])}


def outputs(name: str, model: Path) -> dict[str, np.ndarray]:
    """Of a model of this name for the inputs made up for it."""
    return run_looks(model, *looks()) if name == "recognise" else run(model, inputs())


def _opened(model: Path, rows: int) -> tuple[Any, dict[str, Any], dict[str, Any]]:
    """An interpreter with so many rows, its input and its output tensors by name."""
    try:
        from ai_edge_litert.interpreter import Interpreter
    except ImportError:
        from tflite_runtime.interpreter import Interpreter

    interpreter = Interpreter(str(model), num_threads=1)
    by_name = {d["name"].removeprefix("serving_default_").split(":")[0].removesuffix("_output"): d for d in interpreter.get_output_details()}
    tensors = {d["name"].removeprefix("serving_default_").split(":")[0]: d for d in interpreter.get_input_details()}
    for tensor in tensors.values():
        interpreter.resize_tensor_input(tensor["index"], [rows, *map(int, tensor["shape"][1:])])
    interpreter.allocate_tensors()
    return interpreter, tensors, by_name


def digest(model: Path) -> str:
    return hashlib.sha256(model.read_bytes()).hexdigest()


def write(name: str, model: Path, out: Path) -> None:
    out.parent.mkdir(exist_ok=True)
    np.savez_compressed(out, model=digest(model), **outputs(name, model))


if __name__ == "__main__":
    if len(sys.argv) == 4:
        write(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        for released in sys.argv[1:] or ("denoise", "recognise"):
            write(released, RELEASE / f"{released}.tflite", vectors(released))
