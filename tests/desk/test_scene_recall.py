"""Recall of a scene: what is safe stays, only what is asked for comes, it can be looked at before, and levels go there instead of jumping."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gigbox import params
from gigbox.desk.client import Client
from gigbox.desk.feed import Feed
from gigbox.desk.glides import STEP_S, Glides
from gigbox.desk.paths import INDEX, PATHS
from gigbox.desk.scene_kinds import KINDS, kind_of
from gigbox.errors import RequestError

from .fakes import Box, FakeRack
from .fakes import OneClock as Desk

SAVED: dict[str, Any] = {"hand": {"strip/1/level": -10.0, "strip/2/level": -20.0, "strip/1/send/2/level": -3.0, "strip/1/eq/2/gain": 4.0, "main/level": -5.0,
                                  "monitor/2/level": -6.0, "monitor/2/eq/1/gain": 3.0, "strip/1/mute": True, "box/duck/hold": 100.0},
                         "auto": {"strip/1/level": 2.0}, "texts": {"strip/1/name": "Ann"}}


def recalled(safes: dict[str, object], **more: Any) -> set[str]:
    """The paths that a recall changed."""
    desk = Desk()
    desk.set({"box/depth": 100, **safes}, "ann", 0)
    return {e.path for e in desk.recall(SAVED, "ann", 1, "scene", **more).events} - {"box/depth"}


EVERYTHING = {*SAVED["hand"], *SAVED["texts"]}


@pytest.mark.parametrize(("safe", "kept"), [
    ("strip/1/safe", {path for path in EVERYTHING if path.startswith("strip/1/")}),
    ("strip/2/safe", {"strip/2/level"}),
    ("monitor/2/safe", {"monitor/2/level", "monitor/2/eq/1/gain"}),
    ("main/safe", {"main/level"}),
    ("box/safe/names", {"strip/1/name"}),
    ("box/safe/faders", {"strip/1/level", "strip/2/level", "strip/1/mute", "main/level"}),
    ("box/safe/sends", {"strip/1/send/2/level"}),
    ("box/safe/processing", {"strip/1/eq/2/gain"}),
    ("box/safe/monitors", {"monitor/2/level", "monitor/2/eq/1/gain"}),
    ("box/safe/box", {"box/duck/hold"}),
])
def test_what_is_safe_stays_as_it_is(safe: str, kept: set[str]) -> None:
    assert recalled({safe: True}) == EVERYTHING - kept
    assert recalled({}) == EVERYTHING


def test_a_recall_of_some_kinds_brings_these_alone() -> None:
    assert recalled({}, kinds=["sends", "names"]) == {"strip/1/send/2/level", "strip/1/name"}
    assert recalled({}, kinds="sends", scope=["strip/2"]) == set()


@pytest.mark.parametrize("kinds", ["king", ["sends", 3], [], {}, [[]]])
def test_a_kind_that_there_is_not_is_one_line(kinds: object) -> None:
    with pytest.raises(RequestError, match=r"^kinds: .*, expected some of names, inputs, processing, faders, sends, effects, monitors, main, box$"):
        recalled({}, kinds=kinds)


def test_every_parameter_is_of_a_kind() -> None:
    assert {kind_of(path) for path in PATHS} == set(KINDS)
    some = ("strip/1/input/source", "out/3/bus", "strip/3/fxsend/1/level", "fx/1/type", "main/eq/on", "monitor/1/name", "box/song")
    assert [kind_of(path) for path in some] == ["inputs", "inputs", "effects", "effects", "main", "names", "box"]


def test_how_scenes_are_recalled_is_in_no_scene() -> None:
    desk = Desk()
    desk.set({"strip/1/safe": True, "box/safe/sends": True, "box/recall": 3, "strip/1/level": -3}, "ann", 0)
    assert desk.scene()["hand"] == {"strip/1/level": -3.0}
    desk.recall({"hand": {}, "auto": {}, "texts": {}}, "ann", 1, "scene")
    assert (desk.values[INDEX["strip/1/safe"]], desk.values[INDEX["box/recall"]], desk.values[INDEX["strip/1/level"]]) == (1.0, 3.0, -3.0)


def test_a_preview_tells_what_a_recall_would_do_and_does_nothing(box: Box, connect: Callable[..., Client]) -> None:
    ann = connect("ann")
    ann.set({"strip/1/level": -10.0, "strip/2/level": -20.0, "strip/1/role": "kick"}) if ann.get("box/depth") else None
    ann.save("rock")
    ann.set({"strip/1/level": 0.0, "strip/2/level": 0.0, "strip/1/role": "snare", "strip/2/safe": True})
    before = ann.history(5)
    told = ann.preview("rock")
    assert told == {"changes": [{"path": "strip/1/role", "layer": "hand", "old": "snare", "new": "kick"},
                                {"path": "strip/1/level", "layer": "hand", "old": 0.0, "new": -10.0}], "safe": 1}
    assert ann.history(5) == before
    assert ann.preview("rock", kinds=["names"])["changes"] == told["changes"][:1]
    assert ann.recall("rock") == 2


def test_a_scene_goes_to_its_levels_along_their_taper_and_arrives_exactly() -> None:
    index, at, glides = INDEX["strip/1/level"], [], Glides()
    glides.begin(index, 0.0, -90.0, 10.0, 1.0)
    while glides:
        at.append(glides.step(10.0 + len(at) * STEP_S)[index])
    param = params.find("strip/1/level").param
    ways = [param.position(value) for value in at]
    assert (at[0], at[-1], len(at)) == (pytest.approx(0), -90.0, 51)
    assert np.allclose(np.diff(ways), -param.position(0.0) / 50, atol=1e-6)


@pytest.mark.parametrize("path", [a.path for a in params.addresses() if a.instance == 0 and a.param.taper != "step"])
def test_a_glide_stays_between_its_ends_whatever_the_taper(path: str) -> None:
    param, glides, now = params.find(path).param, Glides(), 0.0
    glides.begin(INDEX[path], param.low, param.high, 0.0, 0.3)
    last = param.low
    while glides:
        value = glides.step(now)[INDEX[path]]
        assert last - 1e-6 <= value <= param.high
        last, now = value, now + STEP_S
    assert last == param.high


def fed() -> tuple[Feed, FakeRack, list[float]]:
    rack = FakeRack()
    return Feed(rack, [a.default for a in params.addresses()]), rack, [float(a.default) for a in params.addresses()]


def heard(rack: FakeRack, path: str) -> float:
    rack.drain()
    return float(rack.values()[INDEX[path]])


def test_the_engine_hears_small_steps_and_switches_at_once() -> None:
    feed, rack, values = fed()
    level, mute = INDEX["strip/1/level"], INDEX["strip/1/mute"]
    values[level], values[mute] = -20.0, 1.0
    feed.glide([level, mute], values, 0.0, 1.0)
    assert (heard(rack, "strip/1/level"), heard(rack, "strip/1/mute")) == (0.0, 1.0)
    steps = []
    for n in range(1, 51):
        feed.go_on(n * STEP_S)
        steps.append(heard(rack, "strip/1/level"))
        feed.check()
    assert max(abs(np.diff([0.0, *steps]))) < 2
    assert steps[-1] == -20.0


@pytest.mark.parametrize(("door", "shut", "open_", "behind", "loud", "soft"), [
    ("strip/1/mute", 1, 0, "strip/1/level", 10, -20), ("strip/1/mute", 1, 0, "strip/1/send/2/level", 10, -20), ("group/2/mute", 1, 0, "strip/1/level", 10, -20),
    ("box/mute_all", 1, 0, "strip/1/trim", 24, 0), ("main/mute", 1, 0, "main/level", 10, -20), ("main/mute", 1, 0, "strip/1/level", 10, -20),
    ("monitor/2/mute", 1, 0, "strip/1/send/2/level", 10, -20), ("monitor/2/mute", 1, 0, "monitor/2/level", 10, -20),
    ("fx/1/type", 0, 1, "fx/1/level", 10, -20), ("fx/1/mute", 1, 0, "strip/1/fxsend/1/level", 10, -20), ("group/2/mute", 1, 0, "group/2/level", 10, -20),
    ("strip/1/comp/on", 0, 1, "strip/1/comp/makeup", 24, 0), ("strip/1/eq/on", 0, 1, "strip/1/eq/2/gain", 18, 0),
    ("main/geq/on", 0, 1, "main/geq/9/gain", 6, 0), ("strip/1/input/source", 0, 1, "strip/1/level", 10, -20)])
def test_what_a_scene_opens_is_not_heard_as_loud_as_it_was_left(door: str, shut: float, open_: float, behind: str, loud: float, soft: float) -> None:
    feed, rack, values = fed()
    values[INDEX["strip/1/group/2/on"]] = values[INDEX["fx/1/type"]] = 1
    values[INDEX[door]], values[INDEX[behind]] = shut, loud
    feed.tell([INDEX["strip/1/group/2/on"], INDEX["fx/1/type"], INDEX[door], INDEX[behind]], values)
    rack.drain()
    rack.pushed.clear()
    values[INDEX[door]], values[INDEX[behind]] = open_, soft
    feed.glide([INDEX[door], INDEX[behind]], values, 0.0, 1.0)
    assert rack.pushed == [(INDEX[behind], soft), (INDEX[door], open_)]       # the engine may look between two of them


def test_what_is_open_and_stays_so_glides() -> None:
    """Also where another strip is opened, or the strip's own mute of a group holds no longer because it is safe of it."""
    feed, rack, values = fed()
    values[INDEX["strip/2/mute"]] = values[INDEX["strip/1/mute_safe"]] = values[INDEX["box/mute_all"]] = 1
    feed.tell([INDEX["strip/2/mute"], INDEX["strip/1/mute_safe"], INDEX["box/mute_all"]], values)
    rack.drain()
    values[INDEX["strip/2/mute"]] = values[INDEX["box/mute_all"]] = 0
    values[INDEX["strip/1/level"]] = -20
    feed.glide([INDEX["strip/2/mute"], INDEX["box/mute_all"], INDEX["strip/1/level"]], values, 0.0, 1.0)
    assert heard(rack, "strip/1/level") == 0.0
    assert feed.glides


