"""Nothing that goes wrong with one program, or with the supervisor's own files, ends the others."""

from __future__ import annotations

import errno
import os

import pytest

from gigbox.run import supervisor
from gigbox.run.programs import Program
from gigbox.run.supervisor import LOOK_S, PATIENT_S, Supervisor
from tests.run.test_child import Fake

ENGINE, WEB = Program("engine", ("engine",), 2.0, 10.0), Program("web", ("web",), 3.0)


class Parts:
    """Everything that a supervisor is made of, each of which may be out of order."""

    def __init__(self) -> None:
        self.noted: list[list[int]] = []
        self.begun = 0
        self.out: set[str] = set()
        self.fakes: dict[str, Fake] = {}
        self.beating = {"engine", "web"}

    def spawn(self, program: Program) -> Fake:
        self.check("fork")
        fake = self.fakes[program.name] = Fake()
        fake.pid = 100 + len(self.fakes)
        return fake

    def senders(self) -> set[int]:
        self.check("beats")
        return {fake.pid for name, fake in self.fakes.items() if name in self.beating}

    def write(self, pids: list[int]) -> None:
        self.check("note")
        self.noted.append(pids)

    def close(self) -> None:
        self.check("note")

    def begin(self) -> None:
        self.check("begin")
        self.begun += 1

    def check(self, what: str) -> None:
        if what in self.out:
            raise OSError(errno.EAGAIN, f"{what} refused")


@pytest.fixture(name="parts")
def made() -> Parts:
    return Parts()


@pytest.fixture(name="told")
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    told: list[str] = []
    monkeypatch.setattr(supervisor, "say", told.append)
    return told


def supervising(parts: Parts) -> Supervisor:
    return Supervisor([ENGINE, WEB], parts, parts, parts.begin, parts.spawn)      # type: ignore[arg-type]


def watch(it: Supervisor, begin: float, seconds: float, step: float = LOOK_S) -> float:
    for n in range(round(seconds / step)):
        it.look(begin + n * step)
    return begin + seconds


@pytest.mark.parametrize("part", ["fork", "beats", "note", "begin"])
def test_whatever_fails_the_rest_plays_on_and_it_is_told_once(parts: Parts, told: list[str], part: str) -> None:
    it = supervising(parts)
    now = watch(it, 0, 5)
    engine, begun = parts.fakes["engine"], parts.begun
    parts.out.add(part)
    parts.fakes["web"].code = -9
    now = watch(it, now, 20)                 # longer than anybody may stand still
    assert engine.kills == 0
    assert engine.poll() is None
    assert len([line for line in told if "refused" in line]) == 1
    parts.out.clear()
    watch(it, now, 5)
    assert parts.fakes["engine"] is engine
    assert parts.fakes["web"].poll() is None
    assert parts.noted[-1] == [engine.pid, parts.fakes["web"].pid]
    assert parts.begun > begun


def test_a_trouble_that_comes_back_is_told_again(parts: Parts, told: list[str]) -> None:
    it = supervising(parts)
    now = watch(it, 0, 1)
    for _ in range(2):
        parts.out.add("beats")
        now = watch(it, now, 1)
        parts.out.clear()
        now = watch(it, now, 1)
    assert told == ["pulses: beats refused; it is tried again"] * 2


def test_a_failing_fork_of_one_does_not_keep_another_from_being_watched(parts: Parts, told: list[str]) -> None:
    it = supervising(parts)
    now = watch(it, 0, 5)
    parts.out.add("fork")
    parts.fakes["engine"].code = -9
    parts.beating.discard("web")
    watch(it, now, 4)
    assert parts.fakes["web"].kills == 1
    assert told[:2] == ["engine: ended (signal 9), starts again", "engine: cannot be started (fork refused), is tried again"]
    assert told[2] == "web: stands still for 3 s, is killed and starts again"


@pytest.mark.parametrize("gap", [1.0, 20.0, 86400.0])
def test_a_supervisor_that_was_stopped_itself_kills_nobody_when_it_comes_back(parts: Parts, told: list[str], gap: float) -> None:
    it = supervising(parts)
    now = watch(it, 0, 5)
    parts.beating.clear()                    # beats of meanwhile were lost: its socket was full
    it.look(now + gap)
    parts.beating |= {"engine", "web"}
    watch(it, now + gap + LOOK_S, 2)
    assert told == []
    assert [fake.kills for fake in parts.fakes.values()] == [0, 0]


def test_a_supervisor_that_is_starved_is_patient_in_the_same_measure(parts: Parts, told: list[str]) -> None:
    it = supervising(parts)
    now = watch(it, 0, 5)
    engine = parts.fakes["engine"]
    parts.beating.discard("engine")
    now = watch(it, now, 6, step=1.0)        # six looks of a machine that is busy with other things
    assert engine.kills == 0
    watch(it, now, (2.0 / PATIENT_S) * 1.0, step=1.0)
    assert engine.kills == 1


def test_its_own_pulse_goes_to_who_started_it(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    beaten: list[int] = []
    monkeypatch.setattr(supervisor.Pulse, "part", lambda _: lambda: beaten.append(os.getpid()))
    watch(supervising(parts), 0, 1)
    assert len(beaten) == round(1 / LOOK_S)
