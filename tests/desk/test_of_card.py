"""Rows of a card that is not there: nobody may set them, and whatever holds them (a scene, a journal, a lock) keeps them for the day when it is."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from gigbox.desk import paths
from gigbox.desk.client import Client
from gigbox.desk.events import Event
from gigbox.desk.state import Desk
from gigbox.errors import GigboxError, ParamError, RequestError

from .fakes import Box

PHANTOM, PAD = "strip/3/input/phantom", "strip/3/input/pad"
OLD = {"hand": {PHANTOM: 1.0, PAD: 1.0, "strip/3/level": -3.0}, "auto": {}, "texts": {}}


@pytest.fixture
def desk() -> Desk:
    """One that had them from a scene of another card."""
    desk = Desk()
    desk.recall(OLD, "ann", 0, "scene old")
    return desk


@pytest.mark.parametrize("path", ["strip/33/input/gain", "fx/3/type", "main/notch/17/gain"])
def test_what_is_not_there_at_all_is_told_so(path: str) -> None:
    with pytest.raises(ParamError, match=r" is not in 1\.\.\d+$"):
        paths.known(path)


def test_a_scene_is_recalled_and_saved_without_a_word_lost(desk: Desk) -> None:
    assert {layer: dict(desk.scene()[layer]) for layer in OLD} == OLD


@pytest.mark.parametrize("scope", ["strip/3", "*", "strip/*"])
def test_a_wider_scope_brings_them_along(scope: str) -> None:
    desk = Desk()
    desk.recall(OLD, "ann", 0, "scene", [scope])
    assert desk.layer(PAD, "hand") == 1.0


def test_a_journal_that_holds_them_is_kept() -> None:
    copy = Desk()
    copy.replay((Event(0, "ann", PHANTOM, "hand", None, 1.0, "", 1), Event(0, "ann", "main/notch", "lock", False, True, "", 1, "lock")))
    again = Desk()
    again.restore(json.loads(json.dumps(copy.snapshot())))
    assert (again.layer(PHANTOM, "hand"), again.locks) == (1.0, {"main/notch"})
    with pytest.raises(RequestError, match=r"^strip/9: not locked$"):
        again.unlock("strip/9", "ann", 1)
    again.unlock("main", "ann", 1)
    assert again.locks == set()


def test_undo_takes_a_recall_back_whole(desk: Desk) -> None:
    desk.undo("ann", 1)
    assert desk.scene() == Desk().scene()


def test_a_box_keeps_them_over_a_recall_a_restart_and_a_save(box: Box, connect: Callable[..., Client]) -> None:
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
    assert not {PHANTOM, PAD} & {path for change in seen for path in change.values}
