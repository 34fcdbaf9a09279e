"""Linux as a program of this user (`make hil` builds it once), with its own ALSA and its own lines. `python -m hil.uml` tries the promises in there.

Its time may be its own: it goes on only while everybody in there waits, as if the processor were endlessly fast. What is late then is late by the
box's own doing, and the same again on any machine.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from gigbox.errors import GigboxError, MachineError
from gigbox.places import cache_dir

HERE = Path(__file__).resolve().parents[1]
BUILD = HERE / "native/uml/build.sh"
MOUNTS = ("-t proc proc /proc", "-t sysfs sys /sys", "-t devtmpfs dev /dev", "-t configfs config /sys/kernel/config", "-t tmpfs run /run")
KEPT = "/mnt"                 # where a folder of this machine is in there
REVISION = "c03114"           # of a Pi 4, for rpi-lgpio
SECONDS = 1800.0


def kernel() -> Path:
    """MachineError where it is not built, or of another build.sh."""
    found = list((cache_dir() / "uml").glob(f"linux-*-{hashlib.sha256(BUILD.read_bytes()).hexdigest()[:12]}"))
    if not found:
        raise MachineError("uml: no kernel here, expected one; type: make hil")
    return found[0]


def command(kernel: Path, folder: Path, *words: object, memory: str = "512M", kept: Path | None = None, own_time: bool = False) -> list[str]:
    """What runs `words` in there, alone, on this machine's files, of which it can write none but those of /run, and of `kept` as /mnt."""
    script = folder / "init"
    mounts = "\n".join(f"mount {mount} 2>/dev/null" for mount in (*MOUNTS, *((f"-t hostfs none {KEPT} -o {kept}",) if kept else ())))
    script.write_text(f"#!/bin/sh\n{mounts}\nmkdir -m 700 /run/gigbox\n{' '.join(map(str, words))}\necho o > /proc/sysrq-trigger; sleep 9\n")
    script.chmod(0o755)
    boot = f"mem={memory} root=/dev/root rootfstype=hostfs rootflags=/ ro init={script} con=null con0=fd:0,fd:1 quiet panic=-1"
    return [str(kernel), *boot.split(), *(("time-travel=inf-cpu",) if own_time else ())]


def inside(kernel: Path, folder: Path, *words: object) -> str:
    """What it says."""
    return subprocess.run(command(kernel, folder, *words), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False,
                          env=os.environ | {"TMPDIR": str(folder)}).stdout


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m hil.uml", description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE / "out/hil/uml", help="where results.json and results.html go (default: out/hil/uml)")
    parser.add_argument("--real-time", action="store_true", help="of this machine: a busy one is a late card (default: its own)")
    options, more = parser.parse_known_args()
    try:
        return _promises(options.out.resolve(), not options.real_time, more)
    except (GigboxError, subprocess.TimeoutExpired) as e:
        print(f"uml: {e}", file=sys.stderr)
        return 1


def _promises(out: Path, own_time: bool, more: list[str]) -> int:
    """`more`: for pytest; all promises, where it names none."""
    if all(word.startswith("-") for word in more):
        more = [*more, "hil/promises"]
    out.mkdir(parents=True, exist_ok=True)
    (code := out / "code").unlink(missing_ok=True)
    paths = f"PYTHONPATH={HERE / '.venv/rpi'}:{HERE / 'firmware'}:{HERE} PYTHONDONTWRITEBYTECODE=1 RPI_LGPIO_REVISION={REVISION} TMPDIR=/run HOME=/run"
    tests = f"{sys.executable} -m pytest --color=no -p no:cacheprovider --basetemp=/run/bench --bench uml --out {KEPT} {' '.join(more)}"
    with tempfile.TemporaryDirectory() as folder:
        words = command(kernel(), Path(folder), f"ip link set lo up; cd {HERE}; {paths} {tests} 2>&1; echo $? > {KEPT}/code", memory="2G", kept=out,
                        own_time=own_time)
        subprocess.run(words, stdin=subprocess.DEVNULL, timeout=SECONDS, check=False, env=os.environ | {"TMPDIR": folder})
    return int(code.read_text()) if code.exists() else 1


if __name__ == "__main__":
    sys.exit(main())
