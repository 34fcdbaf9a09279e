"""A slot is kept when sound ran and the page answered, left when it was on trial and they did not; nothing is replaced during a show."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import BadStatusLine
from pathlib import Path
from typing import Any

import pytest

from gigbox.errors import GigboxError, MachineError, RackError
from gigbox.rack import RATE
from gigbox.update import confirm, install


class Machine:
    """A clock, and an engine that has played `pace` frames a frame since `starts`."""

    def __init__(self, pace: float = 1.0, starts: float = 2.0, dies: float = 1e9) -> None:
        self.now, self._pace, self._starts, self._dies = 0.0, pace, starts, dies

    def wait(self, seconds: float) -> None:
        self.now += seconds

    def rack(self) -> Any:
        if self.now < self._starts:
            raise RackError("rack: not there")
        begun = self._starts if self.now < self._dies else self._dies
        return _Rack(int((self.now - begun) * RATE * self._pace))


@dataclass
class _Rack:
    frames: int


def earned(machine: Machine, page: bool = True) -> str:
    return confirm.earned(machine.rack, lambda: page, lambda: machine.now, machine.wait)


def test_half_a_minute_of_sound_and_a_page_are_enough() -> None:
    machine = Machine()
    assert earned(machine) == ""
    assert machine.now == pytest.approx(2 + confirm.SOUND_S, abs=2)


def test_an_engine_that_begins_anew_begins_its_half_minute_anew() -> None:
    machine = Machine(dies=20)
    assert earned(machine) == ""
    assert machine.now == pytest.approx(20 + confirm.SOUND_S, abs=2)


def test_without_sound_or_page_it_is_told_what_was_missing() -> None:
    assert earned(Machine(pace=0)) == "0 s of sound in 240 s, expected 30"
    assert earned(Machine(pace=0.05)) == "12 s of sound in 240 s, expected 30"
    assert earned(Machine(starts=1e9)) == "0 s of sound in 240 s, expected 30"
    assert earned(Machine(), page=False) == "http://127.0.0.1:8080/ does not answer"


class Box:
    def __init__(self, runs: str, lasting: str) -> None:
        self.told: list[str] = []
        self._slots = {"get-current": runs, "get-lasting": lasting}

    def __call__(self, command: Sequence[str]) -> str:
        self.told.append(" ".join(command))
        return self._slots.get(command[-1], "")


def test_what_earned_its_place_is_marked_good() -> None:
    box = Box("B", "A")
    assert confirm.settle("", box) == "this slot is kept"
    assert box.told == ["rauc status mark-good"]


def test_a_trial_that_failed_goes_back_by_itself() -> None:
    box = Box("B", "A")
    assert confirm.settle("no sound", box) == "no sound: back to the other slot"
    assert box.told[-1] == "systemctl reboot"


def test_the_lasting_slot_never_starts_the_box_again_in_a_circle() -> None:
    box = Box("A", "A")
    with pytest.raises(MachineError, match="no sound; this slot stays"):
        confirm.settle("no sound", box)
    assert "systemctl reboot" not in box.told


@dataclass
class _Value:
    value: str


class _Desk:
    def __init__(self, mode: str) -> None:
        self._mode = mode

    def __enter__(self) -> _Desk:
        if not self._mode:
            raise MachineError("desk: not there")
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def get(self, path: str) -> dict[str, _Value]:
        return {path: _Value(self._mode)}


def test_nothing_is_replaced_during_a_show() -> None:
    with pytest.raises(GigboxError, match="update: a show is on, expected box/mode soundcheck"):
        install.refuse_during_show("update", lambda: _Desk("show"))  # type: ignore[arg-type,return-value]
    install.refuse_during_show("update", lambda: _Desk("soundcheck"))  # type: ignore[arg-type,return-value]
    install.refuse_during_show("update", lambda: _Desk(""))  # type: ignore[arg-type,return-value]


@pytest.fixture
def release(tmp_path: Path) -> Path:
    (tmp_path / "os-release").write_text('PRETTY_NAME="gigbox 1.10.1"\nIMAGE_VERSION="1.10.1"\n')
    return tmp_path / "os-release"


@pytest.mark.parametrize(("there", "told"), [
    ("1.9.2", "update: version 1.9.2 is older than 1.10.1, which runs; expected a newer one"), ("0.9.20270101", "older than 1.10.1"), ("1.10", "older"),
    ("", "update: the bundle names no version, expected 1.10.1 or above"),
])
def test_nothing_older_is_installed(release: Path, there: str, told: str) -> None:
    with pytest.raises(GigboxError, match=re.escape(told)):
        install.refuse_older(there, release)


@pytest.mark.parametrize("there", ["1.10.1", "1.10.2", "2", "1.10.1.20270101"])
def test_something_newer_or_the_same_may_be(release: Path, there: str) -> None:
    install.refuse_older(there, release)


def test_a_system_that_is_no_image_takes_any(tmp_path: Path) -> None:
    (tmp_path / "os-release").write_text("ID=debian\n")
    install.refuse_older("0.1", tmp_path / "os-release")


class Rauc:
    """Knows a bundle's version, and how its installing ends."""

    def __init__(self, version: str = "9.9", code: int = 0, said: str = "100% Installing done.\nInstalling `x` succeeded\n", info: str = "") -> None:
        self.words: list[str] = []
        self._info, self._end = info or f'{{"compatible": "gigbox", "version": "{version}"}}', (code, said, "")

    def __call__(self, command: Sequence[str]) -> tuple[int, str, str]:
        self.words.append(command[1])
        return (0, self._info, "Verified") if command[1] == "info" else self._end


