"""What a remote sees is what is heard, and what it asks for is heard."""

from __future__ import annotations

import threading

import pytest

from gigbox.desk.client import Change, Client, Value
from gigbox.errors import ParamError
from gigbox.remote.mirror import JOBS, Mirror
from gigbox.remote.program import Loop
from gigbox.stopping import Stopping
from tests.live_box import eventually
from tests.remote.conftest import Stage


@pytest.mark.parametrize("depth", [0, 50, 100])
def test_a_fader_is_heard_where_it_is_put_whatever_the_box_adds(stage: Stage, depth: int) -> None:
    stage.other.set({"box/depth": depth})
    stage.other.auto({"strip/3/level": -4.0}, "covers lead vocal")
    eventually(lambda: stage.mirror.value("strip/3/level") == pytest.approx(-4 * depth / 100), 5, "the box's move is seen")
    stage.mirror.set({"strip/3/level": -5.0}, "osc:tablet")
    eventually(lambda: stage.heard("strip/3/level") == pytest.approx(-5.0), 5, "the hand is heard")
    told = stage.other.get("strip/3/level")["strip/3/level"]
    assert (told.hand, told.auto) == (pytest.approx(-5 + 4 * depth / 100), -4.0)
    assert stage.other.history(1)[0]["by"] == "osc:tablet"


def test_a_fader_at_its_bottom_is_off_whatever_the_box_adds(stage: Stage) -> None:
    stage.other.auto({"strip/3/level": -4.0}, "covers lead vocal")
    stage.mirror.set({"strip/3/level": -90.0}, "osc")
    eventually(lambda: stage.other.get("strip/3/level")["strip/3/level"].hand == -90, 5, "off")


def test_what_was_asked_for_is_seen_at_once_and_of_a_fast_hand_the_newest_counts(stage: Stage) -> None:
    for step in range(200):
        stage.mirror.set({"strip/1/level": -step / 10, "strip/1/name": f"Anna {step}"}, "osc")
        assert (stage.mirror.value("strip/1/level"), stage.mirror.text("strip/1/name")) == (-step / 10, f"Anna {step}")
    eventually(lambda: stage.heard("strip/1/level") == pytest.approx(-19.9), 5, "the newest")
    assert stage.other.get("strip/1/name")["strip/1/name"].value == "Anna 199"


def test_an_echo_of_what_a_hand_did_a_moment_ago_does_not_pull_it_back_and_another_hand_does(stage: Stage) -> None:
    changes: list[str] = []
    stage.mirror.listen(lambda values, by: changes.append(by))
    stage.mirror.set({"strip/1/level": -20.0}, "midi")
    eventually(lambda: "midi" in changes, 5, "its echo")
    assert stage.mirror.value("strip/1/level") == -20
    stage.mirror.set({"strip/1/level": -10.0}, "midi")
    stage.mirror._hear(Change({"strip/1/level": Value(-20.0, None, -20.0)}, "midi", "hand"))
    stage.mirror._hear(Change({"strip/1/level": Value(-20.0, -1.0, -21.0)}, "brain", "auto", "why"))
    assert stage.mirror.value("strip/1/level") == -10
    stage.mirror._hear(Change({"strip/1/level": Value(-40.0, None, -40.0)}, "web", "hand"))
    assert stage.mirror.value("strip/1/level") == -40


def test_the_echo_of_one_s_own_hand_does_not_pull_it_back(stage: Stage) -> None:
    told, begun, go = list[object](), threading.Event(), threading.Event()

    def hold(desk: Client) -> None:
        begun.set()
        go.wait(5)

    mirror = Mirror(stage.remote, stage.said.append, lambda: 0.0)          # no time passes: nothing is overdue
    eventually(lambda: mirror.known, 10, "the desk is known")
    mirror.listen(lambda values, by: told.append(values["strip/1/level"]))
    mirror.set({"strip/1/level": -3.0}, "osc")
    eventually(lambda: told == [-3], 5, "the first is heard")
    mirror.ask(hold, stage.said.append)
    assert begun.wait(5)
    mirror.set({"strip/1/level": -9.0}, "osc")          # which waits, while an echo of before comes
    stage.other.set({"strip/1/level": -4.0}, by="osc")
    eventually(lambda: len(told) == 2, 5, "the echo came")
    assert (told[-1], mirror.value("strip/1/level")) == (-9, -9)
    stage.other.set({"strip/1/level": -5.0}, by="web:phone")
    eventually(lambda: told[-1] == -5, 5, "another's hand counts")
    go.set()
    mirror.close()


def test_where_the_box_cannot_bring_what_a_hand_asks_for_it_is_told_so(stage: Stage) -> None:
    stage.other.auto({"strip/1/level": -4.0}, "covers lead vocal")
    eventually(lambda: stage.mirror.value("strip/1/level") == -4, 5, "the box's move is seen")
    told: list[object] = []
    stage.mirror.listen(lambda values, by: told.append(values["strip/1/level"]))
    stage.mirror.set({"strip/1/level": 9.0}, "osc")
    eventually(lambda: told and told[-1] == pytest.approx(6.0), 5, "as far as a fader goes, less what the box takes")


def test_listeners_are_told_by_whom_and_one_that_fails_hinders_nobody(stage: Stage) -> None:
    heard: list[tuple[object, str]] = []
    stage.mirror.listen(lambda values, by: 1 / 0)          # type: ignore[arg-type, return-value]
    stage.mirror.listen(lambda values, by: heard.append((values.get("strip/2/mute"), by)))
    stage.other.set({"strip/2/mute": True}, by="web:phone")
    eventually(lambda: (1.0, "web:phone") in heard, 5, "it is told")
    assert set(stage.said) == {"remote: ZeroDivisionError: division by zero"}


