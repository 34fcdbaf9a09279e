"""The emulated machine is made once for the versions that are pinned; what it lacks is told in one line with the remedy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.brain import arm64


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty place, and nothing that fetches."""
    def unpack(system: Path) -> None:
        (system / "usr/bin").mkdir(parents=True)
        (system / "usr/bin/python3.11").touch()

    monkeypatch.setattr(arm64, "PLACE", tmp_path / "arm64")
    monkeypatch.setattr(arm64, "_unpack_system", unpack)
    monkeypatch.setattr(arm64, "_unpack_wheels", lambda version: (arm64.PLACE / "site").mkdir())
    monkeypatch.setattr(shutil, "which", lambda program: f"/usr/bin/{program}")
    return tmp_path / "arm64"


def test_it_is_made_once_and_again_for_other_versions(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    system = arm64._machine()
    assert "0xd08" in (system / "proc/cpuinfo").read_text()
    (place / "mark").touch()
    assert arm64._machine() == system
    assert (place / "mark").exists()
    monkeypatch.setattr(arm64, "_pins", lambda: ["numpy==0"])
    arm64._machine()
    assert not (place / "mark").exists()


def test_a_half_made_one_is_made_again(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    def broken(version: str) -> None:
        raise arm64.NotHere("no network")

    with monkeypatch.context() as now:
        now.setattr(arm64, "_unpack_wheels", broken)
        with pytest.raises(arm64.NotHere, match="no network"):
            arm64._machine()
    arm64._machine()
    assert (place / "site").exists()


@pytest.mark.parametrize(("missing", "told"), [
    ("apt-get", "apt-get: not here; the arm64 machine is made of Debian's packages: run this test on Debian or Ubuntu"),
    ("qemu-aarch64-static", "qemu-aarch64-static: not installed; type: sudo apt-get install qemu-user-static"),
])
@pytest.mark.usefixtures("place")
def test_what_is_missing_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch, missing: str, told: str) -> None:
    monkeypatch.setattr(shutil, "which", lambda program: None if program == missing else f"/usr/bin/{program}")
    with pytest.raises(arm64.NotHere) as error:
        arm64.python(Path("golden.py"))
    assert str(error.value) == told


def test_both_wheels_are_pinned() -> None:
    assert sorted(pin.split("==")[0] for pin in arm64._pins()) == sorted(arm64.WHEELS)
