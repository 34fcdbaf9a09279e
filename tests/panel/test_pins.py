"""What is soldered where: a file that is wrong is told line by line, before anything is touched."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigbox.errors import PanelError
from gigbox.panel import pins
from gigbox.panel.parts.gpio import find_chip

FAULTS = [
    ("[display]\nchip = 'ssd9999'", "x.toml: display.chip: 'ssd9999', expected one of ssd1306, ssd1309, sh1106"),
    ("[display]\nbus = 'usb'", "x.toml: display.bus: 'usb', expected i2c or spi"),
    ("[display]\naddress = 'x'", "x.toml: display.address: 'x', expected a whole number"),
    ("[knobs]", "x.toml: knobs: no part of a panel, expected one of display, pots, buttons, leds, expanders, encoders, events"),
    ("display = 3", "x.toml: display: 3, expected a table"),
    ("[display]\ncolour = 'red'", "x.toml: display.colour: not known, expected one of chip, bus, port, address, select, dc, reset, turned"),
    ("[buttons]\nauto = 'pin7'", "x.toml: auto: 'pin7' is no line, expected gpio0 to gpio27, or EXPANDER.A0 to .B7"),
    ("[buttons]\nauto = 'gpio19'", "x.toml: auto: gpio19 belongs to the sound card, expected another"),
    ("[buttons]\nauto = 'gpio2'", "x.toml: auto: gpio2 belongs to I2C, expected another"),
    ("[buttons]\nauto = 'y.A1'", "x.toml: auto: y.A1, but there is no expanders.y"),
    ("[buttons]\nauto = 'gpio12'\nmute = 'gpio12'", "x.toml: mute: gpio12 is auto already"),
    ("[expanders.x]\n[buttons]\nauto = 'x.A7'", "x.toml: auto: x.A7 can only be an output, expected another"),
    ("[expanders.x]\ninterrupt = 'x.A1'", "x.toml: expanders.x.interrupt: x.A1 is an expander's, expected a line of the Pi"),
    ("[expanders.x]\naddress = 0x3c\n[display]", "x.toml: display: sits where expanders.x does (i2c 1, 0x3c), expected a place of its own"),
    ("[encoders.1]\na = 'gpio12'", "x.toml: encoders.1: has no a or no b, expected both lines"),
    ("[encoders.3]\na = 'gpio12'\nb = 'gpio13'", "x.toml: encoders.3: expected encoders.1, which walks, and encoders.2, which changes"),
    ("[encoders.1]\na = 'gpio12'\nb = 'gpio13'\nquarters = 3", "x.toml: encoders.1.quarters: 3, expected 2 or 4"),
    ("[pots]\ninputs = [0, 9]", "x.toml: pots.inputs: [0, 9], expected at most 8 of 0 to 7"),
    ("[leds]\nstrips = [1]", "x.toml: leds/strip_1: 1 is no line, expected gpio0 to gpio27, or EXPANDER.A0 to .B7"),
    ("[events]\n'/dev/input/event0' = 'knob'", "x.toml: events: /dev/input/event0 is 'knob', expected one of encoder_1, encoder_2, auto, mute"),
]


@pytest.mark.parametrize(("text", "fault"), FAULTS)
def test_a_fault_is_one_line_with_the_thing_the_value_and_what_was_expected(text: str, fault: str) -> None:
    with pytest.raises(PanelError) as told:
        pins.read(text, "x.toml")
    assert str(told.value) == fault


def test_every_fault_of_a_file_is_told_at_once() -> None:
    with pytest.raises(PanelError) as told:
        pins.read("[buttons]\nauto = 'gpio19'\nmute = 'gpio2'", "x.toml")
    assert len(str(told.value).splitlines()) == 2


def test_no_toml_is_one_line() -> None:
    with pytest.raises(PanelError, match=r"^x.toml: .*, expected TOML$"):
        pins.read("[[", "x.toml")


@given(st.recursive(st.sampled_from(["1", "'gpio4'", "true", "[]", "['x']", "{}", "[{}]"]), lambda inner: inner.map(lambda v: f"{{a = {v}}}"), max_leaves=3),
       st.sampled_from(["display", "pots", "expanders", "encoders", "buttons", "leds", "events", "leds.strips", "pots.inputs", "encoders.1", "expanders.x",
                        "buttons.auto"]))
def test_whatever_a_file_says_it_is_a_board_or_a_fault(value: str, where: str) -> None:
    """Any other error ends this test."""
    with contextlib.suppress(PanelError):
        pins.read(f"{where} = {value}", "x.toml")


def test_a_part_that_is_not_named_is_not_there_and_the_rest_is() -> None:
    board = pins.read("[buttons]\nmute = 'gpio13'", "x.toml")
    assert (board.display, board.pots, board.inputs()) == (None, None, {"mute": "gpio13"})


def test_the_reference_build_leaves_the_sound_cards_lines_alone() -> None:
    board = pins.reference()
    assert len(board.inputs()) == 8
    assert len(board.outputs()) == 12


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(PanelError, match=r"no\.toml: No such file or directory, expected a file like pins\.toml$"):
        pins.load(tmp_path / "no.toml")


@pytest.mark.parametrize(("labels", "chip"), [
    ({"/dev/gpiochip0": "gpio-brcmstb@107d508500", "/dev/gpiochip4": "pinctrl-rp1"}, 4), ({"/dev/gpiochip0": "pinctrl-rp1", "/dev/gpiochip10": "x"}, 0),
    ({"/dev/gpiochip0": "pinctrl-bcm2711", "/dev/gpiochip1": "raspberrypi-exp-gpio"}, 0), ({"/dev/gpiochip11": "pinctrl-rp1", "/dev/gpiochip0": "other"}, 11)])
def test_the_chip_is_found_by_its_label_whatever_its_number(labels: dict[str, str], chip: int) -> None:
    assert find_chip(list(labels), labels.__getitem__) == chip


def test_a_machine_without_such_a_chip_says_what_it_has() -> None:
    with pytest.raises(PanelError) as told:
        find_chip(["/dev/gpiochip0"], lambda _: "pinctrl-other")
    assert str(told.value) == "gpio: no chip pinctrl-rp1 or pinctrl-bcm2711 here (pinctrl-other), expected a Raspberry Pi"
