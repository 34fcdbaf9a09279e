"""What a client of the X Air family asks is answered as a console of that family does."""

from __future__ import annotations

import contextlib
import socket
import struct
import time

import pytest

from gigbox import __version__
from gigbox.remote.osc import tree
from tests.live_box import eventually
from tests.remote.osc.conftest import PATIENCE_S, Served

TOLD = -8.0, 22 / 40          # dB of a fader, and where it then stands


@pytest.mark.parametrize(("mode", "model"), [("on", ("gigbox16", __version__)), ("console", ("XR18", "1.17"))])
def test_the_box_says_its_own_name_and_the_model_that_apps_know_only_where_a_hand_wants_that(served: Served, mode: str, model: tuple[str, str]) -> None:
    served.stage.other.set({"box/osc": mode})
    eventually(lambda: served.stage.mirror.value("box/osc") == ("off", "on", "console").index(mode), PATIENCE_S, "the mode")
    app, name = served.app(), socket.gethostname()[:32]
    assert app.ask("/xinfo") == ("/xinfo", "127.0.0.1", name, *model)
    assert app.ask("/info") == ("/info", "V0.04", name, *model)
    assert app.ask("/status") == ("/status", "active", "127.0.0.1", name)


def test_a_broadcast_on_the_network_finds_the_box(served: Served) -> None:
    app = served.app()
    app.socket.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    app.socket.sendto(b"/xinfo\0\0", ("127.255.255.255", served.port))
    assert app.hear()[0] == "/xinfo"


def test_the_box_is_found_over_ipv6(served: Served) -> None:
    with contextlib.closing(socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)) as app:
        try:
            app.bind(("::1", 0))
        except OSError:
            pytest.skip("this machine has no IPv6")
        app.settimeout(PATIENCE_S)
        app.sendto(b"/xinfo\0\0", ("::1", served.port))
        assert b"::1" in app.recv(999)


def test_a_fader_is_read_and_written_on_the_console_s_grid(served: Served) -> None:
    app = served.app()
    assert app.ask("/ch/03/mix/fader") == ("/ch/03/mix/fader", pytest.approx(0.75, abs=1e-3))
    app.say("/ch/03/mix/fader", 0.5002)
    assert app.ask("/ch/03/mix/fader") == ("/ch/03/mix/fader", pytest.approx(512 / 1023, abs=1e-6))
    eventually(lambda: served.stage.heard("strip/3/level") == pytest.approx(40 * 512 / 1023 - 30), PATIENCE_S, "it is heard")
    assert served.stage.other.history(1)[0]["by"] == "osc:127.0.0.1"


def test_a_set_is_not_answered_and_nobody_is_told_what_was_not_asked_for(served: Served) -> None:
    app, idle = served.app(), served.app()
    idle.ask("/xinfo")
    app.say("/ch/03/mix/fader", 0.5)
    served.stage.other.set({"strip/3/mute": True})
    eventually(lambda: served.stage.mirror.value("strip/3/mute") == 1, PATIENCE_S, "it is known")
    assert (app.all(), idle.all()) == ([], [])


MOVES: tuple[tuple[str, float | str, str, float], ...] = (
    ("/ch/03/mix/on", 0, "strip/3/mute", 1), ("/ch/03/mix/fader", 0, "strip/3/level", -90), ("/ch/03/mix/fader", 1, "strip/3/level", 10),
    ("/ch/03/mix/pan", 0.0, "strip/3/pan", -1), ("/ch/03/mix/02/level", 0.75, "strip/3/send/2/level", 0),
    ("/ch/03/mix/07/level", 0.75, "strip/3/fxsend/1/level", 0),
    ("/ch/03/eq/2/g", 1.0, "strip/3/eq/2/gain", 15), ("/ch/03/preamp/hpon", 1, "strip/3/hpf/on", 1), ("/ch/03/dyn/ratio", 6, "strip/3/comp/ratio", 4),
    ("/ch/03/grp/dca", 2, "strip/3/group/2/on", 1), ("/bus/4/mix/fader", 0.5, "monitor/4/level", -10), ("/lr/mix/on", 0, "main/mute", 1),
    ("/lr/geq/31.5", 0.6, "main/geq/3/gain", 3), ("/rtn/2/mix/fader", 0.5, "fx/2/level", -10), ("/dca/1/on", 0, "group/1/mute", 1),
    ("/dca/1/fader", 0.5, "group/1/level", -10), ("/config/mute/3", 1, "group/3/mute", 1), ("/-stat/solosw/03", 1, "strip/3/solo", 1),
    ("/config/chlink/3-4", 1, "strip/3/link", 1), ("/headamp/03/gain", 12 / 72, "strip/3/trim", 0), ("/headamp/03/gain", "0.25", "strip/3/trim", 6),
    ("/ch/03/gate/mode", 1, "strip/3/gate/ratio", 3), ("/ch/03/automix/group", 2, "strip/3/share/on", 1))


