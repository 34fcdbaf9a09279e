"""The C core's own programs, made once for all tests that want them."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

import pytest

NATIVE = Path(__file__).resolve().parents[2] / "native/tests"


def need(program: str, package: str) -> str:
    found = shutil.which(program)
    if not found:
        pytest.fail(f"{program}: not installed; type: sudo apt-get install {package}")
    return found


@pytest.fixture(scope="session")
def builds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the C programs are, freshly made."""
    need("make", "make")
    need("cc", "gcc libc6-dev")
    need("aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu")
    base = tmp_path_factory.getbasetemp()
    out = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "builds"      # one for all that run at once
    out.mkdir(exist_ok=True)
    with (out / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = subprocess.run(["make", "-C", str(NATIVE), "-j2", f"OUT={out}", "all"], capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return out
