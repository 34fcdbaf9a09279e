"""Pairing: who has not been at the box, or was not let in there, stays outside."""

from __future__ import annotations

import json
import socket
import stat
from pathlib import Path

import pytest

from gigbox import places
from gigbox.errors import PeopleError
from gigbox.people import command
from gigbox.people import pairing as pairing_module
from gigbox.people.pairing import ASKED_S, INVITED_S, OF_ONE, STANDING_S, Pairing
from gigbox.people.people import People
from gigbox.people.person import Grant
from gigbox.people.qr import modules

from .test_people import Clock

NO_SUCH = r"^pair: no such code or link, expected one that the box shows now$"


class Door:
    """Pairing and people of one box, and its clock."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.pairing, self.people = Pairing(folder, self.clock), People(folder)

    def enter(self, **words: object) -> object:
        return self.pairing.enter(self.people, **words)      # type: ignore[arg-type]


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return Door(tmp_path)


def test_the_first_phone_of_a_fresh_box_becomes_engineer_with_the_code_that_it_shows(door: Door) -> None:
    shown = door.pairing.shown(door.people.fresh)
    person, token = door.enter(code=shown.spaced, name="Ann")      # type: ignore[misc]
    assert (person.grant, door.people.known(token)) == (Grant("engineer"), person)


def test_the_second_one_has_to_be_approved(door: Door) -> None:
    first = door.pairing.shown(True)
    door.enter(code=first.code)
    with pytest.raises(PeopleError, match=NO_SUCH):
        door.enter(code=first.code)
    secret = door.enter(code=door.pairing.shown(door.people.fresh).code, name="Ben", wants=Grant("engineer"))
    assert isinstance(secret, str)
    assert door.pairing.collect(door.people, secret) is None
    door.pairing.approve(door.pairing.asking()[0].id, "musician", 2)
    person, _ = door.pairing.collect(door.people, secret)      # type: ignore[misc]
    assert (person.name, person.grant) == ("Ben", Grant("musician", 2))
    with pytest.raises(PeopleError):
        door.pairing.collect(door.people, secret)


def test_two_codes_of_a_fresh_box_make_one_engineer(door: Door) -> None:
    shown = door.pairing.shown(True)
    door.people.add("Ann", Grant("engineer"))
    with pytest.raises(PeopleError, match=NO_SUCH):
        door.enter(code=shown.code)


def test_who_is_refused_or_not_answered_stays_outside(door: Door) -> None:
    code = door.pairing.invite().code
    refused, late = door.enter(code=code, name="Eve"), door.enter(code=code, name="Tom")
    door.pairing.refuse(door.pairing.asking()[0].id)
    door.clock.now += ASKED_S
    for secret in (refused, late, "", "x"):
        with pytest.raises(PeopleError, match=r"^pair: the box said no, or nobody answered in time"):
            door.pairing.collect(door.people, str(secret))
    assert door.people.all() == ()


@pytest.mark.parametrize("by", ["code", "key"])
def test_an_invitation_lets_one_in_once_and_in_time(door: Door, by: str) -> None:
    invitation = door.pairing.invite("musician", 2, (3,), "Ben")
    person, _ = door.enter(**{by: getattr(invitation, by)})      # type: ignore[misc]
    assert (person.name, person.grant) == ("Ben", Grant("musician", 2, (3,)))
    with pytest.raises(PeopleError, match=NO_SUCH):
        door.enter(**{by: getattr(invitation, by)})
    late = door.pairing.invite("engineer")
    door.clock.now += INVITED_S
    with pytest.raises(PeopleError, match=NO_SUCH):
        door.enter(**{by: getattr(late, by)})


@pytest.mark.parametrize("words", [{"code": ""}, {"key": ""}, {"code": "00000000"}, {"code": "x"}, {"key": "\ud800"}, {"code": "٣" * 8}])
def test_what_the_box_does_not_show_opens_nothing(door: Door, words: dict[str, str]) -> None:
    while door.pairing.invite("engineer").code == "00000000":
        pass
    with pytest.raises(PeopleError, match=NO_SUCH):
        door.enter(**words)


def test_the_shown_code_stays_as_long_as_it_is_looked_at_and_is_over_soon_after(door: Door) -> None:
    code = door.pairing.shown(False).code
    for _ in range(20):
        door.clock.now += STANDING_S / 3
        assert door.pairing.shown(False).code == code
    door.clock.now += STANDING_S + 1
    assert door.pairing.shown(False).code != code
    door.pairing.hide()
    with pytest.raises(PeopleError, match=NO_SUCH):
        door.enter(code=code)


def test_a_crowd_that_waits_is_bounded(door: Door) -> None:
    code = door.pairing.invite().code
    for n in range(OF_ONE):
        door.enter(code=code, name=f"p{n}", address="10.0.0.7")
    with pytest.raises(PeopleError, match=r"^pair: others wait already"):
        door.enter(code=code, address="10.0.0.7")


def test_after_another_start_of_the_machine_nothing_is_open(door: Door) -> None:
    code = door.pairing.invite("engineer").code
    door.clock.now = 5.0
    with pytest.raises(PeopleError, match=NO_SUCH):
        door.enter(code=code)


def test_what_is_open_is_for_this_user_alone(door: Door, tmp_path: Path) -> None:
    door.pairing.invite("engineer")
    assert stat.S_IMODE((tmp_path / "pairing.json").stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["{", "[]", '{"invitations": [{"code": "00000000"}]}', '{"invitations": [3]}', '{"asking": [{}]}',
                                     '{"invitations": 7, "asking": 7}'])
def test_a_broken_file_opens_nothing(door: Door, tmp_path: Path, content: str) -> None:
    (tmp_path / "pairing.json").write_text(content)
    with pytest.raises(PeopleError, match=NO_SUCH):
        door.enter(code="00000000")
    assert door.pairing.asking() == []


def test_a_link_keeps_its_secret_from_the_server_and_fits_a_small_display(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairing_module, "here", lambda: "192.168.178.200")
    door.pairing.serves(8080)
    invitation = door.pairing.invite("engineer")
    link = door.pairing.link(invitation)
    assert link == f"http://192.168.178.200:8080/pair#{invitation.key}"
    assert len(modules(link)) == 29


def test_who_pairs_is_told_whether_the_page_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What was served may be of a box that has ended: the socket says it, not the file."""
    monkeypatch.setenv("GIGBOX_RUN", str(tmp_path / "run"))
    monkeypatch.setenv("GIGBOX_STATE", str(tmp_path / "state"))
    with socket.create_server(("127.0.0.1", 0)) as page:
        port = page.getsockname()[1]
        Pairing(places.runtime_dir()).serves(port)
        command.pair("guest", 0, (), "", "")
        assert capsys.readouterr().out.endswith("\nmakes one phone guest, within 15 minutes\n")
    command.pair("guest", 0, (), "", "")
    assert capsys.readouterr().out.endswith("\nmakes one phone guest, within 15 minutes; no page answers there now, so start the box before: gigbox run\n")


@pytest.mark.parametrize("role", ["guest", "engineer", None])
def test_a_monitor_is_a_musicians_alone(role: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIGBOX_RUN", str(tmp_path / "run"))
    monkeypatch.setenv("GIGBOX_STATE", str(tmp_path / "state"))
    with pytest.raises(PeopleError, match=f"^people: --monitor and --strips are for a musician, not for .*{role or 'engineer'}$"):
        command.pair(role, 2, (), "", "")


@pytest.mark.parametrize("port", ["x", None, 70000])
def test_a_port_that_is_none_has_no_page(tmp_path: Path, port: object) -> None:
    (tmp_path / "served.json").write_text(json.dumps({"port": port}))
    assert not Pairing(tmp_path).answers()
