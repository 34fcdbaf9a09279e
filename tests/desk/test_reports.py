"""Reports: whole or not there, one of a name, never too many or too long, and told in one line where they are broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from gigbox.desk.reports import BIGGEST, MOST, Reports
from gigbox.errors import RequestError


@pytest.fixture
def reports(tmp_path: Path) -> Reports:
    return Reports(tmp_path / "reports")


def test_the_newest_is_what_is_read(reports: Reports) -> None:
    reports.save("linecheck", {"seconds": 5}, "brain", 1.0)
    reports.save("linecheck", {"seconds": 10, "name": "Björk"}, "brain", 2.0)
    assert reports.load("linecheck") == {"name": "linecheck", "by": "brain", "time": 2.0, "told": {"seconds": 10, "name": "Björk"}}
    assert [p.name for p in reports.folder.iterdir()] == ["linecheck.json"]


def test_one_that_is_too_long_is_refused_and_the_old_one_stays(reports: Reports) -> None:
    reports.save("linecheck", {"seconds": 5}, "brain", 1.0)
    with pytest.raises(RequestError, match=rf"^report 'linecheck': 26[0-9]+ bytes, expected {BIGGEST} at most$"):
        reports.save("linecheck", {"long": "x" * BIGGEST}, "brain", 2.0)
    assert reports.load("linecheck")["told"] == {"seconds": 5}


def test_there_are_never_more_than_a_few(reports: Reports) -> None:
    for n in range(MOST):
        reports.save("a" * (n + 1), {}, "x", 0.0)
    with pytest.raises(RequestError, match=r"^report 'b': 32 others are kept already, expected a name of theirs$"):
        reports.save("b", {}, "x", 0.0)
    reports.save("a", {"still": True}, "x", 0.0)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"told": 3}', b"\xff", b"[" * 100_000])
def test_a_broken_file_is_one_line(reports: Reports, content: bytes) -> None:
    reports.folder.mkdir()
    (reports.folder / "linecheck.json").write_bytes(content)
    with pytest.raises(RequestError, match=r"^report 'linecheck': broken, expected a whole JSON file$"):
        reports.load("linecheck")


def test_what_the_disk_does_not_take_is_told_all_the_same(reports: Reports, monkeypatch: pytest.MonkeyPatch) -> None:
    """A recorder says that the disk is full, and the brain goes on mixing: no report of theirs may fail by that."""
    reports.save("tape", {"trouble": ""}, "tape", 1.0)
    with monkeypatch.context() as patch:
        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")
        patch.setattr("gigbox.desk.reports.write_whole", full)
        reports.save("tape", {"trouble": "the disk is full"}, "tape", 2.0)
        reports.save("taste", {}, "brain", 2.0)
        assert reports.load("tape")["told"] == {"trouble": "the disk is full"}
        assert reports.load("taste")["time"] == 2.0
        for n in range(MOST - 2):
            reports.save("a" * (n + 1), {}, "x", 0.0)
        with pytest.raises(RequestError, match=r"^report 'b': 32 others are kept already"):
            reports.save("b", {}, "x", 0.0)
    reports.save("tape", {"trouble": "well again"}, "tape", 3.0)
    assert reports.load("tape") == Reports(reports.folder).load("tape")


def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    """Not the machine's: who asks would take that for a desk that is away."""
    (tmp_path / "file").write_text("")
    with pytest.raises(RequestError, match=r"^report 'x': not readable: Not a directory, expected another one to be left$"):
        Reports(tmp_path / "file/reports").load("x")
