"""`gigbox taste` as people type it: shows, changes, forgets; errors are one line and change nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from gigbox.brain.taste.belief import Belief
from gigbox.brain.taste.file import save
from gigbox.brain.taste.taste import Taste
from gigbox.cli import main

Gigbox = Callable[..., tuple[int, str, str]]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where taste lies: five corrections of backing vocals, one of keys in jazz."""
    monkeypatch.setenv("GIGBOX_STATE", str(tmp_path / "state"))
    (tmp_path / "state").mkdir()
    taste = Taste()
    taste.beliefs = {("level", "backing_vocal", ""): Belief(2.8, 2.25, 5), ("level", "keys", "jazz"): Belief(-2.0, 4.5, 1)}
    save(taste, tmp_path / "state/taste.json")
    return tmp_path / "state/taste.json"


@pytest.fixture
def gigbox(file: Path, capsys: pytest.CaptureFixture[str]) -> Gigbox:
    def run(*arguments: object) -> tuple[int, str, str]:
        code = main(["taste", *map(str, arguments)])
        said = capsys.readouterr()
        return code, said.out, said.err
    return run


def test_it_shows_what_was_learnt_in_words(gigbox: Gigbox) -> None:
    assert gigbox() == (0, "You like backing vocals 2.1 dB louder (5 corrections)   75% sure   backing_vocal/level\n"
                           "You like keys 1.0 dB softer in jazz (1 correction)      50% sure   keys/level/jazz\n", "")


def test_a_box_that_has_learnt_nothing_says_so(gigbox: Gigbox, file: Path) -> None:
    file.unlink()
    assert gigbox() == (0, "The box has learnt nothing yet; it does so from corrections that stay.\n", "")


def test_what_one_box_exports_another_imports(gigbox: Gigbox, file: Path, tmp_path: Path) -> None:
    code, exported, _ = gigbox("--json")
    assert code == 0
    assert json.loads(exported)["says"]["backing_vocal/level"][0] == "You like backing vocals 2.1 dB louder (5 corrections)"
    (tmp_path / "mine.json").write_text(exported)
    file.unlink()
    before = gigbox("--import", tmp_path / "mine.json")
    assert before == gigbox()
    assert "backing vocals 2.1 dB louder" in before[1]


def test_a_role_a_kind_or_all_is_forgotten(gigbox: Gigbox) -> None:
    assert "keys" not in gigbox("--forget", "keys")[1]
    assert gigbox("--forget", "backing_vocal/level")[1].startswith("The box has learnt nothing yet")
    gigbox("--set", "keys/pan=0.1")
    assert gigbox("--forget")[1].startswith("The box has learnt nothing yet")


def test_a_person_may_say_it(gigbox: Gigbox) -> None:
    assert "You like keys 2.5 dB softer (set by hand)" in gigbox("--set", "keys/level=-2.5", "--set", "keys/pan/rock=0.2")[1]
    assert "You like keys 0.20 wider in rock (set by hand)" in gigbox()[1]


@pytest.mark.parametrize(("arguments", "code", "told"), [
    (("--forget", "kazoo"), 2, "gigbox: role: 'kazoo' is not one of unused, lead_vocal"),
    (("--forget", "snare"), 2, "gigbox: --forget: nothing was learnt of snare\n"),
    (("--set", "keys=2"), 2, "gigbox: --set: 'keys=2' is not understood, expected ROLE/KIND=VALUE such as backing_vocal/level=2\n"),
    (("--set", "keys/level=loud"), 2, "gigbox: --set: keys/level: 'loud' is not a number\n"),
    (("--set", "keys/level=7"), 2, "gigbox: keys/level: 7 dB is not within -6..6 dB\n"),
    (("--set", "keys/level=1", "--set", "keys/send=1"), 2, "gigbox: kind: 'send' is not one of level, eq_low, eq_high, pan, denoise, comp\n"),
    (("--import", "/nowhere.json"), 1, "gigbox: /nowhere.json: cannot be read (No such file or directory)\n"),
    (("--import", __file__), 2, f"gigbox: {__file__}: not JSON, expected what `gigbox taste --json` writes\n")])
def test_what_cannot_be_done_is_one_line_and_changes_nothing(gigbox: Gigbox, file: Path, arguments: tuple[str, ...], code: int, told: str) -> None:
    before = file.read_bytes()
    done = gigbox(*arguments)
    assert done[:2] == (code, "")
    assert done[2].startswith(told)
    assert done[2].count("\n") == 1
    assert file.read_bytes() == before


def test_one_thing_at_a_time(gigbox: Gigbox, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        gigbox("--json", "--forget")
    assert "not allowed with argument" in capsys.readouterr().err


def test_a_broken_file_is_told_and_kept_aside(gigbox: Gigbox, file: Path) -> None:
    file.write_text("{")
    code, out, err = gigbox()
    assert (code, out) == (0, "The box has learnt nothing yet; it does so from corrections that stay.\n")
    assert err == f"gigbox: {file}: not JSON, expected what `gigbox taste --json` writes; kept aside as taste.json.broken, taste starts with nothing\n"


def test_a_folder_that_cannot_be_written_is_the_machines_fault(gigbox: Gigbox, file: Path) -> None:
    file.with_name(f".{file.name}.part").mkdir()
    code, out, err = gigbox("--set", "keys/level=1")
    assert (code, out) == (1, "")
    assert "cannot be written" in err


@pytest.mark.parametrize("words", [(), ("--json",), ("--set", "keys/level=1"), ("--forget",)])
def test_a_file_that_cannot_be_read_is_not_written_over(gigbox: Gigbox, file: Path, words: tuple[str, ...]) -> None:
    file.unlink()
    file.mkdir()
    assert gigbox(*words) == (1, "", f"gigbox: {file}: cannot be read (Is a directory)\n")
