"""Nodes as lines of scene files, asked for and done; and the box's scenes as snapshots."""

from __future__ import annotations

import pytest

from gigbox.remote.osc import scene_lines, tree
from gigbox.remote.osc.console import Console
from gigbox.remote.osc.snapshots import PLACES
from tests.live_box import eventually
from tests.remote.osc.conftest import PATIENCE_S, Served


def test_a_node_is_answered_with_its_line(served: Served) -> None:
    app = served.app()
    served.stage.other.set({"strip/1/name": "Lead Vox", "strip/1/mute": True, "strip/1/level": -9.3, "strip/1/colour": "red", "strip/1/group/2/on": True})
    eventually(lambda: served.stage.mirror.text("strip/1/name"), PATIENCE_S, "it is known")
    assert app.ask("/node", "ch/01/config") == ("/node", '/ch/01/config "Lead Vox" 1 In01 U01\n')
    assert app.ask("/node", "/ch/01/mix") == ("/node", "/ch/01/mix OFF  -9.3 ON +0\n")
    assert app.ask("/node", "ch/01/grp") == ("/node", "/ch/01/grp %0010 %0010\n")
    assert app.ask("/node", "ch/01/mix/01") == ("/node", "/ch/01/mix/01   -oo ON PRE +0\n")
    assert app.ask("/node", "ch/01/eq/2") == ("/node", "/ch/01/eq/2 PEQ 403.7 +0.00 0.8\n")
    app.say("/node", "ch/01")
    assert app.all() == []


@pytest.mark.parametrize("verb", ["/", "/node"])
def test_a_line_is_done_also_a_short_one_or_nothing_of_it_is(served: Served, verb: str) -> None:
    app = served.app()
    app.say(verb, "/ch/02/mix OFF -9.3 ON +50")
    eventually(lambda: served.stage.heard("strip/2/pan") == pytest.approx(0.5), PATIENCE_S, "the pan")
    assert served.stage.heard("strip/2/level") == pytest.approx(-9.3, abs=0.03)
    app.say(verb, '/ch/02/config "Bass \\ DI"')
    eventually(lambda: served.stage.other.get("strip/2/name")["strip/2/name"].value == "Bass \\ DI", PATIENCE_S, "the name")
    app.say(verb, "/ch/02/mix ON loud")
    app.say(verb, "/ch/02/mix ON -5 ON +0 ON ON ON")
    app.say(verb, "/ch/99/mix ON -5")
    app.ask("/xinfo")
    assert served.stage.heard("strip/2/mute") == 1


def test_every_line_of_the_box_reads_back_as_it_was(served: Served) -> None:
    console = Console(served.stage.mirror)
    lines = [scene_lines.line(console, node) for node in tree.LINES]
    assert len(lines) > 600
    for line in lines:
        assert line
        for address, wire in scene_lines.read(line):
            told = console.look(address)
            assert wire == (pytest.approx(told, abs=0.02) if isinstance(told, float) else told), line


def test_snapshots_are_the_box_s_scenes_saved_recalled_and_undone(served: Served) -> None:
    app, other = served.app(), served.stage.other
    other.set({"strip/3/level": -20.0})
    app.say("/-snap/07/name", "Ballad")
    app.say("/-snap/save", 7)
    eventually(lambda: other.scenes() == ["07 Ballad"], PATIENCE_S, "it is saved")
    other.set({"strip/3/level": 0.0})
    app.say("/xremote")
    app.say("/-snap/load", "7")          # as a text, as one client sends it
    app.until("/-snap/index", 7)
    eventually(lambda: served.stage.heard("strip/3/level") == pytest.approx(-20), PATIENCE_S, "it is recalled")
    app.say("/unsubscribe")
    app.all()
    assert app.ask("/-snap/07/name") == ("/-snap/07/name", "Ballad")
    assert app.ask("/-snap/name") == ("/-snap/name", "Ballad")
    app.say("/gigbox/undo")
    eventually(lambda: served.stage.heard("strip/3/level") == 0, PATIENCE_S, "it is undone")


def test_a_scene_that_is_there_is_never_overwritten_nor_deleted(served: Served) -> None:
    app, other = served.app(), served.stage.other
    other.set({"strip/3/level": -20.0})
    other.save("Rock")
    before = other.export_scene("Rock")
    other.set({"strip/3/level": 0.0})
    eventually(lambda: app.ask("/-snap/01/name") == ("/-snap/01/name", "Rock"), PATIENCE_S, "it has a place")
    app.say("/-snap/save", 1)
    app.say("/-snap/delete", 1)
    assert app.ask("/gigbox/scene/save", "Rock") == ("/gigbox/error", "/gigbox/scene/save", "scene 'Rock': is there already, expected a new name")
    assert other.export_scene("Rock") == before
    app.say("/gigbox/scene/save", "Jazz")
    eventually(lambda: other.scenes() == ["Jazz", "Rock"], PATIENCE_S, "a new one")
    assert app.ask("/-snap/01/name") == ("/-snap/01/name", "Rock")
    eventually(lambda: app.ask("/-snap/02/name") == ("/-snap/02/name", "Jazz"), PATIENCE_S, "it has a place")
    assert app.ask("/gigbox/scenes") == ("/gigbox/scenes", "Rock", "Jazz")
    assert app.ask("/gigbox/scene/recall", "Polka")[:2] == ("/gigbox/error", "/gigbox/scene/recall")


def test_a_scene_that_an_app_recalls_brings_what_an_app_may_set(served: Served) -> None:
    other, app = served.stage.other, served.app()
    other.set({"box/recall": 0.0, "strip/3/level": -20.0, "strip/3/name": "Anna", "main/limiter/ceiling": 0.0})
    other.save("Rock")
    other.set({"strip/3/level": 0.0, "strip/3/name": "", "box/mute_all": True, "main/limiter/ceiling": -10.0, "strip/3/input/source": 7})
    app.say("/gigbox/scene/recall", "Rock")
    eventually(lambda: served.stage.heard("strip/3/level") == -20, PATIENCE_S, "the scene")
    assert other.get("strip/3/name")["strip/3/name"].value == "Anna"
    assert other.get("box/mute_all")["box/mute_all"].value is True
    assert served.stage.heard("main/limiter/ceiling") == -10


def test_apps_fill_no_card_with_scenes(served: Served) -> None:
    other, app = served.stage.other, served.app()
    for n in range(PLACES):
        other.save(f"song {n}")
    assert app.ask("/gigbox/scene/save", "one more")[:2] == ("/gigbox/error", "/gigbox/scene/save")
    assert len(other.scenes()) == PLACES


def test_a_scene_that_somebody_saved_just_now_is_there_at_the_first_question(served: Served) -> None:
    other, app = served.stage.other, served.app()
    app.ask("/-snap/index")
    other.set({"box/recall": 0.0, "strip/3/level": -20.0})
    other.save("07 Ballad")
    assert app.ask("/gigbox/scenes") == ("/gigbox/scenes", "07 Ballad")
    other.set({"strip/3/level": 0.0})
    other.save("08 Rock")
    app.say("/-snap/load", 8)
    app.say("/-snap/load", 7)
    eventually(lambda: served.stage.heard("strip/3/level") == -20, PATIENCE_S, "the seventh")
    assert [row["why"] for row in other.history(200) if row["kind"] == "scene"][-1] == "scene 07 Ballad"
