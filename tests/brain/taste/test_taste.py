"""Taste: what it applies and when, how people see and change it, and that it outlasts the box."""

from __future__ import annotations

import contextlib
import json
import math
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gigbox import params
from gigbox.brain.taste.belief import KINDS, MOST, Belief
from gigbox.brain.taste.file import TasteFile, from_text, load, save, to_text
from gigbox.brain.taste.taste import Taste
from gigbox.errors import GigboxError, TasteError
from tests.brain.stage import Stage

LEVEL, KEYS = ("level", "keys", "rock"), ("level", "keys", "")


def corrected(decibels: float = 4.0) -> Stage:
    """A song was played, its keys corrected by hand, and the hand stands."""
    stage = Stage()
    assert stage.taste.offset(*LEVEL) == 0
    stage.correct("strip/4/level", decibels)
    stage.wait(30)
    return stage


def test_nothing_moves_in_the_song_that_taught_it() -> None:
    stage = corrected()
    assert stage.taste.beliefs[KEYS].mean == pytest.approx(2.0)
    assert stage.taste.offset(*LEVEL) == 0


def test_nothing_moves_under_the_hand_that_taught_it() -> None:
    stage = corrected()
    stage.taste.song_ended()
    assert stage.taste.offset(*LEVEL) == 0


def test_the_next_song_without_that_hand_starts_from_it_as_far_as_it_is_known() -> None:
    stage = corrected()
    stage.release()
    stage.taste.song_ended()
    sure = 1 - (4.5 + 0.05) / 9
    assert stage.taste.offset(*LEVEL) == pytest.approx(2.0 * sure)


def test_a_correction_counts_on_top_of_what_was_applied() -> None:
    stage = Stage()
    stage.taste.beliefs[KEYS] = Belief(3.0, 3.0)                     # applied: 2 dB
    assert stage.taste.offset(*LEVEL) == pytest.approx(2.0)
    stage.correct("strip/4/level", 2.0)                              # so 4 dB are liked: K = 3 / 12
    assert stage.taste.beliefs[KEYS].mean == pytest.approx(3.0 + 0.25)


def test_a_hand_that_stands_since_the_last_song_is_not_counted_twice() -> None:
    stage = corrected()
    stage.taste.song_ended()
    stage.taste.offset(*LEVEL)
    before = stage.taste.beliefs[KEYS]
    stage.wait(60)
    stage.taste.song_ended()                                         # untouched: a faint yes to the 4 dB that are heard
    assert stage.taste.beliefs[KEYS] == before.accepted(4.0).older()


def test_what_was_never_corrected_is_not_believed_to_be_right() -> None:
    stage = Stage()
    stage.wait(60)
    stage.taste.song_ended()
    assert stage.taste.beliefs == {}


def test_a_role_that_did_not_play_was_not_accepted() -> None:
    stage = corrected()
    stage.release()
    stage.taste.song_ended()
    before = stage.taste.beliefs[KEYS]
    stage.playing = [True, True, True, False]
    stage.wait(60)
    stage.taste.song_ended()
    assert stage.taste.beliefs[KEYS] == before.older()


@pytest.mark.parametrize("setting", [{"strip/4/mute": True}, {"box/depth": 0.0}, {"box/freeze": True}])
def test_what_nobody_heard_the_box_do_was_not_accepted(setting: dict[str, object]) -> None:
    stage = corrected()
    stage.release()
    stage.taste.song_ended()
    before = stage.taste.beliefs[KEYS]
    stage.set(setting)
    stage.wait(60)
    stage.taste.song_ended()
    assert stage.taste.beliefs[KEYS] in (before, before.older())


def test_a_song_in_which_nothing_played_was_none() -> None:
    stage = corrected()
    stage.taste.song_ended()
    before = dict(stage.taste.beliefs)
    stage.taste.song_ended()
    assert stage.taste.beliefs == before


def test_a_new_soundcheck_begins_with_what_was_learnt() -> None:
    stage = corrected()
    stage.release()
    stage.set({"box/mode": "soundcheck"})
    stage.wait(0.5)
    assert stage.taste.offset(*LEVEL) > 0.9


def test_a_style_has_its_own_liking_and_starts_from_that_of_all() -> None:
    stage = corrected()
    stage.release()
    stage.set({"box/style": "jazz"})
    stage.wait(0.5)
    first = stage.taste.offset("level", "keys", "jazz")
    assert 0 < first < stage.taste.offset(*LEVEL) + 1e-9
    stage.correct("strip/4/level", -4.0)
    stage.release()
    stage.taste.song_ended()
    jazz, rock = stage.taste.offset("level", "keys", "jazz"), stage.taste.offset(*LEVEL)
    assert jazz < first
    assert rock > jazz
    assert {e.style for e in stage.taste.entries()} == {"", "jazz", "rock"}


