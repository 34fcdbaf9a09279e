"""The feedback guard in the core, with a room around it and without."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from gigbox.engine.core import Engine
from gigbox.rack import RATE
from tests.measures.feedback.figures import catch, hiss, stable
from tests.measures.feedback.loop import DRY, MONITOR, Stage, delay
from tests.measures.feedback.rooms import Room, diffuse, hall, peaky, shoebox, stable_limit
from tests.measures.feedback.sounds import played

from .sounds import PLAIN, sine


def gain_at(hz: float, values: Mapping[str, float], column: int) -> float:
    tone = sine(hz, 1, 0.05)[:, None].astype(np.float32)
    with Engine(1, PLAIN | {"strip/1/send/1/level": 0, "strip/1/pan": -1, "box/lookahead": 0} | dict(values)) as engine:
        out = engine.process(tone)[0][RATE // 2:, column]
    return float(20 * np.log10(np.sqrt((out ** 2).mean()) / (0.05 / np.sqrt(2))))


@pytest.mark.parametrize(("owner", "column"), [("main", 0), ("monitor/1", 2)])
def test_a_fixed_notch_cuts_what_it_says_with_the_guard_off(owner: str, column: int) -> None:
    notch = {f"{owner}/notch/8/frequency": 1000.0, f"{owner}/notch/8/gain": -12.0}
    assert gain_at(1000, notch, column) == pytest.approx(-12, abs=0.2)
    assert abs(gain_at(2000, notch, column)) < 0.3


@pytest.mark.parametrize(("room", "over"), [(diffuse(0), 3), (peaky(0), 6), (shoebox(0), 3)], ids=lambda x: x.kind if isinstance(x, Room) else str(x))
def test_a_howl_is_notched_before_it_is_loud(room: Room, over: float) -> None:
    caught = catch(room, over, 2.0)
    assert caught.notched_s < 1.2
    assert caught.loud_s < 0.3
    assert caught.stable or room.kind == "diffuse"      # there one peak follows the other for longer


@pytest.mark.parametrize("seed", [4, 7])
def test_modes_that_lie_close_and_answer_late_are_notched_too(seed: int) -> None:
    """A hall: the level beats while it grows, and the answer to a cut is small beside that."""
    caught = catch(hall(seed), 6, 1.6)
    assert caught.notched_s < 1.2
    assert caught.stable


def test_without_the_guard_it_would_howl() -> None:
    caught = catch(peaky(0), 6, 2.0, {"monitor/1/guard/on": 0})
    assert not caught.stable
    assert caught.loud_s > 0.5


def test_main_is_guarded_as_monitors_are() -> None:
    caught = catch(peaky(3), 6, 3.0, {"main/guard/on": 1}, output=0)
    assert caught.notched_s < 1.2
    assert caught.stable


@pytest.mark.parametrize("name", ["singing", "flute", "organ"])
def test_held_notes_are_left_alone(name: str) -> None:
    with Engine(1, DRY) as engine:
        engine.process(played(name, 40, seed=1)[: 40 * RATE // 64 * 64, None])
        assert engine.rack.c.guard.confirmed[1] == 0
        assert engine.rack.notches() == []


def grown(hz: float, seconds: float, growth_db_s: float, from_db: float) -> np.ndarray:
    t = np.arange(round(seconds * RATE) // 64 * 64) / RATE
    return np.asarray(10 ** ((from_db + growth_db_s * t) / 20) * np.sin(2 * np.pi * hz * t), np.float32)


# dB of one partial in two recordings while it was tried, each 256 frames: a sweep of a synthesiser, a guitar note between two others.
CAME_AND_WENT = {
    "synth": [-16.7, -16.7, -16.6, -16.6, -16.6, -16.6, -16.6, -16.6, -16.6, -16.6, -16.8, -17.4, -18.7, -20.9, -24.0, -28.0, -32.6,
              -36.6, -38.9, -40.8, -46.6, -44.9, -34.4, -29.8, -27.7, -27.1, -27.7, -30.5, -34.4, -41.1, -47.3, -53.5, -54.0],
    "guitar": [-28.3, -28.2, -28.1, -28.0, -28.1, -28.3, -28.8, -29.4, -30.3, -31.3, -32.5, -33.6, -34.6, -35.3, -35.6, -35.3, -34.7,
              -33.7, -32.6, -31.4, -30.5, -30.0, -30.0, -30.5, -31.6, -33.4, -35.7, -38.5, -41.6, -45.3, -48.4, -45.2, -41.3],
}


def sound_while_tried(engine: Engine, rise: np.ndarray, hz: float, course_db: np.ndarray, ticks: int) -> None:
    """What rises until monitor 1 tries it; from then on the tone takes this course, dB from there a tick."""
    at = 0
    while not engine.rack.c.guard.tests[1]:
        engine.process(rise[at:at + 64, None])
        at += 64
    level = np.abs(rise[at - 64:at]).max() * 10 ** (np.interp(np.arange(ticks * 256) / 256, np.arange(len(course_db)), course_db) / 20)
    engine.process(np.asarray(level * np.sin(2 * np.pi * hz * (at + np.arange(len(level))) / RATE), np.float32)[:, None])


@pytest.mark.parametrize("name", CAME_AND_WENT)
def test_a_partial_that_came_and_went_as_a_trial_did_is_no_howl(name: str) -> None:
    """Whatever shape fits a loop's answer a little: where nothing has rung of late the first proof is to be a clean one."""
    levels, hz = np.array(CAME_AND_WENT[name]), 702.1
    rise = grown(hz, 3, 34, levels[0] - 60)
    with Engine(1, DRY) as engine:
        guard = engine.rack.c.guard
        sound_while_tried(engine, rise, hz, levels - levels[0], 80)
        assert guard.tests[1] == 1
        assert guard.confirmed[1] == 0


