"""A box that is to forget does so before anything is read, and a cut in the middle of it only makes it begin anew."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from image.layer import LAYERS

FORGET = LAYERS / "10-base/files/usr/lib/gigbox/forget"


def data(folder: Path) -> Path:
    for name in ("gigbox/scenes", "network", "ssh", "lost+found"):
        (folder / name).mkdir(parents=True)
    for name in ("gigbox/journal", "gigbox/scenes/gig.json", "network/x.nmconnection", "ssh/authorized_keys"):
        (folder / name).touch()
    return folder


def start(folder: Path) -> set[str]:
    subprocess.run(["sh", str(FORGET)], env=os.environ | {"GIGBOX_DATA": str(folder)}, check=True)
    return {str(p.relative_to(folder)) for p in folder.rglob("*")}


def test_an_ordinary_start_forgets_nothing(tmp_path: Path) -> None:
    assert "gigbox/journal" in start(data(tmp_path))


def test_one_that_was_asked_to_forgets_all_once(tmp_path: Path) -> None:
    (data(tmp_path) / "forget").touch()
    assert start(tmp_path) == {"lost+found"}
    (tmp_path / "gigbox").mkdir()
    assert start(tmp_path) == {"lost+found", "gigbox"}


def test_the_word_to_forget_is_the_last_that_is_forgotten() -> None:
    lines = FORGET.read_text().splitlines()
    removes = next(n for n, line in enumerate(lines) if line.startswith("find"))
    assert '! -path "$data/forget"' in lines[removes]
    assert lines[removes + 1:] == ["sync", 'rm "$data/forget"']
