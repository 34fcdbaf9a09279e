"""The desk's layers: what hand, auto and depth make of a parameter, and what every request promises."""

from __future__ import annotations

import time

import pytest

from gigbox import params
from gigbox.errors import FenceError, ParamError, RequestError

from .fakes import OneClock as Desk

LEVEL, GATE, FREQ = "strip/3/level", "strip/3/gate/threshold", "strip/3/eq/2/frequency"


def heard(desk: Desk, path: str) -> float:
    return desk.values[params.find(path).index]


def layers(desk: Desk, path: str) -> tuple[object, object]:
    return desk.layer(path, "hand"), desk.layer(path, "auto")


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_hand_and_auto_add_on_a_level(desk: Desk) -> None:
    desk.set({LEVEL: -3.0}, "ann", 0)
    desk.move({LEVEL: -1.5}, "covers lead vocal", "brain", 30)
    assert heard(desk, LEVEL) == -4.5
    desk.set({"box/depth": 50}, "ann", 31)
    assert heard(desk, LEVEL) == -3.75
    desk.set({"box/depth": 0}, "ann", 32)
    assert heard(desk, LEVEL) == -3.0


def test_the_depth_morphs_an_overridden_frequency_along_its_taper(desk: Desk) -> None:
    desk.move({FREQ: 1600}, "boxy", "brain", 0)
    assert heard(desk, FREQ) == pytest.approx(1600)
    desk.set({"box/depth": 50}, "ann", 1)
    assert heard(desk, FREQ) == pytest.approx(800)          # half way from 400 to 1600 on a log taper
    desk.set({"box/depth": 0}, "ann", 2)
    assert heard(desk, FREQ) == 400


def test_a_hand_on_an_override_wins_at_any_depth(desk: Desk) -> None:
    desk.move({GATE: -60}, "quiet singer", "brain", 0)
    desk.set({GATE: -30}, "ann", 1)
    assert heard(desk, GATE) == -30


def test_a_depth_change_tells_exactly_what_sounds_different(desk: Desk) -> None:
    desk.move({LEVEL: -2, GATE: -60, "strip/4/pan": 0.0}, "x", "brain", 0)
    desk.set({"strip/5/level": -6}, "ann", 0)
    assert set(desk.set({"box/depth": 50}, "ann", 1).paths) == {"box/depth", LEVEL, GATE}


def test_a_depth_change_of_a_full_desk_takes_less_than_20_ms(desk: Desk) -> None:
    auto = {a.path: 1.0 if a.param.blend == "add" else a.param.at(0.4) for a in params.addresses() if a.param.blend != "hand"}
    desk.recall({"hand": {}, "auto": auto, "texts": {}}, "ann", 0, "scene")
    took = []
    for depth in (50, 10, 90, 30):
        begin = time.thread_time()
        assert len(desk.set({"box/depth": depth}, "ann", depth).paths) > 1500
        took.append(time.thread_time() - begin)
    assert min(took) < 0.020


def test_a_set_of_many_is_all_or_nothing(desk: Desk) -> None:
    with pytest.raises(ParamError, match=r"^strip/4/level: 40 dB is above 10 dB$"):
        desk.set({LEVEL: -3.0, "strip/4/level": 40}, "ann", 0)
    assert layers(desk, LEVEL) == (None, None)
    assert not desk.touched(LEVEL)


@pytest.mark.parametrize(("path", "value", "error"), [
    ("strip/33/level", 0, "strip/33/level: 33 is not in 1..32"),
    ("strip/03/level", 0, "strip/03/level: no such parameter"),
    ("strip/3", 0, "strip/3: no such parameter"),
    ("x" * 5000, 0, "x" * 80 + "...: no such parameter"),
    (LEVEL, float("nan"), "strip/3/level: nan is not a number"),
    (LEVEL, None, "strip/3/level: None is not a number"),
    (LEVEL, True, "strip/3/level: true is not a number"),
    (LEVEL, 10 ** 400, "strip/3/level: more than 1000000000 is out of all bounds"),
    (LEVEL, "loud", "strip/3/level: 'loud' is not a number"),
    (LEVEL, [1, 2], "strip/3/level: [1, 2] is not a number"),
    ("strip/3/role", "drummer", "strip/3/role: 'drummer' is not one of " + ", ".join(params.ROLES)),
    ("strip/3/name", 7, "strip/3/name: 7 is not a text"),
    ("strip/3/name", "n" * 33, f"strip/3/name: ''{'n' * 29}...' is too long or not printable, expected 32 characters at most"),
])
def test_a_wrong_set_says_what_was_expected(desk: Desk, path: str, value: object, error: str) -> None:
    with pytest.raises(ParamError) as caught:
        desk.set({path: value}, "ann", 0)
    assert str(caught.value) == error