def test_off_is_off() -> None:
    stage = corrected()
    stage.release()
    stage.taste.song_ended()
    stage.set({"box/taste": "off"})
    assert stage.taste.on is False
    assert stage.taste.offset(*LEVEL) == 0
    before = to_text(stage.taste)
    stage.correct("strip/4/level", -5.0)
    stage.wait(60)
    stage.taste.song_ended()
    assert json.loads(to_text(stage.taste))["likes"] == json.loads(before)["likes"]


def test_on_again_nothing_moves_under_hands_that_were_set_while_it_was_off() -> None:
    stage = corrected()
    stage.release()
    stage.taste.song_ended()
    assert stage.taste.offset(*LEVEL) > 0
    stage.set({"box/taste": "off"})
    stage.set({"strip/4/level": 3.0})
    stage.set({"box/taste": "on"})
    stage.wait(60)
    assert stage.taste.offset(*LEVEL) == 0
    stage.taste.song_ended()
    assert stage.taste.offset(*LEVEL) == 0


def test_it_says_in_words_what_it_learnt() -> None:
    stage = Stage()
    stage.taste.beliefs = {("level", "backing_vocal", ""): Belief(2.8, 2.25, 5), ("level", "backing_vocal", "jazz"): Belief(1.0, 4.5, 1),
                           ("pan", "keys", ""): Belief(-2.0, 0.9, 1), ("denoise", "speech", ""): Belief(-3.0, 4.5, 2)}
    assert [e.sentence for e in stage.taste.told()] == [
        "You like backing vocals 2.1 dB louder (5 corrections)", "You like backing vocals 0.5 dB louder in jazz (1 correction)",
        "You like speech 3.0 dB less of noise reduction (2 corrections)", "You like keys 0.18 narrower (1 correction)"]


def test_a_style_that_does_not_differ_is_not_worth_a_line() -> None:
    stage = corrected()
    assert [e.style for e in stage.taste.entries()] == ["", "rock"]
    assert [e.style for e in stage.taste.told()] == [""]


def test_what_is_forgotten_is_gone_at_once_even_under_a_hand() -> None:
    stage = corrected()
    stage.taste.set("level", "lead_vocal", "", 2.0)
    assert stage.taste.erase("keys") == 2                            # for all styles, and for rock
    assert stage.taste.offset(*LEVEL) == 0
    stage.wait(60)
    stage.taste.song_ended()
    assert [(e.role, e.kind) for e in stage.taste.entries()] == [("lead_vocal", "level")]
    assert stage.taste.erase(kind="pan") == 0
    assert stage.taste.erase() == 1
    assert stage.taste.entries() == []


def test_what_is_forgotten_in_mid_song_does_not_come_back_and_other_roles_go_on() -> None:
    stage = Stage()
    stage.set({"strip/4/level": 4.0, "strip/1/level": 2.0})
    stage.wait(15)
    stage.taste.set("level", "keys", "", 1.0)
    stage.taste.erase("keys")
    stage.wait(15)
    assert [(e.role, e.count) for e in stage.taste.told()] == [("lead_vocal", 1)]
    stage.taste.erase("lead_vocal")
    stage.wait(60)
    stage.taste.song_ended()
    assert stage.taste.entries() == []


def test_what_a_person_sets_is_applied_exactly_and_can_still_be_corrected() -> None:
    stage = Stage()
    stage.taste.offset(*LEVEL)
    stage.taste.set("level", "keys", "", -2.5)
    assert stage.taste.offset(*LEVEL) == pytest.approx(-2.5)
    stage.taste.set("pan", "keys", "rock", 0.3)
    assert stage.taste.offset("pan", "keys", "rock") == pytest.approx(0.3)
    assert stage.taste.offset("pan", "keys", "jazz") == 0
    stage.correct("strip/4/level", 2.5)
    assert stage.taste.beliefs[KEYS].mean > -2.5 / (8 / 9)


