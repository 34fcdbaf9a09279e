"""What lies in the root says nothing of the folder that it was built in."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

from image.wheels import forget_origin

DIST = "small-1.0.dist-info"


def installed(folder: Path) -> dict[str, bytes]:
    """A wheel of one file, built and installed as the image's own is."""
    folder.mkdir()
    wheel, goal = folder / "small-1.0-py3-none-any.whl", folder / "goal"
    with zipfile.ZipFile(wheel, "w") as file:
        for name, text in {"small.py": "", f"{DIST}/METADATA": "Metadata-Version: 2.1\nName: small\nVersion: 1.0\n",
                           f"{DIST}/WHEEL": "Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
                           f"{DIST}/RECORD": f"small.py,,\n{DIST}/METADATA,,\n{DIST}/WHEEL,,\n{DIST}/RECORD,,\n"}.items():
            file.writestr(zipfile.ZipInfo(name), text)
    pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-compile", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--target", goal, wheel], check=True)
    forget_origin(goal)
    return {str(path.relative_to(goal)): path.read_bytes() for path in sorted(goal.rglob("*")) if path.is_file()}


def test_a_wheel_from_another_folder_leaves_the_same_files(tmp_path: Path) -> None:
    here, there = installed(tmp_path / "here"), installed(tmp_path / "there")
    assert here == there
    assert f"{DIST}/RECORD" in here
    assert str(tmp_path).encode() not in b"".join(here.values())
