"""Who asks to be told is told: of changes, what it set itself, meters; for ten seconds, and nobody else."""

from __future__ import annotations

import struct
import time
from pathlib import Path

import pytest

from gigbox.errors import RequestError
from gigbox.remote.osc.clients import LASTS_S, MOST, RESTS_S, Clients
from gigbox.remote.osc.part import Osc
from tests.live_box import eventually
from tests.remote.osc.conftest import PATIENCE_S, Served

FADER = "/ch/03/mix/fader"


def test_a_change_of_another_s_hand_is_told_and_what_has_not_changed_is_not(served: Served) -> None:
    app = served.app()
    app.say("/xremote")
    app.ask("/xinfo")
    served.stage.other.set({"strip/3/mute": True, "strip/3/send/2/level": -10.0, "strip/20/level": -3.0})
    assert {app.hear(), app.hear()} == {("/ch/03/mix/on", 0), ("/ch/03/mix/02/level", 0.5)}
    assert app.all() == []


def test_what_the_box_adds_moves_the_fader(served: Served) -> None:
    app = served.app()
    app.say("/xremotenfb")
    app.ask("/xinfo")
    served.stage.other.auto({"strip/3/level": -4.0}, "covers lead vocal")
    assert app.hear() == (FADER, pytest.approx(0.65, abs=1e-3))


def test_with_xremote_one_s_own_move_is_told_on_the_grid_with_xremotenfb_it_is_not(served: Served) -> None:
    both, other = served.app(), served.app()
    both.say("/xremote")
    other.say("/xremotenfb")
    other.ask("/xinfo")
    both.say(FADER, 0.5002)
    assert both.hear() == (FADER, pytest.approx(512 / 1023))
    assert other.hear() == (FADER, pytest.approx(512 / 1023))
    other.say(FADER, 0.6001)
    assert both.hear() == (FADER, pytest.approx(614 / 1023))
    assert (both.all(), other.all()) == ([], [])


@pytest.mark.parametrize("how", ["/xremote", "/xremotenfb"])
def test_an_app_that_says_back_what_it_is_told_holds_nothing(served: Served, how: str) -> None:
    app, late = served.app(), list[tuple[object, ...]]()
    app.say(how)
    app.ask("/xinfo")
    for step in range(12):
        served.stage.other.auto({"strip/3/level": -step / 3}, "covers lead vocal")
        said = app.all()
        for address, *args in late + said[:-1]:
            app.say(address, *args)                    # type: ignore[arg-type]
        late = said[-1:]
    assert served.stage.other.get("strip/3/level")["strip/3/level"].hand is None
    assert served.stage.heard("strip/3/level") == pytest.approx(-11 / 3)


def test_an_app_that_says_back_its_own_move_does_not_go_round_for_ever(served: Served) -> None:
    app = served.app()
    app.say("/xremote")
    app.ask("/xinfo")
    for address, value in ((FADER, 0.5), ("/ch/03/mix/on", 0), ("/ch/03/config/name", "Kick")):
        app.say(address, value)
        for _ in range(3):
            for said, *args in app.all():
                app.say(said, *args)
        assert app.all() == []


def test_a_drag_of_an_app_that_says_back_late_what_it_is_told_ends_where_it_ended(served: Served) -> None:
    app, said = served.app(), list[tuple[object, ...]]()
    app.say("/xremote")
    app.ask("/xinfo")
    for step in range(12):
        app.say(FADER, 0.3 + step / 30)
        said += app.all()
    for _ in range(4):
        time.sleep(RESTS_S)
        late, said = said + app.all(), []
        for address, *args in late:
            app.say(address, *args)                    # type: ignore[arg-type]
            said += app.all()
    assert said == []
    assert served.stage.heard("strip/3/level") == pytest.approx(-3.33, abs=0.05)


def test_what_an_app_puts_back_where_it_was_is_a_hand_s(served: Served) -> None:
    app = served.app()
    app.say("/xremote")
    app.ask("/xinfo")
    for value in (0.5, 0.75, 0.5, 0.75):               # a button that is held for a loud moment
        app.say(FADER, value)
        app.until(FADER, pytest.approx(value, abs=1e-3))
        eventually(lambda: served.stage.heard("strip/3/level") == pytest.approx(0 if value > 0.6 else -10, abs=0.1), PATIENCE_S, "it is heard")      # noqa: B023
    for muted in (1, 0, 1):
        app.say("/ch/03/mix/on", 1 - muted)
        eventually(lambda: served.stage.heard("strip/3/mute") == muted, PATIENCE_S, "it is heard")      # noqa: B023


