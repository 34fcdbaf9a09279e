"""`make` goes on where it was broken off, whenever that was."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

MAKEFILE = Path(__file__).parents[1] / "Makefile"


def plan(folder: Path) -> str:
    return subprocess.run(["make", "-n", "webui/node_modules"], cwd=folder, capture_output=True, text=True, timeout=60, check=True).stdout


def test_what_builds_the_page_is_fetched_again_where_that_was_broken_off(tmp_path: Path) -> None:
    shutil.copy(MAKEFILE, tmp_path)
    fetched = tmp_path / "webui/node_modules"
    fetched.parent.mkdir()
    (tmp_path / "webui/package-lock.json").write_text("{}")
    assert "npm ci" in plan(tmp_path)
    (fetched / "typescript").mkdir(parents=True)          # and then a kill, or no power
    assert "npm ci" in plan(tmp_path)
    (fetched / ".package-lock.json").write_text("{}")
    assert "npm ci" not in plan(tmp_path)
