"""Choices are kept by name: a longer or other order of choices relabels nothing, older files are read, newer names are not lost."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from gigbox import params
from gigbox.desk import choices
from gigbox.desk.choices import ORDERS, meant, said
from gigbox.desk.journal import Journal
from gigbox.desk.paths import ADDRESSES, INDEX
from gigbox.desk.records import to_line
from gigbox.desk.scenes import Scenes
from gigbox.desk.state import Desk
from gigbox.errors import SceneError

from .fakes import Inline

ROLE = "strip/3/role"
OTHER_ORDER = ("theremin", *reversed(params.ROLES))


@pytest.fixture
def another_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """A version whose roles are in another order."""
    changed = tuple(replace(a, param=replace(a.param, choices=OTHER_ORDER)) if a.param.path == "strip/*/role" else a for a in ADDRESSES)
    monkeypatch.setattr(choices, "ADDRESSES", changed)


def load(folder: Path, warnings: list[str] | None = None) -> Desk:
    journal = Journal(folder, (warnings if warnings is not None else []).append, desk=Desk(lambda: 0.0), threads=Inline, boot="b")
    desk = journal.load()
    journal.close(0.0)
    return desk


def test_choices_are_only_ever_appended() -> None:
    rows = {p.path: p.choices for p in params.TABLE}
    assert {row: rows[row][:len(order)] for row, order in ORDERS.items()} == ORDERS
    assert set(ORDERS) <= {p.path for p in params.TABLE if p.choices and p.choices != params.SWITCH}


def test_no_file_says_a_choice_by_number(tmp_path: Path) -> None:
    desk = Desk(lambda: 0.0)
    journal = Journal(tmp_path / "journal", print, desk=desk, threads=Inline, boot="b")
    journal.load()
    journal.write(desk.set({ROLE: "drums", "box/style": "jazz", "strip/3/mute": True}, "ann", 0.0).events, 0.0)
    journal.write(desk.move({"strip/4/role": "kick"}, "sounds like one", "brain", 0.0).events, 0.0)
    journal._next_file(0.0)
    journal.close(0.0)
    Scenes(tmp_path / "scenes").save("rock", desk.scene(), 0.0)
    scene = json.loads((tmp_path / "scenes/rock.json").read_bytes())
    assert (scene["hand"], scene["auto"]) == ({ROLE: "drums", "strip/3/mute": True, "box/style": "jazz"}, {"strip/4/role": "kick"})
    snapshot = json.loads(next(tmp_path.rglob("*.snapshot")).read_bytes()[9:])
    assert (snapshot["hand"][ROLE], snapshot["auto"]["strip/4/role"]) == ("drums", "kick")
    assert [row[4:6] for row in snapshot["history"] if row[2] == ROLE] == [[None, "drums"]]
    assert [ROLE, "hand", None, "drums"] in snapshot["undo"][0][4]


@pytest.mark.usefixtures("another_order")
def test_a_number_of_an_older_file_is_of_the_order_of_then() -> None:
    assert OTHER_ORDER[int(meant(ROLE, "hand", 8.0) or 0)] == "drums"
    assert said(ROLE, "hand", meant(ROLE, "auto", "drums")) == "drums"


@pytest.mark.parametrize("number", range(len(params.ROLES)))
def test_older_scenes_and_journals_mean_what_they_meant(tmp_path: Path, number: int) -> None:
    (tmp_path / "scenes").mkdir()
    scene = {"format": 1, "name": "old", "saved": 0, "hand": {ROLE: float(number), "strip/3/mute": 1.0}, "auto": {}, "texts": {}}
    (tmp_path / "scenes/old.json").write_text(json.dumps(scene))
    assert Scenes(tmp_path / "scenes").load("old")["hand"] == {ROLE: params.ROLES[number], "strip/3/mute": True}
    (tmp_path / "journal").mkdir()
    line = {"time": 1.6e9, "by": "ann", "kind": "set", "action": 1, "undoes": 0, "events": [[ROLE, "hand", None, float(number), ""]]}
    (tmp_path / "journal/000001.journal").write_bytes(to_line(line))
    assert load(tmp_path / "journal").hand[INDEX[ROLE]] == number


def test_an_older_snapshot_is_read(tmp_path: Path) -> None:
    saved = {"format": 1, "action": 7, "hand": {ROLE: 8.0, "strip/3/level": -3.0}, "auto": {"strip/4/role": 4.0}, "texts": {"strip/3/name": "Anna"},
             "locks": ["strip/5"], "undo": [[7, "ann", "set", 1.6e9, [[ROLE, "hand", 4.0, 8.0]]]],
             "history": [[1.6e9, "ann", ROLE, "hand", 4.0, 8.0, "", 7, "set", 0]]}
    (tmp_path / "000004.snapshot").write_bytes(to_line(saved))
    desk = load(tmp_path)
    assert (desk.layer(ROLE, "hand"), desk.layer("strip/4/role", "auto"), desk.texts, desk.locks) == (8, 4, {"strip/3/name": "Anna"}, {"strip/5"})
    desk.undo("ann", 0.0)
    assert said(ROLE, "hand", desk.layer(ROLE, "hand")) == "kick"


def test_what_a_newer_version_said_is_told_and_kept_for_it(tmp_path: Path) -> None:
    head = {"time": 1.6e9, "at": 0.0, "by": "ann", "kind": "set", "action": 1}
    rows = [[ROLE, "hand", None, "theremin", ""], ["strip/3/sparkle", "hand", None, 3.0, ""], ["strip/4/role", "auto", None, "theremin", "hum"]]
    (tmp_path / "000001.journal").write_bytes(to_line({**head, "events": rows}))
    warnings: list[str] = []
    desk = load(tmp_path, warnings)
    assert warnings == ["journal: of another version, kept but not heard: strip/3/role 'theremin', strip/3/sparkle, strip/4/role 'theremin'"]
    assert desk.layer(ROLE, "hand") is None
    snapshot = desk.snapshot()
    assert (snapshot["hand"], snapshot["auto"]) == ({ROLE: "theremin", "strip/3/sparkle": 3.0}, {"strip/4/role": "theremin"})
    desk.set({ROLE: "kick"}, "ann", 0.0)                     # until somebody says otherwise
    assert desk.snapshot()["hand"] == {ROLE: "kick", "strip/3/sparkle": 3.0}


def test_a_scene_with_an_unknown_name_is_told_and_stays(tmp_path: Path) -> None:
    content = json.dumps({"format": 2, "name": "new", "saved": 0, "hand": {ROLE: "theremin"}, "auto": {}, "texts": {}})
    (tmp_path / "new.json").write_text(content)
    with pytest.raises(SceneError, match=r"^scene 'new': strip/3/role: 'theremin' is not one of unused, "):
        Scenes(tmp_path).load("new")
    assert (tmp_path / "new.json").read_text() == content


def test_a_role_of_a_file_that_is_no_whole_number_is_told(tmp_path: Path) -> None:
    (tmp_path / "odd.json").write_text(json.dumps({"format": 1, "hand": {ROLE: 8.5}, "auto": {}, "texts": {}}))
    with pytest.raises(SceneError, match=r"^scene 'odd': strip/3/role: 8.5 is not a whole number or one of unused, "):
        Scenes(tmp_path).load("odd")
