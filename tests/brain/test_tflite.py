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

from gigbox.brain import tflite
from gigbox.brain.denoise.denoiser import Masker
from gigbox.cli import main
from gigbox.errors import GigboxError, MachineError, ModelError

MODEL = tflite.RELEASE / "denoise.tflite"


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

    tensor(graph, "serving_default_x").type = schema.TensorType.FLOAT64


def narrow(graph: Any) -> None:
    tensor(graph, "serving_default_x").shape = np.array([32, 7], np.int32)


def stretched(graph: Any) -> None:
    tensor(graph, "serving_default_h1").quantization.scale = np.array([0.5], np.float32)


def few(graph: Any) -> None:
    for out in (graph.tensors[n] for n in graph.outputs):
        if list(out.shape) == [32, 128]:
            out.shape = np.array([32, 31], np.int32)


def unscaled(graph: Any) -> None:
    tensor(graph, "serving_default_x").quantization = None


def tensor(graph: Any, name: str) -> Any:
    return next(t for t in graph.tensors if t.name.decode().split(":")[0] == name)


@pytest.mark.parametrize(("made", "told"), [
    (lambda: b"", "not a TFLite model"),
    (lambda: b"hello", "not a TFLite model"),
    (lambda: bytes(5000), "not a TFLite model"),
    (lambda: np.random.default_rng(1).bytes(100_000), "not a TFLite model (no TFL3 at its fifth byte)"),
    (lambda: b"\x10\x00\x00\x00TFL3" + np.random.default_rng(1).bytes(5000), "not a TFLite model"),
    (lambda: MODEL.read_bytes()[:7], "not a TFLite model"),
    (lambda: MODEL.read_bytes()[:9000], "not a TFLite model"),
    (lambda: MODEL.read_bytes()[:-1000], "not a TFLite model"),
    (lambda: renamed(b"\x05\x00\x00\x00gains\x00", b"\x05\x00\x00\x00gainz\x00"), "no output 'gains', expected gains, h1, h2 (it has gainz, h1, h2)"),
    (lambda: edited(of_float64), "input 'x' is float64, expected int8 or float32"),
    (lambda: edited(narrow), "input 'x' has the shape [32, 7], expected [rows, 83]"),
    (lambda: edited(few), "output 'gains' has the shape [32, 31], expected [rows, 128]"),
    (lambda: edited(stretched), "output 'h1' is 208 int8 of scale 0.0078125 and zero 0, expected 208 int8 of scale 0.5 and zero 0, as input 'h1' takes it"),
    (lambda: edited(unscaled), "input 'x' is int8 without a scale, expected one"),
])
def test_a_wrong_file_is_told_in_one_line(tmp_path: Path, made: Callable[[], bytes], told: str) -> None:
    path = tmp_path / "mine.tflite"
    path.write_bytes(made())
    with pytest.raises(ModelError) as error:
        Masker(path)
    assert str(error.value).startswith(f"{path}: ")
    assert told in str(error.value)
    assert "\n" not in str(error.value)
    assert error.value.exit_code == 2


@pytest.mark.parametrize("name", ["nobody", "/nowhere/nobody.tflite"])
def test_a_missing_model_is_told_with_what_there_is(name: str) -> None:
    with pytest.raises(ModelError) as error:
        tflite.find(name)
    assert str(error.value) == f"{name}: no such model, expected a .tflite file or one of: denoise, recognise"


def gigbox(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "gigbox.cli", *map(str, arguments)], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("made", [lambda: b"hello", lambda: MODEL.read_bytes()[:-1000], lambda: edited(narrow), lambda: edited(stretched)],
                         ids=["no model", "cut off", "narrow", "another scale"])
def test_a_wrong_model_on_the_command_line_leaves_nothing(tmp_path: Path, made: Callable[[], bytes]) -> None:
    soundfile.write(tmp_path / "in.wav", np.zeros(4800), 48000)
    (tmp_path / "mine.tflite").write_bytes(made())
    done = gigbox("denoise", tmp_path / "in.wav", tmp_path / "out.wav", "--model", tmp_path / "mine.tflite")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(f"gigbox: {tmp_path / 'mine.tflite'}: ")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.wav", "mine.tflite"]


