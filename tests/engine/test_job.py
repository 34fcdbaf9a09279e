"""The standard job is mixed, or one line says what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gigbox.engine.job import run_job
from gigbox.errors import GigboxError, MachineError

JOB = {"hpf_hz": 80, "gate": {"threshold_db": -50, "attack_ms": 1, "hold_ms": 50, "release_ms": 100}, "fader_db": -10, "aux_db": [-12, -18],
       "comp": {"threshold_db": -18, "ratio": 3, "attack_ms": 10, "release_ms": 100, "makeup_db": 2}, "limiter": {"ceiling_db": -1, "release_ms": 50},
       "eq": [[100, 2, 1]], "master_eq": [[8000, 1, 0.7]]}


def mix(folder: Path, job: Any, out: Path | None = None) -> None:
    (folder / "job.json").write_text(json.dumps(job))
    np.zeros(640, np.float32).tofile(folder / "in.raw")
    run_job(folder / "job.json", folder / "in.raw", 1, out)


@pytest.mark.parametrize(("change", "told"), [
    ({"gate": 5}, "not a standard job (TypeError('5, expected an object'))"),
    ({"eq": 5}, "not a standard job (TypeError('5, expected a list'))"),
    ({"aux_db": ["loud"]}, "not a standard job (TypeError(\"'loud', expected a number\"))"),
    ({"fader_db": 10 ** 400}, "not a standard job (OverflowError('int too large to convert to float'))"),
    ({"hpf_hz": 1e9}, "strip/1/hpf/frequency: 1e+09 Hz is above 400 Hz"),
    ({"limiter": {"ceiling_db": "x", "release_ms": 50}}, "main/limiter/ceiling: 'x' is not a number"),
    ({"aux_db": [-12] * 7}, "strip/1/send/7/level: 7 is not in 1..6"),
])
def test_what_is_no_standard_job_is_one_line(tmp_path: Path, change: dict[str, Any], told: str) -> None:
    with pytest.raises(GigboxError) as error:
        mix(tmp_path, JOB | change)
    assert str(error.value).removeprefix(f"{tmp_path / 'job.json'}: ") == told


def test_a_device_that_takes_nothing_stays_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "full").symlink_to("/dev/full")
    with pytest.raises(MachineError, match="full: cannot be written"):
        mix(tmp_path, JOB, tmp_path / "full")
    assert (tmp_path / "full").is_symlink()
