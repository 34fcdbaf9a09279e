"""Talkback is held: who lets go or goes away silences it, and neither a scene, nor an undo, nor a desk that starts anew brings it back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gigbox import params
from gigbox.desk import journal
from gigbox.desk.client import Client
from gigbox.desk.journal import Journal
from gigbox.desk.state import Desk
from gigbox.errors import RequestError

from .fakes import Box

TALK = "strip/3/talk"
INDEX = params.find(TALK).index


def talks(client: Client, until: bool) -> bool:
    """What the desk says, when it says `until` or was asked often enough."""
    return next((until for _ in range(50) if client.get(TALK)[TALK].value is until), not until)


def test_a_client_that_goes_away_lets_go(connect: Callable[..., Client]) -> None:
    holder, other = connect("web:phone"), connect("panel")
    holder.set({TALK: True, "strip/1/mute": True})
    assert other.get(TALK)[TALK].value is True
    holder.close()
    assert talks(other, False) is False
    assert other.get("strip/1/mute")["strip/1/mute"].value is True
    assert other.history(1)[0]["why"] == "nobody holds it any more"


def test_what_another_holds_stays(connect: Callable[..., Client]) -> None:
    """Also where the one who goes had once held it, and let go."""
    first, second, third = connect("a"), connect("b"), connect("c")
    first.set({TALK: True})
    second.set({TALK: True})
    first.close()
    assert [third.get(TALK)[TALK].value for _ in range(20)] == [True] * 20
    third.set({TALK: True})
    third.set({TALK: False})
    second.set({TALK: True})
    second.close()
    assert talks(third, False) is False


def test_a_desk_that_starts_anew_finds_nobody_talking(box: Box, connect: Callable[..., Client]) -> None:
    holder = connect("web:phone")
    holder.set({TALK: True})
    box.stop()
    box.start()
    assert connect("panel").get(TALK)[TALK].value is False


NOISE = {"box/generator/kind": "pink", "box/generator/output": "main_left", "main/guard/ringout": "loud", "main/guard/boost": 8.0, "main/level": -3.0,
         "tape/record": True}


QUIET = {"box/generator/kind": "off", "box/generator/output": "none", "main/guard/ringout": "off", "main/guard/boost": 0.0}


def killed_while_it_played(box: Box) -> None:
    """A desk that was told all that, and ended without a word."""
    kept = Journal(box.state / "journal", print)
    kept.write(kept.load().set(NOISE, "engineer", 0.0).events, 0.0)
    kept.close(0.0)


def told(client: Client) -> dict[str, object]:
    return {path: value.value for path, value in client.get(*NOISE).items()}


@pytest.mark.parametrize(("boot", "quiet", "why"), [("this boot", {}, ""), ("another boot", QUIET, "the box started anew")])
def test_a_box_whose_power_was_away_plays_no_test_sound_and_rings_nothing_out(
        box: Box, connect: Callable[..., Client], monkeypatch: pytest.MonkeyPatch, boot: str, quiet: dict[str, object], why: str) -> None:
    """Nobody stands at the box that starts by itself; a take that was begun goes on. A desk that was killed goes on with all."""
    box.stop()
    monkeypatch.setattr(journal, "this_boot", lambda: "this boot")
    killed_while_it_played(box)
    monkeypatch.setattr(journal, "this_boot", lambda: boot)
    box.start()
    panel = connect("panel")
    assert told(panel) == {**NOISE, **quiet}
    assert not why or panel.history(1)[0]["why"] == why


def test_a_box_that_is_stopped_stops_its_test_sound(box: Box, connect: Callable[..., Client]) -> None:
    connect("engineer").set(NOISE)
    box.stop()
    assert box.rack.pushed[-1][1] == 0.0
    box.start()
    assert told(connect("panel")) == {**NOISE, **QUIET}


def test_no_scene_and_no_undo_holds_it() -> None:
    desk = Desk()
    desk.set({TALK: True, "strip/3/level": -3}, "ann", 0)
    assert TALK not in desk.scene()["hand"]
    desk.recall({"hand": {}, "auto": {}, "texts": {}}, "ann", 0, "scene")
    assert desk.values[INDEX] == 1
    desk.set({TALK: False}, "ann", 0)
    for _ in range(2):
        desk.undo("ann", 0)
    assert desk.values[INDEX] == 0
    with pytest.raises(RequestError, match="nothing to take back"):
        desk.undo("ann", 0)