def test_choices_and_switches_are_set_by_name_number_or_bool(desk: Desk) -> None:
    desk.set({"strip/3/role": "kick", "strip/4/role": 4, "strip/3/mute": True, "strip/4/mute": "on", "strip/3/name": "Anna"}, "ann", 0)
    assert heard(desk, "strip/3/role") == heard(desk, "strip/4/role") == params.ROLES.index("kick")
    assert heard(desk, "strip/3/mute") == heard(desk, "strip/4/mute") == 1
    assert desk.texts == {"strip/3/name": "Anna"}


@pytest.mark.parametrize("path", ["strip/3/mute", "strip/3/send/1/tap", "box/depth", "strip/3/name"])
def test_auto_never_moves_what_only_hands_may(desk: Desk, path: str) -> None:
    with pytest.raises(FenceError, match=f"^{path}: auto may not move it, expected a hand$"):
        desk.move({LEVEL: -1, path: 1}, "why not", "brain", 0)
    assert layers(desk, LEVEL) == (None, None)


@pytest.mark.parametrize(("path", "wanted", "held"), [
    (LEVEL, 9, 6), ("main/level", 100, 6), ("monitor/2/level", 7, 6), (LEVEL, -500, -100), ("strip/3/trim", 30, 18),
    (GATE, -300, -90), (FREQ, 1e9, 20000), ("strip/3/hum/harmonics", 99, 8), ("strip/3/send/1/level", 80, 80)])
def test_auto_is_held_inside_its_fence(desk: Desk, path: str, wanted: float, held: float) -> None:
    desk.move({path: wanted}, "x", "brain", 0)
    assert desk.layer(path, "auto") == held


def test_auto_needs_a_reason_for_every_path(desk: Desk) -> None:
    with pytest.raises(RequestError, match=r"^strip/4/level: auto gave no reason, expected 'why'$"):
        desk.move({LEVEL: -1, "strip/4/level": -1}, {LEVEL: "covers lead vocal"}, "brain", 0)
    outcome = desk.move({LEVEL: -1, "strip/4/level": -1}, {LEVEL: "a", "strip/4/level": "b"}, "brain", 0)
    assert [(e.path, e.why) for e in outcome.events] == [(LEVEL, "a"), ("strip/4/level", "b")]


def test_auto_without_an_opinion_takes_its_own_move_back(desk: Desk) -> None:
    desk.move({GATE: -60}, "x", "brain", 0)
    desk.move({GATE: None}, "gone", "brain", 0)
    assert heard(desk, GATE) == -45


def test_a_lock_freezes_auto_and_says_so(desk: Desk) -> None:
    desk.move({LEVEL: -1, "strip/4/level": -1}, "x", "brain", 0)
    desk.lock("strip/3", "ann", 0)
    outcome = desk.move({LEVEL: -5, "strip/4/level": -5}, "x", "brain", 0)
    assert (desk.layer(LEVEL, "auto"), desk.layer("strip/4/level", "auto")) == (-1, -5)
    assert outcome.ignored == {LEVEL: "locked"}
    desk.set({LEVEL: -9}, "ann", 0)                          # a hand always may
    assert heard(desk, LEVEL) == -10
    desk.unlock("strip/3", "ann", 0)
    assert not desk.locked(LEVEL)


def test_a_lock_of_one_kind_leaves_the_rest_free(desk: Desk) -> None:
    desk.lock("strip/3/eq", "ann", 0)
    assert desk.locked("strip/3/eq/2/gain")
    assert not desk.locked(LEVEL)
    assert not desk.locked("strip/4/eq/2/gain")


def test_a_lock_of_all_can_be_taken_away_strip_by_strip(desk: Desk) -> None:
    desk.lock("*", "ann", 0)
    assert desk.locked("main/level")
    desk.unlock("strip/3", "ann", 0)
    assert (desk.locked(LEVEL), desk.locked("strip/4/level")) == (False, True)


@pytest.mark.parametrize(("pattern", "error"), [
    ("strip/4", "strip/4: not locked"), ("strip/3/eq", "strip/3/eq: locked as part of strip/3, unlock that"), ("strip/99", "strip/99: no such parameter")])
def test_an_unlock_that_finds_nothing_says_why(desk: Desk, pattern: str, error: str) -> None:
    desk.lock("strip/3", "ann", 0)
    with pytest.raises((ParamError, RequestError), match=f"^{error}$"):
        desk.unlock(pattern, "ann", 0)


def test_a_lock_where_auto_never_goes_is_refused(desk: Desk) -> None:
    with pytest.raises(RequestError, match=r"^strip/3/mute: is only ever set by hand, nothing to lock$"):
        desk.lock("strip/3/mute", "ann", 0)


