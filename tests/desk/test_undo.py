"""Taking back: the last action of a hand, as one, and never what somebody else set since."""

from __future__ import annotations

import pytest

from gigbox.errors import RequestError

from .fakes import OneClock as Desk

A, B = "strip/1/level", "strip/2/level"


def hands(desk: Desk) -> tuple[object, object]:
    return desk.layer(A, "hand"), desk.layer(B, "hand")


def test_undo_goes_back_action_by_action() -> None:
    desk = Desk()
    desk.set({A: -1, B: -1}, "ann", 0)
    desk.set({A: -2}, "ann", 10)
    desk.undo("bob", 20)
    assert hands(desk) == (-1, -1)
    desk.undo("bob", 21)
    assert hands(desk) == (None, None)
    with pytest.raises(RequestError, match=r"^undo: there is nothing to take back$"):
        desk.undo("bob", 22)


def test_a_fader_being_drawn_is_one_action() -> None:
    desk = Desk()
    desk.set({A: -20}, "ann", 0)
    for step in range(30):
        desk.set({A: -step / 2}, "ann", 10 + step * 0.05)
        desk.set({B: -step / 3}, "bob", 10 + step * 0.05)
    desk.undo("ann", 20, "ann")
    assert hands(desk) == (-20, -29 / 3)


def test_a_pause_or_another_hand_ends_the_gesture() -> None:
    desk = Desk()
    desk.set({A: -1}, "ann", 0)
    desk.set({A: -2}, "ann", 1.5)
    desk.set({A: -3}, "bob", 1.6)
    desk.set({A: -4}, "ann", 1.7)
    seen = []
    for now in range(4):
        desk.undo("ann", 10 + now)
        seen.append(desk.layer(A, "hand"))
    assert seen == [-3, -2, -1, None]


def test_switches_are_taken_back_one_by_one() -> None:
    desk = Desk()
    desk.set({"strip/1/mute": True}, "ann", 0)
    desk.set({"strip/1/mute": False}, "ann", 0.2)
    desk.undo("ann", 0.4)
    assert desk.layer("strip/1/mute", "hand") == 1


def test_undo_of_one_hand_leaves_what_another_set_since() -> None:
    desk = Desk()
    desk.set({A: -1, B: -1}, "ann", 0)
    desk.set({A: -5}, "bob", 10)
    desk.undo("ann", 20, "ann")
    assert hands(desk) == (-5, None)
    with pytest.raises(RequestError, match=r"^undo: ann has done nothing that can be taken back$"):
        desk.undo("ann", 21, "ann")


def test_undo_takes_back_a_release_a_keep_and_a_lock_whole() -> None:
    desk = Desk()
    desk.set({A: -1, B: -2}, "ann", 0)
    desk.release(["strip/*"], "ann", 10)
    desk.undo("ann", 11)
    assert hands(desk) == (-1, -2)
    desk.move({A: -3}, "x", "brain", 40)
    desk.keep(["*"], "ann", 41)
    assert (desk.layer(A, "hand"), desk.layer(A, "auto")) == (-4, None)
    desk.undo("ann", 42)
    assert (desk.layer(A, "hand"), desk.layer(A, "auto")) == (-1, -3)
    desk.lock("strip/1", "ann", 43)
    desk.undo("ann", 44)
    assert not desk.locked(A)


def test_undo_of_a_keep_leaves_a_newer_move_of_the_box() -> None:
    desk = Desk()
    desk.move({A: -3}, "x", "brain", 0)
    desk.keep(["*"], "ann", 1)
    desk.move({A: 0.5}, "x", "brain", 2)
    desk.undo("ann", 3)
    assert (desk.layer(A, "hand"), desk.layer(A, "auto")) == (None, 0.5)


def test_undo_is_an_event_of_its_own_and_auto_is_never_undone() -> None:
    desk = Desk()
    desk.set({A: -1}, "ann", 0)
    desk.move({B: -3}, "x", "brain", 30)
    event, = desk.undo("bob", 31).events
    assert (event.kind, event.by, event.old, event.new, event.why) == ("undo", "bob", -1, None, "takes back: set by ann")
    assert desk.layer(B, "auto") == -3
    assert not desk.touched(A)


def test_undo_of_one_hand_leaves_the_same_value_that_another_set_since() -> None:
    desk = Desk()
    for now, (by, level) in enumerate([("ann", -1), ("bob", -2), ("eve", -1)]):
        desk.set({A: level}, by, now * 10)
    with pytest.raises(RequestError, match=r"^undo: ann has done nothing that can be taken back$"):
        desk.undo("ann", 40, "ann")
    assert desk.layer(A, "hand") == -1
