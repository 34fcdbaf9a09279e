"""Packed again, what is on the card has the same bytes: no clock, no chance, no order of a folder gets into it."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from image import disk, root

EPOCH = 1_700_000_000
TOOLS = ("mke2fs", "mkfs.vfat", "mcopy", "mksquashfs")
needs_tools = pytest.mark.skipif(not all(shutil.which(tool, path="/usr/sbin:/usr/bin:/sbin:/bin") for tool in TOOLS), reason=f"no {', '.join(TOOLS)}")


def twice(make: Callable[[Path], None], folder: Path) -> tuple[bytes, bytes]:
    """At two moments, from two trees with the same content."""
    found = []
    for name in ("a", "b"):
        make(folder / name)
        found.append((folder / name).read_bytes())
        time.sleep(1.1)          # a second of a file system's clock
    return found[0], found[1]


def tree(folder: Path, names: tuple[str, ...]) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name * 100)
    return folder


@needs_tools
def test_the_data_partition(tmp_path: Path) -> None:
    first, second = twice(lambda goal: disk.data(EPOCH, goal, tmp_path / "log"), tmp_path)
    assert first == second


@needs_tools
def test_a_boot_partition(tmp_path: Path) -> None:
    def make(goal: Path) -> None:
        folder = tree(tmp_path / f"of-{goal.name}", ("boot/vmlinuz-1", "boot/initrd.img-1")[::1 if goal.name == "a" else -1])
        disk.boot(folder, "1", EPOCH, goal, tmp_path / "log")
    first, second = twice(make, tmp_path)
    assert first == second


@needs_tools
def test_the_root(tmp_path: Path) -> None:
    def make(goal: Path) -> None:
        names = ("usr/bin/a", "usr/lib/b", "etc/c", "var/d", "boot/left-out")
        root.squash(tree(tmp_path / f"of-{goal.name}", names[::1 if goal.name == "a" else -1]), EPOCH, goal, tmp_path / "log", level=1)
    first, second = twice(make, tmp_path)
    assert first == second


@needs_tools
def test_the_data_partition_is_laid_out_for_a_large_card(tmp_path: Path) -> None:
    disk.data(EPOCH, tmp_path / "data", tmp_path / "log")
    told = subprocess.run(["/usr/sbin/dumpe2fs", "-h", tmp_path / "data"], capture_output=True, text=True, check=True).stdout
    said = {key: value.strip() for key, _, value in (line.partition(":") for line in told.splitlines())}
    assert said["Block size"] == "4096"
    tables = int(said["Inodes per group"]) * int(said["Inode size"]) / (int(said["Blocks per group"]) * 4096)
    assert tables < 0.01
    assert int(said["Inode count"]) >= 2000