def test_a_hand_on_a_fader_ends_its_glide_and_the_box_only_turns_it() -> None:
    feed, rack, values = fed()
    one, two = INDEX["strip/1/level"], INDEX["strip/2/level"]
    values[one] = values[two] = -20.0
    feed.glide([one, two], values, 0.0, 0.2)
    feed.go_on(0.02)
    values[one] = -3.0
    feed.tell([one], values)
    values[two] = -30.0
    before = heard(rack, "strip/2/level")
    feed.tell([two], values, by_hand=False)
    assert (heard(rack, "strip/1/level"), heard(rack, "strip/2/level")) == (-3.0, before)
    for n in range(12):
        feed.go_on(0.04 + n * STEP_S)
    assert (heard(rack, "strip/1/level"), heard(rack, "strip/2/level")) == (-3.0, -30.0)


def test_a_recall_of_a_running_desk_glides_and_its_undo_does(box: Box, connect: Callable[..., Client]) -> None:
    ann = connect("ann")
    ann.get("box/depth")
    ann.set({"box/recall": 0.2, "strip/1/level": -20.0})
    ann.save("soft")
    ann.set({"strip/1/level": 0.0})
    for act, goal in ((lambda: ann.recall("soft"), -20.0), (lambda: ann.undo("ann"), 0.0)):
        box.rack.pushed.clear()
        act()
        pushed = _until(box, goal)
        assert len(pushed) > 5


