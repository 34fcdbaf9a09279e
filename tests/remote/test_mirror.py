"""What a remote sees is what is heard, and what it asks for is heard."""

from __future__ import annotations

import threading

import pytest

from gigbox.desk.client import Change, Value
from gigbox.errors import ParamError
from gigbox.remote.mirror import Aim
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


def test_what_the_desk_made_otherwise_of_a_wish_is_told_once_the_wish_is_over(stage: Stage) -> None:
    told: list[object] = []
    stage.mirror.listen(lambda values, by: told.append(values.get("strip/1/level")))
    with stage.mirror._lock:
        stage.mirror._aims["strip/1/level"] = Aim(-33.0, stage.mirror._clock(), "midi")
    eventually(lambda: 0.0 in told, 5, "as the desk has it")


def test_requests_come_after_the_settings_before_them(stage: Stage) -> None:
    refused: list[str] = []
    stage.mirror.set({"strip/1/level": -12.0, "box/recall": 0.0}, "midi")
    stage.mirror.ask(lambda desk: desk.save("now"), refused.append)
    eventually(lambda: stage.other.scenes() == ["now"], 5, "saved")
    stage.mirror.set({"strip/1/level": -30.0}, "midi")
    eventually(lambda: stage.heard("strip/1/level") == -30, 5, "otherwise")
    stage.mirror.ask(lambda desk: desk.recall("now"), refused.append)
    eventually(lambda: stage.heard("strip/1/level") == -12, 5, "as it was")
    stage.mirror.ask(lambda desk: desk.recall("never"), refused.append)
    eventually(lambda: refused, 5, "told")
    assert "never" in refused[0]


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
    assert told[-1] == ""


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
