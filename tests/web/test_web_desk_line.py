"""The web program's line to the desk: whatever goes wrong, it is found again."""

from __future__ import annotations

from conftest import wait_for
from fake_stage import FakeDesk, Truth

from gigbox.web.desk_line import DeskLine


def test_a_machine_that_refuses_a_thread_for_once_does_not_cost_the_desk(capsys):
    faults, truth = [RuntimeError("can't start new thread")] * 2, Truth()

    def desk():
        if faults:
            raise faults.pop()
        return FakeDesk(truth)

    line = DeskLine(desk)
    wait_for(lambda: line.alive)
    line.close()
    assert capsys.readouterr().err == "gigbox: web: desk: can't start new thread\n"