def test_freeze_stops_all_of_auto(desk: Desk) -> None:
    desk.set({"box/freeze": True}, "ann", 0)
    assert desk.move({LEVEL: -1, GATE: -60}, "x", "brain", 0).ignored == {LEVEL: "frozen", GATE: "frozen"}
    desk.set({"box/freeze": False}, "ann", 0)
    assert not desk.move({LEVEL: -1}, "x", "brain", 0).ignored


def test_a_touch_holds_auto_off_for_20_s(desk: Desk) -> None:
    desk.set({LEVEL: 0.0}, "ann", 100)
    desk.set({LEVEL: 0.0}, "ann", 110)                       # the same value: still a hand on it
    assert desk.move({LEVEL: -1}, "x", "brain", 129.9).ignored == {LEVEL: "touched"}
    assert not desk.move({LEVEL: -1}, "x", "brain", 130).ignored


def test_a_released_parameter_is_the_box_s_at_once(desk: Desk) -> None:
    desk.move({LEVEL: -2}, "x", "brain", 0)
    desk.set({LEVEL: -3.0}, "ann", 1)
    desk.release([LEVEL], "ann", 2)
    assert layers(desk, LEVEL) == (None, -2)
    assert not desk.touched(LEVEL)


def test_release_of_a_pattern_leaves_alone_what_only_hands_set(desk: Desk) -> None:
    desk.set({LEVEL: -3, GATE: -30, "strip/3/mute": True, "strip/3/name": "Anna", "strip/4/level": -3}, "ann", 0)
    assert {e.path for e in desk.release(["strip/3/*"], "ann", 1).events} == {LEVEL, GATE}
    assert heard(desk, "strip/3/mute") == 1
    desk.release(["strip/*/mute", "strip/3/name"], "ann", 1)
    assert (heard(desk, "strip/3/mute"), desk.texts) == (0, {})
    assert heard(desk, "strip/4/level") == -3


@pytest.mark.parametrize("pattern", ["strip/3", "strip/3/*", "strip", "*"])
def test_release_of_a_strip_leaves_what_a_person_said_that_it_is(desk: Desk, pattern: str) -> None:
    desk.set({LEVEL: -3, "strip/3/role": "snare", "strip/3/colour": "red", "strip/3/name": "Ben's snare"}, "ann", 0)
    assert {e.path for e in desk.release([pattern], "ann", 1).events} == {LEVEL}
    desk.release(["strip/*/role", "strip/3/colour"], "ann", 2)
    assert {desk.layer(path, "hand") for path in ("strip/3/role", "strip/3/colour")} == {None}


@pytest.mark.parametrize("depth", [100, 40])
def test_keep_makes_depth_0_sound_the_same(desk: Desk, depth: float) -> None:
    desk.set({"strip/4/gate/threshold": -20, LEVEL: -3, "box/depth": depth}, "ann", 0)
    desk.move({LEVEL: -2, GATE: -60, FREQ: 3000, "strip/4/gate/threshold": -70, "strip/3/role": "kick"}, "x", "brain", 50)
    before = list(desk.values)
    desk.keep(["strip/3", "strip/4"], "ann", 51)
    desk.set({"box/depth": 0}, "ann", 52)
    after = [value for value, address in zip(desk.values, params.addresses(), strict=True) if address.path != "box/depth"]
    assert after == [value for value, address in zip(before, params.addresses(), strict=True) if address.path != "box/depth"]
    assert desk.layer(LEVEL, "auto") is None
    assert desk.layer(LEVEL, "hand") == -3 - 2 * depth / 100


def test_keep_at_depth_0_changes_nothing(desk: Desk) -> None:
    desk.set({"box/depth": 0}, "ann", 0)
    desk.move({GATE: -60, LEVEL: -2}, "x", "brain", 0)
    assert desk.keep(["*"], "ann", 0).events == ()


def test_link_sets_both_sides_as_one_action_and_mirrors_pan(desk: Desk) -> None:
    desk.set({"strip/3/link": True}, "ann", 0)
    outcome = desk.set({LEVEL: -3, "strip/3/pan": -0.7, "strip/3/mute": True, "strip/3/name": "Keys L", "strip/3/polarity": True}, "ann", 5)
    assert (heard(desk, "strip/4/level"), heard(desk, "strip/4/pan"), heard(desk, "strip/4/mute")) == (-3, 0.7, 1)
    assert ("strip/4/name" in desk.texts, heard(desk, "strip/4/polarity")) == (False, 0)
    assert len({e.action for e in outcome.events}) == 1
    desk.undo("ann", 6)
    assert (heard(desk, LEVEL), heard(desk, "strip/4/level")) == (0, 0)


