"""The people: what is kept of them says nothing to a thief, counts everywhere at once, and is over in time."""

from __future__ import annotations

import json
import os
import stat
import threading
from pathlib import Path

import pytest

from gigbox.errors import MachineError, PeopleError
from gigbox.people import shared_file
from gigbox.people.people import MOST, People
from gigbox.people.person import DAY_S, Grant, checked_name, free_name, grant


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def people(tmp_path: Path) -> People:
    return People(tmp_path, Clock())


def test_a_token_opens_the_door_and_is_written_nowhere(people: People, tmp_path: Path) -> None:
    person, token = people.add("Ann", Grant("engineer"))
    assert people.known(token) == person
    assert people.known(token[:-1]) is people.known("") is people.known("\ud800") is None
    content = (tmp_path / "people.json").read_bytes()
    assert token.encode() not in content
    assert stat.S_IMODE((tmp_path / "people.json").stat().st_mode) == 0o600


def test_what_is_stored_opens_no_door(people: People) -> None:
    person, _ = people.add("Ann", Grant("engineer"))
    assert people.known(person.token) is None


def test_another_program_sees_a_change_at_once(people: People, tmp_path: Path) -> None:
    other = People(tmp_path, Clock())
    person, token = people.add("Ann", Grant("musician", 2))
    assert other.known(token) == person
    other.revoke("Ann")
    assert people.known(token) is None


@pytest.mark.parametrize(("role", "days"), [("engineer", 365), ("musician", 30), ("guest", 1)])
def test_a_token_is_over_in_time(tmp_path: Path, role: str, days: int) -> None:
    clock = Clock()
    people = People(tmp_path, clock, clock)
    _, token = people.add("Ann", Grant(role, monitor=1))
    clock.now += days * DAY_S - 1
    assert people.known(token)
    clock.now += 2
    assert people.known(token) is None
    assert people.all() == ()


@pytest.mark.parametrize("years", [2, -2])
def test_a_clock_that_is_set_in_the_middle_of_an_evening_throws_nobody_out(tmp_path: Path, years: int) -> None:
    wall, up = Clock(), Clock()
    wall.now = 1.7e9
    people = People(tmp_path, wall, up, "this start")
    tokens = [people.add(role, Grant(role, monitor=1))[1] for role in ("engineer", "musician", "guest")]
    up.now += 3600
    wall.now += 3600 + years * 365 * DAY_S
    assert [people.known(token).grant.role for token in tokens if people.known(token)] == ["engineer", "musician", "guest"]      # type: ignore[union-attr]
    assert not people.fresh                              # else whoever sees the panel would become engineer
    people.settle()
    another_start = People(tmp_path, wall, Clock(), "another start")
    assert len(another_start.all()) == 3                 # it is written down, in the time of day that it is
    up.now += DAY_S
    wall.now += DAY_S
    assert [person.name for person in people.all()] == ["engineer", "musician"]


