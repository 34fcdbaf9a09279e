"""Pages of parts that a box may have or not: feedback guard, effects, groups. Rows that the table has not are made up as their parts would serve them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gigbox import params
from gigbox.desk.client import Value
from gigbox.panel.parts.screen import open_screen
from gigbox.panel.pins import Board, Display
from tests.panel.test_walk import Held
from tests.panel.wires import Machine, serial

PICTURES = Path(__file__).parent / "pictures"
OUTS = ("main", "monitor/*")
ROWS = [*(params._switch(f"{out}/guard/on", "notch", 0, "override", "guard") for out in OUTS),
        *(params.Param(f"{out}/guard/{word}", "brain", "", 0, 17, 0, "step", 0, "hand", word) for out in OUTS for word in ("kill", "keep")),
        *(params._choice(f"{out}/guard/ringout", "brain", ("off", "loud", "quiet"), 0, "hand", "ring out") for out in OUTS),
        params._level("group/*/level", "out", 0, "the group"), params._mute("group/*/mute", "out", "the group"),
        params._switch("strip/*/group/*/on", "out", 0, "hand", "membership")]


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    monkeypatch.setitem(params.COUNTS, "group", 4)
    for row in ROWS:
        if row.path not in params._ROWS:
            monkeypatch.setitem(params._ROWS, row.path, row)
            monkeypatch.setitem(params.FIRST, row.path, 0)
    made = Held()
    for path, value in {"main/guard/on": True, "monitor/1/guard/on": False, "monitor/2/guard/on": True, "group/1/level": -3.0, "group/1/mute": False,
                        "group/2/level": 0.0, "strip/1/group/1/on": True, "fx/1/type": "reverb", "fx/1/level": -6.0, "fx/1/decay": 1.6,
                        "fx/2/type": "delay", "fx/2/level": -90.0}.items():
        made.box._values[path] = Value(value, None, value)
    for notch, hz, db in ((9, 2510.0, -9.0), (10, 315.0, -6.0)):
        made.box._values |= {f"monitor/2/notch/{notch}/frequency": Value(None, hz, hz), f"monitor/2/notch/{notch}/gain": Value(None, db, db)}
    yield made
    params.find.cache_clear()


def glass(held: Held) -> np.ndarray:
    machine = Machine(Board(Display()))
    open_screen("ssd1306", serial(Display(), machine)).show(held.panel.draw().bits)
    return machine.oled.glass()


def test_the_guards_notches_are_a_list_and_one_is_killed_or_kept(held: Held) -> None:
    held.open("Feedback")
    held.push("encoder_1")
    held.push("encoder_1")
    assert held.wishes.sets == [{"monitor/2/guard/kill": 9.0}]
    held.turn(1, 1)
    held.push("encoder_1")
    held.turn(2, 1)
    held.push("encoder_1")
    assert held.wishes.sets[-1] == {"monitor/2/guard/keep": 10.0}


def test_a_notch_that_went_by_itself_is_not_killed_nor_another_in_its_place(held: Held) -> None:
    held.open("Feedback")
    held.push("encoder_1")
    held.box._values["monitor/2/notch/9/gain"] = Value(None, 0.0, 0.0)
    held.push("encoder_1")
    assert held.wishes.sets == []


def test_ringing_out_is_asked_before_it_is_loud(held: Held) -> None:
    held.open("Feedback")
    held.turn(1, 2)
    held.push("encoder_2")
    assert held.wishes.sets == []
    held.push("encoder_2")
    assert held.wishes.sets == [{"main/guard/ringout": "loud"}]


def test_effects_and_groups_are_walked_and_changed(held: Held) -> None:
    held.open("Effects")
    held.turn(2, 2)
    assert held.wishes.sets[-1] == {"fx/1/level": -5.0}
    held.open("Groups")
    held.turn(2, -1)
    assert held.wishes.sets[-1] == {"group/1/level": -3.5}
    held.panel.pot(2, 0.6, real=False)
    assert list(held.wishes.sets[-1]) == ["group/2/level"]
    assert held.panel.labels()[:2] == ["Group 1", "Group 2"]


@pytest.mark.parametrize(("title", "pushes"), [("Feedback", 0), ("Feedback", 1), ("Effects", 0), ("Groups", 0)])
def test_these_pages_are_on_the_glass_as_in_their_pictures(held: Held, title: str, pushes: int) -> None:
    held.open(title)
    for _ in range(pushes):
        held.push("encoder_1")
    wanted = np.asarray(Image.open(PICTURES / f"{title.lower()}{'-asked' * pushes}.png").convert("L")) > 0
    assert np.array_equal(glass(held), wanted)