def test_main_is_asked_twice_since_a_band_plays_there() -> None:
    """By chance a note comes and goes once as a loop would answer a trial; the wrong cut would be heard by all."""
    ticks, hz = np.arange(33.0), 702.1
    worked = np.clip(ticks - 5, 0, 9) + np.clip(ticks - 22, 0, 9)
    rise, once = grown(hz, 3, 34, -80), np.concatenate([0.18 * ticks - worked, np.full(90, -12.0)])
    with Engine(1, DRY | {"main/guard/on": 1}) as engine:
        guard = engine.rack.c.guard
        sound_while_tried(engine, rise, hz, once, 120)
        assert (guard.tests[0], guard.tests[1]) == (1, 1)
        assert (guard.confirmed[0], guard.confirmed[1]) == (0, 1)


# The same of a sung note in a band's mix: it bends by a decibel or two while it goes on, which a small answer explains a little.
BENT = [-14.4, -14.5, -14.6, -14.9, -15.2, -15.6, -15.8, -16.0, -16.1, -16.1, -16.1, -16.0, -15.9, -15.7, -15.5, -15.3, -15.1,
        -14.8, -14.6, -14.3, -14.1, -13.9, -13.8, -13.7, -13.7, -13.7, -13.8, -13.9, -14.1, -14.4, -14.8, -15.2, -15.6]


def test_an_answer_that_explains_little_is_asked_for_once_more_by_a_deeper_cut() -> None:
    hz, levels = 346.0, np.array([*BENT, *np.full(60, BENT[-1])])
    rise = grown(hz, 4, 22, levels[0] - 60)
    with Engine(1, DRY) as engine:
        guard = engine.rack.c.guard
        sound_while_tried(engine, rise, hz, levels - levels[0], 90)
        assert (guard.tests[1], guard.confirmed[1]) == (1, 0)


def tried(sound: np.ndarray) -> list[tuple[float, int, int, int, float]]:
    """Whenever one of them changes: seconds, trials, refusals, how many go on, dB that the output is held down by."""
    seen = list[tuple[float, int, int, int, float]]()
    with Engine(1, DRY) as engine:
        guard = engine.rack.c.guard
        for at in range(0, len(sound), 64):
            engine.process(sound[at:at + 64, None])
            now = (int(guard.tests[1]), int(guard.refused[1]), sum(n.state == "testing" for n in engine.rack.notches()), float(guard.dip[1]))
            if not seen or seen[-1][1:] != now:
                seen.append((at / RATE, *now))
    return seen


def test_several_that_grow_at_once_are_tried_at_once() -> None:
    sound = np.sum([grown(hz, 0.6, 60, -55) for hz in (400, 1010, 2870)], axis=0)
    assert max(going for _, _, _, going, _ in tried(sound)) == 3


def test_what_was_tried_in_vain_and_grows_on_is_tried_again_before_its_time() -> None:
    seen = tried(grown(702, 0.9, 70, -62))
    refused = next(at for at, _, refusals, _, _ in seen if refusals)
    anew = next(at for at, tests, _, _, _ in seen if tests == 2)
    assert 0 < anew - refused < 0.2