def _until(box: Box, goal: float) -> list[float]:
    import time
    end = time.monotonic() + 3
    while time.monotonic() < end:
        pushed = [value for index, value in tuple(box.rack.pushed) if index == INDEX["strip/1/level"]]
        if pushed and pushed[-1] == goal:
            return pushed
        box.rack.drain()
        time.sleep(0.01)
    raise AssertionError(f"never arrived at {goal}: {pushed}")


def test_a_desk_that_comes_late_makes_no_long_step() -> None:
    index, glides = INDEX["strip/1/level"], Glides()
    glides.begin(index, 0.0, -20.0, 5.0, 1.0)
    assert glides.step(5.9)[index] == glides.step(5.9)[index] > -2.0


def test_a_time_of_no_length_is_at_once() -> None:
    feed, rack, values = fed()
    level = INDEX["strip/1/level"]
    values[level] = -20.0
    feed.glide([level], values, 0.0, 0.0)
    assert heard(rack, "strip/1/level") == -20.0
    assert not feed.glides


@pytest.mark.parametrize(("switch", "before", "after", "behind", "loud", "soft"), [
    ("strip/1/input/source", 1, 2, "strip/1/trim", 24, -10), ("strip/1/input/source", 1, 2, "strip/1/level", 10, -20),
    ("strip/1/input/pad", 1, 0, "strip/1/trim", 20, 0),
    ("strip/1/send/2/tap", 1, 0, "strip/1/send/2/level", 10, -20), ("strip/1/send/2/tap", 0, 1, "strip/1/level", 10, -20),
    ("strip/1/group/2/on", 0, 1, "strip/1/level", 10, -20), ("strip/1/group/2/on", 0, 1, "group/2/level", 10, -20),
    ("monitor/1/link", 0, 1, "strip/1/send/1/level", 10, -20), ("monitor/1/link", 1, 0, "strip/1/send/2/level", 10, -20),
    ("fx/1/type", 1, 2, "fx/1/level", 10, -20), ("main/eq/2/type", 0, 1, "main/eq/2/gain", 18, 0)])
