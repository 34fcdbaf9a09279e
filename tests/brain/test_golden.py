"""The released denoiser gives exactly what it gave when it was released: here, alone or in a crowd, and on the box's kind of processor."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gigbox.brain.models import RELEASE
from tests.brain import arm64, golden

MODEL = RELEASE / "denoise.tflite"


@pytest.fixture(scope="module")
def wanted() -> dict[str, np.ndarray]:
    kept = dict(np.load(golden.VECTORS))
    if str(kept.pop("model")) != golden.digest(MODEL):
        pytest.fail(f"{MODEL.name}: another model than {golden.VECTORS.name} is of; type: python -m tests.brain.golden", pytrace=False)
    return kept


def the_same(got: dict[str, np.ndarray], wanted: dict[str, np.ndarray]) -> None:
    for name, value in wanted.items():
        np.testing.assert_array_equal(got[name], value, err_msg=name)


def test_here(wanted: dict[str, np.ndarray]) -> None:
    the_same(golden.run(MODEL, golden.inputs()), wanted)


def test_on_arm64(wanted: dict[str, np.ndarray], tmp_path: Path) -> None:
    out = tmp_path / "arm64.npz"
    try:
        arm64.python(Path(golden.__file__), MODEL, out)
    except arm64.NotHere as e:
        pytest.fail(str(e), pytrace=False)
    the_same(dict(np.load(out)), wanted)


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
