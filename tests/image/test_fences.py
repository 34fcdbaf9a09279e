"""Every unit is fenced in: at most 3.0 by `systemd-analyze security`, or there is a reason."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from gigbox import ports
from gigbox.run.programs import programs
from gigbox.run.units import units
from image.layer import LAYERS

MOST = 30                    # tenths of a point
# Mounting for all others to see is what this one is for: a view of its own of the file system, which most fences are made of, would hide that.
ARGUED = {"gigbox-data.service": 45}
TOOL = shutil.which("systemd-analyze")


def texts() -> dict[str, str]:
    laid = {p.name: p.read_text() for p in LAYERS.rglob("gigbox-*.service")}
    return laid | {name: text for name, text in units(programs(None, ports.PAGE), "gigbox", "/usr/bin/python3", 4).items() if name.endswith(".service")}


def offline() -> bool:
    """systemd has told it of files since its version 250."""
    return TOOL is not None and "--offline" in subprocess.run([TOOL, "--help"], capture_output=True, text=True, check=False).stdout


@pytest.mark.skipif(not offline(), reason="no systemd-analyze that looks at files")
@pytest.mark.parametrize("name", sorted(texts()))
def test_every_unit_is_fenced_in(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(texts()[name])
    most = ARGUED.get(name, MOST)
    done = subprocess.run([str(TOOL), "security", "--offline=true", f"--threshold={most}", "--no-pager", str(tmp_path / name)], capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, "\n".join(done.stdout.splitlines()[-1:])


def test_the_exceptions_are_units_that_there_are() -> None:
    assert set(ARGUED) <= set(texts())