@pytest.mark.parametrize(("change", "told"), [
    (("level", "kazoo", "", 1.0), "role: 'kazoo' is not one of lead_vocal, backing_vocal"),
    (("send", "keys", "", 1.0), "kind: 'send' is not one of level, eq_low"),
    (("level", "keys", "polka", 1.0), "style: 'polka' is not one of pop, rock"), (("level", "keys", "", 6.5), "keys/level: 6.5 dB is not within -6..6 dB"),
    (("pan", "keys", "", -0.7), "keys/pan: -0.7 is not within -0.6..0.6"), (("level", "keys", "", math.nan), "keys/level: nan dB is not within -6..6 dB"),
    (("denoise", "keys", "", 13.0), "keys/denoise: 13 dB is not within -12..12 dB"), (("level", "unused", "", 1.0), "role: 'unused' is not one of lead_vocal")])
def test_what_nobody_may_like_is_refused_by_name(change: tuple[str, str, str, float], told: str) -> None:
    taste = Taste()
    with pytest.raises(TasteError, match=f"^{told}"):
        taste.set(*change)
    assert taste.entries() == []


def test_what_nobody_can_forget_is_refused_by_name() -> None:
    with pytest.raises(TasteError, match=r"^role: 'kazoo' is not one of"):
        Taste().erase("kazoo")
    with pytest.raises(TasteError, match=r"^kind: 'gain' is not one of"):
        Taste().erase(kind="gain")


def test_it_outlasts_the_box(tmp_path: Path) -> None:
    stage = corrected()
    stage.taste.set("pan", "lead_vocal", "jazz", -0.15)
    save(stage.taste, tmp_path / "taste.json")
    again = load(tmp_path / "taste.json", pytest.fail)
    assert all(belief.like(again.beliefs[key]) for key, belief in stage.taste.beliefs.items())
    assert [e.sentence for e in again.entries()] == [e.sentence for e in stage.taste.entries()]
    assert again.in_use == pytest.approx(stage.taste.in_use)


def test_after_a_restart_nothing_moves_under_the_hand_that_taught_it(tmp_path: Path) -> None:
    stage = corrected()
    save(stage.taste, tmp_path / "taste.json")
    stage.taste = load(tmp_path / "taste.json", pytest.fail)
    stage.present()
    assert stage.taste.offset(*LEVEL) == 0
    stage.release()
    stage.taste.song_ended()
    assert stage.taste.offset(*LEVEL) > 0.9


def test_no_file_is_no_trouble(tmp_path: Path) -> None:
    assert load(tmp_path / "taste.json", pytest.fail).entries() == []


GOOD = {"format": 1, "likes": {"keys": {"level": {"all": {"like": 2.0, "sure": 0.5, "count": 1}}}}, "in_use": {}}


@pytest.mark.parametrize(("content", "told"), [
    ("{half", "not JSON, expected what `gigbox taste --json` writes"), ("[]", "format None, expected 1"), ('{"format": 9}', "format 9, expected 1"),
    ('{"format": 1}', "likes: None, expected an object"), ({"likes": {"kazoo": {"level": {}}}}, None),
    ({"likes": {"kazoo": {"level": {"all": {}}}}}, "role: 'kazoo' is"),
    ({"likes": {"keys": {"level": {"all": {"like": 7, "sure": 0.5}}}}}, "keys/level: like is 7, expected -6 to 6"),
    ({"likes": {"keys": {"level": {"all": {"like": "loud", "sure": 0.5}}}}}, "keys/level: like is 'loud', expected a number"),
    ({"likes": {"keys": {"level": {"all": {"like": 1, "sure": 1.5}}}}}, "keys/level: sure is 1.5, expected 0 to 1"),
    ({"likes": {"keys": {"pan": {"all": {"like": 0.9, "sure": 0.5}}}}}, "keys/pan: like is 0.9, expected -0.6 to 0.6"),
    ({"likes": {"keys": {"level": 3}}}, "keys/level: 3, expected an object"),
    ({"in_use": {"keys": {"level": math.inf}}}, "keys/level: in_use is inf, expected a number"),
    ("\x00" * 1_000_001, "more than 1000000 bytes")])
def test_a_broken_file_is_one_line_and_kept_aside(tmp_path: Path, content: str | dict[str, object], told: str | None) -> None:
    path, lines = tmp_path / "taste.json", list[str]()
    path.write_text(content if isinstance(content, str) else json.dumps(GOOD | content))
    taste = load(path, lines.append)
    assert taste.entries() == []
    assert not taste.in_use
    if told is None:
        assert lines == []
        return
    assert len(lines) == 1
    assert lines[0].startswith(f"{path}: {told}")
    assert lines[0].endswith("; kept aside as taste.json.broken, taste starts with nothing")
    assert [p.name for p in tmp_path.iterdir()] == ["taste.json.broken"]


