"""Which moves of a hand are corrections, one rule a test."""

from __future__ import annotations

import pytest

from tests.brain.stage import Stage


def learnt(stage: Stage, kind: str = "level", role: str = "keys") -> float | None:
    """What was believed after the song began, in steps; None: nothing was heard."""
    belief = stage.taste.beliefs.get((kind, role, ""))
    return belief.mean if belief else None


def test_a_correction_that_stays_is_learnt_after_20_s() -> None:
    stage = Stage()
    stage.set({"strip/4/level": 3.0})
    stage.wait(19)
    assert learnt(stage) is None
    stage.wait(2)
    assert learnt(stage) == pytest.approx(3.0 * 9 / 18)          # in a show


def test_soundcheck_counts_for_more() -> None:
    stage = Stage(mode="soundcheck")
    stage.correct("strip/4/level", 3.0)
    assert learnt(stage) == pytest.approx(3.0 * 9 / 11.25)


def test_less_than_1_db_is_nothing() -> None:
    stage = Stage()
    stage.correct("strip/4/level", 0.9)
    assert learnt(stage) is None


def test_what_is_taken_back_within_20_s_was_never_said() -> None:
    stage = Stage()
    stage.set({"strip/4/level": 3.0})
    stage.wait(15)
    stage.set({"strip/4/level": 0.2})
    stage.wait(60)
    assert learnt(stage) is None


@pytest.mark.parametrize("request_of", ["undo", "release"])
def test_undo_and_release_take_it_back_too(request_of: str) -> None:
    stage = Stage()
    stage.set({"strip/4/level": 3.0})
    stage.wait(15)
    stage.do(lambda desk, now: desk.undo("web:phone", now) if request_of == "undo" else desk.release(["strip/4/level"], "web:phone", now))
    stage.wait(60)
    assert learnt(stage) is None


def test_hands_off_between_songs_is_a_new_start_and_no_correction() -> None:
    stage = Stage()
    stage.correct("strip/4/level", 4.0)
    stage.taste.song_ended()
    stage.playing = [False] * 4
    stage.wait(1)
    stage.release()
    before = dict(stage.taste.beliefs)
    stage.playing = [True] * 4
    stage.wait(60)
    assert stage.taste.beliefs == before


def test_hands_off_while_it_plays_is_a_correction_of_what_was_learnt_before() -> None:
    stage = Stage()
    stage.correct("strip/4/level", 4.0)
    stage.taste.song_ended()
    before = stage.taste.beliefs["level", "keys", ""]
    stage.wait(5)
    stage.release()
    stage.wait(25)
    assert learnt(stage) == pytest.approx(before.heard(0.0, 9.0).mean)


def test_a_strip_that_does_not_play_teaches_nothing_until_it_was_heard_for_8_s() -> None:
    stage = Stage()
    stage.playing[3] = False
    stage.correct("strip/4/level", 3.0)
    stage.wait(60)
    assert learnt(stage) is None
    stage.playing[3] = True
    stage.wait(7)
    assert learnt(stage) is None
    stage.wait(2)
    assert learnt(stage) is not None


@pytest.mark.parametrize("setting", [{"strip/4/mute": True}, {"strip/1/solo": True}, {"box/freeze": True}, {"box/depth": 50.0}])
def test_a_hand_that_cannot_hear_the_box_corrects_nobody(setting: dict[str, object]) -> None:
    stage = Stage()
    stage.set(setting)
    stage.correct("strip/4/level", 3.0)
    stage.set({path: 100.0 if path == "box/depth" else False for path in setting})
    stage.wait(60)
    assert learnt(stage) is None


def test_what_is_muted_or_soloed_after_the_touch_is_not_heard() -> None:
    stage = Stage()
    stage.set({"strip/4/level": 3.0})
    stage.set({"strip/2/solo": True})
    stage.wait(60)
    assert learnt(stage) is None
    stage.set({"strip/2/solo": False})
    stage.wait(9)
    assert learnt(stage) is not None


def test_a_lock_keeps_the_box_from_answering_and_so_teaches_nothing() -> None:
    stage = Stage()
    stage.do(lambda desk, now: desk.lock("strip/4", "web:phone", now))
    stage.correct("strip/4/level", 3.0)
    assert learnt(stage) is None


def test_a_fader_pulled_out_is_a_mute() -> None:
    stage = Stage()
    stage.correct("strip/4/level", -40.0)
    stage.correct("strip/4/level", -90.0)
    assert learnt(stage) is None


def test_opposite_corrections_within_a_song_cancel() -> None:
    stage = Stage()
    stage.correct("strip/4/level", 4.0)
    assert learnt(stage) == pytest.approx(2.0)
    stage.correct("strip/4/level", 0.0)
    assert learnt(stage) is None


def test_of_several_corrections_in_a_song_the_last_counts_once() -> None:
    stage = Stage()
    stage.correct("strip/4/level", 4.0)
    stage.correct("strip/4/level", 2.0)
    assert learnt(stage) == pytest.approx(1.0)
    assert stage.taste.beliefs["level", "keys", ""].count == 1


def test_two_strips_of_a_role_are_two_corrections() -> None:
    stage = Stage()
    stage.set({"strip/2/level": 2.0, "strip/3/level": 4.0})
    stage.wait(25)
    assert stage.taste.beliefs["level", "backing_vocal", ""].count == 2
    assert learnt(stage, role="backing_vocal") == pytest.approx((2 + 4) / 3)        # as precise as two, and the start


