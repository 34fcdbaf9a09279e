"""The models of the box: where they lie, which one is meant, and a TFLite file as something to call. A wrong file is told by the tensor that is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gigbox.errors import MachineError, ModelError
from gigbox.rack import Floats

RELEASED = Path(str(files("gigbox"))) / "release"      # in a wheel (setup.py); in a checkout they lie where they are made
RELEASE = Path(os.environ.get("GIGBOX_MODELS") or (RELEASED if RELEASED.is_dir() else Path(__file__).resolve().parents[3] / "models/release"))
GREETING = b"INFO: Created TensorFlow Lite XNNPACK delegate"
IDENTIFIER = b"TFL3"              # from the fifth byte of every TFLite file
TRIAL = "import sys; from tflite_runtime.interpreter import Interpreter; Interpreter(model_path=sys.argv[1], num_threads=1).allocate_tensors()"
TRIAL_SECONDS = 30.0
NO_RUNTIME = "no TFLite runtime here, expected ai-edge-litert (pip install ai-edge-litert)"

Tensor = npt.NDArray[Any]
Shape = int | tuple[int, ...] | None      # of a row: a width, any width, or more dimensions than one


@dataclass(frozen=True)
class Card:
    """What is written beside a model: NAME.toml beside NAME.tflite."""

    path: Path
    about: dict[str, Any]


def released() -> Iterator[Card]:
    """Every model with its card."""
    for path in sorted(RELEASE.glob("*.tflite")):
        card = path.with_suffix(".toml")
        yield Card(path, tomllib.loads(card.read_text("utf-8")) if card.exists() else {})


def find(name: str) -> Path:
    """The file behind a released model's name, or a path to a file; ModelError where there is none."""
    path = Path(name)
    if path.suffix != ".tflite":
        path = RELEASE / f"{name}.tflite"
    if not path.is_file():
        known = ", ".join(card.path.stem for card in released()) or "none"
        raise ModelError(f"{name}: no such model, expected a .tflite file or one of: {known}")
    return path


class Model:
    """A TFLite file whose tensors have the names, shapes and types that are asked for; rows (the first axis) may be as many as wanted."""

    def __init__(self, path: Path, inputs: dict[str, Shape], outputs: dict[str, Shape]) -> None:
        """`inputs`, `outputs`: what a row is, by tensor name: a width, None for any, or a tuple of dimensions."""
        self.path, self._rows = path, -1
        self._interpreter = _interpreter(path)
        signatures = self._interpreter.get_signature_list()
        if len(signatures) != 1:
            raise ModelError(f"{path}: {len(signatures)} signatures, expected 1")
        runner = self._interpreter.get_signature_runner(next(iter(signatures)))
        self._inputs, self._outputs = _check(path, "input", runner.get_input_details(), inputs), _check(path, "output", runner.get_output_details(), outputs)
        del runner
        self.width = {name: int(tensor["shape"][1]) for name, tensor in (self._outputs | self._inputs).items()}
        self.dtype = {name: tensor["dtype"] for name, tensor in self._inputs.items()}
        try:
            with _without_greeting():
                for rows in (2, 1):      # a graph of fixed rows is found out now, not in the show
                    self._make_room(rows)
        except (RuntimeError, ValueError) as e:
            raise ModelError(f"{path}: cannot be run ({_briefly(e)})") from None

    def scale(self, name: str) -> tuple[float, int]:
        """Quantisation of an int8 input or output: value = scale * (number - zero)."""
        scale, zero = (self._inputs.get(name) or self._outputs[name])["quantization"]
        return float(scale), int(zero)

    def is_int8(self, name: str) -> bool:
        return bool((self._inputs.get(name) or self._outputs[name])["dtype"] == np.int8)

    def quantised(self, name: str, value: Floats) -> Tensor:
        """As the input of that name takes it: int8 by its scale, or as it is."""
        if not self.is_int8(name):
            return value
        scale, zero = self.scale(name)
        return np.asarray(np.clip(np.rint(value * np.float32(1 / scale)) + zero, -128, 127), np.int8)

    def real(self, name: str, value: Tensor) -> Floats:
        """What the output of that name says, as numbers."""
        if not self.is_int8(name):
            return np.asarray(value, np.float32)
        scale, zero = self.scale(name)
        return np.asarray((value.astype(np.float32) - np.float32(zero)) * np.float32(scale), np.float32)

    def check_fed_back(self, *names: str) -> None:
        """What comes out under these names goes in again, number by number: ModelError where width, type or quantisation differ."""
        for name in names:
            given, taken = _kind(self._outputs[name]), _kind(self._inputs[name])
            if given != taken:
                raise ModelError(f"{self.path}: output '{name}' is {given}, expected {taken}, as input '{name}' takes it")

    def __call__(self, **inputs: Tensor) -> dict[str, Tensor]:
        """Each input (rows, ...) of its own type; so are the outputs, copied."""
        rows = len(next(iter(inputs.values())))
        if rows != self._rows:
            self._make_room(rows)
        for name, value in inputs.items():
            self._interpreter.set_tensor(self._inputs[name]["index"], value)
        self._interpreter.invoke()
        return {name: self._interpreter.get_tensor(tensor["index"]) for name, tensor in self._outputs.items()}

    def _make_room(self, rows: int) -> None:
        for tensor in self._inputs.values():
            self._interpreter.resize_tensor_input(tensor["index"], [rows, *map(int, tensor["shape"][1:])])
        self._interpreter.allocate_tensors()
        self._rows = rows


