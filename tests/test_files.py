"""A file is the old one or the new one, whatever fails in between."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from gigbox.desk.scenes import Scenes
from gigbox.desk.state import Desk
from gigbox.errors import SceneError
from gigbox.files import write_whole


def test_content_is_on_disk_before_the_name_and_the_name_before_it_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda file: (steps.append("sync " + ("folder" if os.path.isdir(f"/proc/self/fd/{file}") else "file")), fsync(file)))
    monkeypatch.setattr(os, "replace", lambda old, new: (steps.append("name"), replace(old, new)))
    write_whole(tmp_path / "a", b"content")
    assert steps == ["sync file", "name", "sync folder"]
    assert (tmp_path / "a").read_bytes() == b"content"


def test_what_root_writes_in_a_shell_belongs_to_whoever_has_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "fchown", lambda handle, user, group: given.append((user, group)))
    write_whole(tmp_path / "people.json", b"{}", private=True)
    assert given == [(tmp_path.stat().st_uid, tmp_path.stat().st_gid)]
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    write_whole(tmp_path / "people.json", b"{}", private=True)
    assert len(given) == 1


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_failure_keeps_the_old_scene_and_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str) -> None:
    scenes, desk = Scenes(tmp_path), Desk()
    desk.set({"strip/3/level": -3}, "ann", 0)
    scenes.save("rock", desk.scene(), 0)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, failing, full)
        with pytest.raises(SceneError, match=r"^scene 'rock': not saved: No space left on device$"):
            scenes.save("rock", Desk().scene(), 0)
    assert scenes.load("rock")["hand"] == {"strip/3/level": -3.0}
    assert [path.name for path in tmp_path.iterdir()] == ["rock.json"]