def test_why_a_bundle_was_not_taken_is_one_line(tmp_path: Path, release: Path) -> None:
    bundle = tmp_path / "new.raucb"
    with pytest.raises(GigboxError, match=r"new.raucb: not a file, expected a bundle"):
        install.install(bundle)
    bundle.touch()
    said = "installing\n  0% Installing\nLastError: signature verification failed: unknown key\nInstalling failed\n"
    with pytest.raises(MachineError, match=r"new.raucb: not installed: LastError: signature verification failed: unknown key$"):
        install.install(bundle, Rauc(code=1, said=said), release)
    assert install.install(bundle, Rauc(), release) == "Installing `x` succeeded"
    older = Rauc("1.0")
    with pytest.raises(GigboxError, match=r"version 1.0 is older than 1.10.1"):
        install.install(bundle, older, release)
    assert older.words == ["info"]
    with pytest.raises(MachineError, match=r"rauc: No such file or directory, expected a box|not installed"):
        install.install(bundle)


@pytest.mark.parametrize(("info", "why"), [
    ("\n", "rauc info said 'nothing', expected JSON that names its version; see: rauc info"),
    ("Compatible: 'gigbox'\nVersion: '9.9'\n", "rauc info said 'Compatible: 'gigbox'', expected JSON"),
    ('["9.9"]', """rauc info said '["9.9"]', expected JSON"""), ('{"version": 9.9}', "rauc info said version 9.9, expected text"),
])
def test_a_rauc_that_says_something_else_is_told_in_one_line(tmp_path: Path, release: Path, info: str, why: str) -> None:
    (tmp_path / "new.raucb").touch()
    rauc = Rauc(info=info)
    with pytest.raises(MachineError, match=re.escape(f"new.raucb: not installed: {why}")) as told:
        install.install(tmp_path / "new.raucb", rauc, release)
    assert "\n" not in str(told.value)
    assert rauc.words == ["info"]


def test_a_page_that_answers_nonsense_is_one_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def nonsense(*_: object, **__: object) -> None:
        raise BadStatusLine("SSH-2.0")
    monkeypatch.setattr("urllib.request.urlopen", nonsense)
    assert not confirm.page_answers()
