"""A model that cannot be used is told in one line that names the file and the tensor; the cards are read; either runtime will do."""

from __future__ import annotations

import builtins
import subprocess
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from gigbox.brain import models
from gigbox.brain.denoise import Network
from gigbox.errors import GigboxError, MachineError, ModelError

MODEL = models.RELEASE / "denoise.tflite"


def renamed(old: bytes, new: bytes) -> bytes:
    """The released model with a word of its signature changed, everywhere."""
    assert len(old) == len(new)
    whole = MODEL.read_bytes()
    assert old in whole
    return whole.replace(old, new)


def edited(change: Callable[[Any], None]) -> bytes:
    """The released model with a change to its one graph."""
    import flatbuffers
    from ai_edge_litert import schema_py_generated as schema

    whole = MODEL.read_bytes()
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(bytearray(whole), 0))
    for buffer in model.buffers:      # weights may lie behind the flatbuffer
        if buffer.offset and buffer.offset > 1:
            buffer.data = np.frombuffer(whole, np.uint8, buffer.size, buffer.offset)
            buffer.offset = buffer.size = 0
    change(model.subgraphs[0])
    builder = flatbuffers.Builder(1 << 20)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def of_float64(graph: Any) -> None:
    from ai_edge_litert import schema_py_generated as schema

    graph.tensors[graph.inputs[0]].type = schema.TensorType.FLOAT64


def narrow(graph: Any) -> None:
    graph.tensors[graph.inputs[0]].shape = np.array([32, 7], np.int32)


@pytest.mark.parametrize(("made", "told"), [
    (lambda: b"", "not a TFLite model"),
    (lambda: b"hello", "not a TFLite model"),
    (lambda: bytes(5000), "not a TFLite model"),
    (lambda: np.random.default_rng(1).bytes(100_000), "not a TFLite model"),
    (lambda: MODEL.read_bytes()[:9000], "not a TFLite model"),
    (lambda: renamed(b"\x05\x00\x00\x00gains\x00", b"\x05\x00\x00\x00gainz\x00"), "no output 'gains', expected gains, h1, h2 (it has gainz, h1, h2)"),
    (lambda: edited(of_float64), "is float64, expected int8 or float32"),
    (lambda: edited(narrow), "has the shape [32, 7], expected [rows, "),
])
def test_a_wrong_file_is_told_in_one_line(tmp_path: Path, made: Callable[[], bytes], told: str) -> None:
    path = tmp_path / "mine.tflite"
    path.write_bytes(made())
    with pytest.raises(ModelError) as error:
        Network(path)
    assert str(error.value).startswith(f"{path}: ")
    assert told in str(error.value)
    assert "\n" not in str(error.value)
    assert error.value.exit_code == 2


@pytest.mark.parametrize("name", ["nobody", "/nowhere/nobody.tflite"])
def test_a_missing_model_is_told_with_what_there_is(name: str) -> None:
    with pytest.raises(ModelError) as error:
        models.find(name)
    assert str(error.value) == f"{name}: no such model, expected a .tflite file or one of: denoise"


def gigbox(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "gigbox.cli", *map(str, arguments)], capture_output=True, text=True, check=False)


def test_a_wrong_model_on_the_command_line_leaves_nothing(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "in.wav", np.zeros(4800), 48000)
    (tmp_path / "mine.tflite").write_bytes(b"hello")
    done = gigbox("denoise", tmp_path / "in.wav", tmp_path / "out.wav", "--model", tmp_path / "mine.tflite")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(f"gigbox: {tmp_path / 'mine.tflite'}: not a TFLite model")
    assert not (tmp_path / "out.wav").exists()


def test_the_same_model_by_its_path_gives_the_same_sound(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "in.wav", 0.01 * np.random.default_rng(1).standard_normal(24000), 48000, "FLOAT")
    (tmp_path / "copy.tflite").write_bytes(MODEL.read_bytes())
    for name, more in (("a", []), ("b", ["--model", tmp_path / "copy.tflite"]), ("c", ["--model", "denoise"])):
        assert gigbox("denoise", tmp_path / "in.wav", tmp_path / f"{name}.wav", *more).returncode == 0
    sounds = [soundfile.read(tmp_path / f"{name}.wav")[0] for name in "abc"]
    np.testing.assert_array_equal(sounds[0], sounds[1])
    np.testing.assert_array_equal(sounds[0], sounds[2])


def test_the_cards_are_shown() -> None:
    done = gigbox("models")
    assert done.returncode == 0
    for words in ("denoise: ", "licences", "train again", "known failures"):
        assert words in done.stdout


class Fake:
    """An interpreter that is asked for nothing."""

    def __init__(self, model_path: str, num_threads: int) -> None:
        self.path = model_path


def without(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    real = builtins.__import__

    def load(name: str, *rest: Any, **more: Any) -> Any:
        if name.split(".")[0] in names:
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", load)


def test_without_a_runtime_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "ai_edge_litert", "tflite_runtime")
    with pytest.raises(MachineError, match=r"no TFLite runtime here, expected ai-edge-litert \(pip install ai-edge-litert\)"):
        models._interpreter(MODEL)


def test_the_predecessor_does_where_only_that_is(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "ai_edge_litert")
    package, module = types.ModuleType("tflite_runtime"), types.ModuleType("tflite_runtime.interpreter")
    module.Interpreter = Fake     # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "tflite_runtime", package)
    monkeypatch.setitem(sys.modules, "tflite_runtime.interpreter", module)
    assert models._interpreter(MODEL).path == str(MODEL)


def test_every_released_model_has_a_card() -> None:
    cards = list(models.released())
    assert [card.path.stem for card in cards] == ["denoise"]
    assert all({"purpose", "data", "licences", "train_again", "figures", "known_failures"} <= set(card.about) for card in cards)
    assert issubclass(ModelError, GigboxError)
