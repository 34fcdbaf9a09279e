"""What a person is asked on a terminal: before all is forgotten, and once in which country the box is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gigbox import cli, reset
from gigbox.network import settings


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "run").mkdir(mode=0o700)
    monkeypatch.setenv("GIGBOX_RUN", str(tmp_path / "run"))
    monkeypatch.setenv("GIGBOX_STATE", str(tmp_path / "state"))
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


def test_with_nobody_there_nothing_is_forgotten(box: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "gigbox.cli", "reset"], env=os.environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "gigbox: nothing is forgotten\n")
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
