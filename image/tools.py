"""Other people's programs, which do the work: run, and told about in one line when one of them fails."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

# What `make image` installs, by command.
NEEDED = ("mmdebstrap", "arch-test", "qemu-aarch64-static", "mksquashfs", "mkfs.vfat", "mcopy", "mke2fs", "sfdisk", "rauc", "openssl",
          "grub-mkimage", "aarch64-linux-gnu-gcc")
BINFMT = Path("/proc/sys/fs/binfmt_misc")
QEMU = Path("/usr/lib/binfmt.d/qemu-aarch64.conf")


class ToolError(Exception):
    """Which program failed at what, as one line."""


def run(*words: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None, log: Path | None = None) -> str:
    """Its stdout. ToolError, with its last words, where it does not end well."""
    command = [str(word) for word in words]
    try:
        done = subprocess.run(command, cwd=cwd, env={**os.environ, "LC_ALL": "C.UTF-8", **(env or {})}, capture_output=True, text=True, errors="replace",
                              stdin=subprocess.DEVNULL, check=False)
    except OSError as e:
        raise ToolError(f"{command[0]}: {e.strerror}, expected a program") from None
    if log:
        with log.open("a") as f:
            f.write(f"$ {' '.join(command)}\n{done.stdout}{done.stderr}\n")
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()
        raise ToolError(f"{command[0]}: ended with {done.returncode}: {last[-1] if last else 'no word'}")
    return done.stdout


def missing() -> list[str]:
    return [tool for tool in NEEDED if shutil.which(tool, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") is None]


def foreign_programs() -> None:
    """Programs of the box's processor run here, through an emulator that the kernel calls; ToolError where that cannot be had."""
    if (BINFMT / "qemu-aarch64").exists():
        return
    try:
        if not (BINFMT / "register").exists():
            run("mount", "-t", "binfmt_misc", "binfmt_misc", BINFMT)
        (BINFMT / "register").write_text(next(line for line in QEMU.read_text().splitlines() if line.startswith(":")))
    except (OSError, StopIteration) as e:
        raise ToolError(f"{BINFMT}: {e}, expected to run programs of aarch64 here; as root: systemctl restart systemd-binfmt") from None
