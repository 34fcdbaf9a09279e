"""THE table: every path has one place, every knob comes back to where it was, and the two layers blend as the design says."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigbox import params
from gigbox.desk.choices import ORDERS
from gigbox.errors import ParamError
from gigbox.params import OFF_DB, TABLE, Param, find

LEVEL, PAN = find("strip/1/level"), find("strip/1/pan")
HZ, MUTE, KIND = find("strip/1/hpf/frequency"), find("strip/1/mute"), find("strip/1/eq/1/type")
SINCE = {"box/taken": ("off", *(f"strip_{n}" for n in range(1, 33))),
         "main/guard/ringout": ("off", "loud", "quiet"), "monitor/*/guard/ringout": ("off", "loud", "quiet"),
         "box/rta/*/tap": ("off", *(f"strip_{n}" for n in range(1, 33)), "main_left", "main_right", *(f"monitor_{n}" for n in range(1, 7))),
         "box/generator/kind": ("off", "pink", "white", "sine", "sweep", "note", "which"),
         "box/generator/output": ("none", "main_left", "main_right", *(f"monitor_{n}" for n in range(1, 7))),
         "strip/*/input/source": ("none", *(str(n) for n in range(1, 33))),       # released after the last file that held choices by number
         "out/*/bus": ("none", "main_left", "main_right", *(f"monitor_{n}" for n in range(1, 7))),
         "fx/*/division": ("free", "1/16", "1/8t", "1/8", "1/8d", "1/4t", "1/4", "1/4d", "1/2", "1/1")}
ROWS = [pytest.param(p, id=p.path) for p in TABLE]
unit = st.floats(0, 1)


def test_every_path_finds_its_index_and_comes_back() -> None:
    for place, address in enumerate(params.addresses()):
        assert (find(address.path), address.index) == (address, place)


def test_no_two_rows_overlap_and_none_leaves_a_gap() -> None:
    taken = [i for p in TABLE for i in range(params.FIRST[p.path], params.FIRST[p.path] + p.size)]
    assert taken == list(range(params.VALUES))
    assert len({p.path for p in TABLE}) == len(TABLE)


@pytest.mark.parametrize("row", ROWS)
def test_every_default_is_within_its_range_and_every_row_tells_what_it_is(row: Param) -> None:
    for address in params.instances(row):
        assert row.low <= address.default <= row.high
    assert row.about
    assert row.blend in ("add", "override", "hand")
    assert row.taper in ("linear", "log", "fader", "step")


@pytest.mark.parametrize("row", ROWS)
def test_a_knob_shows_the_value_that_it_was_turned_to(row: Param) -> None:
    assert (row.at(0), row.at(1)) == pytest.approx((row.low, row.high))
    for step in range(21):
        value = row.at(step / 20)
        assert row.at(row.position(value)) == pytest.approx(value, abs=1e-9 * (row.high - row.low))
        if row.taper != "step":
            assert row.position(value) == pytest.approx(step / 20, abs=1e-9)


@pytest.mark.parametrize("row", ROWS)
def test_a_knob_turned_further_never_gives_less(row: Param) -> None:
    values = [row.at(step / 50) for step in range(51)]
    assert values == sorted(values)


@pytest.mark.parametrize("row", ROWS)
def test_a_knob_beyond_its_end_stays_at_its_end(row: Param) -> None:
    assert (row.at(-0.5), row.at(1.5)) == (row.at(0), row.at(1))


def test_a_fader_is_finest_around_zero_decibels() -> None:
    assert LEVEL.param.at(0.75) == pytest.approx(0)
    assert LEVEL.param.at(0.775) - LEVEL.param.at(0.75) == pytest.approx(1)
    assert LEVEL.param.text(LEVEL.param.at(0)) == "off"


@given(hand=st.floats(-60, 10), auto=st.floats(-30, 6), depth=unit)
def test_where_layers_add_auto_is_added_by_its_depth(hand: float, auto: float, depth: float) -> None:
    heard = LEVEL.param.effective(hand, auto, depth, LEVEL.default)
    assert heard == pytest.approx(min(max(hand + depth * auto, OFF_DB), 10))


@given(auto=st.floats(-30, 6), depth=unit)
def test_where_nobody_touched_it_auto_is_added_to_the_default(auto: float, depth: float) -> None:
    assert LEVEL.param.effective(None, auto, depth, 0.0) == pytest.approx(depth * auto)


@given(auto=st.none() | st.floats(0, 6), depth=unit)
def test_a_fader_that_is_off_stays_off_whatever_auto_wants(auto: float | None, depth: float) -> None:
    assert LEVEL.param.effective(OFF_DB, auto, depth, 0.0) == OFF_DB


@given(hand=st.floats(16, 400), auto=st.none() | st.floats(16, 400), depth=unit)
def test_where_a_hand_overrides_auto_is_not_heard(hand: float, auto: float | None, depth: float) -> None:
    assert HZ.param.effective(hand, auto, depth, HZ.default) == hand


@given(auto=st.floats(16, 400))
def test_depth_goes_from_the_default_to_auto_along_the_taper(auto: float) -> None:
    heard = [HZ.param.effective(None, auto, depth, HZ.default) for depth in (0, 0.5, 1)]
    assert heard == pytest.approx([HZ.default, math.sqrt(HZ.default * auto), auto])


@pytest.mark.parametrize("row", [pytest.param(p, id=p.path) for p in TABLE if p.taper != "step" and p.blend != "hand"])
@given(auto=unit, hand=st.none() | unit, depth=st.floats(0, 0.99))
def test_turning_the_depth_never_jumps(row: Param, auto: float, hand: float | None, depth: float) -> None:
    default = row.default_of(0)
    wanted = row.at(auto) - (default if row.blend == "add" else 0)
    set_by_hand = None if hand is None else row.at(hand)
    here, there = (row.position(row.effective(set_by_hand, wanted, d, default)) for d in (depth, depth + 0.01))
    assert abs(there - here) <= 0.1 if row.taper == "fader" else abs(there - here) <= 0.0201


@given(auto=st.none() | unit, depth=unit)
def test_what_only_hands_may_set_never_follows_auto(auto: float | None, depth: float) -> None:
    for row in (p for p in TABLE if p.blend == "hand"):
        assert row.effective(None, auto, depth, row.default_of(0)) == row.default_of(0)


@pytest.mark.parametrize("row", ROWS)
def test_at_depth_zero_the_box_is_a_plain_mixer(row: Param) -> None:
    assert row.effective(None, row.at(0.3), 0.0, row.default_of(0)) == row.default_of(0)


def test_a_choice_is_taken_by_name_and_by_number() -> None:
    assert KIND.param.check("high_shelf", KIND.path) == KIND.param.check(2, KIND.path) == 2.0
    assert KIND.param.text(2.0) == "high_shelf"


def test_a_switch_alone_takes_true_and_false() -> None:
    assert (MUTE.param.check(True, MUTE.path), MUTE.param.check(False, MUTE.path), MUTE.param.check("on", MUTE.path)) == (1.0, 0.0, 1.0)
    for path in ("strip/1/level", "strip/1/eq/1/type", "strip/1/hum/harmonics", "box/mode"):
        with pytest.raises(ParamError, match=f"^{path}: True is not a number"):
            find(path).param.check(True, path)


@pytest.mark.parametrize(("path", "value", "text"), [
    ("strip/3/level", 40, "strip/3/level: 40 dB is above 10 dB"),
    ("strip/3/gate/threshold", -120, "strip/3/gate/threshold: -120 dB is below -90 dB"),
    ("strip/3/pan", 1.5, "strip/3/pan: 1.5 is above 1"),
    ("strip/3/level", math.nan, "strip/3/level: nan is not a number"),
    ("strip/3/level", -math.inf, "strip/3/level: -inf is not a number"),
    ("strip/3/level", None, "strip/3/level: None is not a number"),
    ("strip/3/level", "loud", "strip/3/level: 'loud' is not a number"),
    ("strip/3/mute", "perhaps", "strip/3/mute: 'perhaps' is not one of off, on"),
    ("strip/3/eq/1/type", [2], "strip/3/eq/1/type: [2] is not a number or one of bell, low_shelf, high_shelf"),
])
def test_a_bad_value_is_told_with_what_was_expected(path: str, value: object, text: str) -> None:
    with pytest.raises(ParamError) as error:
        find(path).param.check(value, path)
    assert str(error.value) == text


@pytest.mark.parametrize(("path", "text"), [
    ("strip/33/level", "strip/33/level: 33 is not in 1..32"),
    ("strip/1/eq/5/gain", "strip/1/eq/5/gain: 5 is not in 1..4"),
    *((path, f"{path}: no such parameter") for path in (
        "", "/", "strip", "strip/1", "strip/0/level", "strip/01/level", "strip/-1/level", "strip/1.0/level", "strip/*/level", "strip/1/level/",
        " strip/1/level", "strip/1/LEVEL", "main/1/level", "strip//level", "strip/99999/level", "strip/1/name")),
])
def test_a_bad_path_is_told(path: str, text: str) -> None:
    with pytest.raises(ParamError) as error:
        find(path)
    assert str(error.value) == text


@given(st.text(alphabet="strip/levqgan0123456789*", max_size=24) | st.text(max_size=12))
def test_any_text_is_a_path_or_a_one_line_error(path: str) -> None:
    try:
        found = find(path)
    except ParamError as error:
        told = str(error)
        assert told.startswith(path)
    else:
        assert found.path == path


@pytest.mark.parametrize(("path", "there"), [
    ("strip/3/name", True), ("box/song", True), ("strip/33/name", False), ("monitor/7/name", False), ("strip/*/name", False), ("strip/3/level", False),
])
def test_texts_are_found_where_they_are(path: str, there: bool) -> None:
    assert (params.find_text(path) is not None) == there


@pytest.mark.parametrize("path", [p.path for p in TABLE if p.choices])
def test_choices_are_only_ever_appended(path: str) -> None:
    found = params.find(path.replace("*", "1")).param.choices
    released = params.SWITCH if found[:2] == params.SWITCH else (ORDERS | SINCE)[path]
    assert found[: len(released)] == released, f"{path}: old files and cores know choices by number; expected new ones behind the last"


@pytest.mark.parametrize("row", [p for p in TABLE if p.choices], ids=lambda p: p.path)
def test_the_numbers_of_old_files_find_their_names(row: Param) -> None:
    for number, name in enumerate(row.choices):
        assert (row.text(number), row.check(name, row.path), row.check(float(number), row.path)) == (name, number, number)


LEVEL_ROW = LEVEL.param
CHANGES = {"a name": replace(LEVEL_ROW, path="strip/*/fader"), "how many there are": replace(LEVEL_ROW, path="monitor/*/level"),
           "a unit": replace(LEVEL_ROW, unit="%"),
           "a lower end": replace(LEVEL_ROW, low=-80), "an upper end": replace(LEVEL_ROW, high=12), "a default": replace(LEVEL_ROW, default=-90),
           "a taper": replace(LEVEL_ROW, taper="linear"), "a blend": replace(LEVEL_ROW, blend="override"), "choices": replace(LEVEL_ROW, choices=params.SWITCH)}


def table_with(row: Param) -> tuple[Param, ...]:
    return tuple(row if p == LEVEL_ROW else p for p in TABLE)


@pytest.mark.parametrize("change", CHANGES)
def test_tables_that_mean_different_things_have_different_hashes(change: str) -> None:
    assert params.table_hash(table_with(CHANGES[change])) != params.table_hash(TABLE)


def test_the_hash_knows_the_order_of_rows_and_of_choices() -> None:
    role, turned = find("strip/1/role").param, [*TABLE[:1], TABLE[2], TABLE[1], *TABLE[3:]]
    other = replace(role, choices=(*role.choices[:1], *role.choices[:0:-1]))
    assert len({params.table_hash(rows) for rows in (TABLE, turned, TABLE[:-1], [other, *TABLE[1:]])}) == 4


def test_words_about_a_row_change_no_hash() -> None:
    assert params.table_hash(table_with(replace(LEVEL_ROW, about="otherwise said", acts="gate"))) == params.table_hash(TABLE)


def test_what_is_wrong_is_told_in_one_line() -> None:
    with pytest.raises(ParamError) as told:
        params.find("box/style").param.check("\n", "box/style")
    assert "\n" not in str(told.value)
