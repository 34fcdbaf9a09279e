"""The C core's own programs, made once for all tests that want them."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parents[2]
NATIVE, OUT = HERE / "native/tests", HERE / "build/tests"


def need(program: str, package: str) -> str:
    found = shutil.which(program)
    if not found:
        pytest.fail(f"{program}: not installed; type: sudo apt-get install {package}")
    return found


@pytest.fixture(scope="session")
def builds() -> Path:
    """Where the C programs are; made anew are those whose sources have changed."""
    need("make", "make")
    need("cc", "gcc libc6-dev")
    need("aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu")
    OUT.mkdir(parents=True, exist_ok=True)
    with (OUT / "lock").open("w") as lock:          # two files of tests run at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = subprocess.run(["make", "-C", str(NATIVE), "-j2", f"OUT={OUT}", "all"], capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return OUT