def _interpreter(path: Path) -> Any:
    """One thread: rows are cheap, threads are not. tflite_runtime, the predecessor, where only that exists."""
    trusting = False
    try:
        from ai_edge_litert.interpreter import Interpreter
    except ImportError:
        try:
            from tflite_runtime.interpreter import Interpreter
        except ImportError:
            raise MachineError(NO_RUNTIME) from None
        trusting = True
    with path.open("rb") as file:
        if file.read(8)[4:] != IDENTIFIER:
            raise ModelError(f"{path}: not a TFLite model (no {IDENTIFIER.decode()} at its fifth byte)")
    if trusting and not _survives(path):
        raise ModelError(f"{path}: not a TFLite model (tflite_runtime dies of it)")
    try:
        return Interpreter(model_path=str(path), num_threads=1)
    except (ValueError, RuntimeError, OSError) as e:
        raise ModelError(f"{path}: not a TFLite model ({_briefly(e)})") from None


def _survives(path: Path) -> bool:
    """tflite_runtime believes every offset of a file, and crashes or hangs where it is cut off: so another process tries it first."""
    try:
        return subprocess.run([sys.executable, "-c", TRIAL, str(path)], capture_output=True, timeout=TRIAL_SECONDS, check=False).returncode >= 0
    except subprocess.TimeoutExpired:
        return False


def _briefly(e: Exception) -> str:
    return str(e).splitlines()[0][:120] if str(e) else type(e).__name__


def _kind(tensor: dict[str, Any]) -> str:
    scale, zero = tensor["quantization"]
    return f"{int(tensor['shape'][1])} {np.dtype(tensor['dtype']).name}" + (f" of scale {scale:.7g} and zero {zero}" if scale else "")


@contextmanager
def _without_greeting() -> Iterator[None]:
    """LiteRT tells stderr each time that it made its delegate, and has no switch for that. Whatever else is said meanwhile is passed on."""
    sys.stderr.flush()
    kept = os.dup(2)
    with open(os.memfd_create("said"), "w+b") as said:      # needs no disk
        os.dup2(said.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            said.seek(0)
            sys.stderr.write(b"".join(line for line in said if GREETING not in line).decode(errors="backslashreplace"))


def _check(path: Path, kind: str, found: dict[str, Any], wanted: dict[str, Shape]) -> dict[str, Any]:
    for name in wanted:
        if name not in found:
            raise ModelError(f"{path}: no {kind} '{name}', expected {', '.join(wanted)} (it has {', '.join(sorted(found)) or 'none'})")
    for name, tensor in found.items():
        if name not in wanted:
            raise ModelError(f"{path}: {kind} '{name}' is not one of {', '.join(wanted)}")
        shape, row = [int(n) for n in tensor["shape"]], wanted[name]
        dimensions = row if isinstance(row, tuple) else (row,)
        if len(shape) != 1 + len(dimensions) or any(d is not None and d != there for d, there in zip(dimensions, shape[1:], strict=True)):
            raise ModelError(f"{path}: {kind} '{name}' has the shape {shape}, expected [rows, {', '.join(str(d or 'any') for d in dimensions)}]")
        if tensor["dtype"] not in (np.int8, np.float32):
            raise ModelError(f"{path}: {kind} '{name}' is {np.dtype(tensor['dtype']).name}, expected int8 or float32")
        if tensor["dtype"] == np.int8 and not tensor["quantization"][0]:
            raise ModelError(f"{path}: {kind} '{name}' is int8 without a scale, expected one")
    return found


def listing() -> str:
    """All released models with their cards, for a person."""
    cards = list(released())
    if not cards:
        return f"no models in {RELEASE}"
    return "\n\n".join(_card_text(card) for card in cards)


def _card_text(card: Card) -> str:
    lines = [f"{card.path.stem}: {card.about.get('purpose', 'no card beside it')} ({card.path.stat().st_size // 1024} KB)"]
    for key, value in card.about.items():
        if key == "purpose":
            continue
        lines += [f"  {key.replace('_', ' ')}:"] if isinstance(value, (dict, list)) else [f"  {key.replace('_', ' ')}: {value}"]
        lines += [f"    {name.replace('_', ' ')}: {said}" for name, said in value.items()] if isinstance(value, dict) else []
        lines += [f"    - {said}" for said in value] if isinstance(value, list) else []
    return "\n".join(lines)
