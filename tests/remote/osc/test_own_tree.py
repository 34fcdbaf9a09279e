"""The box's own tree: real units, names, patterns; it describes itself."""

from __future__ import annotations

import pytest

from gigbox import params
from gigbox.remote.osc import rights
from gigbox.remote.osc.own_tree import matching
from tests.live_box import eventually
from tests.remote.osc.conftest import PATIENCE_S, Served


def test_a_value_is_set_and_asked_for_in_real_units_choices_by_name(served: Served) -> None:
    app = served.app()
    app.say("/gigbox/strip/3/level", -5.1)
    assert app.ask("/gigbox/strip/3/level") == ("/gigbox/strip/3/level", pytest.approx(-5.1))
    for sent, told in (("lead_vocal", "lead_vocal"), (4, "kick")):
        app.say("/gigbox/strip/3/role", sent)
        assert app.ask("/gigbox/strip/3/role") == ("/gigbox/strip/3/role", told)
    app.say("/gigbox/strip/3/mute", "on")
    assert app.ask("/gigbox/strip/3/mute") == ("/gigbox/strip/3/mute", 1)
    app.say("/gigbox/strip/3/name", "Änna")
    assert app.ask("/gigbox/strip/3/name") == ("/gigbox/strip/3/name", "Änna")
    app.say("/gigbox/strip/3/level", 99)
    assert app.ask("/gigbox/strip/3/level") == ("/gigbox/strip/3/level", 10.0)
    eventually(lambda: served.stage.heard("strip/3/mute") == 1, PATIENCE_S, "it is heard")


def test_a_pattern_asks_many_and_never_more_than_sixty_four_at_once(served: Served) -> None:
    app = served.app()
    app.say("/gigbox/strip/*/level")
    assert [heard[0] for heard in app.all()] == [f"/gigbox/strip/{n}/level" for n in range(1, 33)]
    app.say("/gigbox/strip/*/send/*/level")
    heard = app.all()
    assert (len(heard), heard[-1]) == (65, ("/gigbox/more", "strip/*/send/*/level", 64, 192))
    app.say("/gigbox/strip/*/send/*/level", 128)
    heard = app.all()
    assert (len(heard), heard[0][0]) == (64, "/gigbox/strip/22/send/3/level")


def test_the_schema_has_all_that_an_app_needs_for_a_knob(served: Served) -> None:
    app = served.app()
    assert app.ask("/gigbox/schema", "strip/*/level") == ("/gigbox/schema", "strip/*/level", "dB", -90.0, 10.0, 0.0, "fader", "", "rw", "the fader")
    assert app.ask("/gigbox/schema", "strip/3/hpf/slope")[5:9] == ("12", "step", "12 24", "rw")
    assert app.ask("/gigbox/schema", "strip/*/input/phantom")[8] == "r"
    assert app.ask("/gigbox/schema", "strip/*/name")[1:3] == ("strip/*/name", "text")
    app.say("/gigbox/schema", "*")
    first = app.all()
    assert first[-1][:3] == ("/gigbox/more", "*", 64)
    assert first[-1][3] == len(params.TABLE) + len(params.TEXTS)


def test_who_watches_a_pattern_is_told_its_changes_but_not_its_own(served: Served) -> None:
    app = served.app()
    app.say("/gigbox/watch", "strip/*/level")
    app.say("/gigbox/strip/4/level", -6.0)
    app.ask("/gigbox/info")
    served.stage.other.set({"strip/3/level": -5.0, "strip/3/mute": True})
    assert app.hear() == ("/gigbox/strip/3/level", -5.0)
    app.say("/gigbox/strip/4/level", 99.0)
    assert app.hear() == ("/gigbox/strip/4/level", 10.0)          # it is not as was asked for
    app.say("/gigbox/unwatch")
    app.ask("/gigbox/info")
    served.stage.other.set({"strip/3/level": -7.0})
    eventually(lambda: served.stage.mirror.value("strip/3/level") == -7, PATIENCE_S, "it is known")
    assert app.all() == []


WRONG: tuple[tuple[str, tuple[float | str | bytes, ...], str], ...] = (
    ("/gigbox/box/mute_all", (1,), "box/mute_all: is not set by OSC, expected a hand at the box or on its page"),
    ("/gigbox/strip/3/level", ("loud",), "strip/3/level: 'loud', expected a number"),
    ("/gigbox/strip/3/role", ("loud",), "strip/3/role: 'loud', expected a number or one of unused"),
    ("/gigbox/strip/99/level", (), "strip/99/level: no such parameter"), ("/gigbox/strip/3/input/phantom", (), "strip/3/input/phantom: this box has none"),
    ("/gigbox/watch", ("nothing/*",), "nothing/*: no such parameter"), ("/gigbox/watch", (), "expected a text"), ("/gigbox/undo", (), "undo"),
    ("/gigbox/strip/3/level", (b"blob",), "strip/3/level: expected a number"))


def test_what_is_wrong_is_answered_and_changes_nothing(served: Served) -> None:
    app = served.app()
    for address, args, why in WRONG:
        told, where, said = app.ask(address, *args)
        assert (told, where) == ("/gigbox/error", address)
        assert said.startswith(why)
    assert served.stage.mirror.value("box/mute_all") == 0


def test_a_pattern_sets_nothing(served: Served) -> None:
    app = served.app()
    app.say("/gigbox/strip/*/mute", 1)
    app.all()
    assert served.stage.mirror.value("strip/1/mute") == 0


def test_without_a_password_nothing_may_be_set_that_protects_ears_and_gear_or_opens_a_door() -> None:
    closed = ("strip/1/input/phantom", "strip/1/input/pad", "strip/1/input/source", "out/1/bus", "box/mute_all", "box/osc", "box/midi", "tape/record",
              "box/forget", "main/limiter/ceiling", "monitor/1/limiter/ceiling", "monitor/1/loudness/on", "main/guard/on", "main/notch/1/gain",
              "strip/1/talk", "box/lookahead", "box/linecheck", "box/safe/sends", "strip/1/safe", "strip/1/pop/on", "nothing", "strip/99/level")
    assert [path for path in closed if rights.may(path)] == []
    open_ = ("strip/1/level", "strip/32/eq/4/gain", "monitor/6/name", "main/mute", "fx/1/type", "group/4/mute", "box/depth", "box/song")
    assert [path for path in open_ if not rights.may(path)] == []
    for place in rights.MAY:
        assert matching(place), place


def test_meters_come_as_decibels(served: Served) -> None:
    app = served.app()
    app.say("/gigbox/meters")
    assert {app.hear()[0], app.hear()[0]} == {"/gigbox/meters/strips", "/gigbox/meters/outs"}