def test_link_works_from_the_right_side_and_for_auto(desk: Desk) -> None:
    desk.set({"strip/3/link": True}, "ann", 0)
    desk.set({"strip/4/level": -4}, "ann", 0)
    assert heard(desk, LEVEL) == -4
    outcome = desk.move({"strip/3/eq/2/gain": -2, "strip/4/pan": 0.2}, {"strip/3/eq/2/gain": "boxy", "strip/4/pan": "spread"}, "brain", 0)
    assert (heard(desk, "strip/4/eq/2/gain"), heard(desk, "strip/3/pan")) == (-2, -0.2)
    assert {e.path: e.why for e in outcome.events}["strip/4/eq/2/gain"] == "boxy"
    assert heard(desk, "strip/5/level") == 0


@pytest.mark.parametrize("side", ["strip/3", "strip/4"])
def test_what_brings_back_one_side_of_a_link_brings_back_both(desk: Desk, side: str) -> None:
    """An undo of one channel, a scene of one strip, a way back in time: a pair is never left lopsided."""
    def pair() -> list[float]:
        return [heard(desk, f"strip/{n}/{what}") for what in ("level", "pan") for n in (3, 4)]

    desk.set({"strip/3/link": True}, "ann", 0)
    desk.set({"strip/3/level": -5, "strip/3/pan": -0.5}, "ann", 1)
    saved, then = desk.scene(), {(path, "hand"): desk.layer(path, "hand") for n in (3, 4) for path in (f"strip/{n}/level", f"strip/{n}/pan")}
    desk.set({"strip/3/level": 2, "strip/3/pan": -1}, "ann", 5)
    for back in (lambda: desk.undo("ann", 6, of=side), lambda: desk.recall(saved, "ann", 6, "scene", [side]),
                 lambda: desk.back(then, "ann", 6, "back", [side])):
        back()
        assert pair() == [-5, -5, -0.5, 0.5]
        desk.set({"strip/3/level": 2, "strip/3/pan": -1}, "ann", 9)
        assert pair() == [2, 2, -1, 1]


def test_what_is_said_for_both_sides_of_a_link_is_kept_apart(desk: Desk) -> None:
    desk.set({"strip/3/link": True}, "ann", 0)
    desk.set({"strip/3/level": -1, "strip/4/level": -2}, "ann", 0)
    assert (heard(desk, "strip/3/level"), heard(desk, "strip/4/level")) == (-1, -2)


@pytest.mark.parametrize("side", ["strip/3", "strip/4"])
def test_a_lock_of_one_side_of_a_link_holds_both(desk: Desk, side: str) -> None:
    """They are one source: apart, the one that was held would jump when it is let go."""
    desk.set({"strip/3/link": True}, "ann", 0)
    desk.lock(side, "ann", 0)
    assert desk.move({LEVEL: -1}, "x", "brain", 0).ignored == {LEVEL: "locked"}
    assert (heard(desk, LEVEL), heard(desk, "strip/4/level")) == (0, 0)


def test_recall_brings_both_layers_back_and_is_one_action(desk: Desk) -> None:
    desk.set({LEVEL: -3, "strip/3/name": "Anna"}, "ann", 0)
    desk.move({"strip/5/level": -2}, "x", "brain", 0)
    scene, before = desk.scene(), list(desk.values)
    desk.release([LEVEL, "strip/3/name"], "ann", 30)
    desk.set({"strip/7/mute": True}, "ann", 30)
    desk.move({"strip/5/level": 1}, "x", "brain", 60)
    changed = list(desk.values)
    desk.recall(scene, "ann", 90, "scene one")
    assert (desk.values, desk.texts) == (before, {"strip/3/name": "Anna"})
    desk.undo("ann", 91)
    assert (desk.values, desk.texts) == (changed, {})


def test_recall_within_a_scope_leaves_the_rest(desk: Desk) -> None:
    scene = desk.scene()
    desk.set({LEVEL: -3, "strip/4/level": -4}, "ann", 0)
    desk.recall(scene, "ann", 1, "scene one", ["strip/4"])
    assert (heard(desk, LEVEL), heard(desk, "strip/4/level")) == (-3, 0)


def test_events_tell_who_what_before_and_after(desk: Desk) -> None:
    desk.set({LEVEL: -3}, "ann", 7)
    event, = desk.move({LEVEL: -1}, "covers lead vocal", "brain", 40).events
    assert (event.time, event.by, event.path, event.layer, event.old, event.new, event.why) == (40, "brain", LEVEL, "auto", None, -1, "covers lead vocal")
    assert desk.set({LEVEL: -3}, "ann", 41).events == ()     # nothing new, nothing told


def test_history_tells_the_steps_of_one_move_as_one(desk: Desk) -> None:
    for step in range(5):
        desk.move({LEVEL: -step - 1.0}, "covers lead vocal", "brain", step * 0.1)
    desk.set({"strip/4/level": -3}, "ann", 1)
    newest = desk.history.newest(10)
    assert [(e.path, e.old, e.new) for e in newest] == [("strip/4/level", None, -3), (LEVEL, None, -5)]