def test_linked_strips_are_one_source() -> None:
    stage = Stage()
    stage.set({"strip/2/link": True})
    stage.correct("strip/2/level", 3.0)
    assert stage.taste.beliefs["level", "backing_vocal", ""].count == 1


def test_nothing_is_learnt_of_what_carries_no_role() -> None:
    stage = Stage()
    stage.playing = [True] * 5
    stage.correct("strip/5/level", 3.0)
    assert stage.taste.entries() == []


def test_another_role_on_the_strip_starts_anew() -> None:
    stage = Stage()
    stage.set({"strip/4/level": 3.0})
    stage.set({"strip/4/role": "synth"})
    stage.wait(60)
    assert stage.taste.entries() == []


def test_the_boxs_own_moves_are_no_corrections() -> None:
    stage = Stage()
    stage.auto({"strip/4/level": -5.0})
    stage.wait(60)
    assert stage.taste.entries() == []


def test_keep_and_scenes_are_no_corrections_and_what_follows_counts_from_there() -> None:
    stage = Stage()
    stage.auto({"strip/4/level": -5.0})
    stage.do(lambda desk, now: desk.keep(["strip/4"], "web:phone", now))
    stage.wait(60)
    assert stage.taste.entries() == []
    stage.correct("strip/4/level", -3.0)
    assert learnt(stage) == pytest.approx(1.0)
    scene = {"hand": {"strip/4/level": 6.0}, "auto": {}, "texts": {}}
    stage.do(lambda desk, now: desk.recall(scene, "web:phone", now, "scene rock", ["strip/4/level"]))
    stage.wait(60)
    assert learnt(stage) == pytest.approx(1.0)


def test_undo_of_keep_is_no_correction() -> None:
    stage = Stage()
    stage.auto({"strip/4/level": -5.0})
    stage.do(lambda desk, now: desk.keep(["strip/4"], "web:phone", now))
    stage.do(lambda desk, now: desk.undo("web:phone", now))
    stage.wait(60)
    assert stage.taste.entries() == []
    stage.correct("strip/4/level", 2.0)
    assert learnt(stage) == pytest.approx(1.0)


def test_the_present_that_a_watch_begins_with_is_no_correction() -> None:
    stage = Stage()
    stage.desk.set({"strip/4/level": 3.0}, "web:phone", stage.now)
    stage.present()
    stage.wait(60)
    assert stage.taste.entries() == []


def test_width_counts_not_the_side() -> None:
    stage = Stage()
    stage.auto({"strip/4/pan": 0.25, "strip/2/pan": -0.25})
    stage.correct("strip/4/pan", -0.5)                       # to the other side, as wide
    assert learnt(stage, "pan") is None
    stage.correct("strip/2/pan", -0.3)
    assert learnt(stage, "pan", "backing_vocal") == pytest.approx(3.0 / 2)


@pytest.mark.parametrize(("path", "auto", "hand", "kind", "steps"), [
    ("strip/4/eq/1/gain", -1.0, 2.0, "eq_low", 2.0), ("strip/4/eq/4/gain", 0.0, -3.0, "eq_high", -3.0),
    ("strip/4/denoise/amount", 12.0, 6.0, "denoise", -3.0), ("strip/4/comp/threshold", -24.0, -28.0, "comp", -2.0)])
def test_each_kind_is_counted_from_what_the_box_does_in_its_own_steps(path: str, auto: float, hand: float, kind: str, steps: float) -> None:
    stage = Stage()
    stage.auto({path: auto, "strip/4/comp/on": 1})
    stage.correct(path, hand)
    assert learnt(stage, kind) == pytest.approx(steps / 2)


def test_a_band_that_is_no_longer_the_shelf_teaches_nothing_of_lows() -> None:
    for change in ({"strip/4/eq/1/type": "bell"}, {"strip/4/eq/1/frequency": 900.0}):
        stage = Stage()
        stage.set(change)
        stage.correct("strip/4/eq/1/gain", 4.0)
        assert stage.taste.entries() == []


@pytest.mark.parametrize(("setting", "path", "hand"), [
    ({"strip/4/eq/on": False}, "strip/4/eq/1/gain", 4.0), ({"strip/4/comp/on": False}, "strip/4/comp/threshold", -40.0),
    ({"box/denoise": "off"}, "strip/4/denoise/amount", 12.0)])
def test_what_is_switched_off_is_not_heard(setting: dict[str, object], path: str, hand: float) -> None:
    stage = Stage()
    stage.auto({"strip/4/comp/threshold": -20.0})
    stage.set(setting)
    stage.correct(path, hand)
    assert stage.taste.entries() == []


def test_a_compressor_that_the_box_does_not_set_has_no_starting_point_to_learn() -> None:
    stage = Stage()
    stage.set({"strip/4/comp/on": True})
    stage.correct("strip/4/comp/threshold", -40.0)
    assert stage.taste.entries() == []


def test_a_clock_that_is_set_back_only_delays() -> None:
    stage = Stage()
    stage.set({"strip/4/level": 3.0})
    stage.wait(10)
    stage.now -= 3600
    stage.wait(15)
    assert learnt(stage) is None
    stage.wait(10)
    assert learnt(stage) is not None
