"""Linux as a program of this user (`make uml` builds it once): what a test wants to see through the kernel's own ALSA and its own lines runs in there."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

import pytest

from gigbox.places import cache_dir

BUILD = Path(__file__).resolve().parents[1] / "native/uml/build.sh"
MOUNTS = ("-t proc proc /proc", "-t sysfs sys /sys", "-t devtmpfs dev /dev", "-t configfs config /sys/kernel/config", "-t tmpfs run /run")


@pytest.fixture(scope="module", name="kernel")
def built() -> Path:
    found = list((cache_dir() / "uml").glob(f"linux-*-{hashlib.sha256(BUILD.read_bytes()).hexdigest()[:12]}"))
    if not found:
        pytest.fail("no kernel for it here; type: make uml")
    return found[0]


def inside(kernel: Path, folder: Path, *words: object, memory: str = "512M") -> str:
    """What a command says that runs in there, alone, on this machine's files, of which it can write none but those of /run."""
    script = folder / "init"
    mounts = "\n".join(f"mount {mount} 2>/dev/null" for mount in MOUNTS)
    script.write_text(f"#!/bin/sh\n{mounts}\nmkdir -m 700 /run/gigbox\n{' '.join(map(str, words))}\necho o > /proc/sysrq-trigger; sleep 9\n")
    script.chmod(0o755)
    boot = f"mem={memory} root=/dev/root rootfstype=hostfs rootflags=/ ro init={script} con=null con0=fd:0,fd:1 quiet panic=-1"
    return subprocess.run([str(kernel), *boot.split()], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False,
                          env=os.environ | {"TMPDIR": str(folder)}).stdout
