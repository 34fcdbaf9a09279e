"""What was heard last, read without a desk: the same that the desk will say, and nothing on disk is touched by it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gigbox import params
from gigbox.desk.journal import Journal
from gigbox.desk.last_mix import last_mix
from gigbox.desk.state import Desk
from gigbox.engine import program
from gigbox.rack import Rack

from .fakes import Inline


def journal(folder: Path, segment: int = 1_000_000) -> Journal:
    return Journal(folder, print, segment=segment, desk=Desk(lambda: 0.0), threads=Inline, boot="b")


def evening(folder: Path, changes: int, segment: int = 1_000_000) -> list[float]:
    """What is heard after so many moves of both layers."""
    kept = journal(folder, segment)
    desk = kept.load()
    for n in range(changes):
        kept.write(desk.set({f"strip/{n % 8 + 1}/level": -float(n % 30)}, "ann", n).events, n)
        kept.write(desk.move({f"strip/{n % 8 + 1}/eq/2/gain": -float(n % 7)}, "why", "brain", n).events, n)
        kept.tick(n)
    kept.close(changes)
    return list(desk.values)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("segment", [1_000_000, 3000], ids=["one file", "many files"])
def test_it_is_what_the_desk_says(tmp_path: Path, segment: int) -> None:
    values = evening(tmp_path, 60, segment)
    before = files(tmp_path)
    assert last_mix(tmp_path) == values == list(journal(tmp_path).load().values)
    assert files(tmp_path).keys() >= before.keys()


def test_it_reads_while_a_desk_holds_the_journal_and_changes_nothing(tmp_path: Path) -> None:
    values = evening(tmp_path, 10)
    held = journal(tmp_path)
    held.load()
    before = files(tmp_path)
    assert last_mix(tmp_path) == values
    assert files(tmp_path) == before
    held.close(0)


def test_a_torn_end_counts_for_nothing_and_is_left_to_the_desk(tmp_path: Path) -> None:
    values = evening(tmp_path, 10)
    with (tmp_path / "000001.journal").open("ab") as file:
        file.write(b"0123 torn")
    before = files(tmp_path)
    assert last_mix(tmp_path) == values
    assert files(tmp_path) == before


def test_a_broken_snapshot_is_passed_over(tmp_path: Path) -> None:
    evening(tmp_path, 60, 3000)
    newest = max(tmp_path.glob("*.snapshot"))
    newest.write_bytes(b"nonsense")
    told = last_mix(tmp_path)
    assert told == list(journal(tmp_path).load().values)


def test_no_test_sound_and_no_talker_is_heard_before_the_desk_is_there(tmp_path: Path) -> None:
    kept = journal(tmp_path)
    desk = kept.load()
    loud = {"box/generator/kind": "white", "box/generator/output": "main_left", "box/generator/loud": True, "strip/1/talk": True, "main/guard/boost": 8.0,
            "main/level": -3.0}
    kept.write(desk.set(loud, "ann", 0).events, 0)
    kept.close(0)
    told = last_mix(tmp_path)
    assert told is not None
    assert [told[params.find(path).index] for path in loud] == [0, 0, 0, 0, 0, -3.0]


def test_a_new_box_has_none(tmp_path: Path) -> None:
    assert last_mix(tmp_path / "journal") is None
    (tmp_path / "journal").mkdir()
    assert last_mix(tmp_path / "journal") is None


def test_an_engine_without_a_rack_begins_with_it_and_without_both_in_silence(tmp_path: Path) -> None:
    values = evening(tmp_path / "journal", 10)
    begun = program._begun(Rack(tmp_path / "rack", 4), lambda: last_mix(tmp_path / "journal"))
    np.testing.assert_allclose(begun.values(), np.array(values, np.float32))
    silent = program._begun(Rack(tmp_path / "other", 4), lambda: None)
    assert silent.values()[params.find("main/mute").index] == 1


def test_an_engine_that_was_killed_goes_on_from_its_rack(tmp_path: Path) -> None:
    Rack(tmp_path / "rack", 4).values()[params.find("strip/1/level").index] = -7
    again = program._begun(Rack(tmp_path / "rack", 4), lambda: pytest.fail("not asked"))
    assert again.values()[params.find("strip/1/level").index] == -7
