"""What a command writes is there whole or not at all, also where the power goes in the very next moment."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gigbox.render.outputs import whole_file, whole_folder


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What was synced and moved, in order, each by its number on the disk."""
    said: list[tuple[str, int]] = []
    fsync, replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda file: (said.append(("sync", os.fstat(file).st_ino)), fsync(file)))
    monkeypatch.setattr(Path, "replace", lambda path, goal: (said.append(("move", path.stat().st_ino)), replace(path, goal))[1])
    return said


def test_a_file_is_on_the_disk_before_it_takes_the_place_of_the_recording(tmp_path: Path, done: list[tuple[str, int]]) -> None:
    goal = tmp_path / "take.wav"
    goal.write_bytes(b"old")
    with whole_file(goal) as part:
        part.write_bytes(b"new")
    number = goal.stat().st_ino
    assert done == [("sync", number), ("move", number), ("sync", tmp_path.stat().st_ino)]


def test_no_file_of_a_folder_is_moved_before_all_are_on_the_disk(tmp_path: Path, done: list[tuple[str, int]]) -> None:
    with whole_folder(tmp_path / "out") as work:
        (work / "stems").mkdir()
        for name in ("mix.flac", "stems/01_kick.flac"):
            (work / name).write_bytes(b"new")
    files = [path.stat().st_ino for path in (tmp_path / "out/mix.flac", tmp_path / "out/stems/01_kick.flac")]
    assert done[:4] == [*(("sync", number) for number in files), *(("move", number) for number in files)]
    assert {number for _, number in done[4:]} == {path.stat().st_ino for path in (tmp_path, tmp_path / "out", tmp_path / "out/stems")}