def test_a_second_broken_file_does_not_take_the_place_of_the_first(tmp_path: Path) -> None:
    for content in ("one", "two"):
        (tmp_path / "taste.json").write_text(content)
        load(tmp_path / "taste.json", lambda line: None)
    assert [(tmp_path / f"taste.json.broken{n}").read_text() for n in ("", 1)] == ["one", "two"]


def test_bytes_that_are_no_text_are_a_broken_file(tmp_path: Path) -> None:
    (tmp_path / "taste.json").write_bytes(b"{\xff}")
    lines = list[str]()
    load(tmp_path / "taste.json", lines.append)
    assert "not UTF-8" in lines[0]


def kept(tmp_path: Path, lines: list[str] | None = None) -> tuple[Stage, TasteFile]:
    file = TasteFile(tmp_path / "taste.json", lines.append if lines is not None else pytest.fail)
    return Stage(file.taste), file


def play(stage: Stage, file: TasteFile, seconds: float) -> None:
    for _ in range(round(seconds / 0.5)):
        stage.now += 0.5
        file.tick(stage.now, stage.playing)


def test_what_is_learnt_is_on_disk_at_once(tmp_path: Path) -> None:
    stage, file = kept(tmp_path)
    stage.set({"strip/4/level": 4.0})
    play(stage, file, 25)
    assert load(tmp_path / "taste.json", pytest.fail).entries() == stage.taste.entries() != []


def test_songs_end_by_themselves_and_the_next_begins_with_what_was_learnt(tmp_path: Path) -> None:
    stage, file = kept(tmp_path)
    stage.taste.offset(*LEVEL)
    stage.set({"strip/4/level": 4.0})
    play(stage, file, 60)
    stage.playing = [True, False, False, False]                      # somebody talks between the songs
    stage.release()
    play(stage, file, 10)
    assert stage.taste.offset(*LEVEL) > 0.9


def test_an_edit_of_the_file_is_taken_over_and_what_is_being_learnt_goes_on(tmp_path: Path) -> None:
    stage, file = kept(tmp_path)
    stage.taste.offset(*LEVEL)
    stage.set({"strip/4/level": 4.0})
    play(stage, file, 10)
    other = Taste()
    other.set("level", "lead_vocal", "", 1.5)
    save(other, tmp_path / "taste.json")
    play(stage, file, 15)
    assert stage.taste.offset("level", "lead_vocal", "rock") == pytest.approx(1.5)
    assert {e.role for e in load(tmp_path / "taste.json", pytest.fail).entries()} == {"lead_vocal", "keys"}


def test_what_was_forgotten_by_an_edit_does_not_come_back(tmp_path: Path) -> None:
    stage, file = kept(tmp_path)
    stage.set({"strip/4/level": 4.0})
    play(stage, file, 25)
    save(Taste(), tmp_path / "taste.json")
    play(stage, file, 60)
    stage.playing = [False] * 4
    play(stage, file, 10)
    assert stage.taste.entries() == load(tmp_path / "taste.json", pytest.fail).entries() == []


def test_a_file_broken_by_an_edit_is_told_and_what_was_learnt_stays(tmp_path: Path) -> None:
    lines = list[str]()
    stage, file = kept(tmp_path, lines)
    stage.set({"strip/4/level": 4.0})
    play(stage, file, 25)
    (tmp_path / "taste.json").write_text("{")
    play(stage, file, 3)
    assert lines == [f"{tmp_path / 'taste.json'}: not JSON, expected what `gigbox taste --json` writes; what was learnt stays"]
    assert stage.taste.entries() != []


def test_a_disk_that_says_no_is_told_once_and_the_box_goes_on(tmp_path: Path) -> None:
    lines = list[str]()
    stage, file = kept(tmp_path / "gone", lines)
    for decibels in (4.0, 2.0):
        stage.set({"strip/4/level": decibels})
        play(stage, file, 25)
    assert len(lines) == 1
    assert lines[0].endswith("No such file or directory; what is learnt now is lost with the power")
    assert stage.taste.beliefs[KEYS].mean == pytest.approx(1.0)