def test_the_same_model_by_its_path_gives_the_same_sound(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "in.wav", 0.01 * np.random.default_rng(1).standard_normal(24000), 48000, "FLOAT")
    (tmp_path / "copy.tflite").write_bytes(MODEL.read_bytes())
    for name, more in (("a", []), ("b", ["--model", tmp_path / "copy.tflite"]), ("c", ["--model", "denoise"])):
        assert gigbox("denoise", tmp_path / "in.wav", tmp_path / f"{name}.wav", *more).returncode == 0
    sounds = [soundfile.read(tmp_path / f"{name}.wav")[0] for name in "abc"]
    np.testing.assert_array_equal(sounds[0], sounds[1])
    np.testing.assert_array_equal(sounds[0], sounds[2])


def test_a_graph_that_cannot_be_run_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of some broken files only the preparation of the graph complains; a graph of fixed rows is one of them."""
    def refuse(model: tflite.Model, rows: int) -> None:
        if rows > 1:
            raise RuntimeError("reshape.cc:92 num_input_elements != num_output_elements\nNode number 3 failed to prepare")

    monkeypatch.setattr(tflite.Model, "_make_room", refuse)
    with pytest.raises(ModelError) as error:
        Masker(MODEL)
    assert str(error.value) == f"{MODEL}: cannot be run (reshape.cc:92 num_input_elements != num_output_elements)"


def test_the_cards_are_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.tflite").write_bytes(bytes(2048))
    (tmp_path / "mine.toml").write_text('purpose = "cleans"\nlicences = ["CC0"]\n[figures]\nsi_sdr = "9 dB"\n')
    (tmp_path / "bare.tflite").write_bytes(b"")
    monkeypatch.setattr(tflite, "RELEASE", tmp_path)
    assert main(["models"]) == 0
    assert capsys.readouterr().out == "bare: no card beside it (0 KB)\n\nmine: cleans (2 KB)\n  licences:\n    - CC0\n  figures:\n    si sdr: 9 dB\n"


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
        tflite._interpreter(MODEL)


def test_the_predecessor_does_where_only_that_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    without(monkeypatch, "ai_edge_litert")
    package, module = types.ModuleType("tflite_runtime"), types.ModuleType("tflite_runtime.interpreter")
    module.Interpreter = Fake     # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "tflite_runtime", package)
    monkeypatch.setitem(sys.modules, "tflite_runtime.interpreter", module)
    monkeypatch.setattr(tflite, "_survives", lambda path: path == MODEL)
    assert tflite._interpreter(MODEL).path == str(MODEL)
    (tmp_path / "mine.tflite").write_bytes(bytes(4) + b"TFL3")
    with pytest.raises(ModelError, match=r"mine\.tflite: not a TFLite model \(tflite_runtime dies of it\)"):
        tflite._interpreter(tmp_path / "mine.tflite")


@pytest.mark.parametrize(("trial", "survives"), [("0", True), ("raise ValueError", True), ("import os; os.abort()", False),
                                                 ("import time; time.sleep(60)", False)])
def test_a_file_is_tried_in_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch, trial: str, survives: bool) -> None:
    """One that dies or hangs is no model; one that only complains is told by its complaint."""
    monkeypatch.setattr(tflite, "TRIAL", trial)
    monkeypatch.setattr(tflite, "TRIAL_SECONDS", 1.0)
    assert tflite._survives(MODEL) == survives


def test_every_released_model_has_a_card() -> None:
    cards = list(tflite.released())
    assert [card.path.stem for card in cards] == ["denoise", "recognise"]
    assert all({"purpose", "data", "licences", "train_again", "figures", "known_failures"} <= set(card.about) for card in cards)
    assert issubclass(ModelError, GigboxError)
