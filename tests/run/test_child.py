"""One program: started again whatever ended it, killed where it stands still, told once; a machine that says no is asked again."""

from __future__ import annotations

import errno
import os

import pytest

from gigbox.run.child import PATIENCE_S, Child
from gigbox.run.programs import Program

STEP = 0.05
DESK = Program("desk", ("desk",), still_s=5.0, start_s=30.0)


class Fake:
    """A process that ends when it is told to, or killed."""

    pid = 4711

    def __init__(self, dies_of: int | None = None) -> None:
        self.code, self.kills, self.dies_of = dies_of, 0, -9

    def poll(self) -> int | None:
        return self.code

    def kill(self) -> None:
        self.kills += 1
        self.code = self.dies_of


class Scene:
    """A child of fakes on a clock of its own."""

    def __init__(self, *troubles: Exception) -> None:
        self.troubles, self.started, self.now = list(troubles), [], 1000.0
        self.child = Child(DESK, self._spawn)
        self.lines: list[str] = []

    def _spawn(self, _: Program) -> Fake:
        if self.troubles:
            raise self.troubles.pop(0)
        self.started.append(Fake())
        return self.started[-1]

    def watch(self, seconds: float, beaten: bool, passed: float = STEP) -> list[str]:
        """What is told meanwhile."""
        told = []
        for _ in range(round(seconds / STEP)):
            if line := self.child.look(self.now, passed, beaten):
                told.append(line)
            self.now += STEP
        return told


def test_a_program_that_beats_is_left_alone() -> None:
    scene = Scene()
    assert scene.watch(60, beaten=True) == []
    assert len(scene.started) == 1


def test_a_program_that_beats_now_and_then_is_left_alone() -> None:
    scene = Scene()
    for _ in range(10):
        scene.watch(2 * STEP, beaten=True)
        assert scene.watch(4, beaten=False) == []
    assert len(scene.started) == 1


def test_a_program_that_stands_still_is_killed_and_started_again_in_one_line() -> None:
    scene = Scene()
    scene.watch(3, beaten=True)
    assert scene.watch(4.9, beaten=False) == []
    assert scene.watch(1, beaten=False) == ["desk: stands still for 5 s, is killed and starts again"]
    assert (scene.started[0].kills, len(scene.started)) == (1, 2)


def test_a_slow_start_is_no_hang_but_an_endless_one_is() -> None:
    scene = Scene()
    assert scene.watch(29, beaten=False) == []
    assert scene.watch(2, beaten=False) == ["desk: stands still for 30 s, is killed and starts again"]
    assert len(scene.started) == 2


def test_a_new_process_has_the_time_of_a_start_again() -> None:
    scene = Scene()
    scene.watch(3, beaten=True)
    scene.watch(6, beaten=False)
    assert len(scene.started) == 2
    scene.watch(20, beaten=False)
    assert (len(scene.started), scene.started[1].kills) == (2, 0)


def test_only_time_that_was_watched_counts() -> None:
    scene = Scene()
    scene.watch(3, beaten=True)
    scene.now += 3600                    # the supervisor was stopped for an hour
    assert scene.watch(2, beaten=False) == []
    assert scene.watch(2, beaten=True) == []


def test_a_process_that_does_not_even_die_is_killed_again_and_told_once() -> None:
    scene = Scene()
    scene.watch(3, beaten=True)
    scene.started[0].dies_of = None      # waits for a disk
    assert len(scene.watch(30, beaten=False)) == 1
    assert scene.started[0].kills > 3


@pytest.mark.parametrize(("code", "how"), [(-9, "signal 9"), (1, "exit code 1"), (0, "exit code 0")])
def test_a_program_that_ended_starts_again_at_once(code: int, how: str) -> None:
    scene = Scene()
    scene.watch(3, beaten=True)
    scene.started[0].code = code
    assert scene.watch(2 * STEP, beaten=True) == [f"desk: ended ({how}), starts again"]
    assert len(scene.started) == 2


def test_a_program_that_dies_young_again_and_again_is_started_every_few_seconds_and_told_once() -> None:
    scene = Scene()
    told = []
    for _ in range(1200):
        if scene.child.process is not None:
            scene.started[-1].code = 1
        told += scene.watch(STEP, beaten=False)
    assert told == ["desk: ended (exit code 1), starts again"]
    assert 60 / PATIENCE_S <= len(scene.started) <= 60 / PATIENCE_S + 6


def test_a_trouble_that_comes_back_after_it_was_well_is_told_again() -> None:
    scene = Scene()
    for _ in range(2):
        scene.watch(3, beaten=True)
        scene.started[-1].code = -11
        assert scene.watch(2 * STEP, beaten=False) == ["desk: ended (signal 11), starts again"]


@pytest.mark.parametrize("trouble", [OSError(errno.EAGAIN, os.strerror(errno.EAGAIN)), OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)),
                                     OSError(errno.ENOENT, "No such file or directory", "/usr/bin/python3"), OSError(errno.EMFILE, "Too many open files"),
                                     MemoryError(), RuntimeError("can't start new thread")], ids=repr)
def test_a_start_that_is_refused_is_told_once_and_tried_until_it_succeeds(trouble: Exception) -> None:
    scene = Scene(*[trouble] * 20)
    told = scene.watch(30, beaten=False)
    assert len(told) == 1
    assert told[0].startswith("desk: cannot be started (")
    assert "\n" not in told[0]
    assert len(scene.started) == 1


def test_a_refused_start_tells_what_was_refused() -> None:
    scene = Scene(OSError(errno.ENOENT, "No such file or directory", "/usr/bin/python3"))
    assert scene.watch(STEP, beaten=False) == ["desk: cannot be started (No such file or directory: /usr/bin/python3), is tried again"]
