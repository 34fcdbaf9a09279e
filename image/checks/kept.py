"""What lies on a data partition, read on this host from a copy of it."""

from __future__ import annotations

import subprocess
from pathlib import Path


def mended(data: Path) -> bool:
    """Its journal alone makes it whole, as at every start; False where more was needed."""
    return subprocess.run(["e2fsck", "-fp", str(data)], capture_output=True, check=False).returncode < 4


def laid_out(data: Path, folder: Path) -> Path:
    """All its files into a new folder, which is given back."""
    folder.mkdir()
    subprocess.run(["debugfs", "-R", f"rdump / {folder}", str(data)], capture_output=True, check=True)
    return folder
