"""Pages of what a box may have or not: the feedback guard, effects, groups, apps and surfaces."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from gigbox.desk.client import Value
from gigbox.panel.picture.letters import LARGE, text
from tests.panel.held import found
from tests.panel.test_pages import PICTURES, on_glass
from tests.panel.test_walk import Held

STATES = {"feedback": ("Feedback", []), "feedback-asked": ("Feedback", ["encoder_1"]), "feedback-guard": ("Feedback", [2, "encoder_1"]),
          "feedback-no-guard": ("Feedback", [3, "encoder_1"]), "effects": ("Effects", []), "groups": ("Groups", []), "remote": ("Apps", [])}


@pytest.fixture(name="held")
def a_guarded_gig() -> Held:
    return gig_with_parts()


def gig_with_parts() -> Held:
    made = Held()
    for path, value in {"main/guard/on": True, "monitor/1/guard/on": False, "monitor/2/guard/on": True, "group/1/level": -3.0, "group/1/mute": False,
                        "group/2/level": 0.0, "strip/1/group/1/on": True, "fx/1/type": "reverb", "fx/1/level": -6.0, "fx/1/decay": 1.6,
                        "fx/2/type": "delay", "fx/2/level": -90.0, "box/osc": "off", "box/midi": True}.items():
        made.box._values[path] = Value(value, None, value)
    for notch, hz, db in ((9, 2510.0, -9.0), (10, 315.0, -6.0)):
        made.box._values |= {f"monitor/2/notch/{notch}/frequency": Value(None, hz, hz), f"monitor/2/notch/{notch}/gain": Value(None, db, db)}
    return made


def as_in(name: str) -> Held:
    """A page, after turns of encoder 1 and pushes."""
    made, (title, hands) = gig_with_parts(), STATES[name]
    made.open(title)
    for hand in hands:
        made.push(hand) if isinstance(hand, str) else made.turn(1, hand)
    return made


def test_the_guards_cuts_are_a_list_and_each_is_kept_or_lifted(held: Held) -> None:
    """What a push does at once makes nothing louder: a cut that is lifted lets the howl come back."""
    held.open("Feedback")
    held.push("encoder_1")
    held.push("encoder_1")
    assert held.wishes.sets == [{"monitor/2/guard/keep": 9.0}]
    held.turn(1, 1)
    held.push("encoder_1")
    held.turn(2, 1)
    held.push("encoder_1")
    assert held.wishes.sets[-1] == {"monitor/2/guard/kill": 10.0}


def test_a_cut_that_went_by_itself_is_not_kept_nor_another_in_its_place(held: Held) -> None:
    held.open("Feedback")
    held.push("encoder_1")
    held.box._values["monitor/2/notch/9/gain"] = Value(None, 0.0, 0.0)
    held.push("encoder_1")
    assert held.wishes.sets == []


def test_a_list_that_grows_or_shrinks_moves_nothing_under_a_finger(held: Held) -> None:
    held.open("Feedback")
    held.turn(1, 3)
    held.panel.look()
    held.box._values["monitor/2/notch/9/gain"] = Value(None, 0.0, 0.0)
    held.panel.look()
    held.push("encoder_1")
    assert held.panel.where.asked.startswith("monitor/1 0")
    held.hold("encoder_1")
    held.box._values |= {f"main/notch/{n}/{word}": Value(None, value, value) for n in (9, 10) for word, value in (("frequency", 800.0 * n), ("gain", -6.0))}
    held.push("encoder_1")
    assert held.panel.where.asked.startswith("monitor/1 0")


def test_two_pushes_guard_an_output_that_nobody_guards(held: Held) -> None:
    held.open("Feedback")
    held.turn(1, 3)
    held.push("encoder_1")
    held.push("encoder_1")
    assert held.wishes.sets == [{"monitor/1/guard/on": 1.0}]


def test_effects_and_groups_are_walked_and_changed(held: Held) -> None:
    held.open("Effects")
    held.turn(2, 2)
    assert held.wishes.sets[-1] == {"fx/1/level": -5.0}
    held.open("Groups")
    held.turn(2, -1)
    assert held.wishes.sets[-1] == {"group/1/level": -3.5}
    held.panel.pot(2, 0.6, real=False)
    assert list(held.wishes.sets[-1]) == ["group/2/level"]
    assert found(on_glass(held.panel), text("Group 2", LARGE))             # the one that is turned, not the one that was walked to
    held.turn(2, 1)
    assert not found(on_glass(held.panel), text("Group 2", LARGE))
    assert held.panel.labels()[:2] == ["Group 1", "Group 2"]


def test_a_hand_lets_apps_and_surfaces_mix_or_not(held: Held) -> None:
    held.open("Apps")
    held.turn(2, 1)
    assert held.wishes.sets[-1] == {"box/osc": 1.0}
    held.turn(1, 1)
    held.push("encoder_1")
    assert held.wishes.sets[-1] == {"box/midi": 0.0}


@pytest.mark.parametrize("name", STATES)
def test_these_pages_are_on_the_glass_as_in_their_pictures(name: str) -> None:
    wanted = np.asarray(Image.open(PICTURES / f"{name}.png").convert("L")) > 0
    assert np.array_equal(on_glass(as_in(name).panel), wanted)


def draw_all() -> None:
    for name in STATES:
        Image.fromarray(on_glass(as_in(name).panel)).save(PICTURES / f"{name}.png", optimize=True)
