"""Who starts the box is let in: a link for the first phone, told once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gigbox.errors import PeopleError
from gigbox.people.pairing import Pairing
from gigbox.people.people import People
from gigbox.people.person import Person
from gigbox.run import run as run_module


def test_who_starts_the_box_is_told_a_link_that_makes_one_phone_engineer(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    run_module._invite(tmp_path, 8080)
    link = re.search(r"comes in by (http://\S+:8080/pair#(\S+)) - once, within 15 minutes; more with: gigbox pair$", capfd.readouterr().err.strip())
    assert link
    people, pairing = People(tmp_path), Pairing(tmp_path)
    person = pairing.enter(people, key=link[2])[0]
    assert isinstance(person, Person)
    assert person.grant.role == "engineer"
    with pytest.raises(PeopleError):
        pairing.enter(people, key=link[2])


def test_a_folder_in_which_nothing_can_be_kept_plays_music_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    run_module._invite(tmp_path / "file", 8080)