def test_what_a_scene_brings_something_else_to_is_never_louder_than_before_and_after(switch: str, before: float, after: float, behind: str, loud: float,
                                                                                      soft: float) -> None:
    """What comes down is down before the switch turns; what goes up goes there from below, in its time."""
    for start, goal in ((loud, soft), (soft, loud)):
        feed, rack, values = fed()
        values[INDEX["fx/1/type"]] = 1
        values[INDEX[switch]], values[INDEX[behind]] = before, start
        feed.tell([INDEX["fx/1/type"], INDEX[switch], INDEX[behind]], values)
        rack.drain()
        rack.pushed.clear()
        values[INDEX[switch]], values[INDEX[behind]] = after, goal
        feed.glide([INDEX[switch], INDEX[behind]], values, 0.0, 1.0)
        assert rack.pushed[0] == ((INDEX[behind], soft) if goal == soft else (INDEX[switch], after))
        assert heard(rack, behind) == soft
        for n in range(1, 52):
            feed.go_on(n * STEP_S)
            assert soft <= heard(rack, behind) <= max(soft, goal)
        assert heard(rack, behind) == goal


def test_a_trim_comes_down_before_the_preamp_of_the_scene_goes_up() -> None:
    """The card turns it at once, while a trim would take its time."""
    feed, rack, values = fed()
    gain, trim = INDEX["strip/1/input/gain"], INDEX["strip/1/trim"]
    values[gain], values[trim] = 10, 20
    feed.tell([gain, trim], values)
    values[gain], values[trim] = 40, -10
    feed.glide([gain, trim], values, 0.0, 1.0)
    assert heard(rack, "strip/1/trim") == -10


def test_a_gain_whose_switch_only_reads_the_same_glides() -> None:
    """The engine holds 20.3 dB as the nearest float of 32 bits."""
    feed, rack, values = fed()
    gain, trim = INDEX["strip/1/input/gain"], INDEX["strip/1/trim"]
    values[gain], values[trim] = 20.3, 10.0
    feed.tell([gain, trim], values)
    values[trim] = 0.0
    feed.glide([gain, trim], values, 0.0, 1.0)
    assert heard(rack, "strip/1/trim") == 10.0
