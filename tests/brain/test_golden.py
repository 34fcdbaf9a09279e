"""The released models give exactly what they gave when they were released: here, alone or in a crowd, and on the box's kind of processor."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from gigbox.brain.tflite import RELEASE
from tests.brain import arm64, golden

MODEL = RELEASE / "denoise.tflite"
NAMES = ("denoise", "recognise")


def kept(name: str) -> dict[str, np.ndarray]:
    """What was written down, if it is of the model that is there now."""
    vectors = dict(np.load(golden.vectors(name)))
    if str(vectors.pop("model")) != golden.digest(RELEASE / f"{name}.tflite"):
        pytest.fail(f"{name}.tflite: another model than {golden.vectors(name).name} is of; type: python -m tests.brain.golden {name}", pytrace=False)
    return vectors


@pytest.fixture(scope="module")
def wanted() -> dict[str, np.ndarray]:
    return kept("denoise")


def the_same(got: dict[str, np.ndarray], wanted: dict[str, np.ndarray]) -> None:
    for name, value in wanted.items():
        np.testing.assert_array_equal(got[name], value, err_msg=name)


@pytest.mark.parametrize("name", NAMES)
def test_here(name: str) -> None:
    the_same(golden.outputs(name, RELEASE / f"{name}.tflite"), kept(name))


@pytest.mark.parametrize("name", NAMES)
def test_on_arm64(name: str, tmp_path: Path) -> None:
    out = tmp_path / "arm64.npz"
    try:
        arm64.python(Path(golden.__file__), name, RELEASE / f"{name}.tflite", out)
    except arm64.NotHere as e:
        pytest.fail(str(e), pytrace=False)
    the_same(dict(np.load(out)), kept(name))


# Steps of 256, at most and on average: its kernels round otherwise, and the denoiser's states carry that on for 100 hops (0.06 dB of gain on average).
OLDER = {"gains": (24, 1.2), "h1": (20, 1.5), "h2": (20, 1.7), "logits": (1, 0.15)}


@pytest.mark.parametrize("name", NAMES)
def test_under_the_predecessor_of_the_runtime(name: str, tmp_path: Path) -> None:
    """tflite_runtime 2.14 with numpy 1, in a Python of its own that `make test` sets up where there is a Python 3.11."""
    older = Path(sys.prefix, "tflite_runtime/bin/python")
    if not older.exists():
        pytest.skip("no tflite_runtime here: it wants Python 3.11; make test sets it up")
    out = tmp_path / "older.npz"
    subprocess.run([str(older), golden.__file__, name, str(RELEASE / f"{name}.tflite"), str(out)], check=True, capture_output=True)
    got = dict(np.load(out))
    for what, wanted in kept(name).items():
        off = np.abs(got[what].astype(int) - wanted.astype(int))
        assert (off.max() <= OLDER[what][0], off.mean() <= OLDER[what][1]) == (True, True), what
    if name == "recognise":
        here, there = kept(name)["logits"].astype(int), got["logits"].argmax(axis=1)
        np.testing.assert_array_equal(here[np.arange(len(here)), there], here.max(axis=1))      # the same class, or its equal


@pytest.mark.parametrize("name", NAMES)
def test_vectors_of_another_model_are_told(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(golden, "digest", lambda model: "another")
    with pytest.raises(pytest.fail.Exception) as error:
        kept(name)
    assert str(error.value) == f"{name}.tflite: another model than {name}.npz is of; type: python -m tests.brain.golden {name}"


def test_a_look_alone_is_what_it_is_among_others() -> None:
    model = RELEASE / "recognise.tflite"
    x, level = golden.looks()
    np.testing.assert_array_equal(golden.run_looks(model, x[5:6], level[5:6])["logits"][0], kept("recognise")["logits"][5])


def test_a_strip_alone_is_what_it_is_among_sixteen(wanted: dict[str, np.ndarray]) -> None:
    x = golden.inputs()
    crowd = golden.run(MODEL, np.concatenate([x, x[:, ::-1], x[:, [2, 0, 1, 3]], x], axis=1))
    np.testing.assert_array_equal(crowd["gains"][:, :4], wanted["gains"])
    np.testing.assert_array_equal(golden.run(MODEL, x[:, 1:2])["gains"][:, 0], wanted["gains"][:, 1])


def test_what_comes_later_changes_nothing_before(wanted: dict[str, np.ndarray]) -> None:
    x = golden.inputs()
    x[60:] = -x[60:]
    got = golden.run(MODEL, x)["gains"]
    np.testing.assert_array_equal(got[:60], wanted["gains"][:60])
    assert (got[60:] != wanted["gains"][60:]).any()
