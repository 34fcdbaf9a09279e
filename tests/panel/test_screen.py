"""What is drawn is what the glass shows, on every chip and bus, and no byte more than changed goes over the wire."""

from __future__ import annotations

import numpy as np
import pytest

from gigbox.panel.parts.screen import open_screen
from gigbox.panel.picture.canvas import Canvas, unpacked
from gigbox.panel.pins import Board, Display
from tests.panel.wires import Machine, serial

WIRES = [("ssd1306", "i2c"), ("ssd1309", "i2c"), ("sh1106", "i2c"), ("ssd1306", "spi"), ("sh1106", "spi")]


def drawn(words: str) -> Canvas:
    canvas = Canvas()
    canvas.write(words, 3, 5)
    canvas.frame(0, 0, 128, 64)
    return canvas


@pytest.mark.parametrize(("chip", "bus"), WIRES)
def test_the_glass_shows_what_was_drawn_pixel_by_pixel(chip: str, bus: str) -> None:
    display = Display(chip=chip, bus=bus)
    machine = Machine(Board(display))
    screen = open_screen(chip, serial(display, machine))
    for words in ("Anna -3.5 dB", "Anna -4.0 dB", "", "Über"):
        canvas = drawn(words)
        screen.show(canvas.bits)
        assert np.array_equal(machine.oled.glass(), canvas.bits)


@pytest.mark.parametrize("chip", ["ssd1306", "sh1106"])
def test_only_what_changed_is_sent(chip: str) -> None:
    display = Display(chip=chip)
    machine = Machine(Board(display))
    screen = open_screen(chip, serial(display, machine))
    screen.show(drawn("Anna -3.5 dB").bits)
    before = machine.oled.data_bytes
    screen.show(drawn("Anna -3.6 dB").bits)
    assert 0 < machine.oled.data_bytes - before <= 8
    screen.show(drawn("Anna -3.6 dB").bits)
    assert machine.oled.data_bytes - before <= 8


def test_a_display_that_is_upside_down_scans_the_other_way() -> None:
    display = Display(turned=True)
    machine = Machine(Board(display))
    open_screen("ssd1306", serial(display, machine), turned=True)
    assert machine.oled.turned


def test_a_frame_is_1024_bytes_with_the_leftmost_pixel_first() -> None:
    canvas = Canvas()
    canvas.fill(0, 0, 1, 1)
    canvas.fill(127, 63, 1, 1)
    frame = canvas.packed()
    assert (len(frame), frame[0], frame[-1], sum(frame)) == (1024, 0x80, 0x01, 0x81)
    assert np.array_equal(unpacked(frame), canvas.bits)