def test_a_file_that_cannot_be_read_is_not_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A card in trouble, or a file of root's: what years taught is in it."""
    other = Taste()
    other.set("level", "lead_vocal", "", 1.5)
    save(other, tmp_path / "taste.json")
    before, lines = (tmp_path / "taste.json").read_bytes(), list[str]()
    with monkeypatch.context() as patch:
        def refuse(path: Path) -> str:
            raise OSError(5, "Input/output error", str(path))
        patch.setattr("gigbox.brain.taste.file.read_text", refuse)
        stage, file = kept(tmp_path, lines)
        stage.set({"strip/4/level": 4.0})
        play(stage, file, 25)
    assert (tmp_path / "taste.json").read_bytes() == before
    told = f"{tmp_path / 'taste.json'}: Input/output error; "
    assert lines == [f"{told}taste starts with nothing", f"{told}what is learnt now is lost with the power"]
    stage.set({"strip/4/level": 6.0})
    play(stage, file, 25)
    assert {e.role for e in load(tmp_path / "taste.json", pytest.fail).entries()} == {"lead_vocal", "keys"}


def test_the_lock_that_a_shell_of_root_makes_is_the_boxs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[tuple[str, int]] = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "fchown", lambda handle, user, group: given.append((Path(os.readlink(f"/proc/self/fd/{handle}")).name, user)))
    _, file = kept(tmp_path)
    file.save()
    owner = tmp_path.stat().st_uid
    assert given == [(".taste.json.lock", owner), (".taste.json.part", owner)]


NUMBERS = st.floats(-90, 10)
MOVES = st.one_of(
    st.tuples(st.just("level"), st.integers(1, 4), NUMBERS), st.tuples(st.just("pan"), st.integers(1, 4), st.floats(-1, 1)),
    st.tuples(st.just("eq/1/gain"), st.integers(1, 4), st.floats(-18, 18)), st.tuples(st.just("denoise/amount"), st.integers(1, 4), st.floats(0, 24)),
    st.tuples(st.just("comp/threshold"), st.integers(1, 4), st.floats(-60, 0)), st.tuples(st.just("mute"), st.integers(1, 4), st.booleans()),
    st.tuples(st.just("solo"), st.integers(1, 4), st.booleans()), st.tuples(st.just("link"), st.integers(1, 3), st.booleans()),
    st.tuples(st.just("role"), st.integers(1, 4), st.sampled_from(params.ROLES)))
BOX = st.one_of(st.tuples(st.just("box/depth"), st.floats(0, 100)), st.tuples(st.just("box/style"), st.sampled_from(params.STYLES)),
                st.tuples(st.just("box/mode"), st.sampled_from(["soundcheck", "show"])), st.tuples(st.just("box/taste"), st.booleans()))
DEEDS = st.one_of(st.tuples(st.just("hand"), MOVES), st.tuples(st.just("auto"), MOVES), st.tuples(st.just("box"), BOX),
                  st.tuples(st.sampled_from(["release", "keep", "undo", "song", "save", "forget"]), st.none()))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(DEEDS, st.sampled_from([0.5, 5, 12, 30])), max_size=25))
def test_whatever_hands_do_no_offset_leaves_its_bounds(deeds: list[tuple[tuple[str, object], float]]) -> None:
    stage = Stage()
    for (deed, what), seconds in deeds:
        _do(stage, deed, what)
        stage.wait(seconds, step=0.5 if seconds < 1 else 1.0)
        for kind in KINDS:
            for role in ("lead_vocal", "keys"):
                offset = stage.taste.offset(kind, role, "rock")
                assert math.isfinite(offset)
                assert abs(offset) <= MOST * KINDS[kind].step
                assert stage.taste.on or offset == 0
    again = from_text(to_text(stage.taste))
    assert again.beliefs.keys() == stage.taste.beliefs.keys()
    assert all(belief.like(again.beliefs[key]) for key, belief in stage.taste.beliefs.items())


def _do(stage: Stage, deed: str, what: object) -> None:
    with contextlib.suppress(GigboxError):        # the desk refused; nothing happened
        if deed in ("hand", "auto"):
            name, strip, value = what      # type: ignore[misc]
            (stage.set if deed == "hand" else stage.auto)({f"strip/{strip}/{name}": value})
        elif deed == "box":
            stage.set(dict([what]))      # type: ignore[list-item]
        elif deed == "song":
            stage.taste.song_ended()
        elif deed == "forget":
            stage.taste.erase("keys")
        elif deed == "save":
            stage.taste.adopt(from_text(to_text(stage.taste)))
        elif deed == "undo":
            stage.do(lambda desk, now: desk.undo("web:phone", now))
        else:
            stage.do(lambda desk, now: getattr(desk, deed)(["strip"], "web:phone", now))


def test_a_lock_file_is_all_that_stays_beside_it(tmp_path: Path) -> None:
    _, file = kept(tmp_path)
    file.save()
    assert sorted(os.listdir(tmp_path)) == [".taste.json.lock", "taste.json"]
