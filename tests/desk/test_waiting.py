"""Rows that nobody serves yet: nobody is shown them, nobody may set them, and whatever holds them keeps them."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from gigbox import params
from gigbox.desk import paths
from gigbox.desk.client import Client
from gigbox.desk.events import Event
from gigbox.desk.fences import auto_value
from gigbox.desk.state import Desk
from gigbox.errors import FenceError, GigboxError, ParamError, RequestError
from gigbox.web.desk_line import SHOWN

from .fakes import Box

WAITING = [p for p in params.TABLE if not p.served]
PATHS = [next(params.instances(p)).path for p in WAITING]
PHANTOM, NOTCH, FX = "strip/3/input/phantom", "main/notch/2/gain", "strip/3/fxsend/1/level"
OLD = {"hand": {PHANTOM: 1.0, NOTCH: -6.0, "strip/3/level": -3.0}, "auto": {NOTCH: -2.0, FX: 4.0}, "texts": {}}


@pytest.fixture
def desk() -> Desk:
    """One that had them all from a scene of old."""
    desk = Desk()
    desk.recall(OLD, "ann", 0, "scene old")
    return desk


def test_what_has_nothing_that_follows_it_waits() -> None:
    notches = [f"{owner}/notch/*/{word}" for owner in ("main", "monitor/*") for word in ("frequency", "gain", "q")]
    effects = ["strip/*/fxsend/*/level", *(f"fx/*/{word}" for word in ("type", "time", "decay", "tone", "level", "mute"))]
    assert {p.path for p in WAITING} == {*notches, *effects}


@pytest.mark.parametrize("path", PATHS)
def test_what_waits_is_refused_by_one_line(path: str) -> None:
    desk = Desk()
    calls = [lambda: desk.set({"strip/3/level": -3, path: 0}, "ann", 0), lambda: desk.move({"strip/4/level": -1, path: 0}, "why", "brain", 0),
             lambda: desk.recall(OLD, "ann", 0, "scene", [path]), lambda: desk.lock(path, "ann", 0), lambda: desk.keep([path], "ann", 0),
             lambda: desk.release([path], "ann", 0), lambda: paths.matching(path)]
    for call in calls:
        with pytest.raises(ParamError) as caught:
            call()
        assert str(caught.value) == f"{path}: not served by this box yet"
    assert desk.scene() == Desk().scene()


@pytest.mark.parametrize("pattern", ["strip/*/fxsend", "fx", "fx/*", "main/notch", "monitor/*/notch/*/q"])
def test_a_pattern_of_nothing_else_is_refused_with_the_same_line(pattern: str) -> None:
    with pytest.raises(ParamError) as caught:
        paths.matching(pattern)
    assert str(caught.value) == f"{pattern}: not served by this box yet"


@pytest.mark.parametrize("path", [path for path, row in zip(PATHS, WAITING, strict=True) if row.blend == "hand"])
def test_what_only_hands_will_set_is_fenced_before_it_is_served(path: str) -> None:
    with pytest.raises(FenceError, match=f"^{path}: auto may not move it, expected a hand$"):
        auto_value(path, 1)


@pytest.mark.parametrize("path", ["strip/33/input/gain", "fx/3/type", "main/notch/17/gain"])
def test_what_is_not_there_at_all_is_still_told_so(path: str) -> None:
    with pytest.raises(ParamError, match=r" is not in 1\.\.\d+$"):
        paths.served(path)


def test_no_pattern_shows_what_waits() -> None:
    for pattern in ("*", "strip", "strip/3", "main", "monitor/*", "*/*/*"):
        assert not any(params.find(path).param in WAITING for path in paths.matching(pattern) if path in paths.INDEX)


def test_the_page_shows_nothing_that_waits() -> None:
    assert not {p.path for p in WAITING} & set(SHOWN)


def test_a_scene_that_holds_what_waits_is_recalled_and_saved_without_a_word_lost(desk: Desk) -> None:
    assert {layer: dict(desk.scene()[layer]) for layer in OLD} == OLD


@pytest.mark.parametrize("scope", ["main", "*", "main/*"])
def test_a_wider_scope_brings_what_waits_along(scope: str) -> None:
    desk = Desk()
    desk.recall(OLD, "ann", 0, "scene", [scope])
    assert (desk.layer(NOTCH, "hand"), desk.layer(NOTCH, "auto")) == (-6.0, -2.0)


def test_a_journal_that_holds_what_waits_is_kept(desk: Desk) -> None:
    copy = Desk()
    copy.replay((Event(0, "ann", PHANTOM, "hand", None, 1.0, "", 1), Event(0, "ann", "main/notch", "lock", False, True, "", 1, "lock")))
    again = Desk()
    again.restore(json.loads(json.dumps(copy.snapshot())))
    assert (again.layer(PHANTOM, "hand"), again.locks) == (1.0, {"main/notch"})
    with pytest.raises(RequestError, match=r"^strip/9: not locked$"):
        again.unlock("strip/9", "ann", 1)
    again.unlock("main", "ann", 1)
    assert again.locks == set()


def test_hands_off_and_keep_leave_what_waits_as_it_was(desk: Desk) -> None:
    desk.release(["*"], "ann", 1)
    desk.keep(["*"], "ann", 2)
    assert (desk.layer(PHANTOM, "hand"), desk.layer(NOTCH, "hand"), desk.layer(NOTCH, "auto"), desk.layer(FX, "auto")) == (1.0, -6.0, -2.0, 4.0)


def test_undo_takes_a_recall_back_whole(desk: Desk) -> None:
    desk.undo("ann", 1)
    assert desk.scene() == Desk().scene()


def test_a_box_keeps_what_waits_over_a_recall_a_restart_and_a_save(box: Box, connect: Callable[..., Client]) -> None:
    client, seen = connect(), []
    client.watch("*", seen.append)
    (box.state / "scenes").mkdir(parents=True)
    (box.state / "scenes/old.json").write_text(json.dumps({"format": 1, "name": "old", "saved": 0, **OLD}))
    client.recall("old")
    with pytest.raises(GigboxError, match=f"^{PHANTOM}: the card has none$"):
        client.get(PHANTOM)
    box.stop()
    box.start()
    client.save("new")
    saved = json.loads((box.state / "scenes/new.json").read_text())
    assert {layer: saved[layer].keys() for layer in OLD} == {layer: OLD[layer].keys() for layer in OLD}
    assert not {PHANTOM, NOTCH, FX} & {path for change in seen for path in change.values}
