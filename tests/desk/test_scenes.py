"""Scenes: what was saved comes back, and whatever else lies in a file is one clear line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gigbox.desk.scenes import Scenes
from gigbox.errors import SceneError

from .fakes import OneClock as Desk


@pytest.fixture
def scenes(tmp_path: Path) -> Scenes:
    return Scenes(tmp_path / "scenes")


@pytest.fixture
def desk() -> Desk:
    played = Desk()
    played.set({"strip/3/level": -3.5, "strip/3/name": "Ännchen", "strip/3/role": "kick", "strip/3/mute": True}, "ann", 0)
    played.move({"strip/4/level": -2, "strip/4/gate/threshold": -60}, "x", "brain", 0)
    return played


def test_a_scene_comes_back_as_it_was_saved(scenes: Scenes, desk: Desk) -> None:
    scenes.save("Ballade 2", desk.scene(), 7.0)
    other = Desk()
    other.recall(scenes.load("Ballade 2"), "ann", 1, "scene")
    assert other.scene() == desk.scene()
    assert other.values == desk.values


def test_scenes_are_listed_replaced_and_deleted(scenes: Scenes, desk: Desk) -> None:
    assert scenes.names() == []
    for name in ("rock", "ballade", "rock"):
        scenes.save(name, desk.scene(), 0)
    assert scenes.names() == ["ballade", "rock"]
    scenes.delete("rock")
    assert scenes.names() == ["ballade"]
    assert [path.name for path in scenes.folder.iterdir()] == ["ballade.json"]


@pytest.mark.parametrize("first", ["Caf\u00e9", "Cafe\u0301"])
def test_a_name_is_the_same_however_its_accents_are_written(scenes: Scenes, desk: Desk, first: str) -> None:
    """A phone and a Mac do it each in their own way, and nobody sees the difference."""
    scenes.save(first, desk.scene(), 0)
    for name in ("Caf\u00e9", "Cafe\u0301"):
        assert scenes.load(name)["hand"]
        scenes.save(name, desk.scene(), 1)
        assert len(scenes.names()) == 1
    scenes.delete("Cafe\u0301")
    assert scenes.names() == []
    (scenes.folder / "Cafe\u0301.json").write_text("{}")         # of an older box
    with pytest.raises(SceneError, match="format None"):
        scenes.load("Caf\u00e9")


@pytest.mark.parametrize(("name", "error"), [
    ("../x", "scene '../x': a name has no slash, no control character and no dot in front"),
    ("a/b", "scene 'a/b': a name has no slash, no control character and no dot in front"),
    (".hidden", "scene '.hidden': a name has no slash, no control character and no dot in front"),
    ("a\nb", "scene 'a\\nb': a name has no slash, no control character and no dot in front"),
    ("\ud800", "scene '\\ud800': a name has no slash, no control character and no dot in front"),
    ("", "scene '': a name has 1 to 48 characters, none of them a blank at an end"),
    (" a", "scene ' a': a name has 1 to 48 characters, none of them a blank at an end"),
    ("x" * 49, f"scene '{'x' * 48}': a name has 1 to 48 characters, none of them a blank at an end"),
])
def test_a_bad_name_is_refused_everywhere(scenes: Scenes, desk: Desk, name: str, error: str) -> None:
    for call in (lambda: scenes.save(name, desk.scene(), 0), lambda: scenes.load(name), lambda: scenes.delete(name)):
        with pytest.raises(SceneError) as caught:
            call()
        assert str(caught.value) == error
    assert not list(scenes.folder.parent.rglob("*.json"))


def test_the_longest_name_of_the_widest_letters_can_be_saved(scenes: Scenes, desk: Desk) -> None:
    scenes.save("🎸" * 48, desk.scene(), 0)
    assert scenes.names() == ["🎸" * 48]


def test_a_missing_scene_says_so(scenes: Scenes) -> None:
    for call in (scenes.load, scenes.delete):
        with pytest.raises(SceneError) as caught:
            call("rock")
        assert str(caught.value) == "scene 'rock': no such scene"


def test_a_file_cut_at_any_byte_is_an_error(scenes: Scenes, desk: Desk) -> None:
    scenes.save("rock", desk.scene(), 0)
    file = scenes.folder / "rock.json"
    whole = file.read_bytes()
    for cut in range(len(whole) - 1):
        file.write_bytes(whole[:cut])
        with pytest.raises(SceneError) as caught:
            scenes.load("rock")
        assert str(caught.value) == "scene 'rock': broken, expected a whole JSON file"


GOOD: dict[str, Any] = {"format": 1, "name": "rock", "saved": 0, "hand": {}, "auto": {}, "texts": {}}


@pytest.mark.parametrize(("content", "error"), [
    ({**GOOD, "format": 9}, "format 9, expected 1 to 2"),
    ([], "format None, expected 1 to 2"),
    ({**GOOD, "hand": None}, "'hand' is missing"),
    ({**GOOD, "hand": {"strip/3/level": 40}}, "strip/3/level: 40 dB is above 10 dB"),
    ({**GOOD, "hand": {"strip/3/level": None}}, "strip/3/level: None is not a number"),
    ({**GOOD, "hand": {"strip/99/level": 0}}, "strip/99/level: 99 is not in 1..32"),
    ({**GOOD, "hand": {"strip/3/name": "Anna"}}, "strip/3/name: has no place in 'hand'"),
    ({**GOOD, "texts": {"strip/3/level": 0}}, "strip/3/level: has no place in 'texts'"),
    ({**GOOD, "auto": {"strip/3/level": 7}}, "strip/3/level: auto 7 is not in -100..6"),
    ({**GOOD, "auto": {"strip/3/mute": 1}}, "strip/3/mute: auto may not move it, expected a hand"),
])
def test_a_file_that_does_not_fit_the_table_is_an_error(scenes: Scenes, content: object, error: str) -> None:
    scenes.folder.mkdir()
    (scenes.folder / "rock.json").write_text(json.dumps(content))
    with pytest.raises(SceneError) as caught:
        scenes.load("rock")
    assert str(caught.value) == f"scene 'rock': {error}"


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}", b"NaN]"])
def test_garbage_is_an_error(scenes: Scenes, content: bytes) -> None:
    scenes.folder.mkdir()
    (scenes.folder / "rock.json").write_bytes(content)
    with pytest.raises(SceneError, match=r"^scene 'rock': broken, expected a whole JSON file$"):
        scenes.load("rock")


def test_a_huge_file_is_not_read(scenes: Scenes) -> None:
    scenes.folder.mkdir()
    (scenes.folder / "rock.json").write_bytes(b" " * 1_000_001)
    with pytest.raises(SceneError, match=r"^scene 'rock': 1000001 bytes, expected 1000000 at most$"):
        scenes.load("rock")


def test_a_folder_that_cannot_be_says_so_and_leaves_nothing(tmp_path: Path, desk: Desk) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SceneError, match=r"^scene 'rock': not saved: Not a directory$"):
        Scenes(tmp_path / "file/scenes").save("rock", desk.scene(), 0)


def test_a_file_whose_name_no_scene_can_have_is_not_listed(scenes: Scenes, desk: Desk) -> None:
    scenes.save("Ballade", desk.scene(), 0)
    for name in (b"caf\xe9.json", b"a\nb.json"):
        (scenes.folder / os.fsdecode(name)).write_bytes(b"{}")
    assert scenes.names() == ["Ballade"]


def test_a_scene_is_found_under_its_name_whatever_the_locale_is(tmp_path: Path) -> None:
    """Its file's name is UTF-8 on the disk."""
    lines = ("import pathlib; from gigbox.desk.scenes import Scenes; from gigbox.desk.state import Desk; s = Scenes(pathlib.Path('.'))",
             "s.save('\\u0141\\u00f3d\\u017a', Desk().scene(), 0); s.load('\\u0141\\u00f3d\\u017a'); print(ascii(s.names()))")
    environment = os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("['\\u0141\\xf3d\\u017a']\n", "")
    assert [os.fsencode(path.name) for path in tmp_path.iterdir()] == ["\u0141\xf3d\u017a.json".encode()]
