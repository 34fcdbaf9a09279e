"""Durations go by the monotonic clock: a wall clock that jumps, a desk that starts again and a machine that does neither end nor prolong them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gigbox.desk.journal import Journal
from gigbox.desk.state import Desk

from .fakes import Inline

LEVEL, OTHER = "strip/3/level", "strip/4/level"
JUMPS = pytest.mark.parametrize("jump", [0, -3600, 1e8], ids=["none", "an hour back", "forwards to the true time"])


class Machine:
    """A machine with both clocks, and a desk with its journal that can be started again, by itself or with the machine."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.boot, self.up, self.wall = folder, 1, 1000.0, 1.6e9
        self.desk, self.journal = self._start()

    def _start(self) -> tuple[Desk, Journal]:
        desk = Desk(lambda: self.up)
        journal = Journal(self.folder, print, desk=desk, threads=Inline, boot=f"boot {self.boot}")
        return journal.load(), journal

    def wait(self, seconds: float) -> None:
        self.up += seconds
        self.wall += seconds

    def hand(self, path: str = LEVEL, value: float = -6.0) -> None:
        self.journal.write(self.desk.set({path: value}, "ann", self.wall).events, self.up)

    def box(self, *paths: str) -> dict[str, str]:
        """What of it was left alone."""
        outcome = self.desk.move(dict.fromkeys(paths or (LEVEL,), 3.0 + self.up / 1e6), "louder", "brain", self.wall)
        self.journal.write(outcome.events, self.up)
        return dict(outcome.ignored)

    def restart(self, boot: bool = False, snapshot: bool = False) -> None:
        if snapshot:
            self.journal._next_file(self.up)
        self.journal.close(self.up)
        if boot:
            self.boot, self.up = self.boot + 1, 12.0
        self.desk, self.journal = self._start()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@JUMPS
def test_a_touch_lasts_20_s_whatever_the_wall_clock_does(machine: Machine, jump: float) -> None:
    machine.hand()
    machine.wait(5)
    machine.wall += jump
    assert machine.box() == {LEVEL: "touched"}
    machine.wait(14.9)
    assert machine.box() == {LEVEL: "touched"}
    machine.wait(0.2)
    assert machine.box() == {}


@JUMPS
@pytest.mark.parametrize("snapshot", [False, True])
def test_a_desk_that_starts_again_knows_how_long_a_touch_still_lasts(machine: Machine, jump: float, snapshot: bool) -> None:
    machine.hand()
    machine.wait(5)
    machine.wall += jump
    machine.restart(snapshot=snapshot)
    machine.wait(14.9)
    assert machine.box() == {LEVEL: "touched"}
    machine.wait(0.2)
    assert machine.box() == {}


@pytest.mark.parametrize("snapshot", [False, True])
def test_after_a_boot_what_was_touched_at_the_end_has_its_20_s_anew_and_the_rest_is_over(machine: Machine, snapshot: bool) -> None:
    machine.hand(OTHER)
    machine.wait(25)
    machine.hand()
    machine.wait(5)
    machine.restart(boot=True, snapshot=snapshot)
    machine.wait(19.9)
    assert machine.box(LEVEL, OTHER) == {LEVEL: "touched"}
    machine.restart()
    assert machine.box(LEVEL) == {LEVEL: "touched"}
    machine.wait(0.2)
    assert machine.box(LEVEL) == {}


def test_what_was_released_or_taken_back_is_the_box_s_also_after_a_start(machine: Machine) -> None:
    machine.hand()
    machine.hand(OTHER)
    machine.journal.write(machine.desk.release([LEVEL], "ann", machine.wall).events, machine.up)
    machine.journal.write(machine.desk.undo("ann", machine.wall, "ann").events, machine.up)
    machine.journal.write(machine.desk.undo("ann", machine.wall, "ann").events, machine.up)
    machine.restart()
    assert machine.box(OTHER) == {}


@JUMPS
def test_a_gesture_is_one_action_whatever_the_wall_clock_does(machine: Machine, jump: float) -> None:
    machine.hand(value=-6)
    machine.wait(2)
    machine.hand(value=-7)
    machine.wait(0.5)
    machine.wall += jump
    machine.hand(value=-8)
    machine.desk.undo("ann", machine.wall)
    assert machine.desk.layer(LEVEL, "hand") == -6


@JUMPS
def test_steps_of_one_move_are_told_as_one_whatever_the_wall_clock_does(machine: Machine, jump: float) -> None:
    machine.box()
    machine.wait(0.1)
    machine.wall += jump
    machine.box()
    assert len(machine.desk.history.newest(10)) == 1
    machine.wait(3)
    machine.box()
    assert len(machine.desk.history.newest(10)) == 2


def test_nothing_goes_on_over_a_boot_though_its_clock_says_so(machine: Machine) -> None:
    machine.wait(-988)
    machine.box()
    machine.restart(boot=True, snapshot=True)
    machine.restart()
    machine.wait(0.5)
    machine.box()
    assert len(machine.desk.history.newest(10)) == 2


def test_a_journal_of_an_earlier_version_goes_by_its_wall_clock_up_to_its_end(tmp_path: Path) -> None:
    from gigbox.desk.records import to_line
    head = {"by": "ann", "kind": "set", "undoes": 0}
    lines = [{**head, "time": 1.6e9, "action": 1, "events": [[OTHER, "hand", None, -1.0, ""]]},
             {**head, "time": 1.6e9 + 25, "action": 2, "events": [[LEVEL, "hand", None, -2.0, ""]]}]
    (tmp_path / "000001.journal").write_bytes(b"".join(map(to_line, lines)))
    machine = Machine(tmp_path)
    assert json.loads(json.dumps(machine.desk.scene()["hand"])) == {LEVEL: -2.0, OTHER: -1.0}
    assert machine.box(LEVEL, OTHER) == {LEVEL: "touched"}


def test_no_gesture_goes_on_over_a_boot_though_its_clock_says_so(machine: Machine) -> None:
    machine.wait(-988)
    machine.hand(value=-6)
    machine.restart(boot=True, snapshot=True)
    machine.wait(0.5)
    machine.hand(value=-7)
    machine.desk.undo("ann", machine.wall)
    assert machine.desk.layer(LEVEL, "hand") == -6