def test_what_grows_into_the_ceiling_while_it_is_tried_is_held_down_at_once() -> None:
    rise = grown(1010, 0.12, 400, -38)
    sound = np.concatenate([np.zeros(RATE // 2), rise, 0.8 * np.sin(2 * np.pi * 1010 * (len(rise) + np.arange(9600)) / RATE)])
    seen = tried(np.asarray(np.clip(sound, -0.8, 0.8)[: len(sound) // 64 * 64], np.float32))
    begun = next(at for at, tests, _, _, _ in seen if tests)
    held = next((at for at, _, _, _, dip in seen if dip), np.inf)
    assert held - begun < 0.06


def test_an_overtone_among_others_is_not_even_tried() -> None:
    """A howl stands alone; the seventh of nine partials that grows among its like does not."""
    others = np.sum([grown(220.0 * k, 1.0, 0, -40) for k in (4, 5, 6, 8)], axis=0)
    tests = []
    for beside in (0.0, 1.0):
        with Engine(1, DRY) as engine:
            engine.process(np.asarray(grown(1540, 1.0, 30, -60) + beside * others, np.float32)[:, None])
            tests.append(int(engine.rack.c.guard.tests[1]))
    assert tests[0] > 0
    assert tests[1] == 0


def test_a_room_with_more_peaks_than_notches_gets_less_gain_until_it_rests_and_back_what_it_bears() -> None:
    room = diffuse(0)
    stage = Stage(room.response * 10 ** ((stable_limit(room.response, delay()) + 6) / 20))
    out = stage.play(hiss(3))
    guard = stage.engine.rack.c.guard
    assert stable(out)
    assert 3 <= guard.dip[1] <= 12
    stage.air.jump(np.zeros(64))
    dips = [float(guard.dip[1])]
    for _ in range(20):
        stage.engine.process(np.zeros((2 * RATE // 64 * 64, 1), np.float32))
        dips.append(float(guard.dip[1]))
    assert dips[-1] == 0
    assert np.diff(dips).min() > -1.1
    stage.close()


def howling(values: Mapping[str, float] = {}) -> Stage:
    """A stage on which something has been notched."""
    room = peaky(0)
    stage = Stage(room.response * 10 ** ((stable_limit(room.response, delay()) + 4) / 20), values)
    stage.play(hiss(1.5))
    return stage


def test_each_notch_tells_where_how_deep_since_when_and_why() -> None:
    stage = howling()
    notches = [n for n in stage.engine.rack.notches() if n.state == "live"]
    assert notches
    for n in notches:
        assert (n.out, n.owner, n.strip) == (1, "monitor/1", 1)
        assert 9 <= n.slot <= 16
        assert 3 <= n.depth_db <= 18
        assert 0 < n.frame < 1.5 * RATE
        assert n.cause in ("grew", "rang", "howled")
    stage.close()


def test_a_killed_notch_goes_and_stays_away() -> None:
    stage = howling()
    slot = stage.engine.rack.notches()[0].slot
    hz = stage.engine.rack.notches()[0].hz
    stage.air.jump(np.zeros(64))
    stage.engine.set("monitor/1/guard/kill", slot)
    stage.play(hiss(0.5))
    assert not any(abs(n.hz / hz - 1) < 0.02 for n in stage.engine.rack.notches())
    stage.close()


def test_kill_all_and_off_take_all_of_them() -> None:
    for path, value in (("monitor/1/guard/kill", 17), ("monitor/1/guard/on", 0)):
        stage = howling()
        stage.air.jump(np.zeros(64))
        stage.engine.set(path, value)
        stage.play(hiss(0.5))
        assert stage.engine.rack.notches() == [], path
        stage.close()


def test_what_comes_by_a_line_is_never_feedback() -> None:
    """A tone that grows as a howl does, in a strip that is said to hear no room."""
    t = np.arange(2 * RATE) / RATE
    tone = (0.001 * 10 ** (60 * np.minimum(t, 0.9) / 20) * np.sin(2 * np.pi * 1234 * t)).astype(np.float32)[: 2 * RATE // 64 * 64, None]
    tests = []
    for guard in (1.0, 0.0):
        with Engine(1, DRY | {"strip/1/guard": guard}) as engine:
            engine.process(tone)
            tests.append(int(engine.rack.c.guard.tests[1]))
    assert tests[0] > 0
    assert tests[1] == 0


def test_what_the_desk_holds_of_live_notches_is_taken_over_at_a_start() -> None:
    told = {"monitor/1/notch/9/frequency": 2000.0, "monitor/1/notch/9/gain": -9.0, "monitor/1/notch/9/q": 14.5}
    with Engine(1, DRY | told) as engine:
        engine.process(np.zeros((4800, 1), np.float32))
        assert [(n.slot, round(n.hz), n.depth_db, n.cause) for n in engine.rack.notches()] == [(9, 2000, 9.0, "told")]


def test_notches_are_lifted_when_nothing_rings_there_any_more() -> None:
    told = {"monitor/1/notch/9/frequency": 2000.0, "monitor/1/notch/9/gain": -6.0, "monitor/1/notch/9/q": 14.5}
    with Engine(1, DRY | told) as engine:
        depths = []
        for _ in range(8):
            engine.process(np.zeros((10 * RATE // 32 * 32, 1), np.float32))
            depths.append(max((n.depth_db for n in engine.rack.notches()), default=0.0))
    assert depths[4] == 6
    assert depths[-1] == 0
    assert 3 in depths


def test_off_it_changes_not_a_bit_and_on_not_either_while_nothing_rings() -> None:
    sound = np.random.default_rng(0).standard_normal((RATE // 64 * 64, 1)).astype(np.float32) * 0.05
    outs = []
    for on in (0.0, 1.0):
        with Engine(1, DRY | {"monitor/1/guard/on": on}) as engine:
            outs.append(engine.process(sound)[0])
    np.testing.assert_array_equal(outs[0], outs[1])
    assert np.abs(outs[0][:, MONITOR]).max() > 0.01
