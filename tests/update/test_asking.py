"""What a person is asked on a terminal: before all is forgotten, and once in which country the box is."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from gigbox import cli, reset
from gigbox.network import settings


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "run").mkdir(mode=0o700)
    monkeypatch.setenv("GIGBOX_RUN", str(tmp_path / "run"))
    monkeypatch.setenv("GIGBOX_STATE", str(tmp_path / "state"))
    (tmp_path / "does").touch()
    monkeypatch.setattr(reset, "DOES", tmp_path / "does")
    return tmp_path


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> list[str]:
    """Somebody at a terminal types that; what they were asked."""
    asked: list[str] = []
    answers = iter(lines)

    def ask(question: str) -> str:
        asked.append(question)
        return next(answers)
    monkeypatch.setattr("builtins.input", ask)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    return asked


@pytest.mark.parametrize(("answer", "code"), [("yes", 0), ("no", 1), ("", 1)])
def test_all_is_forgotten_only_after_a_yes(box: Path, monkeypatch: pytest.MonkeyPatch, answer: str, code: int) -> None:
    asked = typed(monkeypatch, answer)
    assert cli.main(["reset"]) == code
    assert len(asked) == 1
    assert (box / "run" / reset.FILE).exists() == (answer == "yes")


def test_a_machine_that_is_no_box_of_the_image_says_so_before_it_asks(box: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(reset, "DOES", box / "nothing")
    assert (typed(monkeypatch), cli.main(["reset"])) == ([], 1)
    assert capsys.readouterr().err == f"gigbox: reset: is for a box that was made by `make image`; here end the box, and remove {box / 'state'}\n"
    assert not (box / "run" / reset.FILE).exists()


def test_with_nobody_there_nothing_is_forgotten(box: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with open(os.devnull) as nobody:
        monkeypatch.setattr("sys.stdin", nobody)
        assert cli.main(["reset"]) == 1
    assert capsys.readouterr().err == "gigbox: nothing is forgotten\n"
    assert not (box / "run" / reset.FILE).exists()


def test_the_country_is_asked_until_it_was_told(box: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    typed(monkeypatch, "")
    cli.main(["network"])
    asked = typed(monkeypatch, "de")
    cli.main(["network"])
    assert asked == ["in which country is the box? two letters such as DE, or nothing: "]
    assert json.loads((box / "state" / settings.FILE).read_text())["country"] == "DE"
    asked = typed(monkeypatch)
    cli.main(["network"])
    assert asked == []