def test_what_an_app_moves_is_heard(served: Served) -> None:
    app = served.app()
    for address, sent, path, heard in MOVES:
        app.say(address, sent)
        eventually(lambda path=path, heard=heard: served.stage.heard(path) == pytest.approx(heard, abs=0.06), PATIENCE_S, path)      # type: ignore[misc]


def test_names_and_colours_are_the_box_s(served: Served) -> None:
    app = served.app()
    app.say("/ch/03/config/name", "Jörg")
    app.say("/ch/03/config/color", 4)
    eventually(lambda: served.stage.other.get("strip/3/colour")["strip/3/colour"].value == "blue", PATIENCE_S, "the colour")
    assert served.stage.other.get("strip/3/name")["strip/3/name"].value == "Jörg"
    served.stage.other.set({"strip/3/colour": "purple"})
    eventually(lambda: app.ask("/ch/03/config/color") == ("/ch/03/config/color", 5), PATIENCE_S, "its next of kin")


def test_a_number_that_the_box_only_comes_near_to_is_told_as_asked_as_long_as_that_stands(served: Served) -> None:
    app = served.app()
    app.say("/ch/03/gate/attack", 110 / 120)
    assert app.ask("/ch/03/gate/attack")[1] == pytest.approx(110 / 120)
    eventually(lambda: served.stage.heard("strip/3/gate/attack") == 100, PATIENCE_S, "the nearest")
    served.stage.other.set({"strip/3/gate/attack": 50})
    eventually(lambda: app.ask("/ch/03/gate/attack")[1] == pytest.approx(50 / 120, abs=1e-3), PATIENCE_S, "what is heard")


def test_what_the_box_has_not_is_a_constant_that_remembers_but_for_what_would_be_believed(served: Served) -> None:
    app = served.app()
    assert app.ask("/fx/1/type") == ("/fx/1/type", 0)
    app.say("/fx/1/type", 12)
    assert app.ask("/fx/1/type") == ("/fx/1/type", 12)
    assert app.ask("/-prefs/lamp") == ("/-prefs/lamp", 0)
    app.say("/-prefs/lamp", "dim")
    assert app.ask("/-prefs/lamp") == ("/-prefs/lamp", "dim")
    app.say("/ch/03/mix/lr", 0)
    assert app.ask("/ch/03/mix/lr") == ("/ch/03/mix/lr", 1)


def test_an_address_that_no_console_has_is_passed_over(served: Served) -> None:
    app = served.app()
    for address in ("/ch/17/mix/fader", "/ch/3/mix/fader", "/nowhere", "/ch/03/mix", "/-prefs/" + "x" * 99, "/meters/1"):
        app.say(address)
        app.say(address, 1)
    assert app.all() == []


@pytest.mark.parametrize(("address", "path"), [("/headamp/03/phantom", "strip/3/input/phantom"), ("/-stat/tape/state", "tape/record")])
def test_what_nobody_may_without_a_password_stays_as_it_is_and_the_app_is_told_so(served: Served, address: str, path: str) -> None:
    app = served.app()
    app.say("/xremote")
    app.say(address, 4)
    assert app.hear() == (address, 0)
    assert served.stage.mirror.value(path) == 0
    assert served.stage.said == []


def test_all_of_the_tree_is_answered_each_within_five_milliseconds(served: Served) -> None:
    app, slow = served.app(), 0
    for address in tree.ENTRIES:
        began = time.perf_counter()
        assert app.ask(address)[0] == address
        slow += time.perf_counter() - began > 0.005
    assert slow < len(tree.ENTRIES) / 50          # of a machine that others load


def test_a_number_that_is_bigger_than_four_bytes_stops_nobody_who_is_told_of_it(served: Served) -> None:
    app, other = served.app(), served.app()
    other.say("/xremote")
    other.ask("/xinfo")
    app.raw(b"/-prefs/lamp\0\0\0\0,h\0\0" + (2 ** 40).to_bytes(8, "big"))
    assert other.hear() == ("/-prefs/lamp", 2 ** 31 - 1)
    app.raw(b"/-prefs/lamp\0\0\0\0,d\0\0" + struct.pack(">d", -1e300))
    assert other.hear() == ("/-prefs/lamp", -(2 ** 31 - 1))


def test_arguments_that_mean_nothing_change_nothing_and_stop_nothing(served: Served) -> None:
    app = served.app()
    for arg in (b"blob", "loud", -(2 ** 31)):
        app.say("/ch/03/mix/fader", arg)
        app.say("/xremote", arg)
        app.say("/meters", arg, arg)
        app.say("/node", arg)
        app.say("/batchsubscribe", arg, arg, arg, arg, arg)
        app.say("/-snap/load", arg)
        app.say("/unsubscribe")
    app.all()
    assert app.ask("/ch/03/mix/fader")[0] == "/ch/03/mix/fader"
