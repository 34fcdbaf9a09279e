"""Taste on the desk: what was learnt is told, what a person wants forgotten is gone from the file, and nothing comes back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from gigbox.brain.taste.belief import KINDS
from gigbox.brain.taste.command import run as command
from gigbox.brain.taste.file import TasteFile, read, save, told
from gigbox.brain.taste.on_desk import PATH, REPORT, TasteOnDesk
from gigbox.brain.taste.taste import Taste
from gigbox.desk.client import Change, Client, Value
from gigbox.errors import MachineError
from gigbox.params import ROLES, STYLES
from tests.desk.fakes import Box
from tests.live_box import eventually


class FakeDesk:
    """Notes what it is asked; away, it does nothing."""

    def __init__(self) -> None:
        self.posted: list[Mapping[str, Any]] = []
        self.answers: list[str] = []
        self.away = False

    def set(self, values: Mapping[str, object], why: str = "", by: str = "") -> None:
        assert values == {PATH: ""}
        self._reach()
        self.answers.append(why)

    def post(self, name: str, told: Mapping[str, Any]) -> None:
        assert name == REPORT
        self._reach()
        self.posted.append(dict(told))

    def _reach(self) -> None:
        if self.away:
            raise MachineError("desk: not there")


class Told:
    """A taste that knows of snares and keys, on a desk that is none."""

    def __init__(self, path: Path) -> None:
        learnt = Taste()
        learnt.set("level", "snare", "", -2.0)
        learnt.set("level", "keys", "", 1.0)
        learnt.set("pan", "keys", "", 0.2)
        save(learnt, path)
        self.path, self.desk = path, FakeDesk()
        self.file = TasteFile(path, pytest.fail)
        self.taste_desk = TasteOnDesk(self.desk, self.file)

    def wish(self, what: str, by: str = "web:phone") -> None:
        self.taste_desk.changed(Change({PATH: Value(what, None, what)}, by))
        self.taste_desk.step()

    @property
    def places(self) -> set[str]:
        return {f"{role}/{kind}" for kind, role, _ in read(self.path).beliefs}


@pytest.fixture
def taste(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    monkeypatch.setenv("GIGBOX_STATE", str(tmp_path))
    return Told(tmp_path / "taste.json")


def test_what_was_learnt_is_told_once_and_again_when_it_is_another(taste: Told) -> None:
    for _ in range(3):
        taste.taste_desk.step()
    assert taste.desk.posted == [json.loads(taste.path.read_text())]
    assert taste.desk.posted[0]["says"]["snare/level"] == ["You like snares 2.0 dB softer (set by hand)"]
    command(False, None, None, ["snare/level=3"])
    taste.file.look()
    taste.taste_desk.step()
    assert [told["says"]["snare/level"] for told in taste.desk.posted[1:]] == [["You like snares 3.0 dB louder (set by hand)"]]


def test_a_desk_that_begins_anew_is_told_again(taste: Told) -> None:
    taste.taste_desk.step()
    taste.taste_desk.changed(Change({PATH: Value(None, None, "")}))
    taste.taste_desk.step()
    assert len(taste.desk.posted) == 2


@pytest.mark.parametrize(("what", "left"), [
    ("snare/level", {"keys/level", "keys/pan"}), ("keys", {"snare/level"}), ("keys/pan", {"snare/level", "keys/level"}), ("all", set())])
def test_what_a_person_names_is_forgotten_in_the_file_and_that_is_told(taste: Told, what: str, left: set[str]) -> None:
    taste.wish(what)
    assert taste.places == {f"{e.role}/{e.kind}" for e in taste.file.taste.entries()} == set(taste.desk.posted[-1]["says"]) == left
    assert taste.desk.answers == [f"forgot {what}"]


@pytest.mark.parametrize(("what", "answer"), [
    ("kazoo", "forget: role: 'kazoo' is not one of unused, lead_vocal, "), ("snare/loudness", "forget: kind: 'loudness' is not one of level, eq_low, "),
    ("snare/level/rock", "forget: kind: 'level/rock' is not one of level, "), ("tom", "forget: nothing was learnt of tom"), ("ALL", "forget: role: 'ALL'")])
def test_what_cannot_be_forgotten_is_one_line_and_changes_nothing(taste: Told, what: str, answer: str) -> None:
    before = taste.places
    taste.wish(what)
    (said,) = taste.desk.answers
    assert said.startswith(answer)
    assert len(said) <= 200
    assert taste.places == before


def test_what_a_command_changed_at_the_same_moment_stays_and_what_is_forgotten_does_not_come_back(taste: Told) -> None:
    command(False, None, None, ["bass/level=-1"])
    taste.wish("snare")
    assert taste.places == {"bass/level", "keys/level", "keys/pan"}
    taste.file.look()
    taste.file.save()
    assert "snare/level" not in taste.places


def test_a_file_that_cannot_be_written_is_one_line(taste: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")
    monkeypatch.setattr("gigbox.brain.taste.file.write_whole", full)
    taste.wish("snare")
    assert taste.desk.answers == [f"forget: {taste.path}: cannot be written (No space left on device)"]


def test_a_wish_from_before_the_brain_began_still_holds(taste: Told) -> None:
    taste.wish("snare", by="")
    assert "snare/level" not in taste.places


def test_two_wishes_at_once_are_both_done(taste: Told) -> None:
    taste.taste_desk.changed(Change({PATH: Value("snare", None, "snare")}, "web:one"))
    taste.wish("keys/pan", "web:two")
    assert taste.places == {"keys/level"}
    assert taste.desk.answers == ["forgot snare; forgot keys/pan"]


def test_a_desk_that_is_away_is_told_when_it_is_back(taste: Told) -> None:
    taste.desk.away = True
    with pytest.raises(MachineError):
        taste.wish("snare")
    taste.desk.away = False
    taste.taste_desk.step()
    taste.taste_desk.step()
    assert set(taste.desk.posted[-1]["says"]) == {"keys/level", "keys/pan"}
    assert len(taste.desk.answers) == 1


def test_on_a_real_desk_any_client_reads_it_and_may_have_it_forgotten(tmp_path: Path) -> None:
    box = Box(tmp_path)
    box.start()
    try:
        with Client(box.socket, by="brain") as brain, Client(box.socket, by="web:phone") as phone:
            taste = Told(box.state / "taste.json")
            taste_desk = TasteOnDesk(brain, taste.file)
            brain.watch(PATH, taste_desk.changed)
            phone.get(PATH)
            phone.set({PATH: "snare/level"})
            eventually(lambda: [taste_desk.step(), phone.get(PATH)[PATH].value == ""][1], 5, "an answer")
            assert set(phone.report(REPORT)["told"]["says"]) == {"keys/level", "keys/pan"}
            assert phone.history(1)[0]["why"] == "forgot snare/level"
    finally:
        box.stop()


def test_all_that_can_be_learnt_fits_into_a_report(tmp_path: Path) -> None:
    taste = Taste()
    for role in ROLES[1:]:
        for kind in KINDS:
            for steps, style in enumerate(("", *STYLES)):
                taste.set(kind, role, style, ((-1) ** steps * 5.123456789) * KINDS[kind].step)
    box = Box(tmp_path)
    box.start()
    try:
        with Client(box.socket, by="brain") as brain:
            brain.get(PATH)
            brain.post(REPORT, told(taste))
            assert len(brain.report(REPORT)["told"]["likes"]) == len(ROLES) - 1
    finally:
        box.stop()