def test_an_own_button_that_says_back_what_it_watches_holds_nothing(served: Served) -> None:
    app = served.app()
    app.say("/gigbox/watch", "strip/3/level")
    app.ask("/xinfo")
    for step in range(12):
        served.stage.other.auto({"strip/3/level": -step / 3}, "covers lead vocal")
        for address, *args in app.all():
            app.say(address, *args)
    assert served.stage.other.get("strip/3/level")["strip/3/level"].hand is None
    app.say("/gigbox/strip/3/level", -20.0)
    eventually(lambda: served.stage.heard("strip/3/level") == pytest.approx(-20, abs=1e-3), PATIENCE_S, "a hand")


def test_what_is_only_remembered_is_told_to_the_others_too(served: Served) -> None:
    app, other = served.app(), served.app()
    other.say("/xremotenfb")
    other.ask("/xinfo")
    app.say("/fx/1/type", 12)
    assert other.hear() == ("/fx/1/type", 12)


def test_a_desk_that_comes_back_is_told_where_it_differs_and_the_app_goes_on(served: Served) -> None:
    app = served.app()
    app.say("/xremotenfb")
    app.ask(FADER)
    served.stage.desk.stop()
    served.stage.desk.start()
    served.stage.other.set({"strip/3/level": -10.0})
    app.until(FADER, pytest.approx(512 / 1023, abs=1e-3))


def test_unsubscribe_ends_it(served: Served) -> None:
    app = served.app()
    app.say("/xremote")
    app.say("/unsubscribe")
    app.ask("/xinfo")
    served.stage.other.set({"strip/3/mute": True})
    eventually(lambda: served.stage.mirror.value("strip/3/mute") == 1, PATIENCE_S, "it is known")
    assert app.all() == []


def test_meters_come_as_blobs_of_the_console_s_sizes(served: Served) -> None:
    app = served.app()
    for kind, size in enumerate((8, 40, 36, 56, 100, 44, 39, 16, 4, 4)):
        app.say("/meters", f"/meters/{kind}", 0)
        address, blob = app.hear()
        while address != f"/meters/{kind}":
            address, blob = app.hear()
        assert len(blob) == 4 + 2 * size
        assert struct.unpack_from("<i", blob) == (size,)
    app.say("/batchsubscribe", "/mine", "/meters/1", 0, 0, 2)
    while app.hear()[0] != "/mine":
        pass


def test_people_see_how_many_apps_there_are_and_that_none_is_left_when_it_is_closed(served: Served, tmp_path: Path) -> None:
    def told() -> object:
        try:
            return served.stage.other.report("osc")["told"]
        except RequestError:          # nobody has counted yet
            return None

    app = served.app()
    app.say("/xremote")
    eventually(lambda: told() == {"apps": 1}, PATIENCE_S, "one")
    other = Osc(served.stage.mirror, tmp_path / "rack", port=0)
    other.close()
    eventually(lambda: told() == {"apps": 0}, PATIENCE_S, "none")


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_subscription_lasts_ten_seconds_and_asking_again_renews_it() -> None:
    clock = Clock()
    clients = Clients(clock)
    client = clients.join(("a", 1))
    client.until = clock.now + LASTS_S
    client.stream("/meters/1", "/meters/1", 0, 1, clock.now)
    client.watch("strip", clock.now)
    clock.now += LASTS_S - 1
    client.renew("/meters/1", clock.now)
    clock.now += 2
    clients.pass_time()
    assert (list(client.streams), client.watching, len(clients)) == (["/meters/1"], {}, 1)
    clients.changed(["/x"])
    assert client.fresh == {}
    clock.now += LASTS_S
    clients.pass_time()
    assert len(clients) == 0


def test_of_nine_apps_the_one_that_was_silent_longest_makes_room() -> None:
    clients = Clients(Clock())
    for n in range(MOST):
        clients.join(("app", n))
    clients.known(("app", 0))
    clients.join(("app", 99))
    assert [client.where[1] for client in clients] == [*range(2, MOST), 0, 99]


def test_one_host_that_asks_from_many_ports_pushes_nobody_else_out() -> None:
    clients = Clients(Clock())
    for band in ("phone", "tablet"):
        clients.join((band, 1))
    for n in range(1000):
        clients.join(("stranger", n))
    assert [client.where for client in clients] == [("phone", 1), ("tablet", 1), *(("stranger", n) for n in range(994, 1000))]


def test_one_app_has_no_more_streams_and_patterns_than_it_needs_and_none_is_faster_than_fifty_milliseconds() -> None:
    client = Clients(Clock()).join(("a", 1))
    for n in range(99):
        client.stream(f"s{n}", "/meters/1", 0, -5, 0.0)
        client.watch(f"w{n}", 0.0)
    assert (len(client.streams), len(client.watching)) == (16, 16)
    assert {stream.every_s for stream in client.streams.values()} == {0.05}