def test_who_reads_does_not_wait_for_a_slow_disk(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page's one loop asks who people are; meters and pulse would stand still meanwhile."""
    _, token = people.add("Ann", Grant("engineer"))
    writes, goes_on = threading.Event(), threading.Event()

    def slow(*_: object, **__: object) -> None:
        writes.set()
        goes_on.wait(20)

    monkeypatch.setattr(shared_file, "write_whole", slow)
    adding, found = threading.Thread(target=people.add, args=("Ben", Grant("guest"))), list[object]()
    adding.start()
    assert writes.wait(20)
    asking = threading.Thread(target=lambda: found.append(people.known(token)))
    asking.start()
    asking.join(5)
    waited = asking.is_alive()
    goes_on.set()
    for each in (adding, asking):
        each.join()
    assert not waited
    assert found[0] is not None


def test_a_box_is_fresh_until_it_has_an_engineer(people: People) -> None:
    people.add("Eve", Grant("guest"))
    assert people.fresh
    people.add("Ann", Grant("engineer"))
    assert not people.fresh


def test_nobody_takes_the_name_of_another(people: People) -> None:
    assert [people.add(name, Grant("guest"))[0].name for name in ("Ann", "ann", "Ann")] == ["Ann", "ann 2", "Ann 3"]
    assert free_name("x" * 32, ["x" * 32]) == "x" * 30 + " 2"
    assert free_name("Jose\u0301", ["Jos\u00e9"]) == "Jose\u0301 2"        # looks the same


def test_a_change_keeps_the_token(people: People) -> None:
    person, token = people.add("Ann", Grant("guest"))
    people.change(person.id, "Anna", Grant("musician", 3, (1,)))
    now = people.known(token)
    assert now
    assert (now.name, now.grant) == ("Anna", Grant("musician", 3, (1,)))


def test_there_is_a_most_of_people(people: People) -> None:
    for n in range(MOST):
        people.add(f"p{n}", Grant("guest"))
    with pytest.raises(PeopleError, match=r"^people: 64 are known already, expected one of them to go first$"):
        people.add("one more", Grant("guest"))


@pytest.mark.parametrize("expires", ["1e300", "Infinity", "NaN", f"1{'0' * 400}", '"never"', "true"])
def test_one_whose_time_is_in_no_calendar_is_nobody(tmp_path: Path, expires: str) -> None:
    person = '{"id": "p", "name": "x", "role": "engineer", "monitor": 0, "strips": [], "made": 0, "expires": WHEN, "token": "t"}'
    (tmp_path / "people.json").write_text('{"people": [' + person.replace("WHEN", expires) + "]}")
    assert People(tmp_path, Clock()).all() == ()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"[" * 100_000, b"\xff", b'{"people": 3}', b'{"people": [3, {}, {"id": 1}]}',
                                     json.dumps({"people": [{"id": "p", "name": "x", "role": "king", "monitor": 0, "strips": [], "made": 0, "expires": 1e12,
                                                             "token": "t"}]}).encode()])
def test_a_file_that_is_broken_lets_nobody_in_and_is_kept_aside_where_it_is_no_json(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "people.json").write_bytes(content)
    people = People(tmp_path, Clock())
    assert people.all() == ()
    people.add("Ann", Grant("engineer"))
    assert [person.name for person in People(tmp_path, Clock()).all()] == ["Ann"]


def test_a_file_that_cannot_be_read_lets_nobody_in_and_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after a shell of another user wrote it: nobody is put aside by that, nor forgotten."""
    _, token = People(tmp_path, Clock()).add("Ann", Grant("engineer"))
    people = People(tmp_path, Clock())
    with monkeypatch.context() as patch:
        def refuse(path: Path) -> bytes:
            raise PermissionError(13, "Permission denied", str(path))
        patch.setattr(Path, "read_bytes", refuse)
        assert people.all() == ()
        with pytest.raises(MachineError, match=r"people.json: Permission denied, nothing was changed$"):
            people.add("a stranger", Grant("engineer"))
    assert people.known(token)


def test_the_lock_that_a_shell_of_root_makes_is_the_boxs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[str] = []
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("os.fchown", lambda handle, user, group: given.append(os.readlink(f"/proc/self/fd/{handle}").rpartition("/")[2]))
    People(tmp_path, Clock()).add("Ann", Grant("engineer"))
    assert given == [".people.json.lock", ".people.json.part"]


def test_a_disk_that_says_no_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MachineError, match=r"file/people.json: Not a directory, nothing was changed$"):
        People(tmp_path / "file", Clock()).add("Ann", Grant("guest"))


@pytest.mark.parametrize(("words", "error"), [
    (("king",), "role: 'king', expected one of engineer, musician, guest"),
    ((["engineer"],), "role: ['engineer'], expected one of engineer, musician, guest"),
    (("musician",), "monitor: 0 is not in 1..6"),
    (("musician", True), "monitor: True is not in 1..6"),
    (("musician", 2, [33]), "strips: 33 is not in 1..32"),
    (("musician", 2, 3), "strips: 3, expected a list of numbers"),
])
def test_a_role_that_cannot_be_is_one_line(words: tuple[object, ...], error: str) -> None:
    with pytest.raises(PeopleError) as caught:
        grant(*words)
    assert str(caught.value) == error


@pytest.mark.parametrize("name", ["", " ", "x" * 33, "a\nb", 3, None])
def test_a_name_that_cannot_be_is_one_line(name: object) -> None:
    with pytest.raises(PeopleError, match=r"expected 1 to 32 printable characters$"):
        checked_name(name)
