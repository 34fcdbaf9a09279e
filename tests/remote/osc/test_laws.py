"""The console's numbers, on its grid, there and back."""

from __future__ import annotations

import pytest

from gigbox import params
from gigbox.remote.osc import tree
from gigbox.remote.osc import vocabulary as v
from gigbox.remote.osc.laws import Law, Scale


@pytest.mark.parametrize(("position", "db"), [(1, 10), (0.75, 0), (0.5, -10), (0.25, -30), (0.0625, -60), (0, -90)])
def test_a_fader_is_the_console_s_four_lines(position: float, db: float) -> None:
    assert v.FADER.heard(position) == (db,)
    assert v.FADER.wire([db]) == pytest.approx(position, abs=0.5 / 1023)


@pytest.mark.parametrize(("law", "steps"), [(v.FADER, 1024), (v.LEVEL, 161), (v.PAN, 101), (v.HEADAMP, 145), (v.FREQUENCY, 201), (v.Q, 72), (v.HPF, 101)])
def test_every_step_of_the_grid_comes_back_as_it_was_and_what_is_between_goes_to_the_next(law: Scale, steps: int) -> None:
    for step in range(steps):
        wire = step / (steps - 1)
        assert law.wire(law.heard(wire)) == wire
        assert law.wired(wire + 0.3 / (steps - 1)) == pytest.approx(wire, abs=1e-9) or step == steps - 1


@pytest.mark.parametrize(("law", "wire", "heard"), [
    (v.HPF, 0, 20), (v.HPF, 1, 400), (v.Q, 0, 10), (v.Q, 1, 0.3), (v.GAIN, 0, -15), (v.PAN, 0, -1), (v.PAN, 1, 1), (v.HEADAMP, 1, 60), (v.RELEASE, 1, 4000),
    (v.HOLD, 0, 0.02), (v.KNEE, 1, 24), (v.OUT, 0, 1), (v.ON, 1, 1), (v.RATIO, 11, 100), (v.GATE, 3, 100), (v.KIND, 4, 2), (v.TAP, 4, 1), (v.COLOUR, 4, 7)])
def test_laws_mean_what_the_console_means(law: Law, wire: float, heard: float) -> None:
    assert law.heard(wire) == (pytest.approx(heard),)
    assert law.wire([heard]) == wire


def test_clients_send_whole_numbers_for_floats_texts_for_numbers_and_names_for_choices() -> None:
    assert (v.FADER.wired(1), v.FADER.wired("0.75"), v.FADER.wired(7)) == (1.0, pytest.approx(0.75, abs=1e-3), 1.0)
    assert (v.ON.wired(1.0), v.ON.wired("OFF"), v.RATIO.wired(2.9), v.RATIO.wired(99), v.KIND.wired("PEQ")) == (1, 0, 3, 11, 2)
    assert v.NAME.wired("An\nna\u202e " + "x" * 99) == "Anna " + "x" * 27


@pytest.mark.parametrize("law", [v.FADER, v.ON, v.RATIO, v.MASK, v.NAME])
@pytest.mark.parametrize("arg", [None, b"blob"])
def test_what_means_nothing_is_a_value_error(law: Law, arg: bytes | None) -> None:
    with pytest.raises(ValueError, match="expected"):
        law.wired(arg)


@pytest.mark.parametrize(("law", "wire", "token"), [
    (v.FADER, 0.0, "  -oo"), (v.FADER, 0.75, " -0.0"), (v.FREQUENCY, 0.5, "632.5"), (v.FREQUENCY, 1.0, "20k00"), (v.GAIN, 1.0, "+15.00"), (v.PAN, 0.5, "+0"),
    (v.MASK, 5, "%0101"), (v.OUT, 1, "ON"), (v.RATIO, 3, "2.0"), (v.NAME, "A 'b'", "\"A 'b'\"")])
def test_tokens_are_those_of_scene_files(law: Law, wire: float | str, token: str) -> None:
    assert law.token(law.wired(wire)).replace("-0.0", "0.0") == token.replace("-0.0", "0.0")
    assert law.read(token.strip('"')) == law.wired(wire)


def test_every_address_has_a_path_of_the_table_or_a_constant_that_its_law_knows() -> None:
    assert len(tree.ENTRIES) > 3000
    for entry in tree.ENTRIES.values():
        for path in entry.paths:
            assert params.find_text(path) or params.find(path)
        assert entry.law.wired(entry.start) == entry.start
        if entry.paths and not entry.either and not params.find_text(entry.paths[0]):
            defaults = [params.find(path).default for path in entry.paths]
            told = entry.law.wire(defaults)
            assert entry.law.wired(told) == told, entry.address
        assert entry.law.read(entry.law.token(entry.start).strip().strip('"')) == entry.start, entry.address


@pytest.mark.parametrize("path", ["strip/16/level", "strip/1/mute", "monitor/6/level", "main/mute", "group/4/level", "strip/9/send/6/level",
                                  "strip/2/fxsend/2/level", "strip/5/eq/4/gain", "main/eq/4/frequency", "monitor/3/geq/31/gain", "strip/1/comp/ratio",
                                  "strip/1/gate/threshold",
                                  "fx/2/send/6/level", "strip/7/share/weight", "strip/3/group/2/on", "strip/15/link", "monitor/5/link", "strip/4/name",
                                  "monitor/2/name", "strip/4/solo"])
def test_what_a_mix_is_made_of_has_an_address(path: str) -> None:
    assert path in tree.OF_PATH