def test_what_the_desk_refuses_is_said_and_seen_as_it_was(stage: Stage) -> None:
    told: list[object] = []
    stage.mirror.listen(lambda values, by: told.append(values.get("strip/1/name")))
    stage.mirror.set({"strip/1/name": "x" * 99}, "osc")
    eventually(lambda: stage.said, 5, "it is said")
    assert "strip/1/name" in stage.said[0]
    assert stage.mirror.text("strip/1/name") == ""
    assert told[-1] == ""          # whoever shows it otherwise shows it rightly again


def test_a_hand_that_goes_on_being_refused_is_told_once(stage: Stage) -> None:
    for _ in range(5):
        stage.mirror.set({"strip/1/name": "x" * 99}, "osc")
        eventually(lambda: stage.mirror.text("strip/1/name") == "", 5, "it is refused")
    assert len(stage.said) == 1


def test_what_the_desk_is_asked_beside_comes_after_what_was_wanted_before_and_of_too_much_the_newest_is_refused(stage: Stage) -> None:
    begun, go, refused, seen = threading.Event(), threading.Event(), list[str](), list[float]()

    def hold(desk: Client) -> None:
        begun.set()
        go.wait(5)

    stage.mirror.ask(hold, refused.append)
    assert begun.wait(5)
    stage.mirror.set({"strip/1/level": -7.0}, "osc")
    stage.mirror.ask(lambda desk: seen.append(float(desk.get("strip/1/level")["strip/1/level"].value)), refused.append)      # type: ignore[arg-type]
    for _ in range(JOBS + 1):
        stage.mirror.ask(lambda desk: desk.delete("none"), refused.append)
    assert refused
    assert all("wait for the desk already" in each for each in refused)
    go.set()
    eventually(lambda: any("none" in each for each in refused), 5, "the desk's no is told")
    assert (seen, stage.said) == ([pytest.approx(-7.0)], [])


def test_who_listens_no_longer_is_told_nothing(stage: Stage) -> None:
    told: list[object] = []
    stop = stage.mirror.listen(lambda values, by: told.append(by))
    stop()
    stage.other.set({"strip/2/mute": True}, by="web:phone")
    eventually(lambda: stage.mirror.value("strip/2/mute") == 1, 5, "it is seen")
    assert "web:phone" not in told


def test_values_out_of_range_are_taken_to_its_end_and_paths_that_are_none_are_refused(stage: Stage) -> None:
    stage.mirror.set({"strip/1/level": 40.0}, "osc")
    eventually(lambda: stage.heard("strip/1/level") == 10, 5, "the end")
    with pytest.raises(ParamError, match="strip/99/level"):
        stage.mirror.set({"strip/99/level": 0.0}, "osc")


def test_a_desk_that_comes_back_is_seen_again(stage: Stage) -> None:
    stage.desk.stop()
    stage.mirror.set({"strip/1/level": -7.0}, "osc")
    stage.desk.start()
    stage.other.set({"strip/2/level": -3.0})
    eventually(lambda: stage.mirror.value("strip/2/level") == -3, 10, "seen again")


def test_of_a_desk_that_comes_back_only_what_is_otherwise_is_told(stage: Stage) -> None:
    told: list[set[str]] = []
    stage.mirror.listen(lambda values, by: told.append(set(values)))
    stage.desk.stop()
    stage.desk.start()
    stage.other.set({"strip/2/level": -3.0})
    eventually(lambda: told, 10, "seen again")
    assert set().union(*told) == {"strip/2/level"}


class Fragile:
    """A part that fails in its third turn."""

    name = "fragile"
    made: list[Fragile] = []          # noqa: RUF012

    def __init__(self) -> None:
        self.turns, self.closed = 0, False
        self.made.append(self)

    def turn(self) -> None:
        self.turns += 1
        if self.turns == 3:
            raise OSError("cable")
        threading.Event().wait(0.001)

    def close(self) -> None:
        self.closed = True


def test_a_part_that_fails_begins_anew_is_told_once_and_rests_while_its_switch_is_off() -> None:
    stopping, told, on, beats = Stopping(), [], [True], []
    Fragile.made.clear()
    loop = Loop(Fragile, lambda: on[0], stopping, lambda: beats.append(1), told.append)
    eventually(lambda: len(Fragile.made) >= 3, 10, "made anew")
    on[0] = False
    eventually(lambda: all(part.closed for part in Fragile.made), 10, "closed")
    count = len(Fragile.made)
    threading.Event().wait(0.6)
    assert len(Fragile.made) == count
    assert (told, len(beats) > 5) == (["remote: OSError: cable"], True)
    stopping.set()
    loop.join()


def test_what_is_set_before_and_after_a_scene_is_so(stage: Stage) -> None:
    stage.other.set({"box/recall": 0.0, "strip/3/level": -20.0, "strip/4/level": -20.0})
    stage.other.save("Rock")
    busy = threading.Event()
    stage.mirror.ask(lambda desk: busy.wait(5) and None, stage.said.append)
    stage.mirror.set({"strip/4/level": 0.0}, "a hand")
    stage.mirror.ask(lambda desk: desk.recall("Rock", by="a hand") and None, stage.said.append)
    stage.mirror.set({"strip/3/level": -5.0}, "a hand")
    busy.set()
    eventually(lambda: stage.heard("strip/3/level") == -5, 5, "the fader")
    eventually(lambda: stage.heard("strip/4/level") == -20, 5, "the scene")
    assert [stage.heard(f"strip/{n}/level") for n in (3, 4)] == [-5, -20]
